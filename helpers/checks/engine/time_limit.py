"""A limit on what a learner's code may use inside a check.

What is counted is the processor's time that this process has used since the check began, so that a
right answer passes however busy the machine is; whoever only sleeps or waits uses none, and meets
a far larger limit on the clock's time.

The code runs in a thread of its own, which an exception ends at its next step of Python. A
TensorFlow operation that never returns takes no such step, and no signal ends it: that thread is
left behind, and the learner is told to restart the kernel. Meanwhile the caller does nothing but
wait, so that a press on Stop always reaches it. The thread sees the caller's context variables
(where output goes, NumPy's settings); TensorFlow's seeds, layers and settings are the process's.
"""

import contextlib
import contextvars
import ctypes
import queue
import threading
import time

SECONDS = 120  # of processor time; the check of a right answer takes about two, hardly one takes 20
CLOCK_SECONDS = 2_400  # as much work, where others leave this process a 20th of one core
GRACE_SECONDS = 10  # to end in, once asked to
ASK_SECONDS = 1  # from one time to the next
LOOK_SECONDS = 0.05  # between two looks at the clocks; on Windows, Ctrl-C is heard only then


class TimeIsUp(BaseException):  # a learner's `except Exception` does not hold it up
    """The function used more than it may; the message says of what, in a sentence's first half."""

    goes_on = False  # whether it is still at work, in a thread that cannot be stopped


def run_within(seconds, function, *arguments):
    """Return what `function` returns, or stop it.

    Args:
        seconds: float, of processor time; `CLOCK_SECONDS` limits the clock's time.
        function: called with `arguments`.

    Raises:
        TimeIsUp: it used more.
        KeyboardInterrupt: the learner has pressed Stop, or Ctrl-C.
    """
    work = _Work(function, arguments)
    used, clock = time.process_time(), time.monotonic()
    try:
        work.start()
        while not work.is_over(LOOK_SECONDS):
            if time.process_time() - used > seconds:
                raise TimeIsUp(f"It computed for longer than {seconds} s")
            if time.monotonic() - clock > CLOCK_SECONDS:
                raise TimeIsUp(f"It waited for longer than {CLOCK_SECONDS} s")
    except TimeIsUp as error:
        error.goes_on = not work.stop()
        raise
    except BaseException:  # Stop
        work.stop()
        raise
    finally:
        work.dismiss()
    return work.outcome()


class _Work(threading.Thread):
    """A call in a thread of its own, which ends with the process if it does not end before."""

    def __init__(self, function, arguments):
        super().__init__(daemon=True)
        self._call = contextvars.copy_context().run, function, *arguments
        self._outcomes, self._outcome = queue.SimpleQueue(), None
        self._dismissed = threading.Lock()
        self._dismissed.acquire()

    def run(self):
        run, *call = self._call
        try:
            outcome = run(*call), None
        except BaseException as error:  # it is raised again where it is waited for
            outcome = None, error
        try:
            self._outcomes.put(outcome)
            self._dismissed.acquire()
        except TimeIsUp:  # the last one that `stop` has sent, if it comes when all is done
            pass

    def is_over(self, seconds):
        """Return whether it is over after so many seconds; at once if it is over before."""
        with contextlib.suppress(queue.Empty):
            self._outcome = self._outcome or self._outcomes.get(timeout=seconds)
        return self._outcome is not None

    def stop(self):
        """Ask it to end until it does, for a bare `except:` may hold that up; return whether."""
        end = time.monotonic() + GRACE_SECONDS
        while not self.is_over(0) and time.monotonic() < end:
            identity = ctypes.c_ulong(self.ident or 0)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(TimeIsUp))
            self.is_over(min(ASK_SECONDS, GRACE_SECONDS))
        return self.is_over(0)

    def dismiss(self):
        """Promise to ask nothing more, so that the thread may end."""
        self._dismissed.release()
        if self.is_over(0):
            self.join()

    def outcome(self):
        """Return what the call returned, or raise what it raised."""
        result, error = self._outcome
        if error is not None:
            raise error
        return result
