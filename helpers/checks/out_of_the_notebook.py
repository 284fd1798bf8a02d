"""Checks of lesson 11, Out of the notebook."""

from helpers.checks.engine.exercise import exercise, judge_choices


@exercise(
    "q1: see *How long does a user wait?* q2: see the same table. q3: what goes into the exported "
    "signature?",
    "q1: think of the slowest of a hundred. q2: what does one call cost, whatever it is given? "
    "q3: what does a server know of a user?",
)
def quiz_export(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Half of the answers take longer than the median.",
            "b": "Right: it tells of the slow answers, which a mean hides.",
            "c": "A mean says nothing about how many answers are slower.",
        },
        q2={
            "a": "Right: Python and TensorFlow do the same work for each call.",
            "b": "The same 100 movies are scored.",
            "c": "The weights stay in memory between calls.",
        },
        q3={
            "a": "Rows of features would have to be made anew on the server, without `helpers`.",
            "b": "Embeddings are what the model looks up itself.",
            "c": "Right: strings go in, titles come out, and the tables are in the file.",
        },
    )
