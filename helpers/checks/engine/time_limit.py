"""A limit on the time that a learner's code may take inside a check."""

import signal
import threading

SECONDS = 60  # the longest check of a right answer takes about two


class TimeIsUp(BaseException):  # a learner's `except Exception` does not hold it up
    """The function took longer than it may."""


def run_within(seconds, function, *arguments):
    """Return what `function` returns, or interrupt it.

    A signal does what a press on Stop does, so that it works on every system: Python ends what it
    is doing, but TensorFlow first ends the operation that it is in. Only the main thread can be
    interrupted; in another one there is no limit.

    Args:
        seconds: float.
        function: called with `arguments`.

    Raises:
        TimeIsUp: it took longer.
        KeyboardInterrupt: the learner has pressed Stop, or Ctrl-C.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        return function(*arguments)
    is_late, is_over, over = False, False, threading.Event()

    def on_interrupt(number, frame):
        if is_late and not is_over:
            raise TimeIsUp
        if not is_late and callable(before):
            before(number, frame)

    def watch():
        nonlocal is_late
        wait = seconds
        while not over.wait(wait) and not is_over:
            is_late = True
            _interrupt_main_thread()
            wait = 1  # and again, for a bare `except:` may have held it up

    watcher = threading.Thread(target=watch, daemon=True)
    signal.signal(signal.SIGINT, on_interrupt)
    try:
        watcher.start()
        return function(*arguments)
    finally:
        is_over = True  # first of all: from here on, nothing is interrupted
        over.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)  # which first lets a late signal reach `on_interrupt`


def _interrupt_main_thread():
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # ends a sleep, too
    else:
        signal.raise_signal(signal.SIGINT)
