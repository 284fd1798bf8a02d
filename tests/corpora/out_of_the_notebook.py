"""Right and plausibly wrong answers to the exercises of lesson 11."""

QUIZ = {"q1": "b", "q2": "a", "q3": "c"}

RIGHT = {
    "quiz_export": [
        ({"q1": "B", "q2": "A", "q3": "C"},),
        ({"q3": "c ", "q2": "a", "q1": " b"},),
    ],
}

WRONG = {
    "quiz_export": [
        ((QUIZ | {"q1": "a"},), "q1: Half of the answers"),
        ((QUIZ | {"q1": "c"},), "q1: A mean says nothing"),
        ((QUIZ | {"q2": "b"},), "q2: The same 100 movies"),
        ((QUIZ | {"q2": "c"},), "q2: The weights stay"),
        ((QUIZ | {"q3": "a"},), "q3: Rows of features"),
        ((QUIZ | {"q3": "b"},), "q3: Embeddings are what"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
    ],
}
