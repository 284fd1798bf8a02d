"""The exercises of the lessons whose checks have been imported."""

import importlib

EXERCISES = {}  # name: its check, and its hints


def exercises_of(topic):
    """Return the names of a lesson's exercises in their order.

    Args:
        topic: the lesson's, as in `helpers.lessons`.
    """
    module = importlib.import_module(f"helpers.checks.{topic}").__name__
    return [name for name, (check, _) in EXERCISES.items() if check.__module__ == module]
