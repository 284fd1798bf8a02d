"""Answer checks: correct, not yet, or not attempted; with hints and solutions.

A module of `helpers.checks` holds one function per exercise of a lesson, made a check by
`@exercise`.
The function takes what the learner made and judges what it does. It calls `mistake(...)` to say
what is wrong, and returns a sentence of insight when all is right.
"""

import difflib
import functools
import reprlib
import textwrap

from helpers.checks.engine import show_solution, time_limit
from helpers.checks.engine.progress import record
from helpers.checks.engine.registry import EXERCISES

_hints_given = {}


class Stop(Exception):
    """Ends *Run All* at a check, with a message instead of a traceback."""

    def _render_traceback_(self):  # IPython shows these lines; JupyterLab breaks long ones anywhere
        return [part for line in str(self).splitlines() for part in textwrap.wrap(line, 95)]


class NotYet(Stop):
    """The answer is wrong; the message names the mistake."""


class NotAttempted(Stop):
    """The answer is still blank."""


class _Mistake(Exception):
    pass


def mistake(message):
    """Stop judging: the answer is wrong, and `message` says how."""
    raise _Mistake(message)


def exercise(*hints):
    """Make a function the check of the exercise of its name.

    Args:
        *hints: at least two sentences, the last one close to the answer.
    """

    def decorate(judge):
        name = judge.__name__

        @functools.wraps(judge)
        def check(*answers):
            missing = [answer for answer in answers if _is_blank(answer)]
            if missing:
                raise NotAttempted(f"⬜ {name}: not attempted yet.\n{_offer(name)}")
            insight, reason = _judged(judge, answers)
            if reason:
                raise NotYet(f"❌ {name}: not yet. {reason}\n{_offer(name)}")
            print(f"✅ {name}: correct. {insight}")
            record(name)

        EXERCISES[name] = (check, hints)
        return check

    return decorate


def _judged(judge, answers):
    """Return what the judge says of right answers and None, or None and what is wrong."""
    wanted = judge.__code__.co_argcount
    if len(answers) != wanted:
        return None, f"The check takes {wanted} answer(s), not {len(answers)}."
    try:
        return time_limit.run_within(time_limit.SECONDS, judge, *answers), None
    except _Mistake as error:
        return None, str(error)[:2_000]  # it may quote the answer, which may be long
    except time_limit.TimeIsUp as error:
        endless = "does a loop never end, or is a dataset infinite (`repeat()`)?"
        if error.goes_on:
            return None, (
                f"{error} and cannot be stopped; inside an operation of TensorFlow, nothing can: "
                f"{endless} It goes on in the background and slows everything down. Change the "
                "answer, and restart the kernel (menu Kernel, Restart Kernel)."
            )
        return None, f"{error} and was stopped: {endless}"
    except (Exception, SystemExit) as error:  # the learner's code may raise anything
        return None, f"Using your answer raised {type(error).__name__}: {first_line(error)}"


def judge_choices(answers, **questions):
    """Judge answers to multiple-choice questions; each wrong option is explained.

    Args:
        answers: dict from the question's name to a letter.
        **questions: for each question's name (`q1`, …) a dict from letter to what to say of it;
            the text of the right letter starts with "Right: ".

    Returns:
        What the texts of the right letters say after "Right: ".
    """
    if not isinstance(answers, dict) or set(answers) != set(questions):
        mistake(f"Answer with a dict that has the keys {', '.join(questions)}.")
    still_open = [name for name, answer in answers.items() if _is_blank(answer)]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    right, wrong = [], []
    is_one = len(questions) == 1
    for name, options in questions.items():
        said = "" if is_one else f"{name}: "
        text = options.get(str(answers[name]).strip(" ()\n").lower())
        if text is None:
            wrong.append(
                f"{said}{'A' if is_one else 'a'}nswer with one of {', '.join(options)}, in quotes."
            )
        elif text.startswith("Right: "):
            text = text.removeprefix("Right: ")
            right.append(text[0].upper() + text[1:] if is_one else said + text)
        else:
            wrong.append(said + text)
    if wrong:
        mistake("\n".join(wrong))
    return "\n".join(right)


def hint(name):
    """Print one more hint for an exercise at each call.

    Args:
        name: the exercise's name, which its check prints.
    """
    _, hints = _find(name)
    number = _hints_given[name] = min(_hints_given.get(name, 0) + 1, len(hints))
    print(f"Hint {number} of {len(hints)}: {hints[number - 1]}")
    if number == len(hints):
        print(f'That was the last one. solution("{name}") shows our answer beside yours.')


def solution(name):
    """Show the learner's latest answer to an exercise beside ours.

    Args:
        name: the exercise's name, which its check prints.
    """
    _find(name)
    show_solution.side_by_side(name)


def _find(name):
    if not isinstance(name, str) or name not in EXERCISES:
        near = difflib.get_close_matches(str(name)[:100], EXERCISES, n=1, cutoff=0.3)
        ask = f' Did you mean "{near[0]}"?' if near else ""
        raise Stop(f"There is no exercise {reprlib.repr(name)} in this lesson.{ask}")
    return EXERCISES[name]


def _is_blank(answer):
    if answer is None or answer is ... or _has_empty_body(answer):
        return True
    if isinstance(answer, type):
        return any(  # what a base class asks for; a method of the learner's own may wait
            _has_empty_body(member) and any(hasattr(base, name) for base in answer.__bases__)
            for name, member in vars(answer).items()
        )
    return isinstance(answer, dict) and bool(answer) and all(v is ... for v in answer.values())


def _has_empty_body(function):
    def stub():
        """Stand for a body that is nothing but a docstring."""

    code = getattr(function, "__code__", None)
    if code is None or code.co_code != stub.__code__.co_code:
        return False
    return code.co_consts[1:] == (None,)  # and not another constant


def _offer(name):
    return f'Stuck? hint("{name}") helps; solution("{name}") shows our answer beside yours.'


def first_line(error):
    """Return the first line of what an error says itself, without what is put before it."""
    try:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    except Exception:  # a learner's own kind of error may not even have a text
        lines = []
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling layer"):
        lines = lines[1:]  # Keras puts this before what was raised
    if lines and lines[0] == "in user code:":  # TensorFlow puts this and the calls before it
        name = f"{type(error).__name__}: "
        said = [line.removeprefix(name) for line in lines if line.startswith(name)]
        lines = said[-1:] or lines[-1:]
    return lines[0][:300] if lines else "(no message)"
