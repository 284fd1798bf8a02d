"""Answer checks, a module per lesson; and what a learner calls: hints, solutions, progress."""

from helpers.checks.engine.exercise import hint, solution
from helpers.checks.engine.progress import progress

__all__ = ["hint", "progress", "solution"]
