"""The lessons, each registered here once, and what marks an exercise in their notebooks."""

from pathlib import Path
from typing import NamedTuple

LESSONS_FOLDER = Path(__file__).resolve().parent.parent / "lessons"
SOLUTIONS_FOLDER = LESSONS_FOLDER.with_name("solutions")


class Lesson(NamedTuple):
    """One lesson.

    Attributes:
        number: its place in the course, which begins the name of its notebook.
        topic: the rest of that name; its checks and the tests' answers to them lie in a module of
            this name.
        title: what people call it.
        stage: where it stands on the way from ratings to a recommender, for the pipeline's picture.
        draft: whether it is still being written: the tests then ask for one exercise with one wrong
            answer instead of five with eight each, and for no line in README.md.
    """

    number: int
    topic: str
    title: str
    stage: str
    draft: bool = False


LESSONS = (
    Lesson(1, "ratings", "Ratings", "Ratings"),
    Lesson(2, "ranking_model", "The ranking model", "Model"),
    Lesson(3, "train_and_evaluate", "Train and evaluate", "Train and\nevaluate"),
    Lesson(4, "is_it_any_good", "Is 1.11 any good?", "Baselines"),
    Lesson(5, "is_the_difference_real", "Is the difference real?", "Compare"),
    Lesson(6, "a_better_model", "A better model", "Better\nmodel"),
    Lesson(7, "tomorrows_ratings", "Tomorrow's ratings", "Tomorrow"),
    Lesson(8, "rank_dont_rate", "Rank, don't rate", "Lists"),
    Lesson(9, "from_scores_to_recommendations", "From scores to recommendations", "Retrieve"),
    Lesson(10, "your_own_ratings", "Your own ratings", "For you"),
    Lesson(11, "out_of_the_notebook", "Out of the notebook", "Export"),
    Lesson(12, "beyond_one_machine", "Beyond one machine", "Scale"),
    Lesson(13, "beyond_keras_2", "Beyond Keras 2", "Keras 3"),
)

MARKER = "# Exercise: "  # the first line of every answer cell, followed by the exercise's name


def lesson_of(topic):
    """Return the `Lesson` of a topic.

    Raises:
        ValueError: there is no such lesson.
    """
    for lesson in LESSONS:
        if lesson.topic == topic:
            return lesson
    raise ValueError(f"no lesson {topic!r}; there are {', '.join(each.topic for each in LESSONS)}")


def is_answer_to(name, source):
    """Return whether a cell's source is an answer cell of the exercise."""
    return source.split("\n", 1)[0].strip() == MARKER + name


def without_markers(source):
    """Return one of our answers without the two lines that enclose it."""
    return "\n".join(line for line in source.splitlines() if "### " not in line)
