"""Checks of lesson 3, Train and evaluate."""

import numpy as np

from helpers.checks import exercise, judge_choices, mistake
from helpers.movielens import tf


@exercise(
    "Three methods of a dataset: `shuffle`, `batch`, `cache`. Which order makes sense?",
    "Shuffle single ratings, then put them into batches, then keep the batches in memory. "
    "The buffer of `shuffle` should hold all ratings: `len(ratings)`.",
    "`if shuffle: ratings = ratings.shuffle(len(ratings))`, then "
    "`return ratings.batch(batch_size).cache()`.",
)
def make_batches(function):
    n, size = 105, 20
    if not callable(function):
        mistake("A function was asked for.")
    reads = []
    plain = _batches(function, _counting_dataset(n, reads), size, False)
    sizes = [len(batch) for batch in plain]
    if sum(sizes) < n:
        mistake(
            f"Of {n} ratings in batches of {size}, {n - sum(sizes)} are lost: "
            "keep the last, smaller batch."
        )
    if sizes != [20, 20, 20, 20, 20, 5]:
        mistake(
            f"With batch_size={size}, the first batch has {sizes[0]} ratings: use `batch_size`."
        )
    if np.concatenate(plain).tolist() != list(range(n)):
        mistake("With shuffle=False, the order of the ratings has changed.")
    if len(reads) > n:
        mistake("A second pass reads all ratings again: keep the batches in memory with `cache`.")
    mixed = _batches(function, _counting_dataset(n, []), size, True)
    order = np.concatenate(mixed)
    if sorted(order) != list(range(n)):
        mistake("With shuffle=True, some ratings come twice or never.")
    if all(np.ptp(batch) < len(batch) for batch in mixed):
        if order.tolist() == list(range(n)):
            mistake("With shuffle=True, the ratings are not shuffled.")
        mistake("Whole batches are shuffled, not ratings: shuffle before you batch.")
    if max(value - position for position, value in enumerate(order)) < n / 3:
        mistake("The shuffle reaches only a few ratings ahead: its buffer must hold all of them.")
    return "The first epoch reads and batches the ratings; every later one finds them in memory."


def _counting_dataset(n, reads):
    def generate():
        for i in range(n):
            reads.append(i)
            yield i

    rows = tf.data.Dataset.from_generator(generate, output_signature=tf.TensorSpec([], tf.int64))
    return rows.apply(tf.data.experimental.assert_cardinality(n))


def _batches(function, rows, size, shuffle):
    """Return the batches of the second of two passes."""
    dataset = function(rows, size, shuffle)
    if dataset is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(dataset, tf.data.Dataset):
        mistake(f"Return a tf.data.Dataset; this is a {type(dataset).__name__}.")
    if dataset.element_spec.shape.rank != 1:
        mistake("The ratings are not in batches, or in batches of batches: use `batch` once.")
    for _ in range(2):
        batches = [batch.numpy() for batch in dataset.take(1_000)]
    return batches


@exercise(
    "In each epoch, every batch leads to one update of the weights.",
    "How many batches of 8,192 do 80,000 ratings make? The last one may be smaller.",
    "10 batches an epoch, 3 epochs.",
)
def updates(answer):
    named = {
        3: "3 is the number of epochs; each has many batches.",
        10: "10 is one epoch; there are three.",
        27: "27 leaves out the last, smaller batch of each epoch.",
        29: "Each epoch ends with a smaller batch, so it has 10.",
        240_000: "The weights move once a batch, not once a rating.",
        80_000: "The weights move once a batch, not once a rating.",
    }
    if not isinstance(answer, int | float | np.number) or isinstance(answer, bool):
        mistake("Answer with a number.")
    if answer in named:
        mistake(named[answer])
    if answer != 30:
        mistake(f"{answer} is not it: batches per epoch times epochs.")
    return "30 small steps are all the training that this model gets."


@exercise(
    "Which entry of `result` is about all test ratings?",
    "The metric is; it is the root of what is asked for.",
    '`return result["root_mean_squared_error"] ** 2`.',
)
def test_mse(function):
    if not callable(function):
        mistake("A function was asked for.")
    result = {"root_mean_squared_error": 2.0, "loss": 3.0, "total_loss": 3.5}
    result["regularization_loss"] = 0.5
    given = dict(result)
    answer = function(given)
    if given != result:
        mistake("Your function changes `result`: leave your caller's dict alone.")
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if np.size(answer) != 1:
        mistake("One number was asked for.")
    answer = float(np.squeeze(answer))
    named = {
        3.0: "This is `loss`: the MSE of the last batch, not of all test ratings.",
        3.5: "This is `total_loss`, which is about the last batch too.",
        2.0: "This is the RMSE: the MSE is its square.",
        2.0**0.5: "This is the root of the RMSE: square it instead.",
        3.0**0.5: "This is the root of `loss`: the MSE is asked for, of all test ratings.",
        9.0: "This is the square of `loss`, which is an MSE already, of the last batch only.",
    }
    for value, message in named.items():
        if np.isclose(answer, value, atol=1e-6):
            mistake(message)
    if not np.isclose(answer, 4.0, atol=1e-6):
        mistake(f"For an RMSE of 2 the MSE is 4; yours is {answer:.2f}.")
    return "The metric is over all ratings, so its square is the MSE over all ratings."


class _StarsInTitle(tf.keras.Model):
    """Predict the stars that end a title, one less for any user but 9."""

    def call(self, features):
        stars = tf.strings.to_number(tf.strings.substr(features["movie_title"], -3, 3))
        others = tf.cast(tf.convert_to_tensor(features["user_id"]) != "9", tf.float32)
        return (stars - others)[:, None]


@exercise(
    "The model wants two arrays of the same length: repeat the user id for every title.",
    "`np.array([user_id] * len(movie_titles))`. For the order, sort (title, stars) pairs by stars.",
    "`pairs = zip(movie_titles, np.ravel(model(features)))`, then "
    "`sorted(pairs, key=lambda pair: pair[1], reverse=True)`.",
)
def rank_movies(function):
    if not callable(function):
        mistake("A function was asked for.")
    titles = ["Alpha 3.0", "Delta 4.5", "Beta 1.5", "Gamma 3.5"]
    given = list(titles)
    ranking = function(_StarsInTitle(), "9", given)
    if given != titles:
        mistake("Your function reorders the list that it is given: make a new one.")
    pairs = _pairs(ranking)
    if sorted(pairs) != sorted((title, float(title[-3:])) for title in titles):
        if sorted(title for title, _ in pairs) != sorted(titles):
            mistake(f"{len(titles)} titles go in, and each must come out once.")
        mistake("A title has another title's stars: sort titles and stars together.")
    stars = [value for _, value in pairs]
    if stars == sorted(stars):
        mistake("The lowest comes first; the highest should.")
    if stars != sorted(stars, reverse=True):
        mistake("The list is not in the order of the predicted stars.")
    if _pairs(function(_StarsInTitle(), "1", list(titles)))[0][1] != 3.5:
        mistake("Another user id gives the same stars: use `user_id`.")
    return "One call scores all movies at once, and the order is all that a user sees."


def _pairs(ranking):
    if ranking is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(ranking, list | tuple) or not ranking:
        mistake(f"Return a list of pairs; this is a {type(ranking).__name__}.")
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in ranking):
        mistake("Each entry must be a pair: (title, predicted stars).")
    pairs = []
    for title, stars in ranking:
        title = title.decode() if isinstance(title, bytes) else title
        if not isinstance(title, str) or np.size(stars) != 1:
            mistake("Each pair must be (title, predicted stars), in this order, one number each.")
        pairs.append((str(title), round(float(np.squeeze(stars)), 3)))
    return pairs


@exercise(
    "Compare with the picture: how far apart are the predictions for different movies?",
    "If the user hardly changes the prediction, everybody gets nearly the same list.",
    "`len({title for top in top_tens for title in top})` is below 50.",
)
def different_movies(answer):
    return judge_choices(
        {"different_movies": answer},
        different_movies={
            "a": "Right: nearly everybody is offered the same few movies, because the user has "
            "hardly any say in these predictions yet.",
            "b": "For that, users would need tastes that the model can tell apart; count again.",
            "c": "That would be a list of their own for most users; count again.",
        },
    )


@exercise(
    "q1: see exercise 3. q2: see the baseline. q3: see the spread of the predictions.",
    "q1: which numbers are about one batch? q2: subtract. q3: 30 updates from small weights.",
    "q1 is one of a and b; q2 is one of b and c; q3 is one of a and c.",
)
def quiz_training(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: `loss` is the last batch's, the metric is over all batches.",
            "b": "The model is the same in both; what they are computed over is not.",
            "c": "Squaring changes nothing here: compare `loss` with the square of the RMSE.",
        },
        q2={
            "a": "It is lower than the baseline's, by a little.",
            "b": "Right: it is less than 0.02 stars below a model that knows nobody.",
            "c": "The RMSE is about 1.1, but the baseline has nearly that already.",
        },
        q3={
            "a": "Users differ; the ratings spread over more than a star around their mean.",
            "b": "The last layer is linear, and nothing limits what it predicts.",
            "c": "Right: it found the mean first, and had no time to learn more.",
        },
    )
