"""Right and plausibly wrong answers to the exercises of lesson 6."""

import numpy as np

from helpers.keras2 import tf


def dot(user, movie, keepdims=True):
    return tf.reduce_sum(user * movie, axis=1, keepdims=keepdims)


def clipped(ratings, training, low=1.0, high=5.0):
    return ratings if training else tf.clip_by_value(ratings, low, high)


def rating_with(value, cut=clipped):
    """Return a `dot_and_biases` that makes ratings of mean, biases, sum and dot product."""

    def function(mean, user_bias, movie_bias, user, movie, training):
        return cut(value(mean, user_bias + movie_bias, dot(user, movie)), training)

    return function


def rating_of(value):
    """Return a `dot_and_biases` of a function of mean, both biases and both embeddings."""
    return lambda mean, ub, mb, user, movie, training: clipped(
        value(mean, ub, mb, user, movie), training
    )


def cut_with(cut):
    """Return a `dot_and_biases` that cuts in another way."""
    return rating_with(lambda mean, biases, product: mean + biases + product, cut)


def rating_in_a_loop(mean, user_bias, movie_bias, user, movie, training):
    total = mean + user_bias + movie_bias
    for i in range(user.shape[1]):
        total += user[:, i : i + 1] * movie[:, i : i + 1]
    return clipped(total, training)


def rating_by_matrix(mean, user_bias, movie_bias, user, movie, training):
    total = mean + user_bias + movie_bias + tf.matmul(user[:, None], movie[:, :, None])[:, 0]
    if training:
        return total
    return tf.minimum(tf.maximum(total, 1), 5)


def rating_with_numpy(mean, user_bias, movie_bias, user, movie, training):
    product = np.sum(np.multiply(user, movie), axis=1, keepdims=True)
    return clipped(mean + user_bias + movie_bias + product, training)


def rating_of_numpy(mean, user_bias, movie_bias, user, movie, training):
    product = (user.numpy() * movie.numpy()).sum(1)[:, None]
    return clipped((mean + user_bias + movie_bias).numpy() + product, training)


def rating_that_does_not_learn(mean, user_bias, movie_bias, user, movie, training):
    product = dot(user, tf.stop_gradient(movie))
    return clipped(mean + user_bias + movie_bias + product, training)


def ratings_one_by_one(mean, user_bias, movie_bias, user, movie, training):
    for i in range(len(user)):
        yield mean + user_bias[i] + movie_bias[i] + np.dot(user[i], movie[i])


def without_bias(kernel):
    return {"kernel": kernel, "bias": [0, 0]}


def apart(user, movie):
    return -tf.reduce_sum((user - movie) ** 2, axis=1, keepdims=True)


def rating_with_cut_biases(mean, user_bias, movie_bias, user, movie, training):
    biases = (tf.clip_by_value(bias, -1.0, 1.0) for bias in (user_bias, movie_bias))
    return clipped(mean + sum(biases) + dot(user, movie), training)


def sums(ratings, embeddings):
    return tf.sparse.sparse_dense_matmul(ratings, embeddings)


def sums_with(value):
    """Return a `sums_of_others` that makes something of whole sums, members and weights."""

    def function(ratings, embeddings, owner, member, weight):
        whole = tf.gather(sums(ratings, embeddings), owner)
        return value(whole, tf.gather(embeddings, member), weight[:, None])

    return function


def sums_by_segments(ratings, embeddings, owner, member, weight):
    parts = ratings.values[:, None] * tf.gather(embeddings, ratings.indices[:, 1])
    whole = tf.math.unsorted_segment_sum(parts, ratings.indices[:, 0], ratings.dense_shape[0])
    return tf.gather(whole, owner) - tf.einsum("n,nd->nd", weight, tf.gather(embeddings, member))


def sums_by_one_hot(ratings, embeddings, owner, member, weight):
    mine = tf.one_hot(member, tf.shape(embeddings)[0]) * weight[:, None]
    return tf.gather(sums(ratings, embeddings), owner) - mine @ embeddings


def sums_by_lookup(ratings, embeddings, owner, member, weight):
    own = tf.nn.embedding_lookup(embeddings, member) * tf.reshape(weight, (-1, 1))
    return tf.nn.embedding_lookup(sums(ratings, embeddings), owner) - own


def sums_row_by_row(ratings, embeddings, owner, member, weight):
    whole = sums(ratings, embeddings)
    rows = range(len(owner))
    return tf.stack([whole[owner[i]] - weight[i] * embeddings[member[i]] for i in rows])


def sums_of_dense(ratings, embeddings, owner, member, weight):
    whole = tf.sparse.to_dense(ratings) @ embeddings
    return tf.gather(whole, owner) - weight[:, None] * tf.gather(embeddings, member)


def sums_by_matmul(ratings, embeddings, owner, member, weight):
    return tf.gather(ratings @ embeddings, owner) - weight[:, None] * tf.gather(embeddings, member)


def sums_in_brackets(ratings, embeddings, owner, member, weight):
    return sums(ratings, embeddings)[owner] - weight[:, None] * embeddings[member]


def sums_without_column(ratings, embeddings, owner, member, weight):
    return tf.gather(sums(ratings, embeddings), owner) - weight * tf.gather(embeddings, member)


def sums_of_numpy(ratings, embeddings, owner, member, weight):
    whole = np.zeros((ratings.shape[0], embeddings.shape[1]), np.float32)
    for (i, j), value in zip(np.asarray(ratings.indices), np.asarray(ratings.values)):
        whole[i] += value * np.asarray(embeddings)[j]
    own = np.asarray(weight)[:, None] * np.asarray(embeddings)[np.asarray(member)]
    return whole[np.asarray(owner)] - own


def sums_that_do_not_learn(ratings, embeddings, owner, member, weight):
    return sums_by_lookup(ratings, tf.stop_gradient(embeddings), owner, member, weight)


def sums_whose_own_part_does_not_learn(ratings, embeddings, owner, member, weight):
    own = weight[:, None] * tf.gather(tf.stop_gradient(embeddings), member)
    return tf.gather(sums(ratings, embeddings), owner) - own


def sums_of_owners_member(ratings, embeddings, owner, member, weight):
    return tf.gather(sums(ratings, embeddings), owner) - weight[:, None] * tf.gather(
        embeddings, owner
    )


def sums_unweighted(leave_out):
    """Return a `sums_of_others` in which every rating counts 1."""

    def function(ratings, embeddings, owner, member, weight):
        ones = ratings.with_values(tf.ones_like(ratings.values))
        whole = tf.gather(sums(ones, embeddings), owner)
        return whole - tf.gather(embeddings, member) if leave_out else whole

    return function


def sums_with_weights(change):
    return sums_with(lambda whole, members, weight: whole - change(weight) * members)


def sums_unweighted_but_own(ratings, embeddings, owner, member, weight):
    ones = ratings.with_values(tf.ones_like(ratings.values))
    return sums_by_lookup(ones, embeddings, owner, member, weight)


def sums_over_root(ratings, embeddings, owner, member, weight):
    counts = tf.math.bincount(tf.cast(ratings.indices[:, 0], tf.int32), minlength=5)
    roots = tf.sqrt(tf.maximum(tf.cast(tf.gather(counts, owner), tf.float32), 1))
    return sums_by_lookup(ratings, embeddings, owner, member, weight) / roots[:, None]


def sums_without_batch(ratings, embeddings, owner, member, weight):
    own = weight[:, None] * tf.gather(embeddings, member)
    of_owner = tf.math.unsorted_segment_sum(own, owner, ratings.dense_shape[0])
    return tf.gather(sums(ratings, embeddings) - of_owner, owner)


def sums_turned(ratings, embeddings, owner, member, weight):
    whole = tf.sparse.sparse_dense_matmul(ratings, embeddings, adjoint_a=True)
    return tf.gather(whole, owner) - weight[:, None] * tf.gather(embeddings, member)


def sums_as_means(ratings, embeddings, owner, member, weight):
    counts = tf.math.bincount(tf.cast(ratings.indices[:, 0], tf.int32), minlength=5)
    counts = tf.cast(tf.gather(counts, owner), tf.float32) - tf.cast(weight != 0, tf.float32)
    whole = sums_by_lookup(ratings, embeddings, owner, member, weight)
    return whole / tf.maximum(counts, 1)[:, None]


def sums_without_twins(ratings, embeddings, owner, member, weight):
    pair = 10 * owner + member
    of_pair = tf.gather(tf.math.unsorted_segment_sum(weight, pair, 100), pair)
    return sums_by_lookup(ratings, embeddings, owner, member, of_pair)


def sums_one_by_one(ratings, embeddings, owner, member, weight):
    yield from sums_by_lookup(ratings, embeddings, owner, member, weight)


def lowest(tried, model):
    return min(t["rmse"] for t in tried if t["model"] == model)


def gain_by_sorting(tried, before, after):
    best = {}
    for one in sorted(tried, key=lambda one: one["rmse"], reverse=True):
        best[one["model"]] = one["rmse"]
    return best[before] - best[after]


def gain_with_numpy(tried, before, after):
    names = np.array([one["model"] for one in tried])
    values = np.array([one["rmse"] for one in tried])
    return values[names == before].min() - values[names == after].min()


def settings_of(one):
    return one["l2"], one["epochs"], one["learning_rate"]


def gain_at_settings_of(suited):
    """Return a `fair_gain` that takes the best settings of one of the two (0 or 1) for both."""

    def function(tried, *names):
        mine = [one for one in tried if one["model"] == names[suited]]
        best = settings_of(min(mine, key=lambda one: one["rmse"]))
        before, after = (
            next(t["rmse"] for t in tried if t["model"] == name and settings_of(t) == best)
            for name in names
        )
        return before - after

    return function


def gain_at_equal_settings(choose):
    """Return a `fair_gain` that chooses among the gains at equal settings."""

    def function(tried, before, after):
        first = {settings_of(one): one["rmse"] for one in tried if one["model"] == before}
        second = {settings_of(one): one["rmse"] for one in tried if one["model"] == after}
        return choose([first[key] - second[key] for key in first])

    return function


def gain_at_one_setting(choose):
    """Return a `fair_gain` that takes one setting for both, by their two RMSE."""

    def function(tried, before, after):
        first = {settings_of(one): one["rmse"] for one in tried if one["model"] == before}
        second = {settings_of(one): one["rmse"] for one in tried if one["model"] == after}
        best = min(first, key=lambda key: choose((first[key], second[key])))
        return first[best] - second[best]

    return function


def gain_by_l2(tried, before, after):
    """Keep one RMSE for each strength of L2, the last one."""
    of_l2 = ({t["l2"]: t["rmse"] for t in tried if t["model"] == n} for n in (before, after))
    first, second = (min(rmse.values()) for rmse in of_l2)
    return first - second


def gain_of_names(fits):
    def function(tried, *names):
        before, after = (min(t["rmse"] for t in tried if fits(t["model"], n)) for n in names)
        return before - after

    return function


def gain_of(value):
    """Return a `fair_gain` that makes something else of both models' lists of RMSE."""

    def function(tried, before, after):
        first, second = ([t["rmse"] for t in tried if t["model"] == n] for n in (before, after))
        return value(first, second)

    return function


def gain_in_place(tried, before, after):
    tried.sort(key=lambda one: one["rmse"])
    return lowest(tried, before) - lowest(tried, after)


CROSS = {"kernel": [[0, 0], [1, 0]], "bias": [-1, 0]}
QUIZ = {"q1": "a", "q2": "a", "q3": "b"}

RIGHT = {
    "dot_and_biases": [
        (rating_with(lambda mean, biases, product: mean + biases + product),),
        (rating_of(lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m, False)[:, None]),),
        (
            rating_of(
                lambda mean, ub, mb, u, m: (
                    tf.add_n([ub, mb, tf.einsum("nd,nd->n", u, m)[:, None]]) + mean
                )
            ),
        ),
        (rating_of(lambda mean, ub, mb, u, m: mean + ub + mb + tf.keras.layers.Dot(1)([u, m])),),
        (rating_in_a_loop,),
        (rating_by_matrix,),
    ],
    "sums_of_others": [
        (sums_with(lambda whole, members, weight: whole - weight * members),),
        (sums_by_segments,),
        (sums_by_one_hot,),
        (sums_by_lookup,),
        (sums_row_by_row,),
    ],
    "cross": [
        (CROSS,),
        ({"kernel": np.array([[0.0, 0.0], [1.0, 0.0]]), "bias": np.array([-1.0, 0.0])},),
        ({"bias": tf.constant([-1.0, 0.0]), "kernel": tf.constant([[0.0, 0.0], [1.0, 0.0]])},),
        ({"kernel": ((0, 0), (1, 0)), "bias": (-1, 0)},),
        ({"kernel": [[1e-6, 0], [0.99999, -1e-7]], "bias": [-1.00001, 0]},),  # fitted
    ],
    "fair_gain": [
        (lambda tried, before, after: lowest(tried, before) - lowest(tried, after),),
        (gain_by_sorting,),
        (gain_with_numpy,),
        (lambda *given: tf.constant(gain_with_numpy(*given)),),
    ],
    "gain_in_time": [("c",), ("C ",)],
    "quiz_better_model": [
        ({"q1": "A", "q2": "A", "q3": "B"},),
        ({"q3": "b", "q2": "a", "q1": "a"},),
        ({"q1": " a ", "q2": "a", "q3": "B "},),
    ],
}

WRONG = {
    "dot_and_biases": [
        # clipped to 1 to 5, but not in training
        ((cut_with(lambda ratings, training: clipped(ratings, False)),), "In training it is clip"),
        ((cut_with(lambda ratings, training: ratings),), "clipped to 1 to 5, and this is not"),
        ((cut_with(lambda ratings, training: clipped(ratings, not training)),), "and this is not"),
        ((cut_with(lambda ratings, training: clipped(ratings, training, 0.0)),), "not 0"),
        ((cut_with(lambda ratings, training: clipped(ratings, training, 1.0, 99.0)),), "above 5"),
        ((cut_with(lambda ratings, training: clipped(ratings, training, -9.0)),), "below 1 is not"),
        ((cut_with(lambda ratings, training: tf.round(clipped(ratings, training))),), "rounded"),
        ((cut_with(lambda ratings, training: 1 + 4 * tf.sigmoid(ratings)),), "A sigmoid bends"),
        (
            (cut_with(lambda ratings, training: clipped(ratings, training) * 1.5**training),),
            "While training, a rating should be",
        ),
        # one rating per pair, of shape (n, 1)
        ((rating_of(lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m, False)),), "25 ratings"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + u @ tf.transpose(m)),), "25 ratings"),
        ((rating_of(lambda mean, ub, mb, u, m: mean + ub + mb + u * m),), "not summed"),
        (
            (rating_of(lambda mean, ub, mb, u, m: mean + ub + mb + tf.reduce_sum(u * m, 0)),),
            "or over axis 0",
        ),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + tf.concat([u, m], 1)),), "side by side"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + tf.matmul(u, m)),), "shapes do not fit"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + np.dot(u, m)),), "shapes do not fit"),
        ((rating_with(lambda m, b, product: tf.reduce_mean(m + b + product)),), "one rating per"),
        ((rating_of(lambda a, ub, mb, u, m: dot(u, m, False) + a),), "one rating per pair"),
        # the dot product: the sum of all the products
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + tf.reduce_sum(u * m)),), "all pairs"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + tf.reduce_mean(u * m)),), "all pairs"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u, m) / 6),), "mean of the products"),
        (
            (rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u[:, :2], m[:, :2])),),
            "first two numbers",
        ),
        (
            (rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u[:, ::5], m[:, ::5])),),
            "first and the last",
        ),
        (
            (rating_of(lambda a, ub, mb, u, m: a + ub + mb + u[:, :1] * m[:, :1]),),
            "the first number",
        ),
        (
            (
                rating_of(
                    lambda a, ub, mb, u, m: (
                        a + ub + mb + tf.keras.layers.Dot(1, normalize=True)([u, m])
                    )
                ),
            ),
            "lengths of the embeddings",
        ),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u + m, 1)),), "embeddings are added"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u + m, m)),), "was asked for; yours"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + dot(u, m) / 6**0.5),), "by the root"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + mb + apart(u, m)),), "embeddings lie apart"),
        (
            (rating_of(lambda a, ub, mb, u, m: clipped(a + ub + mb + apart(u, m), False)),),
            "embeddings lie apart",
        ),
        (
            (rating_of(lambda a, ub, mb, u, m: a + ub + mb + tf.clip_by_value(dot(u, m), -1, 1)),),
            "was asked for; yours",
        ),
        # mean, user bias and movie bias
        ((rating_with_cut_biases,), "only the whole rating is clipped"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub - mb + dot(u, m)),), "movies' biases are sub"),
        ((rating_of(lambda a, ub, mb, u, m: a - ub + mb + dot(u, m)),), "users' biases are sub"),
        ((rating_of(lambda a, ub, mb, u, m: a + (ub + mb) / 2 + dot(u, m)),), "mean of the biases"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub * mb + dot(u, m)),), "Add the biases, both"),
        ((rating_of(lambda a, ub, mb, u, m: 3.5 + ub + mb + dot(u, m)),), "use `mean`"),
        ((rating_of(lambda a, ub, mb, u, m: a + ub + dot(u, m)),), "movies' biases"),
        ((rating_of(lambda a, ub, mb, u, m: a + mb + dot(u, m)),), "users' biases"),
        ((rating_with(lambda mean, biases, product: biases + product),), "mean is missing"),
        ((rating_with(lambda mean, biases, product: product),), "mean and the biases are"),
        ((rating_with(lambda mean, biases, product: biases),), "mean and the dot product are"),
        ((rating_with(lambda mean, biases, product: mean + biases),), "dot product is missing"),
        ((rating_with(lambda mean, biases, product: mean + product),), "The biases are missing"),
        ((rating_with(lambda mean, b, product: mean - b + product),), "biases are subtracted"),
        ((rating_with(lambda mean, b, product: mean + b - product),), "product is subtracted"),
        ((rating_with(lambda mean, b, product: mean * product + b),), "with the mean: add it"),
        ((rating_with(lambda mean, b, product: mean + b * product),), "with the biases: add it"),
        ((rating_with(lambda mean, b, product: (mean + b) * product),), "with the rest: add it"),
        # what trains
        ((rating_with_numpy,), "NumPy cannot compute"),
        ((rating_of_numpy,), "NumPy cannot compute"),
        ((rating_that_does_not_learn,), "do not learn all"),
        ((lambda *given: str(given),), "a str came back"),
        ((lambda *given: given,), "is no array of them"),
        ((ratings_one_by_one,), "a generator came back"),
        ((lambda mean, ub, mb, u, m: mean + ub,), "raised TypeError"),
        ((lambda *given: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
        (("mean + user_bias",), "A function was asked for"),
    ],
    "sums_of_others": [
        ((sums_with(lambda whole, members, weight: whole),), "still in its own sum"),
        ((sums_with(lambda whole, members, weight: whole - members),), "nothing for a new row"),
        (
            (
                sums_with(
                    lambda whole, members, weight: (
                        whole - tf.cast(weight != 0, tf.float32) * members
                    )
                ),
            ),
            "not the embedding itself",
        ),
        ((sums_with(lambda whole, members, weight: whole - weight),), "the weight alone"),
        ((sums_with(lambda whole, members, weight: whole + weight * members),), "once more"),
        ((sums_with(lambda whole, members, weight: weight * members - whole),), "sign is turned"),
        ((sums_with(lambda whole, members, weight: weight * members),), "the very answer"),
        (
            (sums_with(lambda whole, members, weight: tf.where(weight == 0, whole, 0.0)),),
            "Training rows get nothing",
        ),
        (
            (sums_with(lambda whole, members, weight: whole - tf.abs(weight) * members),),
            "can be negative",
        ),
        (
            (sums_with(lambda whole, members, weight: whole - tf.nn.relu(weight) * members),),
            "can be negative",
        ),
        ((sums_with_weights(lambda weight: tf.cast(weight == 1, tf.float32)),), "that weigh 1"),
        ((sums_with_weights(tf.square),), "weight is squared"),
        ((sums_with_weights(tf.sign),), "only the sign is used"),
        (
            (sums_with(lambda whole, members, weight: (whole - members) * weight),),
            "The whole sum is multiplied",
        ),
        (
            (
                sums_with(
                    lambda whole, members, weight: tf.where(
                        weight == 0, 0.0, whole - weight * members
                    )
                ),
            ),
            "New rows get nothing",
        ),
        (
            (sums_with(lambda whole, members, weight: whole * (1 - weight)),),
            "multiplied with 1 - weight",
        ),
        ((sums_unweighted_but_own,), "with the weights that are in `ratings`"),
        ((sums_over_root,), "divided by the root"),
        ((sums_without_batch,), "all its owner's rows in the batch"),
        ((sums_turned,), "A matrix is turned"),
        (
            (
                lambda ratings, embeddings, owner, member, weight: sums_by_lookup(
                    ratings, embeddings, member, owner, weight
                ),
            ),
            "TensorFlow says: indices[",
        ),
        (
            (
                sums_with(
                    lambda whole, members, weight: whole - tf.reduce_sum(weight * members, axis=0)
                ),
            ),
            "All rows' own parts",
        ),
        ((sums_with(lambda whole, members, weight: 2 * whole - members),), "In a row the owner's"),
        ((sums_with(lambda whole, members, weight: whole[:, :1]),), "Shape (12, 1)"),
        ((sums_with(lambda whole, members, weight: tf.reduce_sum(whole, axis=1)),), "Shape (12,)"),
        ((sums_unweighted(leave_out=False),), "The sum weighs nothing"),
        ((sums_unweighted(leave_out=True),), "Every rating counts 1"),
        ((sums_as_means,), "This is a mean"),
        ((sums_of_owners_member,), "use `member`"),
        ((sums_without_twins,), "rated a member twice"),
        ((sums_of_dense,), "`to_dense` refuses"),
        ((sums_by_matmul,), "`ratings` is sparse"),
        ((sums_in_brackets,), "no array of indices in brackets"),
        ((sums_without_column,), "`weight[:, None]` is (n, 1)"),
        ((sums_of_numpy,), "NumPy cannot compute"),
        ((sums_that_do_not_learn,), "would not learn"),
        ((sums_whose_own_part_does_not_learn,), "would not learn"),
        ((sums_one_by_one,), "a generator came back"),
        ((lambda ratings, embeddings, owner, member, weight: embeddings,), "Shape (7, 3)"),
        ((lambda ratings, embeddings, owner, member, weight: None,), "add `return`"),
        ((np.zeros((12, 3)),), "A function was asked for"),
        ((tf.keras.layers.Dense(3),), "A function was asked for"),
    ],
    "cross": [
        # without a bias
        ((without_bias([[0, 0], [0, 0]]),), "nothing is multiplied"),
        ((without_bias([[0, 0], [1, 0]]),), "an m too much"),
        ((without_bias([[0, 1], [0, 0]]),), "goes to the second output"),
        ((without_bias([[1, 0], [0, 1]]),), "meets itself only"),
        ((without_bias([[1, 1], [1, 1]]),), "each output holds both"),
        ((without_bias([[0, 1], [1, 0]]),), "the second stays c"),
        ((without_bias([[1, 0], [1, 0]]),), "holds m m as well"),
        ((without_bias([[1, 0], [0, 0]]),), "m meets itself, not c"),
        ((without_bias([[-1, 0], [1, 0]]),), "multiplied with m once more"),
        ((without_bias([[0, 0], [0, 1]]),), "c meets itself"),
        ((without_bias([[0, 0], [1, 1]]),), "second output is c + c c"),
        ((without_bias([[0, 0], [-1, 0]]),), "sign is turned"),
        # with one
        ((CROSS | {"bias": [1, 0]},), "m c + 2 m"),
        ((CROSS | {"bias": [0, -1]},), "stands at the second output"),
        ((CROSS | {"bias": [-1, -1]},), "the second is 0 and should be c"),
        ((CROSS | {"kernel": [[0, 1], [0, 0]]},), "is in the second output"),
        (({"kernel": [[0, 1], [0, 0]], "bias": [0, -1]},), "the two outputs are exchanged"),
        # for every m, not for 0.5 alone
        (
            ({"kernel": [[-2, 0], [1, 0]], "bias": [0, 0]},),
            "With m = 1.5 and c = 0 it gives (-3",
        ),
        ((CROSS | {"kernel": [[0.05, 0], [1, 0]]},), "it gives (1.01, 2.00)"),
        ((CROSS | {"kernel": [[0, 0], [0, 0]]},), "the product is missing"),
        ((CROSS | {"kernel": [[0, 1], [1, 0]]},), "the second is c + m c"),
        ((CROSS | {"kernel": [[0, 0], [1, 1]]},), "the second is c + c c"),
        ((CROSS | {"kernel": [[1, 0], [1, 0]]},), "m meets itself as well"),
        ((CROSS | {"kernel": [[0, 0], [-1, 0]]},), "sign of the kernel"),
        ((CROSS | {"kernel": [[0, 0], [2, 0]]},), "was asked for"),
        ((CROSS | {"bias": [-0.5, 0]},), "was asked for"),
        ((CROSS | {"kernel": [[0, 0], [1, -1]], "bias": [-1, 1]},), "was asked for"),
        ((CROSS | {"kernel": [0, 0, 1, 0]},), "Shape (4,)"),
        ((CROSS | {"kernel": [[1], [0]]},), "Shape (2, 1)"),
        ((CROSS | {"kernel": [[[0, 0], [1, 0]]]},), "Shape (1, 2, 2)"),
        ((CROSS | {"bias": -1},), "The bias has shape ()"),
        ((CROSS | {"bias": [[-1, 0]]},), "The bias has shape (1, 2)"),
        ((CROSS | {"kernel": [[0, 0], [float("nan"), 0]]},), "not finite"),
        ((CROSS | {"kernel": [[0, 0], ["m", 0]]},), "Numbers for the kernel were asked for"),
        ((CROSS | {"bias": ["m", 0]},), "Numbers for the bias were asked for"),
        ((CROSS | {"bias": ...},), "Still open: bias"),
        (([[0, 0], [1, 0]],), "the keys kernel and bias"),
        (({"kernel": [[0, 0], [1, 0]]},), "the keys kernel and bias"),
        (("c",), "the keys kernel and bias"),
    ],
    "fair_gain": [
        ((gain_at_settings_of(1),), "`before` is not tuned"),
        ((gain_at_settings_of(0),), "`after` is not tuned"),
        ((gain_of(lambda a, b: min(b) - min(a)),), "sign is turned"),
        ((gain_of(lambda a, b: np.mean(a) - np.mean(b)),), "means over all settings"),
        ((gain_of(lambda a, b: np.median(a) - np.median(b)),), "medians"),
        ((gain_of(lambda a, b: max(a) - max(b)),), "the worst settings"),
        ((gain_of(lambda a, b: max(a) - min(b)),), "`before` is taken with its worst"),
        ((gain_of(lambda a, b: min(a) - max(b)),), "`after` is taken with its worst"),
        ((gain_at_equal_settings(max),), "largest gain at equal settings"),
        ((gain_at_equal_settings(min),), "smallest gain at equal settings"),
        ((gain_at_equal_settings(np.mean),), "means over all settings"),
        ((gain_at_one_setting(sum),), "have the lowest sum"),
        ((gain_at_one_setting(min),), "settings of the lowest RMSE of all"),
        ((gain_of(lambda a, b: max(np.subtract(a, b))),), "takes the largest difference"),
        ((gain_of(lambda a, b: min(np.subtract(a, b))),), "takes the smallest difference"),
        ((gain_of_names(str.__contains__),), "names hold `before` or `after`"),
        ((gain_of_names(str.startswith),), "names start with `before` or"),
        ((gain_of(lambda a, b: min(1, *a) - min(1, *b)),), "the gain is"),
        ((gain_by_l2,), "the gain is"),
        (
            (
                lambda tried, before, after: (
                    lowest(tried, "biases, dot product") - lowest(tried, "+ history")
                ),
            ),
            "look for `before` and `after`",
        ),
        ((gain_of(lambda a, b: a[0] - b[0]),), "first lines"),
        ((gain_of(lambda a, b: a[-1] - b[-1]),), "last lines"),
        (
            (lambda tried, before, after: min(t["rmse"] for t in tried) - lowest(tried, after),),
            "Only lines of the two models",
        ),
        (
            (lambda tried, before, after: lowest(tried, before) - min(t["rmse"] for t in tried),),
            "Only lines of the two models",
        ),
        ((lambda tried, before, after: lowest(tried, after),), "RMSE of `after`"),
        ((lambda tried, before, after: lowest(tried, before),), "RMSE of `before`"),
        ((gain_of(lambda a, b: 1 - min(b) / min(a)),), "This is a share"),
        ((gain_of(lambda a, b: 100 * (1 - min(b) / min(a))),), "a percentage"),
        ((gain_of(lambda a, b: abs(min(a) - min(b))),), "keep the sign"),
        ((gain_of(lambda a, b: max(min(a) - min(b), 0)),), "keep the sign"),
        ((gain_of(lambda a, b: round(min(a) - min(b), 2)),), "the gain is"),
        ((gain_of(lambda a, b: (min(a), min(b))),), "returns a tuple"),
        ((gain_of(lambda a, b: np.array(a) - np.array(b)),), "the shape (5,)"),
        ((gain_of(lambda a, b: f"{min(a) - min(b):.4f}"),), "returns a str"),
        ((gain_in_place,), "changes `tried`"),
        ((lambda tried, before, after: None,), "returns nothing"),
        ((0.036,), "A function was asked for"),
        (("0.036",), "A function was asked for"),
    ],
    "gain_in_time": [
        (("a",), "No gain is shown for new users"),
        (("b",), "with them no gain is left"),
        (("d",), "look at the interval of `switched`"),
        (("e",), "nswer with one of a, b, c, d"),
        (("known",), "nswer with one of a, b, c, d"),
        (("ab",), "nswer with one of a, b, c, d"),
        ((["c"],), "nswer with one of a, b, c, d"),
        (({"known": "c"},), "nswer with one of a, b, c, d"),
        ((0.049,), "nswer with one of a, b, c, d"),
    ],
    "quiz_better_model": [
        ((QUIZ | {"q1": "b"},), "q1: It costs memory"),
        ((QUIZ | {"q1": "c"},), "q1: They have one"),
        ((QUIZ | {"q2": "b"},), "q2: At L2 10"),
        ((QUIZ | {"q2": "c"},), "q2: Tuned alike"),
        ((QUIZ | {"q3": "a"},), "q3: What is chance"),
        ((QUIZ | {"q3": "c"},), "q3: The third model"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "what the model may see.\nq3: What"),
        (({"q1": "c", "q2": "c", "q3": "c"},), "use `fair_gain`.\nq3: The third"),
        ((QUIZ | {"q1": 1},), "q1: answer with one of a, b, c"),
        ((QUIZ | {"q2": "more seeds"},), "q2: answer with one of a, b, c"),
        ((QUIZ | {"q3": ["b"]},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        ((QUIZ | {"q1": ..., "q3": None},), "Still open: q1, q3"),
        (({"q1": "a"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({1: "a", 2: "b", 3: "b"},), "keys q1, q2, q3"),
        ((["a", "b", "b"],), "Answer with a dict"),
        (("abb",), "Answer with a dict"),
        ((0.851,), "Answer with a dict"),
    ],
}
