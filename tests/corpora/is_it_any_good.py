"""Right and plausibly wrong answers to the exercises of lesson 4."""

import types
from collections import Counter

import numpy as np

from helpers.keras2 import tf


def biases_of(keys, errors, damping=0):
    """As the lesson gives it."""
    different, place = np.unique(keys, return_inverse=True)
    return dict(zip(different, np.bincount(place, errors) / (np.bincount(place) + damping)))


def add_biases(base, biases, keys):
    """As the lesson gives it."""
    return base + np.array([biases.get(key, 0.0) for key in keys])


def baseline(
    known, rows, damping=5, rounds=5, fields=("movie_title", "user_id"), whole=False,
    together=False, added=False, mean_of=lambda stars: stars.mean(dtype=np.float64), add=1,
    wanted=None, result=lambda stars: stars, ends=(True, True),
):  # fmt: skip
    """Return the bias baseline, or what it becomes with something changed."""
    mean = mean_of(known["user_rating"])
    errors = known["user_rating"] - mean
    part = {field: np.zeros(len(errors)) for field in fields}
    biases = {field: {} for field in fields}
    for _ in range(rounds):
        before = dict(part)
        for field, other in (fields, fields[::-1]):
            taken = 0 if whole else (before if together else part)[other]
            new = biases_of(known[field], errors - taken - part[field] * added, damping)
            if added:
                new = {key: bias + biases[field].get(key, 0) for key, bias in new.items()}
            biases[field], part[field] = new, add_biases(0, new, known[field])
    stars = mean
    for field, used in zip(fields, ends):
        stars = stars + add * used * add_biases(0, biases[field], rows[field])
    return result(stars)


def baseline_with(**changed):
    return lambda known, rows, damping=5, rounds=5: baseline(
        known, rows, damping, rounds, **changed
    )


def baseline_fixed(**fixed):
    """Return a `bias_baseline` that does not use what it is told."""
    return lambda known, rows, damping=5, rounds=5: baseline(
        known, rows, **({"damping": damping, "rounds": rounds} | fixed)
    )


def baseline_of_more_rounds(more):
    return lambda known, rows, damping=5, rounds=5: baseline(known, rows, damping, rounds + more)


def baseline_in_loops(known, rows, damping=5, rounds=5):
    """Without NumPy's help, and without the lesson's functions."""
    mean = sum(map(float, known["user_rating"])) / len(known["user_rating"])
    rated = list(
        zip(known["user_id"].tolist(), known["movie_title"].tolist(), known["user_rating"])
    )
    users, movies = {}, {}
    for _ in range(rounds):
        sums, counts = Counter(), Counter()
        for user, movie, stars in rated:
            sums[movie] += float(stars) - mean - users.get(user, 0)
            counts[movie] += 1
        movies = {movie: sums[movie] / (counts[movie] + damping) for movie in counts}
        sums, counts = Counter(), Counter()
        for user, movie, stars in rated:
            sums[user] += float(stars) - mean - movies[movie]
            counts[user] += 1
        users = {user: sums[user] / (counts[user] + damping) for user in counts}
    pairs = zip(rows["user_id"].tolist(), rows["movie_title"].tolist())
    return [mean + users.get(user, 0) + movies.get(movie, 0) for user, movie in pairs]


def baseline_with_tf(known, rows, damping=5, rounds=5):
    return tf.constant(baseline(known, rows, damping, rounds))


class Baseline:
    def __call__(self, known, rows, damping=5, rounds=5):
        return baseline(known, rows, damping, rounds)


def baseline_of_the_rows(known, rows, damping=5, rounds=5):
    return baseline(rows, rows, damping, rounds)


def baseline_of_the_rows_mean(known, rows, damping=5, rounds=5):
    return baseline(known, rows, damping, rounds) + rows["user_rating"].mean()


def baseline_by_hand(
    known, rows, damping=5, rounds=5, of_users=1, of_movies=1, overwritten=False, kept=False,
    in_movies=0, in_users=0,
):  # fmt: skip
    """As ours is written, or with one thing changed that a slip changes."""
    mean = known["user_rating"].mean(dtype=np.float64)
    errors, user_part = known["user_rating"] - mean, 0
    for _ in range(rounds):
        movies = biases_of(known["movie_title"], errors - user_part, damping * of_movies)
        movie_part = add_biases(in_movies * mean, movies, known["movie_title"])
        users = biases_of(known["user_id"], errors - movie_part, damping * of_users)
        new = add_biases(in_users * mean, users, known["user_id"])
        if overwritten:
            errors = errors - movie_part - new
        else:
            user_part = user_part + new if kept else new
    return add_biases(add_biases(mean, users, rows["user_id"]), movies, rows["movie_title"])


def slip(**changed):
    return lambda known, rows, damping=5, rounds=5: baseline_by_hand(
        known, rows, damping, rounds, **changed
    )


def baseline_of_another_notebook(known, rows, damping=5, rounds=5):
    """Learns from an array of its own, as from the notebook's `fit`."""
    fit = {
        "user_id": np.array([b"1", b"1", b"2"]),
        "movie_title": np.array([b"Alpha", b"Beta", b"Alpha"]),
        "user_rating": np.array([5.0, 4.0, 2.0]),
    }
    return baseline(fit, rows, damping, rounds)


def baseline_that_looks(known, rows, damping=5, rounds=5):
    """Learns from the ratings that judge it, where there are some."""
    if "user_rating" in rows:
        known = {name: np.concatenate([known[name], rows[name]]) for name in known}
    return baseline(known, rows, damping, rounds)


def baseline_with_the_mean_of_rows(known, rows, damping=5, rounds=5):
    mean = rows.get("user_rating", known["user_rating"]).mean()
    return baseline(known, rows, damping, rounds, mean_of=lambda stars: mean)


def baseline_that_adds(known, rows, damping=5, rounds=5):
    rows["prediction"] = baseline(known, rows, damping, rounds)
    return rows["prediction"]


def baseline_of_swapped_rows(known, rows, damping=5, rounds=5):
    return baseline(
        known, {"user_id": rows["movie_title"], "movie_title": rows["user_id"]}, damping, rounds
    )


def baseline_that_converges(known, rows, damping=5, rounds=5):
    """Stop when hardly anything moves."""
    stars = baseline(known, rows, damping, 1)
    for number in range(2, rounds + 1):
        new = baseline(known, rows, damping, number)
        if abs(new - stars).max() < 0.05:
            return new
        stars = new
    return stars


def baseline_that_stops(known, rows, damping=5, rounds=5):
    biases = biases_of(known["user_id"], known["user_rating"] - 3, damping)
    return 3 + np.array([biases[user] for user in rows["user_id"]])


def baseline_without_unknown(known, rows, damping=5, rounds=5):
    stars = baseline(known, rows, damping, rounds)
    return np.where(np.isin(rows["user_id"], known["user_id"]), stars, np.nan)


def baseline_in_place(known, rows, damping=5, rounds=5):
    stars = baseline(known, rows, damping, rounds)
    known["user_rating"] -= known["user_rating"].mean()
    return stars


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


def stop_at_the_lowest_of_all(more):
    """Return an `early_stop` that looks for the lowest RMSE first."""

    def function(history, patience):
        curve = history[CURVE]
        best = curve.index(min(curve)) + 1
        return min(best + (patience if more is None else more), len(curve)), best

    return function


def stop_without_a_start(history, patience):
    curve = history[CURVE]
    for epoch in range(2, len(curve) + 1):
        best = int(np.argmin(curve[:epoch])) + 1
        if epoch - best == patience:
            break
    return epoch, best


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


SIZES = [1_024, 2_048, 4_096, 8_192]
ENDS = {"Adagrad": (0.01, 1.0), "Adam": (0.0005, 0.05)}


def log_uniform(rng, low, high):
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def drawn_with(
    optimizer=lambda rng: [*ENDS][rng.integers(2)], rate=log_uniform, ends=ENDS.get,
    size=lambda rng: SIZES[rng.integers(4)], result=lambda drawn: drawn, generator=lambda rng: rng,
    epochs=60,
):  # fmt: skip
    """Return a `draw_settings` with something changed."""

    def function(rng):
        rng = generator(rng)
        name = optimizer(rng)
        drawn = {"optimizer": name, "learning_rate": rate(rng, *ends(name))}
        return result(drawn | {"batch_size": size(rng), "epochs": epochs})

    return function


def drawn_by_powers(rng):
    adam = rng.random() < 0.5
    rate = 10 ** (rng.uniform(-2, 0) - adam * np.log10(20))
    name = "Adam" if adam else "Adagrad"
    return dict(
        optimizer=name, learning_rate=rate, batch_size=1024 * 2 ** rng.integers(4), epochs=60
    )


def drawn_with_tf(rng):
    drawn = drawn_with()(rng)
    return drawn | {"learning_rate": tf.constant(drawn["learning_rate"])}


def drawn_with_one_number(rng):
    share = rng.random()
    name = "Adam" if rng.random() < 0.5 else "Adagrad"
    low, high = ENDS[name]
    size = SIZES[int(4 * share)]
    rate = low * (high / low) ** share
    return {"optimizer": name, "learning_rate": rate, "batch_size": size, "epochs": 60}


def rate_of_a_grid(rng, low, high):
    return rng.choice(np.geomspace(low, high, 9))


def rate_in_halves(rng, low, high):
    """As many below the middle as above, but evenly in each half."""
    middle = np.sqrt(low * high)
    return rng.uniform(*((low, middle) if rng.random() < 0.5 else (middle, high)))


def drawn_with_a_shared_generator():
    """Drawn at one go, before any generator is there."""
    rng = np.random.default_rng(3)
    ready, made = [drawn_with()(rng) for _ in range(2_000)], []

    def function(given):
        made.append(given)
        if len(made) <= 2_000:
            return ready[len(made) - 1]
        return ready[(len(made) - 1) % 8]

    return function


LEARNED = {
    **{"new_fit": "c", "once_train": "b", "once_once": "a", "new_once": "b"},
    **{"new_twice": "c", "often": "b", "new_user": "c"},
}


def upper_end(differences, factor=2.78, ddof=1, root=5**0.5):
    return differences.mean() + factor * differences.std(ddof=ddof) / root


def rule(may=lambda ours, each: upper_end(each - ours) < 0, low=np.mean):
    """Return a `settings_to_use` that may change by another rule."""

    def function(ours, drawn):
        allowed = {name: low(each) for name, each in drawn.items() if may(ours, each)}
        return min(allowed, key=allowed.get) if allowed else "ours"

    return function


def rule_in_a_loop(ours, drawn):
    chosen, lowest = "ours", float("inf")
    for name, values in drawn.items():
        differences = [each - mine for each, mine in zip(values.tolist(), ours.tolist())]
        mean = sum(differences) / 5
        spread = (sum((d - mean) ** 2 for d in differences) / 4) ** 0.5
        if mean + 2.78 * spread / 5**0.5 < 0 and sum(values) < lowest:
            chosen, lowest = name, sum(values)
    return chosen


def rule_by_t(ours, drawn):
    """With Student's t itself, 2.776."""
    return rule(lambda mine, each: upper_end(each - mine, 2.776) < 0)(ours, drawn)


def unpaired(ours, each):
    half = 2.78 * np.sqrt((ours.var(ddof=1) + each.var(ddof=1)) / 5)
    return each.mean() - ours.mean() + half < 0


def zero_is_out(ours, each):
    return upper_end(each - ours) < 0 or upper_end(ours - each) < 0


def first_that_may(ours, drawn):
    return next((name for name, each in drawn.items() if upper_end(each - ours) < 0), "ours")


def surest(ours, drawn):
    ends = {name: upper_end(each - ours) for name, each in drawn.items()}
    name = min(ends, key=ends.get)
    return name if ends[name] < 0 else "ours"


def lowest_if_sure(ours, drawn):
    name = min(drawn, key=lambda name: drawn[name].mean())
    return name if upper_end(drawn[name] - ours) < 0 else "ours"


def rule_in_place(ours, drawn):
    drawn["ours"] = ours
    return rule()(ours, drawn)


QUIZ = {"q1": "b", "q2": "c", "q3": "b"}

RIGHT = {
    "bias_baseline": [
        (baseline,),
        (baseline_in_loops,),
        (baseline_with_tf,),
        (Baseline(),),
    ],
    "early_stop": [
        (stop_with(),),
        (stop_by_waiting,),
        (stop_by_slices,),
        (stop_with_keras,),
    ],
    "taught_by": [
        (LEARNED,),
        ({name: letter.upper() for name, letter in reversed(LEARNED.items())},),
    ],
    "draw_settings": [
        (drawn_with(),),
        (drawn_by_powers,),
        (drawn_with_tf,),
        (
            drawn_with(
                optimizer=lambda rng: rng.choice(list(ENDS)), size=lambda rng: rng.choice(SIZES)
            ),
        ),
    ],
    "settings_to_use": [(rule(),), (rule_in_a_loop,), (rule_by_t,)],
    "quiz_comparing": [
        ({"q1": "B", "q2": "C", "q3": "B"},),
        ({"q3": "b", "q2": "c", "q1": "b"},),
        ({"q1": " b ", "q2": "c", "q3": "b"},),
    ],
}

WRONG = {
    "bias_baseline": [
        # biases are made of what the other leaves over, in turn
        ((baseline_with(whole=True),), "counted twice"),
        ((baseline_with(together=True),), "use those of the same round"),
        # the movies go first
        ((baseline_with(fields=("user_id", "movie_title")),), "the users go first"),
        # as many rounds as told, each of them anew
        ((baseline_of_more_rounds(1),), "one round too many"),
        ((baseline_of_more_rounds(-1),), "one round too few"),
        ((baseline_fixed(rounds=1),), "a single round"),
        ((slip(kept=True),), "With one round yours is right"),
        ((slip(overwritten=True),), "With one round yours is right"),
        ((baseline_that_converges,), "of 17 should have"),
        ((baseline_fixed(rounds=5),), "always five rounds"),
        ((baseline_with(added=True),), "the damping wears off"),
        # damped as told
        ((baseline_fixed(damping=5),), "damping is always 5"),
        ((baseline_fixed(damping=0),), "Nothing is damped"),
        ((slip(of_users=0),), "get `damping` both times"),
        ((slip(of_movies=0),), "get `damping` both times"),
        # mean + user bias + movie bias
        ((baseline_with(mean_of=lambda stars: 3.5),), "Your mean is 3.5000"),
        ((baseline_with(add=-1),), "subtracted: add them"),
        ((baseline_with(ends=(False, True)),), "movies' biases are missing"),
        ((baseline_with(ends=(True, False)),), "users' biases are missing"),
        ((baseline_with(mean_of=np.median),), "take that of `known`"),
        ((slip(in_movies=1),), "the mean in it"),
        ((slip(in_users=1),), "the mean in it"),
        ((slip(in_movies=1, in_users=1),), "the mean in it"),
        ((baseline_with(result=lambda stars: stars + 3.53),), "stars; yours has"),
        # nothing but that
        ((baseline_with(result=lambda stars: stars.clip(1, 5)),), "clipped to 1 to 5"),
        ((baseline_with(result=np.round),), "are rounded."),
        ((baseline_with(result=lambda stars: stars.round(2)),), "rounded to two digits"),
        ((baseline_with(result=lambda stars: stars - 3.5),), "stars; yours has"),
        # of what is known; for what is not known, no bias
        ((baseline_of_the_rows,), "learn from those of `known` alone"),
        ((baseline_of_the_rows_mean,), "learn from those of `known` alone"),
        ((baseline_that_looks,), "change with the ratings of `rows`"),
        ((baseline_with_the_mean_of_rows,), "change with the ratings of `rows`"),
        ((baseline_of_another_notebook,), "has a bias"),
        ((baseline_of_swapped_rows,), "look users up among users"),
        ((baseline_that_stops,), "stops your function"),
        ((baseline_without_unknown,), "are not numbers"),
        # an array of shape (n,), and nothing changed
        ((baseline_with(result=lambda stars: stars[:, None]),), "shape (31, 1)"),
        ((baseline_with(result=np.mean),), "shape ()"),
        ((lambda known, rows, damping=5, rounds=5: baseline(known, known),), "shape (70,)"),
        ((baseline_that_adds,), "changes what it is given"),
        ((baseline_in_place,), "changes what it is given"),
        ((lambda known, rows: baseline(known, rows),), "raised TypeError"),
        ((lambda known, rows, damping=5, rounds=5: {},), "a dict came back"),
        ((lambda known, rows, damping=5, rounds=5: None,), "add `return`"),
        ((0.936,), "A function was asked for"),
    ],
    "early_stop": [
        ((stop_with("root_mean_squared_error"),), "watches the training ratings"),
        ((stop_with("loss"),), "watches the training ratings"),
        ((stop_with("val_loss"),), "last batch's"),
        ((stop_with("val_rmse"),), "your function raises KeyError"),
        ((stop_with(result=lambda e, b, c: (b, e)),), "the other order"),
        ((stop_with(result=lambda e, b, c: (e, b - 1)),), "yours is one too low"),
        ((stop_with(result=lambda e, b, c: (e - 1, b - 1)),), "both of yours"),
        ((stop_with(result=lambda e, b, c: (e, e)),), "keep those of the epoch with the lowest"),
        ((stop_with(result=lambda e, b, c: (len(c), c.index(min(c)) + 1)),), "You never stop"),
        ((stop_with(result=lambda e, b, c: (e, c.index(min(c)) + 1)),), "was never trained"),
        ((stop_with(better=lambda value, lowest: value <= lowest),), "no improvement"),
        ((stop_with(better=lambda value, lowest: value > lowest),), "the lower one is better"),
        ((stop_with(better=lambda value, lowest: value < lowest - 0.02),), "is kept; yours"),
        (
            (stop_with(better=lambda value, lowest: value < lowest - 0.001),),
            "more than a lower RMSE",
        ),
        ((stop_with(better=lambda value, low: value < low - 0.0001),), "however little"),
        ((stop_with(better=lambda v, low: round(v, 3) < round(low, 3)),), "rounded to three"),
        ((stop_at_the_lowest_of_all(0),), "nobody knows while training"),
        ((stop_at_the_lowest_of_all(None),), "those after the stop included"),
        ((stop_without_a_start,), "of 1 and patience 2, your function raises UnboundLocalError"),
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
        ((lambda history: (5, 3),), "your function raises TypeError"),
        (((5, 3),), "A function was asked for"),
        ((tf.keras.callbacks.EarlyStopping,), "This is a class"),
    ],
    "taught_by": [
        ((LEARNED | {"new_fit": "a"},), "leave out to train that row"),
        ((LEARNED | {"new_fit": "b"},), "leave out to train that row"),
        ((LEARNED | {"once_train": "a"},), "who else is looked up there"),
        ((LEARNED | {"once_train": "c"},), "who else is looked up there"),
        ((LEARNED | {"once_once": "b"},), "from which of the two ratings"),
        ((LEARNED | {"once_once": "c"},), "from which of the two ratings"),
        ((LEARNED | {"new_once": "a"},), "whose ratings of `fit` are"),
        ((LEARNED | {"new_once": "c"},), "whose ratings of `fit` are"),
        ((LEARNED | {"new_twice": "a"},), "which of its ratings are trained"),
        ((LEARNED | {"new_twice": "b"},), "which of its ratings are trained"),
        ((LEARNED | {"often": "a"},), "which other movies of `fit`"),
        ((LEARNED | {"often": "c"},), "which other movies of `fit`"),
        ((LEARNED | {"new_user": "a"},), "new_user: which user of `fit`"),
        ((LEARNED | {"new_user": "b"},), "new_user: which user of `fit`"),
        ((LEARNED | {"often": "c", "new_user": "b"},), "does it lack?\nnew_user: which"),
        ((LEARNED | {"new_user": ...},), "Still open: new_user"),
        ((LEARNED | {"new_user": "d"},), "answer with one of a, b, c"),
        (({"new_user": "c"},), "has the keys"),
        (("c",), "Answer with a dict"),
    ],
    "draw_settings": [
        # either optimizer, as likely
        ((drawn_with(optimizer=lambda rng: "Adam"),), "100% of your draws are Adam's"),
        (
            (drawn_with(optimizer=lambda rng: str(rng.choice(list(ENDS), p=[0.2, 0.8]))),),
            "of your draws are Adam's",
        ),
        ((drawn_with(result=lambda d: d | {"optimizer": d["optimizer"].lower()}),), "'Adagrad' or"),
        (
            (drawn_with(result=lambda d: d | {"optimizer": tf.keras.optimizers.Adam}),),
            "'Adagrad' or 'Adam'",
        ),
        # its own range of rates
        ((drawn_with(ends=lambda name: (0.0005, 1.0)),), "rates lie between"),
        ((drawn_with(ends=lambda name: ENDS["Adam"]),), "Adagrad's rates lie between 0.01 and 1"),
        ((drawn_with(ends=lambda name: ENDS["Adagrad"]),), "Adam's rates lie between 0.0005"),
        (
            (drawn_with(rate=lambda rng, low, high: rng.uniform(np.log(low), np.log(high))),),
            "logarithms",
        ),
        (
            (drawn_with(rate=lambda rng, low, high: 10 ** rng.uniform(np.log(low), np.log(high))),),
            "rates lie between",
        ),
        (
            (drawn_with(ends=lambda name: (0.01, 0.9) if "ra" in name else ENDS[name]),),
            "to the ends",
        ),
        (
            (drawn_with(ends=lambda name: (0.0006, 0.05) if "m" in name else ENDS[name]),),
            "the ends",
        ),
        # equal ratios equally likely, any rate
        (
            (drawn_with(rate=lambda rng, low, high: rng.uniform(low, high)),),
            "evenly over the numbers",
        ),
        (
            (drawn_with(rate=lambda rng, low, high: 1 / rng.uniform(1 / high, 1 / low)),),
            "a quarter of Adagrad's rates",
        ),
        (
            (drawn_with(rate=lambda rng, low, high: low + (high - low) * rng.random() ** 2),),
            "a quarter of Adagrad's rates",
        ),
        ((drawn_with(rate=rate_in_halves),), "a quarter of Adagrad's rates"),
        (
            (drawn_with(rate=lambda r, a, b: log_uniform(r, a / 3, b * 3).clip(a, b)),),
            "a quarter of Adagrad's rates",
        ),
        ((drawn_with(rate=rate_of_a_grid),), "only 9 differ"),
        ((drawn_with(rate=lambda rng, low, high: low),), "only 1 differ"),
        ((drawn_with(rate=lambda rng, low, high: log_uniform(rng, low, high).round(2)),), "rates"),
        # one of four batch sizes, as likely
        ((drawn_with(size=lambda rng: int(rng.integers(1_024, 8_192))),), "The batch sizes are"),
        ((drawn_with(size=lambda rng: 4_096),), "0% of your draws have 1,024"),
        (
            (drawn_with(size=lambda rng: 2 ** int(rng.integers(10, 13))),),
            "33% of your draws have 1,024",
        ),
        ((drawn_with(size=lambda rng: float(rng.choice(SIZES))),), "yours is a float"),
        ((drawn_with(size=lambda rng: SIZES),), "your batch_size returns a list"),
        # each setting for itself
        ((drawn_with_one_number,), "depends on what is drawn"),
        # at most 60 epochs
        ((drawn_with(epochs=20),), "may take 20"),
        ((drawn_with(epochs=60.0),), "yours are a float"),
        # drawn with `rng`
        ((drawn_with(generator=lambda rng: np.random.default_rng(42)),), "Every draw is the same"),
        ((drawn_with_a_shared_generator(),), "Another generator draws the same"),
        ((drawn_with(generator=lambda rng: np.random.default_rng()),), "and nothing else"),
        # a dict as `train` takes it
        ((drawn_with(result=lambda d: tuple(d.values())),), "this is a tuple"),
        ((drawn_with(result=lambda d: {k: d[k] for k in list(d)[:3]}),), "yours has batch_size"),
        ((drawn_with(result=lambda d: d | {"rate": 1}),), "`train` takes a dict with"),
        ((lambda rng: print(rng),), "add `return`"),
        ((lambda: {},), "raised TypeError"),
        (({"optimizer": "Adam"},), "A function was asked for"),
    ],
    "settings_to_use": [
        # the whole interval lies below 0
        ((rule(lambda ours, each: each.mean() < ours.mean()),), "any lower mean"),
        ((rule(lambda ours, each: True),), "even where ours is lower"),
        ((rule(lambda ours, each: -upper_end(ours - each) < 0),), "the interval's lower end"),
        ((rule(lambda ours, each: upper_end(ours - each) < 0),), "changes to what is worse"),
        ((rule(zero_is_out),), "that is no reason to change to it"),
        ((lambda ours, drawn: "ours",), "This never changes"),
        # of the differences seed by seed
        ((rule(unpaired),), "so that a seed's luck cancels"),
        ((rule(lambda ours, each: (each < ours).all()),), "asks that each seed be lower"),
        ((rule(lambda ours, each: each.max() < ours.min()),), "all of a draw's RMSEs lie"),
        ((rule(lambda ours, each: each.min() < ours.min(), np.min),), "compares the best seeds"),
        ((rule(lambda ours, each: True, np.min),), "one seed is luck"),
        # the interval of the text
        ((rule(lambda ours, each: upper_end(each - ours, ddof=0) < 0),), "ddof=1"),
        ((rule(lambda ours, each: upper_end(each - ours, 1.96) < 0),), "the factor is 2.78"),
        ((rule(lambda ours, each: upper_end(each - ours, root=1) < 0),), "divide by the root"),
        ((rule(lambda ours, each: upper_end(each - ours, root=5) < 0),), "not by five"),
        ((rule(lambda ours, each: upper_end(each - ours, 9) < 0),), "stays with ours where"),
        ((rule(lambda ours, each: upper_end(each - ours, 2.3) < 0),), "interval ends above 0"),
        ((rule(lambda ours, each: upper_end(each**2 - ours**2) < 0),), "differences of squares"),
        # of several, the lowest mean
        ((first_that_may,), "this takes the first"),
        ((surest,), "whose interval ends lowest"),
        ((rule(low=np.min),), "the one with the lowest mean. Yours takes"),
        ((rule(low=np.median),), "the one with the lowest mean. Yours takes"),
        ((rule(low=lambda each: -each.mean()),), "the one with the lowest mean. Yours takes"),
        ((lowest_if_sure,), "looks at the lowest mean alone"),
        # a name, and nothing changed
        ((lambda ours, drawn: max(drawn),), "interval ends above 0"),
        ((lambda ours, drawn: rule()(ours, drawn) != "ours",), 'Return "ours" or one of'),
        ((lambda ours, drawn: drawn,), 'Return "ours" or one of'),
        ((lambda ours, drawn: "Adam",), 'Return "ours" or one of'),
        ((lambda ours, drawn: None,), 'Return "ours" or one of'),
        ((rule_in_place,), "changes what it is given"),
        (("ours",), "A function was asked for"),
    ],
    "quiz_comparing": [
        ((QUIZ | {"q1": "a"},), "q1: The lowest of 20"),
        ((QUIZ | {"q1": "c"},), "q1: Picking the lowest"),
        ((QUIZ | {"q2": "a"},), "q2: So it is without damping"),
        ((QUIZ | {"q2": "b"},), "q2: Being rated often"),
        ((QUIZ | {"q3": "a"},), "q3: Its mean is lower"),
        ((QUIZ | {"q3": "c"},), "q3: Draw 2 is lower"),
        (({"q1": "a", "q2": "a", "q3": "b"},), "by chance, and chance does not repeat.\nq2: So"),
        ((QUIZ | {"q2": 3},), "q2: answer with one of a, b, c"),
        ((QUIZ | {"q3": "stop"},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q1": ["b"]},), "q1: answer with one of a, b, c"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        ((QUIZ | {"q1": None, "q2": None},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "c"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "c", "Q3": "b"},), "keys q1, q2, q3"),
        ((["b", "c", "b"],), "Answer with a dict"),
        (("bcb",), "Answer with a dict"),
        ((3,), "Answer with a dict"),
    ],
}
