"""Right and plausibly wrong answers to the exercises of lesson 4."""

import types
from collections import Counter

import numpy as np

from helpers.keras2 import tf
from helpers.models import article


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


def biases_by_appending(zeros=lambda errors, damping: np.zeros(damping)):
    """Return a `biases_of` that takes the mean with `damping` more errors."""

    def function(keys, errors, damping=0):
        return {
            key: np.append(errors[keys == key], zeros(errors, damping)).mean()
            for key in set(keys.tolist())
        }

    return function


def biases_with_tf(keys, errors, damping=0):
    different, place = np.unique(keys, return_inverse=True)
    totals = tf.math.unsorted_segment_sum(errors, place, len(different))
    counts = tf.math.unsorted_segment_sum(tf.ones_like(errors), place, len(different))
    return dict(zip(different, totals / (counts + damping)))


def biases_of_each(value):
    """Return a `biases_of` that makes a value of a key's errors and knows no damping."""

    def function(keys, errors, damping=0):
        return {key: value(errors[keys == key]) for key in np.unique(keys)}

    return function


def biases_of_first_key(keys, errors, damping=0):
    biases = {}
    for key in np.unique(keys):
        biases[key] = errors[keys == key].sum() / ((keys == key).sum() + damping)
        return biases
    return biases


def biases_by_place(keys, errors, damping=0):
    return dict(enumerate(biases_with()(keys, errors, damping).values()))


def biases_of_text(keys, errors, damping=0):
    return {k.decode(): bias for k, bias in biases_with()(keys, errors, damping).items()}


def biases_in_place(keys, errors, damping=0):
    biases = biases_with()(keys, errors, damping)
    errors -= np.array([biases[key] for key in keys])
    return biases


def biases_one_by_one(keys, errors, damping=0):
    yield from biases_with()(keys, errors, damping).items()


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


def add_in_a_loop(base, biases, keys):
    answer = np.broadcast_to(base, keys.shape).astype(float)
    for i, key in enumerate(keys):
        if key in biases:
            answer[i] += biases[key]
    return answer.tolist()


def add_by_mask(base, biases, keys):
    answer = np.zeros(len(keys)) + base
    for key, bias in biases.items():
        answer[keys == key] += bias
    return answer


def add_with_result(result):
    """Return an `add_biases` that makes something else of base and biases."""

    def function(base, biases, keys):
        return result(base, np.array([biases.get(key, 0.0) for key in keys]))

    return function


def add_whole_base(base, biases, keys):
    return np.array([base + biases.get(key, 0.0) for key in keys])


def add_by_zip(base, biases, keys):
    return np.array([b + biases.get(key, 0.0) for b, key in zip(base, keys)])


def add_by_index(base, biases, keys):
    return np.array([base[i] + biases.get(key, 0.0) for i, key in enumerate(keys)])


def add_to_dict(base, biases, keys):
    return {key: base + biases.get(key, 0.0) for key in keys}


def add_once_per_key(base, biases, keys):
    return list(add_to_dict(base, biases, keys).values())


def add_all_biases(base, biases, keys):
    return base + np.array([sum(biases.values()) if key in biases else 0.0 for key in keys])


def add_by_setdefault(base, biases, keys):
    return base + np.array([biases.setdefault(key, 0.0) for key in keys])


def add_one_by_one(base, biases, keys):
    for key in keys:
        yield base + biases.get(key, 0.0)


def add_known_only(base, biases, keys):
    return base + np.array([biases[key] for key in keys if key in biases])


def zero_for_unknown(base, biases, keys):
    base = np.broadcast_to(base, len(keys))
    return np.array([b + biases[key] if key in biases else 0.0 for b, key in zip(base, keys)])


def first_base_only(base, biases, keys):
    return np.ravel(base)[0] + np.array([biases.get(key, 0.0) for key in keys])


CURVE = "val_root_mean_squared_error"


def stop_with(
    field=CURVE, better=lambda value, lowest: value < lowest, more=0, result=lambda e, b, c: (e, b)
):
    """Return an `early_stop` with something changed; `result` gets epoch, best and curve."""

    def function(history, patience):
        curve, best = history[field], 1
        for epoch in range(1, len(curve) + 1):
            if better(curve[epoch - 1], curve[best - 1]):
                best = epoch
            if epoch - best == patience + more:
                break
        return result(epoch, best, curve)

    return function


def stop_by_waiting(history, patience):
    lowest, best, wait = np.inf, 0, 0
    for epoch, value in enumerate(history[CURVE]):
        if value < lowest:
            lowest, best, wait = value, epoch, 0
            continue
        wait += 1
        if wait >= patience:
            break
    return [epoch + 1, best + 1]


def stop_by_slices(history, patience):
    curve = np.array(history[CURVE])
    for end in range(patience + 1, len(curve) + 1):
        if curve[end - patience : end].min() >= curve[: end - patience].min():
            return np.array([end, curve[:end].argmin() + 1])
    return len(curve), curve.argmin() + 1


def stop_with_keras(history, patience):
    """Let Keras's own callback decide."""
    stop = tf.keras.callbacks.EarlyStopping(
        monitor=CURVE, mode="min", patience=patience, restore_best_weights=True
    )
    model = types.SimpleNamespace(stop_training=False, weights=0)
    model.get_weights = lambda: model.weights
    model.set_weights = lambda weights: setattr(model, "weights", weights)
    stop.set_model(model)
    stop.on_train_begin()
    for epoch, value in enumerate(history[CURVE]):
        model.weights = epoch + 1
        stop.on_epoch_end(epoch, {CURVE: value})
        if model.stop_training:
            break
    stop.on_train_end()
    return epoch + 1, model.weights


def stop_at_rises(history, patience):
    curve, worse, epoch = history[CURVE], 0, 1
    for epoch in range(2, len(curve) + 1):
        worse = worse + 1 if curve[epoch - 1] > curve[epoch - 2] else 0
        if worse == patience:
            break
    return epoch, int(np.argmin(curve[:epoch])) + 1


def wrong_stop(history, patience):
    """As the lesson has it, with all three mistakes, but on the validation ratings."""
    epoch, _ = stop_at_rises(history, patience)
    return epoch, epoch


def stop_at_any_failures(history, patience):
    curve, failures = history[CURVE], 0
    for epoch in range(1, len(curve) + 1):
        failures += epoch > 1 and curve[epoch - 1] >= min(curve[: epoch - 1])
        if failures == patience:
            break
    return epoch, int(np.argmin(curve[:epoch])) + 1


def stop_without_end(history, patience):
    curve, best = history[CURVE], 1
    for epoch in range(1, len(curve) + 1):
        if curve[epoch - 1] < curve[best - 1]:
            best = epoch
        if epoch - best == patience:
            return epoch, best
    return None


def stop_in_place(history, patience):
    answer = stop_by_waiting(history, patience)
    history[CURVE].sort()
    return answer


def stop_half_way(history, patience):
    epochs, kept = stop_by_waiting(history, patience)
    return (epochs + 1) // 2 + kept, kept


def rates_in_a_loop(rng, low, high, count):
    return [low * (high / low) ** rng.random() for _ in range(count)]


def rates_of_powers(rng, low, high, count):
    powers = [low * 10**i for i in range(int(np.log10(high / low)) + 1)]
    return rng.choice(powers, count)


def rates_of_a_grid(rng, low, high, count):
    return rng.permutation(np.geomspace(low, high, count))


def rates_unseeded(rng, low, high, count):
    return np.exp(np.random.default_rng().uniform(np.log(low), np.log(high), count))


def rates_of_own_seed(rng, low, high, count):
    return np.exp(np.random.default_rng(42).uniform(np.log(low), np.log(high), count))


def rates_with_tf(rng, low, high, count):
    logs = rng.uniform(tf.math.log(low), tf.math.log(high), count)
    return tf.exp(logs)


def vocabulary_of_counter(known, at_least=2):
    counts = Counter(known["movie_title"])
    return [title for title, count in counts.items() if not count < at_least]


def vocabulary_in_a_loop(known, at_least=2):
    kept = np.array([], "S100")
    for title in np.unique(known["movie_title"]):
        if (known["movie_title"] == title).sum() >= at_least:
            kept = np.append(kept, title)
    return kept


def vocabulary_in_place(known, at_least=2):
    known["movie_title"].sort()
    return vocabulary_as_list(known, at_least)


def vocabulary_of_stars(known, at_least=2):
    return np.unique(known["movie_title"][known["user_rating"] >= at_least])


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


QUIZ = {"q1": "b", "q2": "c", "q3": "a"}

RIGHT = {
    "biases_of": [
        (biases_in_a_loop,),
        (biases_with(),),
        (biases_by_appending(),),
        (biases_with_tf,),
    ],
    "add_biases": [
        (lambda base, biases, keys: base + np.vectorize(lambda k: biases.get(k, 0.0))(keys),),
        (lambda base, biases, keys: np.add(base, [biases.get(key, 0) for key in keys]),),
        (lambda base, biases, keys: tf.constant([biases.get(k, 0.0) for k in keys]) + base,),
        (add_in_a_loop,),
        (add_by_mask,),
    ],
    "early_stop": [
        (stop_with(),),
        (stop_by_waiting,),
        (stop_by_slices,),
        (stop_with_keras,),
    ],
    "draw_rates": [
        (lambda rng, low, high, n: np.exp(rng.uniform(np.log(low), np.log(high), n)),),
        (lambda rng, low, high, n: 10 ** rng.uniform(np.log10(low), np.log10(high), n),),
        (lambda rng, low, high, n: np.sort(low * (high / low) ** rng.random(n)),),
        (rates_in_a_loop,),
        (rates_with_tf,),
    ],
    "title_vocabulary": [
        (article.frequent_titles,),
        (vocabulary_as_list,),
        (lambda known, at_least=2: tf.constant(vocabulary_as_list(known, at_least)),),
        (vocabulary_of_counter,),
        (vocabulary_in_a_loop,),
        (lambda known, at_least=2: tuple(vocabulary_as_list(known, at_least)),),
    ],
    "quiz_comparing": [
        ({"q1": "B", "q2": "C", "q3": "A"},),
        ({"q3": "a", "q2": "c", "q1": "b"},),
        ({"q1": " b ", "q2": "c", "q3": "a"},),
    ],
}

WRONG = {
    "biases_of": [
        ((biases_with(lambda total, n, damping: total),), "sums of errors"),
        ((biases_with(lambda total, n, damping: n),), "the numbers of errors"),
        ((biases_with(lambda total, n, damping: total / 5),), "not of all errors"),
        ((biases_with(lambda total, n, damping: total / n),), "`damping` changes nothing"),
        ((biases_with(lambda total, n, damping: total / n / (1 + damping)),), "divide the sum"),
        (
            (biases_with(lambda total, n, damping: total / n / (n + damping)),),
            "You divide twice",
        ),
        (
            (biases_with(lambda total, n, damping: total / n / max(damping, 1)),),
            "divide by damping",
        ),
        ((biases_with(lambda total, n, damping: total / n - damping),), "You subtract damping"),
        ((biases_with(lambda total, n, damping: total / n + damping),), "You add damping to the"),
        ((biases_with(lambda total, n, damping: total / (n - damping)),), "from the number"),
        ((biases_with(lambda total, n, damping: total / (n * damping)),), "not all numbers"),
        ((biases_with(lambda total, n, damping: total / max(n, damping)),), "also to larger ones"),
        (
            (biases_with(lambda total, n, damping: total / n if n >= damping else 0.0),),
            "leaves no key out",
        ),
        ((biases_with(lambda total, n, damping: (total + damping) / (n + damping)),), "not to the"),
        ((biases_by_appending(lambda errors, d: [errors.mean()] * d),), "their errors are 0"),
        ((biases_with(lambda total, n, damping: -total / (n + damping)),), "The sign is turned"),
        ((biases_of_each(lambda errors: abs(errors).mean()),), "no absolute values"),
        ((biases_of_each(lambda errors: (errors**2).mean()),), "squared errors"),
        ((biases_of_each(np.median),), "the median"),
        ((biases_of_each(lambda errors: errors[0]),), "only the first error"),
        ((biases_of_each(lambda errors: errors),), "an array of shape (3,) for a"),
        ((biases_of_each(np.std),), "-1, 0 and 4 have a bias of 1"),
        ((biases_of_each(lambda errors: "1 star"),), "a str came back"),
        ((last_error_wins,), "only the last error"),
        ((biases_of_first_key,), "inside the loop"),
        ((biases_by_place,), "the places of the keys"),
        ((biases_of_text,), "Leave the keys as they are"),
        ((biases_in_place,), "changes what it is given"),
        ((biases_one_by_one,), "Return a dict; this is a generator"),
        ((lambda keys, errors, damping=0: list(zip(keys, errors)),), "this is a list"),
        ((lambda keys, errors, damping=0: np.array([0.6, -0.7, 0.2]),), "Return a dict"),
        ((lambda keys, errors, damping=0: {b"a": 1.0},), "a single key"),
        ((lambda keys, errors, damping=0: {b"a": 1.0, b"b": -2.0},), "has 2 keys"),
        ((lambda keys, errors, damping=0: None,), "add `return`"),
        (({b"a": 1.0},), "A function was asked for"),
        (("biases_of",), "A function was asked for"),
    ],
    "add_biases": [
        ((lambda base, b, keys: base + np.array([b[key] for key in keys]),), "use 0 for it"),
        ((lambda base, b, keys: base + np.array([b.get(k) for k in keys]),), "returns None"),
        ((add_with(np.nan),), "gives nan"),
        ((add_with(-1.0),), "the prediction is the base"),
        ((zero_for_unknown,), "the prediction is the base"),
        ((lambda base, b, keys: np.array([b.get(k, 0.0) for k in keys]),), "biases alone"),
        ((lambda base, b, keys: base - np.array([b.get(k, 0.0) for k in keys]),), "subtracted"),
        ((add_with_result(lambda base, biases: base * biases),), "multiplied"),
        ((add_with_result(lambda base, biases: base + biases.sum()),), "4 keys need 4"),
        ((add_with_result(lambda base, biases: np.sum(base + biases)),), "4 keys need 4"),
        ((add_with_result(lambda base, biases: (base + biases)[:, None]),), "shape (4, 1)"),
        ((add_with_result(lambda base, biases: np.clip(base + biases, 1, 5)),), "clipped to 1"),
        ((add_with_result(lambda base, biases: np.maximum(base + biases, 0)),), "cut at 0"),
        ((add_with_result(lambda base, biases: np.round(base + biases)),), "rounded"),
        ((add_with_result(lambda base, biases: str(base + biases)),), "a str came back"),
        ((lambda base, b, keys: base + np.vectorize(lambda k: b.get(k, 0))(keys),), "say 0.0"),
        ((lambda base, b, keys: base + np.array([b.get(str(k), 0) for k in keys]),), "base alone"),
        ((add_all_biases,), "yours get them all"),
        ((add_whole_base,), "at its own place"),
        ((add_by_zip,), "one number for all keys"),
        ((add_by_index,), "one number for all keys"),
        ((add_to_dict,), "This is a dict"),
        ((add_once_per_key,), "4 keys need 4"),
        ((add_known_only,), "4 keys need 4"),
        ((add_in_place,), "changes what it is given"),
        ((add_by_setdefault,), "changes what it is given"),
        ((first_base_only,), "at its own place"),
        ((add_one_by_one,), "a generator came back"),
        ((lambda base, b, keys: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
        (([3.0, 2.0],), "A function was asked for"),
    ],
    "early_stop": [
        ((stop_with("root_mean_squared_error"),), "watches the training ratings"),
        ((stop_with("loss"),), "watches the training ratings"),
        ((stop_with("val_loss"),), "last batch's"),
        ((stop_with("val_rmse"),), "raised KeyError"),
        ((stop_with(result=lambda e, b, c: (b, e)),), "the other order"),
        ((stop_with(result=lambda e, b, c: (e, b - 1)),), "yours is one too low"),
        ((stop_with(result=lambda e, b, c: (e - 1, b - 1)),), "both of yours"),
        ((stop_with(result=lambda e, b, c: (e, e)),), "keep those of the epoch with the lowest"),
        ((stop_with(result=lambda e, b, c: (len(c), c.index(min(c)) + 1)),), "You never stop"),
        ((stop_with(result=lambda e, b, c: (e, c.index(min(c)) + 1)),), "was never trained"),
        ((stop_with(better=lambda value, lowest: value <= lowest),), "no improvement"),
        ((stop_with(better=lambda value, lowest: value > lowest),), "the lower one is better"),
        ((stop_with(better=lambda value, lowest: value < lowest - 0.02),), "is kept; yours"),
        ((stop_with(more=1),), "not one epoch later"),
        ((stop_at_rises,), "compare with the lowest RMSE so far"),
        ((wrong_stop,), "compare with the lowest RMSE so far"),
        ((stop_at_any_failures,), "they must come in a row"),
        ((stop_without_end,), "also where training is never stopped"),
        ((stop_in_place,), "changes `history`"),
        ((stop_half_way,), "is kept; yours"),
        ((lambda history, patience: (5, 3),), "is kept; yours: 5 and 3"),
        ((stop_with(result=lambda e, b, c: (e, c[b - 1])),), "two whole numbers"),
        ((stop_with(result=lambda e, b, c: (float(e), float(b))),), "two whole numbers"),
        ((stop_with(result=lambda e, b, c: (e, True)),), "True or False"),
        ((stop_with(result=lambda e, b, c: b),), "Return two numbers"),
        ((stop_with(result=lambda e, b, c: {"epochs": e, "kept": b}),), "Return two numbers"),
        ((stop_with(result=lambda e, b, c: f"{e}, {b}"),), "Return two numbers"),
        ((lambda history, patience: print("stop"),), "also where training is never stopped"),
        ((lambda history: (5, 3),), "raised TypeError"),
        (((5, 3),), "A function was asked for"),
        ((tf.keras.callbacks.EarlyStopping,), "This is a class"),
    ],
    "draw_rates": [
        ((lambda rng, low, high, n: rng.uniform(low, high, n),), "spread evenly over the rates"),
        ((lambda rng, low, high, n: rng.uniform(np.log(low), np.log(high), n),), "are logarithms"),
        (
            (lambda rng, low, high, n: 10 ** rng.uniform(np.log(low), np.log(high), n),),
            "Rates between 0.0005 and 0.05",
        ),
        ((lambda rng, low, high, n: np.exp(rng.uniform(low, high, n)),), "Rates between 0.0005"),
        (
            (lambda rng, low, high, n: np.log(rng.uniform(np.exp(low), np.exp(high), n)),),
            "spread evenly over the rates",
        ),
        ((lambda rng, low, high, n: 1 / rng.uniform(1 / high, 1 / low, n),), "the lowest power"),
        (
            (lambda rng, low, high, n: low + (high - low) * rng.random(n) ** 2,),
            "each power of ten should be as likely",
        ),
        ((rates_of_powers,), "only 3 differ"),
        ((lambda rng, low, high, n: np.full(n, np.sqrt(low * high)),), "only 1 differ"),
        ((rates_of_a_grid,), "Another generator gives the same rates"),
        ((lambda rng, low, high, n: np.geomspace(low, high, n),), "Another generator gives"),
        ((rates_of_own_seed,), "Another generator gives"),
        ((rates_unseeded,), "draw with `rng`, and nothing else"),
        (
            (lambda rng, low, high, n: np.exp(rng.uniform(np.log(low), np.log(high))),),
            "yours have shape ()",
        ),
        (
            (lambda rng, low, high, n: np.exp(rng.uniform(np.log(low), np.log(high), (n, 1))),),
            "yours have shape (5000, 1)",
        ),
        ((lambda rng, low, high, n: [str(low)] * n,), "Learning rates were asked for"),
        ((lambda rng, low, high, n: print(low),), "add `return`"),
        ((lambda low, high, n: np.linspace(low, high, n),), "raised TypeError"),
        ((0.005,), "A function was asked for"),
        ((np.array([0.001, 0.01]),), "A function was asked for"),
    ],
    "title_vocabulary": [
        ((vocabulary_with(lambda counts, at_least: counts > 0),), "no rating trains row 0"),
        ((vocabulary_with(lambda counts, at_least: counts > at_least),), "has enough"),
        ((vocabulary_with(lambda counts, at_least: counts < at_least),), "rare titles"),
        ((vocabulary_with(lambda counts, at_least: counts >= 2),), "use `at_least`"),
        ((vocabulary_with(lambda counts, at_least: counts == at_least),), "has enough too"),
        ((vocabulary_with(lambda counts, at_least: counts > 9),), "No title is left"),
        ((vocabulary_with(lambda counts, at_least: slice(at_least)),), "the first titles"),
        ((lambda known, at_least=2: vocabulary_as_list(known)[:at_least],), "use `at_least`"),
        (
            (
                lambda known, at_least=2: [
                    title for title, _ in Counter(known["movie_title"]).most_common(at_least)
                ],
            ),
            "not ask for three titles",
        ),
        ((vocabulary_of_stars,), "not its stars"),
        ((lambda known, at_least=2: np.unique(known["user_id"]),), "These are users"),
        ((lambda known, at_least=2: [b"[UNK]", b"B", b"C"],), "StringLookup makes it"),
        ((vocabulary_repeated,), "more than once"),
        ((vocabulary_of_everything,), "nothing but `known`"),
        ((vocabulary_in_place,), "changes `known`"),
        (
            (lambda known, at_least=2: np.unique(known["movie_title"], return_counts=True),),
            "titles and counts",
        ),
        (
            (lambda known, at_least=2: np.unique(known["movie_title"])[:, None],),
            "has one dimension",
        ),
        ((lambda known, at_least=2: np.array([1, 2, 3]) >= at_least,), "say which titles"),
        ((lambda known, at_least=2: np.array([2, 3]),), "These are numbers"),
        ((lambda known, at_least=2: ["B", "C"],), "Leave the titles as they are"),
        ((lambda known, at_least=2: Counter(known["movie_title"]),), "this is a Counter"),
        ((lambda known, at_least=2: (yield from known["movie_title"]),), "this is a generator"),
        ((lambda known, at_least=2: len(known),), "Return an array of titles"),
        ((lambda known, at_least=2: None,), "add `return`"),
        ((np.array([b"B"]),), "A function was asked for"),
        (("Speed (1994)",), "A function was asked for"),
    ],
    "quiz_comparing": [
        ((QUIZ | {"q1": "a"},), "q1: The lowest of 20"),
        ((QUIZ | {"q1": "c"},), "q1: Picking the lowest"),
        ((QUIZ | {"q2": "a"},), "q2: That is the plain mean"),
        ((QUIZ | {"q2": "b"},), "q2: The mean is already divided"),
        ((QUIZ | {"q3": "b"},), "q3: Longer makes"),
        ((QUIZ | {"q3": "c"},), "q3: Then nothing is left"),
        (({"q1": "a", "q2": "a", "q3": "a"},), "by chance, and chance does not repeat.\nq2: That"),
        ((QUIZ | {"q2": 3},), "q2: answer with one of a, b, c"),
        ((QUIZ | {"q3": "stop"},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q1": ["b"]},), "q1: answer with one of a, b, c"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        ((QUIZ | {"q1": None, "q2": None},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "c"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "c", "Q3": "a"},), "keys q1, q2, q3"),
        ((["b", "c", "a"],), "Answer with a dict"),
        (("bca",), "Answer with a dict"),
        ((3,), "Answer with a dict"),
    ],
}
