"""Right and plausibly wrong answers to the exercises of lesson 4; see corpus_lesson01.py."""

import numpy as np

from helpers import evaluation, training
from helpers.evaluation import rmse
from helpers.movielens import tf


def biases_with(divide=lambda total, n, damping: total / (n + damping)):
    """Return a `biases_of` that makes a bias of sum, number and damping as told."""

    def function(keys, errors, damping=0):
        return {
            key: divide(errors[keys == key].sum(), (keys == key).sum(), damping)
            for key in np.unique(keys)
        }

    return function


def biases_in_a_loop(keys, errors, damping=0):
    totals, counts = {}, {}
    for key, error in zip(keys, errors):
        totals[key] = totals.get(key, 0) + error
        counts[key] = counts.get(key, 0) + 1
    return {key: totals[key] / (counts[key] + damping) for key in totals}


def last_error_wins(keys, errors, damping=0):
    return dict(zip(keys, errors / (1 + damping)))


def add_with(missing):
    """Return an `add_biases` with another bias for unknown keys."""

    def function(base, biases, keys):
        return base + np.array([biases.get(key, missing) for key in keys])

    return function


def add_in_place(base, biases, keys):
    base += np.array([biases.get(key, 0.0) for key in keys])
    return base


def add_known_only(base, biases, keys):
    return base + np.array([biases[key] for key in keys if key in biases])


def zero_for_unknown(base, biases, keys):
    base = np.broadcast_to(base, len(keys))
    return np.array([b + biases[key] if key in biases else 0.0 for b, key in zip(base, keys)])


def first_base_only(base, biases, keys):
    return np.ravel(base)[0] + np.array([biases.get(key, 0.0) for key in keys])


def stopper(**changes):
    """Return a `stop_early` with some arguments changed; None leaves one out."""

    def function(patience):
        arguments = {
            "monitor": "val_root_mean_squared_error",
            "mode": "min",
            "patience": patience,
            "restore_best_weights": True,
        } | changes
        return tf.keras.callbacks.EarlyStopping(
            **{name: value for name, value in arguments.items() if value is not None}
        )

    return function


def positional(patience):
    return tf.keras.callbacks.EarlyStopping(
        "val_root_mean_squared_error", 0, patience, 0, "auto", None, True
    )


def vocabulary_with(keep):
    """Return a `title_vocabulary` that keeps a title by its count."""

    def function(known, at_least=2):
        titles, counts = np.unique(known["movie_title"], return_counts=True)
        return titles[keep(counts, at_least)]

    return function


def vocabulary_as_list(known, at_least=2):
    titles = list(known["movie_title"])
    return sorted(title for title in set(titles) if titles.count(title) >= at_least)


def vocabulary_repeated(known, at_least=2):
    titles = known["movie_title"].tolist()
    return np.array([title for title in titles if titles.count(title) >= at_least])


def vocabulary_of_everything(known, at_least=2):
    return np.array([b"B", b"C", b"Speed (1994)"])


def interval_with(pair=True, replace=True, ends=(2.5, 97.5), sign=1, size=1.0, seed=42, mean=False):
    """Return a `difference_interval` with one thing changed."""

    def function(labels, first, second, draws=1_000):
        rng = np.random.default_rng(seed)
        n = len(labels)
        differences = []
        for _ in range(draws):
            a = rng.choice(n, int(n * size), replace=replace)
            b = a if pair else rng.choice(n, int(n * size), replace=replace)
            differences.append(sign * (rmse(labels[a], first[a]) - rmse(labels[b], second[b])))
        if mean:
            middle, error = np.mean(differences), np.std(differences) / np.sqrt(draws)
            return middle - 1.96 * error, middle + 1.96 * error
        return np.percentile(differences, ends)

    return function


RIGHT = {
    "biases_of": [(biases_in_a_loop,), (biases_with(),)],
    "add_biases": [
        (lambda base, biases, keys: base + np.vectorize(lambda k: biases.get(k, 0.0))(keys),),
        (lambda base, biases, keys: np.add(base, [biases.get(key, 0) for key in keys]),),
    ],
    "stop_early": [(stopper(),), (stopper(min_delta=1e-4),), (stopper(mode=None),), (positional,)],
    "title_vocabulary": [
        (training.frequent_titles,),
        (vocabulary_as_list,),
        (lambda known, at_least=2: tf.constant(vocabulary_as_list(known, at_least)),),
    ],
    "difference_interval": [
        (interval_with(),),
        (interval_with(seed=1),),
        (lambda *a, draws=500: evaluation.difference_interval(*a, draws=draws),),
        (lambda *a: tuple(interval_with()(*a)),),
    ],
    "new_user_share": [("C",), (" c",)],
    "quiz_comparing": [
        ({"q1": "B", "q2": "C", "q3": "A"},),
        ({"q3": "a", "q2": "c", "q1": "b"},),
    ],
}

WRONG = {
    "biases_of": [
        ((biases_with(lambda total, n, damping: total),), "sums of errors"),
        ((biases_with(lambda total, n, damping: total / n),), "`damping` changes nothing"),
        ((biases_with(lambda total, n, damping: total / n / (1 + damping)),), "divide the sum"),
        ((biases_with(lambda total, n, damping: (total + damping) / (n + damping)),), "= 0.6"),
        ((biases_with(lambda total, n, damping: -total / (n + damping)),), "have a bias of 1"),
        ((last_error_wins,), "have a bias of 1"),
        ((lambda keys, errors, damping=0: np.array([0.6, -0.7, 0.2]),), "Return a dict"),
        ((lambda keys, errors, damping=0: {b"a": 1.0},), "has 1 keys"),
        ((lambda keys, errors, damping=0: None,), "add `return`"),
        (({b"a": 1.0},), "A function was asked for"),
    ],
    "add_biases": [
        ((lambda base, b, keys: base + np.array([b[key] for key in keys]),), "use 0 for it"),
        ((add_with(np.nan),), "gives nan"),
        ((add_with(-1.0),), "the prediction is the base"),
        ((zero_for_unknown,), "the prediction is the base"),
        ((lambda base, b, keys: np.array([b.get(k, 0.0) for k in keys]),), "biases alone"),
        ((lambda base, b, keys: base - np.array([b.get(k, 0.0) for k in keys]),), "make 2"),
        ((add_known_only,), "3 keys need 3"),
        ((add_in_place,), "changes what it is given"),
        ((first_base_only,), "at its own place"),
        ((lambda base, b, keys: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
    ],
    "stop_early": [
        ((stopper(monitor="root_mean_squared_error"),), "watches the training ratings"),
        ((stopper(monitor="val_loss"),), "last batch's"),
        ((stopper(monitor="val_rmse"),), "is not reported"),
        ((stopper(mode="max"),), "higher RMSE"),
        ((stopper(restore_best_weights=None),), "restore them"),
        ((stopper(patience=None),), "stop after epochs 5 and 7"),
        ((stopper(patience=3),), "stop after epochs 5 and 7"),
        ((stopper()(3),), "write a function that returns one"),
        ((lambda patience: tf.keras.callbacks.TerminateOnNaN(),), "Return an EarlyStopping"),
        ((lambda patience: print("stop"),), "add `return`"),
        ((3,), "A function was asked for"),
    ],
    "title_vocabulary": [
        ((vocabulary_with(lambda counts, at_least: counts > 0),), "no rating trains row 0"),
        ((vocabulary_with(lambda counts, at_least: counts > at_least),), "has enough"),
        ((vocabulary_with(lambda counts, at_least: counts < at_least),), "rare titles"),
        ((vocabulary_with(lambda counts, at_least: counts >= 2),), "at_least=3 keeps one"),
        ((vocabulary_repeated,), "more than once"),
        ((vocabulary_of_everything,), "nothing but `known`"),
        ((lambda known, at_least=2: len(known),), "Return an array of titles"),
        ((lambda known, at_least=2: None,), "add `return`"),
        ((np.array([b"B"]),), "A function was asked for"),
    ],
    "difference_interval": [
        ((interval_with(pair=False),), "same drawn rows"),
        ((interval_with(replace=False),), "with* replacement"),
        ((interval_with(ends=(10, 90)),), "as wide as it should be"),
        ((interval_with(ends=(5, 95)),), "2.5 and 97.5"),
        ((interval_with(ends=(97.5, 2.5)),), "lower end comes first"),
        ((interval_with(sign=-1),), "sign is turned round"),
        ((interval_with(size=0.1),), "as wide as it should be"),
        ((interval_with(mean=True),), "not about their mean"),
        ((lambda *a: np.mean(interval_with()(*a)),), "Return two numbers"),
        ((lambda *a: (0.0, 1e-3),), "It should lie around"),
        ((lambda *a: (np.nan, 1.0),), "not a number"),
        ((lambda *a: None,), "add `return`"),
        (((0.1, 0.2),), "A function was asked for"),
    ],
    "new_user_share": [
        (("a",), "do not come back"),
        (("b",), "in one sitting"),
        ((0.85,), "answer with one of a, b, c"),
        (("d",), "answer with one of a, b, c"),
    ],
    "quiz_comparing": [
        (({"q1": "a", "q2": "c", "q3": "a"},), "q1: The lowest of 20"),
        (({"q1": "c", "q2": "c", "q3": "a"},), "q1: Picking the lowest"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q2: The two intervals overlap"),
        (({"q1": "b", "q2": "b", "q3": "a"},), "q2: It may be"),
        (({"q1": "b", "q2": "c", "q3": "b"},), "q3: Longer makes"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q3: Then nothing is left"),
        (({"q1": "b", "q2": "c"},), "Answer with a dict"),
    ],
}
