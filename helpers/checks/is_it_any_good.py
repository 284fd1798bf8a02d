"""Checks of lesson 4, Is 1.11 any good?"""

import functools
import operator

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, needs_function
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.checks.engine.lettered import judge_outcomes


@exercise(
    "Errors hold two things at once, how good the movie is and how strict the user: which of the "
    "two has been taken off the errors that `wrong_baseline` gives to `biases_of`?",
    "The formulas of the rounds stand above the exercise. `add_biases(0, biases, keys)` gives, for "
    "each row, what some biases say of it.",
    "Start with a user part of 0 for every row. In each round, take it off the errors and make the "
    "movies' biases of the rest; then take the movies' part off the errors, and make the users' "
    "biases of that rest. After the last round, add mean, user bias and movie bias for `rows`.",
)
def bias_baseline(function):
    needs_function(function)
    for known, rows, named in _few_ratings():
        settings = {"damping": 5, "rounds": 5} | named
        given = [{name: values.copy() for name, values in part.items()} for part in (known, rows)]
        answer = _stars_of(function, given, named, len(rows["user_id"]))
        for part, copy in zip((known, rows), given):
            if set(part) != set(copy) or any(
                not np.array_equal(part[name], copy[name]) for name in part
            ):
                mistake("Your function changes what it is given: make new arrays.")
        if not _same_stars(answer, _turns(known, rows, **settings)):
            _explain(function, answer, known, rows, settings)
    return "Each bias now holds what the other leaves over, and nothing is counted twice."


def _same_stars(answer, ours):
    return np.allclose(answer, ours, rtol=0, atol=1e-4)


def _explain(function, answer, known, rows, settings):
    """Say what is wrong with what a baseline predicts."""

    def of(rows, **settings):
        """Return the learner's predictions, and ours."""
        given = [{name: values.copy() for name, values in part.items()} for part in (known, rows)]
        stars = _stars_of(function, given, settings, len(rows["user_id"]))
        return stars, _turns(known, rows, **settings)

    blind = {name: values for name, values in rows.items() if name != "user_rating"}
    if "user_rating" in rows and not _same_stars(answer, of(blind, **settings)[0]):
        mistake(
            "Your predictions change with the ratings of `rows`, which are there to judge them: "
            "learn from those of `known` alone."
        )
    for change, message in _WRONG_TURNS:
        if _same_stars(answer, change(known, rows, **settings)):
            mistake(message)
    if np.ptp(answer) < 1e-6:
        mistake(
            f"All of your predictions are {answer[0]:.4f}: no user and no movie of `rows` has a "
            "bias. Do you learn from `known`, not from `fit`, and look users up among users?"
        )
    start, slope = _turns(known, rows, **settings, mean=0), _turns(known, rows, **settings, mean=1)
    slope = slope - start  # the predictions are linear in the mean
    mean = (answer - start) @ slope / (slope @ slope)
    if _same_stars(answer, start + mean * slope):
        mistake(
            f"Your mean is {mean:.4f}, that of `known` {known['user_rating'].mean():.4f}: take "
            "that of `known`."
        )
    answer, ours = of(rows, damping=0, rounds=1)
    simplest = _same_stars(answer, ours)
    if simplest and not _same_stars(*of(rows, damping=3, rounds=1)):
        mistake(
            "With one round and `damping=0` yours is right, with `damping=3` it is not: does "
            "`biases_of` get `damping` both times?"
        )
    if simplest and not _same_stars(*of(rows, damping=0, rounds=3)):
        mistake(
            "With one round yours is right, with three it is not: a round takes nothing from the "
            "round before but the users' part; all else, errors and biases, it makes anew."
        )
    if simplest:
        answer, ours = of(rows, **settings)
    else:
        settings = {"damping": 0, "rounds": 1}
    worst = int(abs(answer - ours).argmax())
    mistake(
        f"With damping {settings['damping']} and {settings['rounds']} round(s), row {worst} of "
        f"{len(ours)} should have {ours[worst]:.4f} stars; yours has {answer[worst]:.4f}."
    )


def _few_ratings():
    """Yield ratings to learn from, rows to predict (with keys that are new), and settings."""
    rng = np.random.default_rng(4)
    settings = {"damping": 0.5, "rounds": 3}, {"damping": 3, "rounds": 1}, {}
    for n, m, named in zip((70, 50, 40), (31, 8, 17), settings):
        user, movie = rng.integers(0, 9, n), rng.integers(0, 12, n)
        stars = rng.normal(3.2, 0.8, n) + (movie > 6) + (user % 3 == 1) * (movie > 4)
        stars -= 2 * (user > 6) + 2 * (movie < 2)
        known = {
            "user_id": np.char.add("u", user.astype(str)).astype("S"),
            "movie_title": np.char.add("M", movie.astype(str)).astype("S"),
            "user_rating": np.round(stars).clip(1, 5).astype(np.float32),
        }
        rows = {
            "user_id": np.char.add("u", rng.integers(0, 11, m).astype(str)).astype("S"),
            "movie_title": np.char.add("M", rng.integers(0, 15, m).astype(str)).astype("S"),
        }
        if named.get("rounds") == 1:
            rows["user_rating"] = rng.integers(1, 6, m).astype(np.float32)
        yield known, rows, named


def _stars_of(function, given, named, n):
    """Return what a learner's baseline predicts for n rows."""
    try:
        answer = function(*given, **named)
    except KeyError as error:
        if error.args == ("user_rating",):
            mistake("`rows` need not have ratings: learn from those of `known` alone.")
        if error.args and isinstance(error.args[0], bytes):
            mistake("A user or movie without a rating in `known` stops your function: no bias, 0.")
        raise
    answer = as_numbers(answer, "Stars")
    if answer.shape != (n,):
        mistake(f"{n} rows need {n} predictions, shape ({n},); yours have shape {answer.shape}.")
    if not np.isfinite(answer).all():
        mistake("Some of your predictions are not numbers: a key without a rating has a bias of 0.")
    return answer


def _turns(
    known, rows, damping, rounds, first="movie_title", own=True, added=False, together=False,
    parts=("user_id", "movie_title"), mean=None, high=(),
):  # fmt: skip
    """Return the bias baseline, or what becomes of it with something changed."""
    mean = known["user_rating"].mean(dtype=np.float64) if mean is None else mean
    errors = known["user_rating"] - mean
    second = "user_id" if first == "movie_title" else "movie_title"
    biases = {field: {} for field in (first, second)}

    def part(field, keys, of=None):
        return np.array([(biases if of is None else of)[field].get(key, 0.0) for key in keys])

    for _ in range(rounds):
        before = dict(biases)
        for field, other in ((first, second), (second, first)):
            of = before if together else biases
            rest = errors - part(other, known[other], of) * own
            rest = rest - mean * (other in high and bool(of[other]))
            rest = rest - part(field, known[field]) * added
            keys, place = np.unique(known[field], return_inverse=True)
            fitted = dict(zip(keys, np.bincount(place, rest) / (np.bincount(place) + damping)))
            if added:
                fitted = {key: value + biases[field].get(key, 0.0) for key, value in fitted.items()}
            biases = biases | {field: fitted}
    return mean + sum(part(field, rows[field]) for field in parts)


def _other_turns(result=None, **changed):
    """Return a function that does what `_turns` does with something changed."""

    def function(known, rows, **settings):
        found = _turns(known, rows, **(settings | changed))
        return found if result is None else result(found)

    return function


def _shifted(by):
    return lambda known, rows, damping, rounds: _turns(known, rows, damping, max(rounds + by, 0))


_WRONG_TURNS = (  # what a wrong baseline predicts, and what to say of it
    (_other_turns(own=False), "This is `wrong_baseline` still: both biases are made of the whole "
     "errors, so what they share is counted twice."),
    (_other_turns(first="user_id"), "Here the users go first: the movies do, as the figures of one "
     "round say."),
    (_other_turns(together=True), "The users' biases are made of what the movies' biases of the "
     "round *before* leave over: use those of the same round."),
    (_other_turns(rounds=1), "This is what a single round gives: use `rounds`, and take the users' "
     "part off the errors before the movies' biases are made anew."),
    (_other_turns(rounds=5), "These are always five rounds: use `rounds`."),
    (_shifted(1), "This is one round too many."),
    (_shifted(-1), "This is one round too few."),
    (_other_turns(damping=5), "The damping is always 5: use `damping`."),
    (_other_turns(damping=0), "Nothing is damped: give `damping` to `biases_of`, both times."),
    (_other_turns(added=True), "Each round adds to the biases of the round before: a round makes "
     "them anew, or the damping wears off."),
    (_other_turns(lambda found: found.clip(1, 5)), "The predictions are clipped to 1 to 5: the sum "
     "is asked for as it is."),
    (_other_turns(np.round), "The predictions are rounded."),
    (_other_turns(lambda found: found.round(2)), "The predictions are rounded to two digits."),
    (_other_turns(own=-1), "The other's part is added to the errors: take it off."),
    *((_other_turns(high=high), "The part that is taken off the errors has the mean in it, which "
       "has been taken off already: `add_biases(0, …)` gives the biases alone.")
      for high in (("movie_title",), ("user_id",), ("movie_title", "user_id"))),
    (lambda known, rows, **settings: _turns(known, rows, **settings) - known["user_rating"].mean(),
     "The mean is missing."),
    (lambda known, rows, **settings: _turns(known, rows, **settings) + known["user_rating"].mean(),
     "The mean is in the predictions twice."),
    (_other_turns(parts=("user_id",)), "The movies' biases are missing in the predictions."),
    (_other_turns(parts=("movie_title",)), "The users' biases are missing in the predictions."),
    (lambda known, rows, **settings: 2 * known["user_rating"].mean()
     - _turns(known, rows, **settings), "The biases are subtracted: add them."),
)  # fmt: skip


@exercise(
    "Go through the epochs in order, and remember which one was the best so far.",
    "How many epochs have passed since the best one? An equal RMSE is not a lower one.",
    "In a loop over the epochs: if this RMSE is lower than the best one's, this epoch is the best; "
    "if `epoch - best == patience`, leave the loop. Return both.",
)
def early_stop(function):
    needs_function(function)
    given, found = list(_histories()), []
    for history, patience in given:
        copy = {name: list(values) for name, values in history.items()}
        try:
            answer = function(copy, patience)
        except Exception as error:
            mistake(
                f"With {_said(history, patience)}, your function raises {type(error).__name__}: "
                f"{first_line(error)}"
            )
        found.append(_stop(answer))
        if copy != history:
            mistake("Your function changes `history`: leave it as it is.")
    for wrong, message in _WRONG_STOPS:
        if found == [wrong(*each) for each in given]:
            mistake(message)
    for (history, patience), ours in zip(given, found):
        right = _early_stop(history["val_root_mean_squared_error"], patience)
        if ours != right:
            mistake(
                f"With {_said(history, patience)}, {right[0]} epochs are trained and epoch "
                f"{right[1]} is kept; yours: {ours[0]} and {ours[1]}."
            )
    return "The validation ratings choose the epoch, and patience sees past a bump in the curve."


def _said(history, patience):
    curve = ", ".join(f"{value:g}" for value in history["val_root_mean_squared_error"])
    return f"validation RMSEs of {curve} and patience {patience}"


def _histories():
    """Yield histories as `fit` gives them, with a patience; many RMSEs are equal or nearly so."""
    fixed = (
        [1.2, 1.0, 0.9, 0.95, 0.91, 0.93, 0.94, 0.85], [1.0], [1.0, 1.0, 0.9], [0.8, 0.9, 1.0],
        [0.93, 0.9297, 0.9299, 0.9296, 0.9299], [0.93, 0.9299, 0.92985, 0.9299, 0.92984, 0.95],
    )  # fmt: skip
    rng = np.random.default_rng(1)
    drawn = [rng.integers(80, 90, rng.integers(2, 16)) / 100 for _ in range(60)]
    slow = [1.2, 1.1997, 1.1994, 1.1991, 1.1988]  # rounding does not do what a least step does
    for number, curve in enumerate([*fixed, *(curve.tolist() for curve in drawn), slow]):
        train = np.sort(rng.integers(50, 99, len(curve)) / 100)[::-1]
        train[1::3] += 0.02  # falls, with bumps
        history = {
            "root_mean_squared_error": train.round(2).tolist(),
            "loss": (train**2).tolist(),
            "val_root_mean_squared_error": curve,
            "val_loss": rng.permutation(np.square(curve)).tolist(),
        }
        yield history, 1 + number % 4


def _early_stop(curve, patience, better=lambda value, lowest: value < lowest):
    """Return how many epochs are trained, and which is the best of them."""
    best = 1
    for epoch, value in enumerate(curve, start=1):
        if better(value, curve[best - 1]):
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


def _stop_after_rises(curve, patience, in_a_row=True):
    """Stop after rises from one epoch to the next, instead of comparing with the lowest so far."""
    rises = 0
    for epoch in range(2, len(curve) + 1):
        rises = rises + 1 if curve[epoch - 1] > curve[epoch - 2] else rises * (not in_a_row)
        if rises == patience:
            return epoch
    return len(curve)


def _stop_after_failures(curve, patience):
    """Count all epochs that were no improvement, in a row or not."""
    lowest, failures = np.inf, 0
    for epoch, value in enumerate(curve, start=1):
        failures += value >= lowest
        lowest = min(lowest, value)
        if failures == patience:
            return epoch
    return len(curve)


def _first_lowest(curve):
    return int(np.argmin(curve)) + 1


def _with(change, field="val_root_mean_squared_error"):
    """Return what a wrong `early_stop` returns for a history, given what it does to a curve."""
    return lambda history, patience: change(history[field], patience)


def _trained(curve, patience):
    return _early_stop(curve, patience)[0]


_WATCHES_TRAINING = "It watches the training ratings, where the error goes on falling."
_LATER = (
    "`patience` epochs without a lower RMSE are enough: training stops after the last of them, not "
    "one epoch later."
)
_WRONG_STOPS = (  # what a wrong function returns for a history, and what to say of it
    (_with(_early_stop, "root_mean_squared_error"), _WATCHES_TRAINING),
    (_with(_early_stop, "loss"), _WATCHES_TRAINING),
    (
        _with(_early_stop, "val_loss"),
        "It watches `val_loss`, which is the last batch's: watch `val_root_mean_squared_error`.",
    ),
    (
        _with(lambda curve, patience: _early_stop(curve, patience)[::-1]),
        "The two are in the other order: first how many epochs are trained, then which is kept.",
    ),
    (
        _with(lambda curve, patience: tuple(np.subtract(_early_stop(curve, patience), (0, 1)))),
        "Epochs count from 1, places in a list from 0: yours is one too low.",
    ),
    (
        _with(lambda curve, patience: tuple(np.subtract(_early_stop(curve, patience), 1))),
        "Epochs count from 1, places in a list from 0: both of yours are one too low.",
    ),
    (
        _with(lambda curve, patience: (_trained(curve, patience),) * 2),
        "You keep the weights of the last epoch: keep those of the epoch with the lowest RMSE.",
    ),
    (
        _with(lambda curve, patience: (len(curve), _first_lowest(curve))),
        "You never stop: `patience` is not used.",
    ),
    (
        _with(lambda curve, patience: (_trained(curve, patience), _first_lowest(curve))),
        "You keep an epoch that was never trained: only the epochs before the stop are there.",
    ),
    (
        _with(lambda curve, patience: _early_stop(curve, patience, np.less_equal)),
        "An RMSE that is equal to the lowest so far is not lower: it is no improvement.",
    ),
    (_with(lambda curve, patience: _early_stop(curve, patience + 1)), _LATER),
    (
        _with(lambda curve, patience: _early_stop(np.round(curve, 3), patience)),
        "The RMSEs are rounded to three digits: an RMSE is lower however little it is.",
    ),
    *(
        (
            _with(lambda curve, patience, least=least: _early_stop(
                curve, patience, lambda value, lowest: value < lowest - least
            )),
            "It asks for more than a lower RMSE: an RMSE is lower however little it is.",
        )
        for least in (0.001, 0.0001)
    ),
    (
        _with(lambda curve, patience: (
            min(_first_lowest(curve) + patience, len(curve)), _first_lowest(curve)
        )),
        "It starts from the lowest RMSE of all epochs, those after the stop included: while it "
        "trains, nobody knows them.",
    ),
    (
        _with(lambda curve, patience: (_first_lowest(curve),) * 2),
        "It stops at the lowest RMSE of all epochs: nobody knows while training which one that is.",
    ),
    (
        _with(lambda curve, patience: _early_stop(curve, patience, np.greater)),
        "It takes a higher RMSE for an improvement: the lower one is better.",
    ),
    *(
        (
            _with(lambda curve, patience, stop=stop, keep=keep: (
                stop(curve, patience), keep(curve, stop(curve, patience))
            )),
            message,
        )
        for stop, message in (
            (
                _stop_after_rises,
                "It compares with the epoch before: compare with the lowest RMSE so far.",
            ),
            (
                lambda curve, patience: _stop_after_rises(curve, patience, in_a_row=False),
                "It compares with the epoch before: compare with the lowest RMSE so far.",
            ),
            (
                _stop_after_failures,
                "It counts all epochs without an improvement: they must come in a row, so that a "
                "lower RMSE starts the count again.",
            ),
        )
        for keep in (
            lambda curve, end: _first_lowest(curve[:end]),
            lambda curve, end: end,
            lambda curve, end: _first_lowest(curve),
        )
    ),
)  # fmt: skip


def _stop(answer):
    """Return the learner's two numbers as a tuple of int."""
    if answer is None:
        mistake(
            "For some histories your function returns nothing: `return` also where training is "
            "never stopped. Then all epochs are trained."
        )
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        mistake("Return two numbers: how many epochs are trained, and which epoch is kept.")
    if any(isinstance(number, bool | np.bool_) for number in answer):
        mistake("Return two numbers; one of yours is True or False.")
    try:
        return tuple(operator.index(number) for number in answer)
    except TypeError:
        mistake(f"Return two whole numbers, as epochs are counted; yours are {tuple(answer)}.")


@exercise(
    "A row learns from the ratings whose movie is looked up in it. Which ratings are these, in "
    "each of the cases?",
    "Ask twice: does the vocabulary hold the title, so that it has a row of its own? And which "
    "ratings of `fit` are looked up in that row, for only these are trained on?",
    "A vocabulary may hold a title that `fit` does not: its own row is then never trained. What it "
    "does not hold shares row 0, and that is trained if some movie of `fit` is left out too: many "
    "are by the second vocabulary and by the third, none by the first.",
)
def taught_by(answers):
    own = "how often is it rated in both parts together: has it a row of its own? "
    return judge_outcomes(
        answers,
        "abc",
        new_fit=(
            "c",
            "the vocabulary lacks it, so it is looked up in row 0. Which movie of `fit` does this "
            "vocabulary leave out to train that row?",
            "in row 0, for which this vocabulary leaves no movie of `fit`.",
        ),
        once_train=(
            "b",
            own + "And who else is looked up there?",
            "row 0, as all movies with a single rating in both parts.",
        ),
        once_once=(
            "a",
            own + "And from which of the two ratings does the model learn?",
            "two ratings make a row of its own, and the one in `fit` trains it.",
        ),
        new_once=(
            "b",
            own + "And whose ratings of `fit` are looked up there?",
            "row 0, which the movies train that have their only rating in `fit`.",
        ),
        new_twice=(
            "c",
            own + "And which of its ratings are trained on?",
            "two ratings make a row of its own, and neither is in `fit`: nothing trains it.",
        ),
        often=(
            "b",
            "does this vocabulary hold it? And which other movies of `fit` does it lack?",
            "row 0, as all movies of `fit` that validation does not know, however often rated.",
        ),
        new_user=(
            "c",
            "which user of `fit` does the vocabulary of users leave out to train row 0?",
            "no user of `fit` is left out to train row 0.",
        ),
    )


@exercise(
    "How many of a thousand draws of Adam would `wrong_draw_settings` spend above 0.05?",
    "Draw the optimizer first, for its range depends on it. Which function of the rate is spread "
    "evenly when equal ratios are equally likely?",
    "Draw the logarithm of the rate evenly between the logarithms of the optimizer's two ends, and "
    "take its exponential; draw the batch size from the four.",
)
def draw_settings(function):
    needs_function(function)
    rng = np.random.default_rng(1)
    drawn = [_settings(function(rng)) for _ in range(DRAWS)]
    if all(each == drawn[0] for each in drawn):
        mistake("Every draw is the same: draw with `rng`, and make no generator of your own.")
    names, sizes = (np.array([each[key] for each in drawn]) for key in ("optimizer", "batch_size"))
    rates = np.array([each["learning_rate"] for each in drawn])
    share = np.mean(names == "Adam")
    if not 0.44 < share < 0.56:
        mistake(f"One optimizer is as likely as the other; {share:.0%} of your draws are Adam's.")
    _judge_rates(rates, names)
    for size in SIZES:
        share = np.mean(sizes == size)
        if not 0.2 < share < 0.3:
            mistake(
                f"Each of the four batch sizes is as likely as another; {share:.0%} of your draws "
                f"have {size:,}."
            )
    of_adam = names == "Adam"
    places = np.where(of_adam, *(np.log(rates / low) for low in (0.0005, 0.01)))
    for one, other in ((places, sizes), (of_adam, sizes), (places, of_adam)):
        if abs(np.corrcoef(one, other)[0, 1]) > 0.15:
            mistake("What is drawn for one setting depends on what is drawn for another.")
    first, again, other = (
        [_settings(function(generator)) for _ in range(8)]
        for generator in map(np.random.default_rng, (1, 1, 2))
    )
    if first == other:
        mistake("Another generator draws the same: draw with `rng`.")
    if first != again:
        mistake("The same seed draws other settings each time: draw with `rng`, and nothing else.")
    return "As many of Adam's rates lie between 0.0005 and 0.005 as between 0.005 and 0.05."


DRAWS = 2_000
RANGES = {"Adagrad": (0.01, 1.0), "Adam": (0.0005, 0.05)}
SIZES = (1_024, 2_048, 4_096, 8_192)


def _settings(answer):
    """Return the learner's settings as a dict of a str and numbers."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(answer, dict):
        mistake(f"Return a dict as `train` takes it; this is a {type(answer).__name__}.")
    asked = {"optimizer", "learning_rate", "batch_size", "epochs"}
    if set(answer) != asked:
        mistake(
            f"`train` takes a dict with {', '.join(sorted(asked))}; yours has "
            f"{', '.join(sorted(map(str, answer)))[:200] or 'nothing'}."
        )
    if not isinstance(answer["optimizer"], str) or answer["optimizer"] not in RANGES:
        mistake(f"The optimizer is 'Adagrad' or 'Adam'; yours is {answer['optimizer']!r:.80}.")
    numbers = {
        name: as_number(answer[name], f"your {name}")
        for name in ("learning_rate", "batch_size", "epochs")
    }
    if isinstance(answer["batch_size"], float | np.floating):
        mistake("A batch size is a whole number, such as 1_024; yours is a float.")
    if isinstance(answer["epochs"], float | np.floating):
        mistake("Epochs are a whole number; yours are a float.")
    if numbers["batch_size"] not in SIZES:
        mistake(
            f"The batch sizes are {', '.join(f'{size:,}' for size in SIZES)}; one of yours is "
            f"{numbers['batch_size']:g}."
        )
    if numbers["epochs"] != 60:
        mistake(f"Every draw may take 60 epochs; one of yours may take {numbers['epochs']:g}.")
    return {"optimizer": str(answer["optimizer"]), **numbers}


def _judge_rates(rates, names):
    for name, (low, high) in RANGES.items():
        mine = np.sort(rates[names == name])
        if (mine < 0).any():
            mistake("Some rates are below 0: these may be logarithms; a rate is their exponential.")
        if mine[0] < low * 0.999 or mine[-1] > high * 1.001:
            mistake(
                f"{name}'s rates lie between {low:g} and {high:g}; yours lie between {mine[0]:.3g} "
                f"and {mine[-1]:.3g}."
            )
        if len(np.unique(mine)) < len(mine) / 2:
            mistake(
                f"Of {len(mine)} rates of {name} only {len(np.unique(mine))} differ: any rate "
                "between the two ends may be drawn."
            )
        share = np.arange(1, len(mine) + 1) / len(mine)
        if abs((mine - low) / (high - low) - share).max() < 0.08:
            mistake(
                f"{name}'s rates are spread evenly over the numbers: in the highest power of ten "
                f"lie {np.mean(mine > high / 10):.0%}."
            )
        if abs(np.log(mine / low) / np.log(high / low) - share).max() > 0.07:
            ends = np.geomspace(low, high, 5)
            quarters = np.histogram(mine, ends)[0] / len(mine)
            cuts, shares = (
                ", ".join(map("{:.2g}".format, ends)),
                ", ".join(map("{:.0%}".format, quarters)),
            )
            mistake(
                f"Equal ratios should be equally likely, so a quarter of {name}'s rates should lie "
                f"between each two of {cuts}; of yours there lie {shares}."
            )
        if mine[0] > low / 0.95 or mine[-1] < high * 0.95:
            mistake(
                f"{name}'s rates lie between {low:g} and {high:g}, up to the ends; of yours, "
                f"{len(mine):,}, the lowest is {mine[0]:.3g}, the highest {mine[-1]:.3g}."
            )


@exercise(
    "The table of five seeds has a lowest mean. What else must be so before you change?",
    "Take the difference seed by seed, draw minus ours, and its interval as in the cell above: on "
    "which side of 0 must the whole of it lie?",
    "For each of `drawn`: mean of the differences plus 2.78 standard deviations (ddof=1) over the "
    "root of five. Those where this is below 0 may be changed to: return the one with the lowest "
    'mean; if there is none, "ours".',
)
def settings_to_use(function):
    needs_function(function)
    cases, found = _logs(), []
    for ours, drawn, _ in cases:
        given = ours.copy(), {name: values.copy() for name, values in drawn.items()}
        answer = function(*given)
        if list(given[1]) != list(drawn) or not all(
            np.array_equal(a, b)
            for a, b in zip([ours, *drawn.values()], [given[0], *given[1].values()])
        ):
            mistake("Your function changes what it is given: work on copies.")
        if not isinstance(answer, str) or answer not in {"ours", *drawn}:
            mistake(
                f'Return "ours" or one of the names {", ".join(drawn)}; yours is {answer!r:.100}.'
            )
        found.append(answer)
    rights = [right for *_, right in cases]
    if found == rights:
        return "A lower mean is a reason to look; the interval says whether there is one to change."
    for wrong, message in _WRONG_RULES:
        if all(name == wrong(ours, drawn) for name, (ours, drawn, _) in zip(found, cases)):
            mistake(message)
    wrong, case = next(pair for pair in zip(found, cases) if pair[0] != pair[1][-1])
    ours, drawn, right = case

    def said(name):
        low, high = _ends(drawn[name] - ours)
        return f'"{name}", mean {drawn[name].mean():.4f}, minus ours {low:+.4f} to {high:+.4f}'

    if wrong == "ours":
        mistake(f"Yours stays with ours where the whole interval lies below 0: {said(right)}.")
    if _ends(drawn[wrong] - ours)[1] >= 0:
        mistake(f"Yours changes to a draw whose interval ends above 0: {said(wrong)}.")
    mistake(
        "Of several that may be changed to, take the one with the lowest mean. Yours takes "
        f"{said(wrong)}; not {said(right)}."
    )
    return None


@functools.cache
def _logs():
    """Return, for each case, our RMSEs with five seeds, those of some draws, and what to use."""
    rng = np.random.default_rng(11)
    cases = []
    for number in range(170):
        luck = rng.normal(0, 0.004 if number < 150 else 0.2, 5)  # of a seed, the same for all
        ours = 0.93 + luck + rng.normal(0, 0.001, 5)
        names = rng.permutation(["Adagrad 0.3", "Adam 0.002", "Adam 0.01", "b"])[
            : rng.integers(1, 5)
        ]
        drawn = {
            str(name): 0.93
            + luck
            + rng.normal(rng.uniform(-0.006, 0.003), rng.uniform(0.001, 0.004), 5)
            for name in names
        }
        cases.append((ours, drawn, _to_use(ours, drawn)))
    return cases


def _ends(differences, factor=2.78, ddof=1, root=5**0.5):
    half = factor * differences.std(ddof=ddof) / root
    return differences.mean() - half, differences.mean() + half


def _to_use(ours, drawn, may=lambda ours, each: _ends(each - ours)[1] < 0, best=np.mean):
    """Return the name of the lowest of those that one may change to, or "ours"."""
    allowed = {name: best(each) for name, each in drawn.items() if may(ours, each)}
    return min(allowed, key=allowed.get) if allowed else "ours"


def _rule(may, **more):
    return lambda ours, drawn: _to_use(ours, drawn, may, **more)


def _unpaired(ours, each):
    half = 2.78 * np.sqrt((ours.var(ddof=1) + each.var(ddof=1)) / 5)
    return each.mean() - ours.mean() + half < 0


def _first_allowed(ours, drawn):
    return next((name for name in drawn if _ends(drawn[name] - ours)[1] < 0), "ours")


def _lowest_or_ours(ours, drawn):
    name = min(drawn, key=lambda name: drawn[name].mean())
    return name if _ends(drawn[name] - ours)[1] < 0 else "ours"


_WRONG_RULES = (  # what a wrong rule says, and what to say of it
    (_rule(lambda ours, each: each.mean() < ours.mean()), "This changes to any lower mean: the "
     "whole interval of the difference must lie below 0."),
    (_rule(lambda ours, each: True), "This takes the lowest mean of `drawn`, even where ours is "
     "lower, or the difference may be chance."),
    (_rule(lambda ours, each: each.min() < ours.min(), best=np.min), "This compares the best "
     "seeds: compare seed by seed, all five."),
    (_rule(lambda ours, each: True, best=np.min), "This takes the lowest single RMSE: one seed is "
     "luck; compare seed by seed."),
    (_rule(_unpaired), "This puts an interval around the two means: take the differences seed by "
     "seed, so that a seed's luck cancels."),
    (_rule(lambda ours, each: each.max() < ours.min()), "This asks that all of a draw's RMSEs lie "
     "below all of ours: take the differences seed by seed."),
    (_rule(lambda ours, each: (each < ours).all()), "This asks that each seed be lower: the "
     "interval of the differences decides."),
    (_rule(lambda ours, each: _ends(each - ours)[0] < 0), "This looks at the interval's lower end: "
     "the whole interval must lie below 0, the upper end too."),
    (_rule(lambda ours, each: _ends(each - ours)[0] > 0), "This changes to what is worse: below 0 "
     "the draw is better."),
    (_rule(lambda ours, each: not _ends(each - ours)[0] <= 0 <= _ends(each - ours)[1]), "Where the "
     "whole interval lies above 0, the draw is worse: that is no reason to change to it."),
    (_rule(lambda ours, each: _ends(each - ours, ddof=0)[1] < 0), "The standard deviation divides "
     "by 4 here, not by 5: ddof=1."),
    (_rule(lambda ours, each: _ends(each - ours, factor=1.96)[1] < 0), "1.96 is for many values; "
     "for five, the factor is 2.78."),
    (_rule(lambda ours, each: _ends(each - ours, root=1)[1] < 0), "This is an interval of single "
     "differences: divide by the root of five for that of their mean."),
    (_rule(lambda ours, each: _ends(each - ours, root=5)[1] < 0), "Divide by the root of five, not "
     "by five."),
    (_rule(lambda ours, each: _ends(each**2 - ours**2)[1] < 0), "These are differences of squares: "
     "take the RMSEs as they are."),
    (_lowest_or_ours, "This looks at the lowest mean alone: another draw's interval may lie below "
     "0 where that one's does not."),
    (_first_allowed, "Of several that may be changed to, this takes the first: take the one with "
     "the lowest mean."),
    (lambda ours, drawn: min(drawn, key=lambda n: _ends(drawn[n] - ours)[1])
     if _to_use(ours, drawn) != "ours" else "ours", "Of several that may be changed to, take the "
     "one with the lowest mean, not the one whose interval ends lowest."),
    (lambda ours, drawn: "ours", "This never changes: change where the interval lies below 0."),
)  # fmt: skip


@exercise(
    "q1: whoever picks the lowest of 20 numbers also picks luck. q2: let `biases_of` say. q3: "
    "which numbers of `log` would you have had with one seed?",
    "q1: is luck with you or against you? q2: sort the biases, and count the ratings of the movie "
    "at the end. q3: `ours` and `drawn[1]` hold the five seeds in the same order.",
    "q1 is one of a and b; q2 is one of b and c; q3 is one of a and b.",
)
def quiz_comparing(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The lowest of 20 is lowest partly by chance, and chance does not repeat.",
            "b": "Right: it was picked because it was low, so the test RMSE is likely higher.",
            "c": "Picking the lowest pushes it down, not up.",
        },
        q2={
            "a": "So it is without damping; with 5, one rating keeps a sixth of its error.",
            "b": "Being rated often is not being liked most: its bias is below some others.",
            "c": "Right: enough ratings to keep nearly all of a high mean.",
        },
        q3={
            "a": "Its mean is lower, but not each of its RMSEs: compare the two, seed by seed.",
            "b": "Right: with one seed, the verdict is close to the toss of a coin.",
            "c": "Draw 2 is lower with some seeds, not with all: compare the two, seed by seed.",
        },
    )
