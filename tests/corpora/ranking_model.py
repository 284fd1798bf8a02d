"""Right and plausibly wrong answers to the exercises of lesson 2."""

import functools

import numpy as np
from corpora.ratings import READ, TITLES, USERS

from helpers.checks.ranking_model import _all_occupations
from helpers.keras2 import tf, tfrs
from helpers.models import article

ALL_JOBS = _all_occupations()
JOBS = np.setdiff1d(ALL_JOBS, [b"none", b"other"])
LOWEST = {"one": [3, 3, 3, 3], "two": [1.5, 1.5, 4.5, 4.5], "four": [1, 2, 4, 5]}
LEFT_OUT = {
    **{"user_99": "a", "user_943": "c", "zeus": "c"},
    **{"last_away": "b", "of_train": "c"},
}
layers = tf.keras.layers


def occupation_tower(vocabulary=JOBS, rows=None, numbers=32, **options):
    lookup = layers.StringLookup(vocabulary=vocabulary, mask_token=None)
    table = layers.Embedding(rows or len(vocabulary) + 1, numbers, **options)
    return tf.keras.Sequential([lookup, table])


def frozen(model):
    model.trainable = False
    return model


class OwnTower(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.lookup = layers.StringLookup(vocabulary=JOBS.astype(str), mask_token=None)
        self.table = layers.Embedding(1 + len(JOBS), 32)

    def call(self, values):
        return self.table(self.lookup(values))


def adapted_tower():
    lookup = layers.StringLookup(mask_token=None)
    lookup.adapt(JOBS)
    return tf.keras.Sequential([lookup, layers.Embedding(lookup.vocabulary_size(), 32)])


def tower_without_lookup():
    return tf.keras.Sequential([layers.Embedding(22, 32)])


def tower_of_hashes():
    return tf.keras.Sequential([layers.Hashing(22), layers.Embedding(22, 32)])


def tower_with_two_unknown_rows():
    lookup = layers.StringLookup(vocabulary=JOBS, mask_token=None, num_oov_indices=2)
    return tf.keras.Sequential([lookup, layers.Embedding(21, 32)])


def joined_by_numpy(self, inputs):
    both = [self.user_tower(inputs[0]), self.movie_tower(inputs[1])]
    return self.rating_layers(np.concatenate(both, axis=1))


def with_embeddings_as_numpy(self, inputs):
    both = [self.user_tower(inputs[0]).numpy(), self.movie_tower(inputs[1]).numpy()]
    return self.rating_layers(tf.concat(both, axis=1))


def with_predicted_embeddings(self, inputs):
    both = [self.user_tower.predict(inputs[0], verbose=0)]
    both.append(self.movie_tower.predict(inputs[1], verbose=0))
    return self.rating_layers(tf.concat(both, axis=1))


def with_a_predicted_rating(self, inputs):
    return tf.constant(self.rating_layers.predict(side_by_side(self, inputs), verbose=0))


def zeros_for_one_pair(self, inputs):
    rating = side_by_side_rating(self, inputs)
    return rating if len(rating) > 1 else tf.zeros_like(rating)


class OfTheNotebook(article.RankingModel):
    """Know the users and titles of the notebook, whoever is given."""

    def __init__(self, user_ids, movie_titles):
        super().__init__(USERS, TITLES)


class Frozen(article.RankingModel):
    def __init__(self, user_ids, movie_titles):
        super().__init__(user_ids, movie_titles)
        self.user_tower.trainable = False


def without_the_users_gradient(self, inputs):
    both = [tf.stop_gradient(self.user_tower(inputs[0])), self.movie_tower(inputs[1])]
    return self.rating_layers(tf.concat(both, axis=1))


def user_twice(self, features, training=False):
    predictions = self.ranking_model((features["user_id"], features["user_id"]))
    return self.task(labels=features["user_rating"], predictions=predictions)


def title_first(self, features, training=False):
    predictions = self.ranking_model((features["movie_title"], features["user_id"]))
    return self.task(labels=features["user_rating"], predictions=predictions)


@functools.cache
def used_model(user_ids, movie_titles):
    """Return the notebook's model once it has been used, which takes longest; it stays as it is."""
    model = article.RankingModel(np.array(user_ids), np.array(movie_titles))
    model((tf.constant(user_ids[:1]), tf.constant(movie_titles[:1])))
    return model


class WithUsedParts(article.RankingModel):
    """Have the parts of a model that others have too."""

    def __init__(self, user_ids, movie_titles):
        tf.keras.Model.__init__(self)
        used = used_model(tuple(user_ids.tolist()), tuple(movie_titles.tolist()))
        self.user_tower, self.movie_tower = used.user_tower, used.movie_tower
        self.rating_layers = used.rating_layers


class WithUsedTowers(WithUsedParts):
    """Have dense layers of its own, which do not know yet how many numbers they take."""

    def __init__(self, user_ids, movie_titles):
        super().__init__(user_ids, movie_titles)
        self.rating_layers = article.make_rating_layers()


def ranking_class(call, base=WithUsedParts):
    """Return the notebook's RankingModel with another `call`."""
    return type("RankingModel", (base,), {"call": call})


class WithMethodForLater(article.RankingModel):
    def describe_towers(self):
        """To be written later."""


def side_by_side(self, inputs, axis=1):
    return tf.concat([self.user_tower(inputs[0]), self.movie_tower(inputs[1])], axis=axis)


def swapped(self, inputs):
    movie_title, user_id = inputs
    return side_by_side_rating(self, (user_id, movie_title))


def side_by_side_rating(self, inputs):
    return self.rating_layers(side_by_side(self, inputs))


def movie_first(self, inputs):
    user_id, movie_title = inputs
    both = layers.Concatenate()([self.movie_tower(movie_title), self.user_tower(user_id)])
    return self.rating_layers(both)


def only_user(self, inputs):
    user = self.user_tower(inputs[0])
    return self.rating_layers(tf.concat([user, user], axis=1))


def only_movie(self, inputs):
    movie = self.movie_tower(inputs[1])
    return self.rating_layers(tf.concat([movie, movie], axis=1))


def one_tower_for_both(self, inputs):
    both = [self.user_tower(inputs[0]), self.user_tower(inputs[1])]
    return self.rating_layers(tf.concat(both, axis=1))


def rated(change=tf.identity, join=tf.concat, **axis):
    """Return a `call` with one thing changed."""

    def call(self, inputs):
        both = [self.user_tower(inputs[0]), self.movie_tower(inputs[1])]
        return change(self.rating_layers(join(both, **(axis or {"axis": 1}))))

    return call


def dot_product(self, inputs):
    product = self.user_tower(inputs[0]) * self.movie_tower(inputs[1])
    return tf.reduce_sum(product, axis=1, keepdims=True)


def call_with_two(self, user_id, movie_title):
    return side_by_side_rating(self, (user_id, movie_title))


def call_with_dict(self, inputs):
    return side_by_side_rating(self, (inputs["user_id"], inputs["movie_title"]))


def call_without_axis(self, inputs):
    return self.rating_layers(tf.concat([self.user_tower(inputs[0]), self.movie_tower(inputs[1])]))


def call_by_indexing(self, inputs, training=False):
    users, movies = self.user_tower(inputs[0]), self.movie_tower(inputs[1])
    return self.rating_layers(layers.concatenate([users, movies]))


class NoTfrsModel:
    def __init__(self, ranking_model):
        self.task = ranking_task(MSE(), RMSE())

    def compute_loss(self, features, training=False):
        return self.task(labels=features["user_rating"], predictions=features["user_rating"])


class NoModel:
    def __init__(self, users, titles):
        self.user_tower = article.make_tower(users)


def ranking_task(loss, *metrics):
    return tfrs.tasks.Ranking(loss=loss, metrics=list(metrics))


MSE, RMSE = tf.keras.losses.MeanSquaredError, tf.keras.metrics.RootMeanSquaredError


def training_class(compute_loss):
    """Return the notebook's MovielensModel with another `compute_loss`."""
    return type("MovielensModel", (article.MovielensModel,), {"compute_loss": compute_loss})


def popping(self, features, training=False):
    labels = features.pop("user_rating")
    return self.task(labels=labels, predictions=self(features))


def copying(self, features, training=False):
    features = dict(features)
    labels = features.pop("user_rating")
    return self.task(labels, self(features))


def by_hand(self, features, training=False):
    return tf.reduce_mean((features["user_rating"][:, None] - self(features)) ** 2)


def broadcasting(self, features, training=False):
    self.task(labels=features["user_rating"], predictions=self(features))
    return tf.reduce_mean((features["user_rating"] - 2 * self(features)) ** 2)


def without_return(self, features, training=False):
    self.task(labels=features["user_rating"], predictions=self(features))


def returning_predictions(self, features, training=False):
    self.task(labels=features["user_rating"], predictions=self(features))
    return self(features)


def root_of_the_loss(self, features, training=False):
    return tf.sqrt(self.task(labels=features["user_rating"], predictions=self(features)))


def labels_by_wrong_name(self, features, training=False):
    return self.task(labels=features["rating"], predictions=self(features))


def predictions_from_the_pair(self, features, training=False):
    return self.task(labels=features["user_rating"], predictions=self.ranking_model(features))


def calling(ranking_model):
    return lambda self, features, training=False: self.task(
        labels=features["user_rating"],
        predictions=ranking_model(self, features["user_id"], features["movie_title"]),
    )


def with_task(change=lambda loss: loss, labels=lambda y: y, predictions=lambda p: p):
    """Return a `compute_loss` with one thing changed."""

    def compute_loss(self, features, training=False):
        y, p = labels(features["user_rating"]), predictions(self(features))
        return change(self.task(labels=y, predictions=p))

    return compute_loss


def with_training(self, features, training=False):
    labels, pair = features["user_rating"], (features["user_id"], features["movie_title"])
    return self.task(labels, self.ranking_model(pair, training=training), training=training)


def swapping(self, features, training=False):
    return self.task(self(features), features["user_rating"])


def with_predict(self, features, training=False):
    predictions = self.predict(features, verbose=0)
    return self.task(labels=features["user_rating"], predictions=predictions)


def deleting(self, features, training=False):
    loss = self.task(labels=features["user_rating"], predictions=self(features))
    del features["user_rating"]
    return loss


def putting_predictions_in(self, features, training=False):
    features["predictions"] = self(features)
    return self.task(labels=features["user_rating"], predictions=features["predictions"])


def overwriting(self, features, training=False):
    loss = self.task(labels=features["user_rating"], predictions=self(features))
    features["user_rating"] = features["user_rating"][:, None]
    return loss


def with_predictions_alone(self, features, training=False):
    return self.task(predictions=self(features))


def with_features_alone(self, features, training=False):
    return self.task(features)


def with_features_as_predictions(self, features, training=False):
    return self.task(labels=features["user_rating"], predictions=features)


def yielding(self, features, training=False):
    yield self.task(labels=features["user_rating"], predictions=self(features))


def layer_by_layer(self, inputs):
    values = side_by_side(self, inputs, axis=-1)
    for layer in self.rating_layers.layers:
        values = layer(values)
    return values


def pair_as_array(self, inputs):
    return side_by_side_rating(self, np.array(inputs))


def pair_by_pair(self, inputs):
    both = []
    for user, movie in zip(inputs[0].numpy(), inputs[1].numpy()):
        pair = [self.user_tower(tf.constant([user])), self.movie_tower(tf.constant([movie]))]
        both.append(tf.concat(pair, axis=1))
    return self.rating_layers(tf.concat(both, axis=0))


def with_lookups_alone(self, inputs):
    towers = self.user_tower, self.movie_tower
    rows = [tower.layers[0](values) for tower, values in zip(towers, inputs)]
    return self.rating_layers(tf.cast(tf.stack(rows, axis=1), tf.float32))


def with_brackets(self, inputs):
    return self.rating_layers(tf.concat([self.user_tower[inputs[0]]], axis=1))


def with_a_typo(self, inputs):
    return self.rating_layer(side_by_side(self, inputs))


def stacked_and_reshaped(self, inputs):
    both = tf.stack([self.user_tower(inputs[0]), self.movie_tower(inputs[1])], axis=0)
    return self.rating_layers(tf.reshape(both, [-1, 64]))


def normalized(self, inputs):
    return self.rating_layers(tf.math.l2_normalize(side_by_side(self, inputs), axis=1))


def without_training(self, features):
    return self.task(labels=features["user_rating"], predictions=self(features))


def without_metrics(self, features, training=False):
    labels, predictions = features["user_rating"], self(features)
    return self.task(labels=labels, predictions=predictions, compute_metrics=not training)


def with_metrics_reset(self, features, training=False):
    for metric in self.metrics:
        metric.reset_state()
    return self.task(labels=features["user_rating"], predictions=self(features))


def calling_the_task_twice(self, features, training=False):
    self.task(labels=features["user_rating"], predictions=self(features))
    return self.task(labels=features["user_rating"], predictions=self(features))


def returning_the_metric(self, features, training=False):
    self.task(labels=features["user_rating"], predictions=self(features))
    return self.task.metrics[0].result()


def calling_the_loss(self, features, training=False):
    return self.task.loss(features["user_rating"], self(features))


def broadcasting_loss(self, features, training=False):
    return tf.reduce_mean((features["user_rating"] - self(features)) ** 2)


RIGHT = {
    "left_out": [
        (LEFT_OUT,),
        ({name: f" {letter.upper()}" for name, letter in reversed(LEFT_OUT.items())},),
        ({name: np.str_(f"{letter})") for name, letter in LEFT_OUT.items()},),
    ],
    "occupation_tower": [
        (occupation_tower(),),
        (article.make_tower(JOBS),),
        (occupation_tower(JOBS.astype(str)[::-1]),),
        (OwnTower(),),
    ],
    "ranking_model": [
        (article.RankingModel,),
        (WithMethodForLater,),
        (ranking_class(side_by_side_rating, article.RankingModel),),
        (ranking_class(call_by_indexing),),
        (ranking_class(rated(axis=-1)),),
    ],
    "lowest": [
        (LOWEST,),
        ({"one": (3.0,) * 4, "two": [[1.5, 1.5], [4.5, 4.5]], "four": np.array([1, 2, 4, 5])},),
        ({"four": [[1], [2], [4], [5]], "two": [1.5, 1.49, 4.5, 4.5], "one": tf.fill([4, 1], 3)},),
    ],
    "movielens_model": [
        (article.MovielensModel,),
        (training_class(copying),),
        (training_class(with_training),),
        (training_class(with_task()),),
        (training_class(with_task(predictions=lambda p: p[:, 0])),),
    ],
    "quiz_model": [
        ({"q1": "B", "q2": "b", "q3": "A"},),
        ({"q3": "a", "q2": " b", "q1": "b "},),
        ({"q2": "B", "q1": "B ", "q3": np.str_("a")},),
    ],
}

WRONG = {
    "left_out": [
        (({**LEFT_OUT, "user_99": "b"},), "user_99: the vocabulary is sorted as"),
        (({**LEFT_OUT, "user_99": "c"},), "user_99: the vocabulary is sorted as"),
        (({**LEFT_OUT, "user_943": "a"},), "user_943: the largest number need"),
        (({**LEFT_OUT, "user_943": "b"},), "user_943: the largest number need"),
        (({**LEFT_OUT, "zeus": "a"},), "zeus: does every title"),
        (({**LEFT_OUT, "zeus": "b"},), "zeus: does every title"),
        (({**LEFT_OUT, "last_away": "a"},), "last_away: which strings does"),
        (({**LEFT_OUT, "last_away": "c"},), "last_away: which strings does"),
        (({**LEFT_OUT, "of_train": "a"},), "of_train: 38 titles have"),
        (({**LEFT_OUT, "of_train": "b"},), "of_train: 38 titles have"),
        (({**LEFT_OUT, "user_99": "c", "zeus": "a"},), "does the table go?\nzeus: does"),
        (({**LEFT_OUT, "zeus": 1_664},), "zeus: answer with one of a, b, c"),
        (({**LEFT_OUT, "of_train": ...},), "Still open: of_train"),
        (({"user_99": "a"},), "has the keys user_99, user_943"),
        (("a",), "Answer with a dict"),
        ((READ.repeat(),), "Answer with a dict"),
    ],
    "occupation_tower": [
        ((occupation_tower(sorted({str(job) for job in JOBS})),), "All occupations share row 0"),
        ((occupation_tower([f"{job}" for job in JOBS]),), "All occupations share row 0"),
        ((occupation_tower(ALL_JOBS),), "none and other have rows of their own"),
        ((occupation_tower(ALL_JOBS[ALL_JOBS != b"none"]),), "other has a row of its own"),
        ((occupation_tower(ALL_JOBS[ALL_JOBS != b"other"]),), "none has a row of its own"),
        ((occupation_tower(JOBS[:-1]),), "1 of 19 occupations share row 0, such as 'writer'"),
        ((occupation_tower(JOBS[JOBS != b"student"]),), "such as 'student'"),
        ((occupation_tower([job.title() for job in JOBS]),), "All occupations share row 0"),
        ((occupation_tower(np.arange(21).astype(str)),), "All occupations share row 0"),
        ((occupation_tower(np.append(JOBS, np.arange(900).astype("S3"))),), "20 are enough"),
        ((occupation_tower(numbers=16),), "the shape is (21, 16)"),
        ((occupation_tower(rows=19),), "lie beyond the table"),
        ((occupation_tower(rows=944),), "The table has 944 rows"),
        ((occupation_tower(embeddings_initializer="zeros"),), "All occupations share row 0"),
        ((frozen(occupation_tower()),), "no weights that training can change"),
        ((tower_without_lookup(),), "begins with a StringLookup"),
        ((tower_of_hashes(),), "share"),
        ((adapted_tower(),), "instead of `adapt`"),
        ((tower_with_two_unknown_rows(),), "they should share row 0"),
        ((article.make_tower,), "this is a function"),
        ((article.make_tower(JOBS)(tf.constant(JOBS)),), "This is what a model returns"),
        ((JOBS,), "this is a ndarray"),
        ((tf.keras.Sequential,), "This is a class"),
        (("occupation_tower",), "this is a str"),
        ((READ.repeat(),), "A tower was asked for"),
    ],
    "ranking_model": [
        ((ranking_class(swapped),), "user and movie swapped"),
        (
            (
                ranking_class(
                    lambda s, x: s.rating_layers(side_by_side(s, x, axis=0)), WithUsedTowers
                ),
            ),
            "axis=1",
        ),
        ((ranking_class(side_by_side),), "returns embeddings"),
        ((ranking_class(lambda s, x: side_by_side_rating(s, x)[:, 0]),), "(4, 1) is wanted"),
        ((ranking_class(only_user),), "The movie makes no difference"),
        ((ranking_class(only_movie),), "The user makes no difference"),
        ((ranking_class(one_tower_for_both),), "The movie makes no difference"),
        ((ranking_class(lambda s, x: None),), "add `return`"),
        (
            (
                ranking_class(
                    lambda s, x: s.rating_layers(s.user_tower(x[0]) * s.movie_tower(x[1])),
                    WithUsedTowers,
                ),
            ),
            "and do not add or multiply",
        ),
        ((ranking_class(lambda s, x: 5 * tf.sigmoid(side_by_side_rating(s, x))),), "is not what"),
        ((ranking_class(rated(lambda rating: rating + 3.5)),), "both as they are"),
        ((ranking_class(rated(lambda rating: tf.clip_by_value(rating, 1, 5))),), "are limited"),
        ((ranking_class(rated(tf.nn.relu)),), "are limited"),
        ((ranking_class(rated(lambda rating: tf.reduce_mean(rating))),), "the shape is ()"),
        ((ranking_class(rated(lambda rating: [rating])),), "returns a list"),
        ((ranking_class(rated(lambda rating: {"rating": rating})),), "returns a dict"),
        ((ranking_class(rated(lambda rating: (rating, rating))),), "returns a tuple"),
        ((ranking_class(rated(lambda rating: rating.numpy())),), "returns a ndarray"),
        (
            (ranking_class(rated(join=tf.stack), WithUsedTowers),),
            "use tf.concat with axis=1, not tf.stack",
        ),
        ((ranking_class(rated(join=tf.stack, axis=0), WithUsedTowers),), "the shape is (2, 4, 1)"),
        (
            (ranking_class(rated(join=lambda both, axis: both[0] + both[1]), WithUsedTowers),),
            "do not add",
        ),
        (
            (ranking_class(rated(join=lambda both, axis: sum(both) / 2), WithUsedTowers),),
            "do not add",
        ),
        (
            (ranking_class(rated(join=lambda both, axis: both), WithUsedTowers),),
            "join the embeddings with",
        ),
        (
            (ranking_class(rated(join=lambda both, axis: both[0]), WithUsedTowers),),
            "32 numbers per pair, not 64",
        ),
        ((ranking_class(dot_product, WithUsedTowers),), "`self.rating_layers` is not used"),
        ((ranking_class(call_with_two),), "`call` gets one argument, the pair"),
        ((ranking_class(call_with_dict),), "is a pair, not a dict"),
        ((ranking_class(call_without_axis),), "and axis=1"),
        (
            (ranking_class(lambda s, x: s.rating_layers(x), WithUsedTowers),),
            "join the embeddings with",
        ),
        (
            (ranking_class(lambda s, x: s.rating_layers(tf.stack(x, axis=1)), WithUsedTowers),),
            "Strings cannot",
        ),
        ((ranking_class(lambda s, x: tf.concat(x, axis=0)),), "returns strings"),
        ((ranking_class(lambda s, x: (s.user_tower(x[0]), s.movie_tower(x[1]))),), "a tuple"),
        (
            (ranking_class(lambda s, x: s.user_tower(x), article.RankingModel),),
            "returns embeddings",
        ),
        ((ranking_class(movie_first),), "take the user's first"),
        ((ranking_class(layer_by_layer, WithUsedTowers),), "is never called, only its layers are"),
        # TensorFlow alone, in a graph
        ((ranking_class(pair_as_array),), "In a `tf.function`, where `fit` runs it, `call` raises"),
        ((ranking_class(pair_by_pair),), "In a `tf.function`, where `fit` runs it, `call` raises"),
        # an error is quoted
        ((ranking_class(with_brackets),), "is not subscriptable"),
        ((ranking_class(with_a_typo),), "no attribute 'rating_layer'"),
        (
            (
                ranking_class(
                    lambda s, x: s.rating_layers(side_by_side(s, x, axis=2)), WithUsedTowers
                ),
            ),
            "ConcatOp",
        ),
        # the two embeddings, side by side
        ((ranking_class(with_lookups_alone, WithUsedTowers),), "get 2 numbers per pair, not 64"),
        ((ranking_class(stacked_and_reshaped),), "they go in side by side"),
        ((ranking_class(normalized),), "they go in side by side"),
        ((ranking_class(joined_by_numpy),), "Training cannot reach all tables"),
        ((ranking_class(with_embeddings_as_numpy),), "Training cannot reach all tables"),
        ((ranking_class(with_predicted_embeddings),), "Training cannot reach all tables"),
        ((ranking_class(without_the_users_gradient),), "Training cannot reach all tables"),
        ((ranking_class(with_a_predicted_rating),), "Training cannot reach all tables"),
        ((ranking_class(rated(tf.round)),), "The predictions are rounded"),
        ((ranking_class(zeros_for_one_pair),), "For a single pair, `call` does not predict"),
        ((OfTheNotebook,), "For 2 users, the table of `self.user_tower` has 944 rows"),
        ((Frozen,), "Not all tables and layers are trainable"),
        ((NoModel,), "must be a `tf.keras.Model`"),
        ((article.make_rating_layers(),), "The class itself"),
        ((rated(),), "The class itself"),
        (("RankingModel",), "The class itself"),
        ((article.RankingModel([b"9"], [b"A"]),), "The class itself"),
    ],
    "lowest": [
        # each prediction meets all labels of its batch
        (
            ({**LOWEST, "one": [1, 2, 4, 5]},),
            "one: these have a loss of 5.000; there are some with",
        ),
        (({**LOWEST, "two": [1, 2, 4, 5]},), "two: these have a loss of 0.500"),
        (({**LOWEST, "one": [1, 2, 4, 5]},), "These are the labels: does each prediction meet"),
        # and no other
        (({**LOWEST, "two": [3, 3, 3, 3]},), "two: these have a loss of 2.500"),
        (({**LOWEST, "two": [3, 3, 3, 3]},), "the mean of all labels: which of them are in the"),
        (({**LOWEST, "four": [3, 3, 3, 3]},), "four: these have a loss of 2.500"),
        (({**LOWEST, "four": [1.5, 1.5, 4.5, 4.5]},), "four: these have a loss of 0.250"),
        (({**LOWEST, "one": [1.5, 1.5, 4.5, 4.5]},), "one: these have a loss of 4.750"),
        (({**LOWEST, "two": [4.5, 4.5, 1.5, 1.5]},), "two: these have a loss of"),
        (({**LOWEST, "two": [4.5, 4.5, 1.5, 1.5]},), "The numbers are right, in another order"),
        (({**LOWEST, "four": [5, 4, 2, 1]},), "The numbers are right, in another order"),
        (({**LOWEST, "one": [1.5, 1.5, 4.5, 4.5]},), "These are the means of two labels each"),
        (({**LOWEST, "four": [1.5, 1.5, 4.5, 4.5]},), "These are the means of two labels each"),
        # the mean
        (({**LOWEST, "one": [0, 0, 0, 0]},), "one: these have a loss of 11.500"),
        (({**LOWEST, "one": [3.5] * 4},), "one: these have a loss of 2.750"),
        (({**LOWEST, "one": [3, 3, 3, 4]},), "one: these have a loss of 2.750"),
        # four numbers for each
        (({**LOWEST, "one": [3, 3, 3]},), "one: four predictions were asked for; these have the"),
        (({**LOWEST, "one": 3},), "one: four predictions were asked for; these have the shape ()"),
        (({**LOWEST, "two": [1.5, 4.5]},), "two: four predictions were asked for"),
        (({**LOWEST, "one": [float("nan")] * 4},), "one: four finite numbers"),
        (({**LOWEST, "one": "3, 3, 3, 3"},), "one: a list of four numbers was asked for"),
        (({**LOWEST, "one": ["3"] * 4},), "that is no array of them"),
        (({**LOWEST, "one": {"lowest": 3}},), "one: a list of four numbers was asked for"),
        (({**LOWEST, "one": np.mean},), "one: a list of four numbers was asked for"),
        (({**LOWEST, "one": READ.repeat()},), "that is no array of them"),
        (({**LOWEST, "one": ...},), "Still open: one"),
        (({"one": [3] * 4},), "the keys one, two, four"),
        (([3, 3, 3, 3],), "Answer with a dict"),
    ],
    "movielens_model": [
        ((training_class(popping),), "takes user_rating out of its caller's dict"),
        ((training_class(without_return),), "add `return`"),
        ((training_class(returning_predictions),), "returns predictions"),
        ((training_class(by_hand),), "the RMSE is not updated"),
        ((training_class(root_of_the_loss),), "The loss is the RMSE"),
        ((training_class(broadcasting),), "should be 5.750"),
        ((training_class(broadcasting_loss),), "Each label meets each prediction"),
        # `fit` gives training=True, and the metric counts over batches
        ((training_class(without_training),), "keep the argument `training`"),
        ((training_class(without_metrics),), "the RMSE is not that of both batches"),
        ((training_class(with_metrics_reset),), "the RMSE is not that of both batches"),
        ((training_class(calling_the_task_twice),), "call `self.task` once for a batch"),
        # labels and predictions as they are
        ((training_class(with_task(lambda loss: loss, lambda y: tf.cast(y, tf.int32))),), "5.750"),
        ((training_class(with_task(predictions=tf.reduce_mean)),), "not yet"),
        ((training_class(with_task(predictions=tf.round)),), "No gradient reaches"),
        ((training_class(labels_by_wrong_name),), "The batch has no 'rating'"),
        ((training_class(predictions_from_the_pair),), "`self.ranking_model` wants a pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u, m))),), "wants a pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u))),), "wants a pair"),
        ((training_class(user_twice),), "wants the user ids, then the titles"),
        ((training_class(title_first),), "wants the user ids, then the titles"),
        ((training_class(with_task(predictions=tf.nn.relu)),), "changed before the task sees"),
        ((training_class(swapping),), "Labels and predictions are swapped"),
        ((training_class(with_predict),), "No gradient reaches"),
        ((training_class(with_task(predictions=lambda p: p.numpy())),), "No gradient reaches"),
        ((training_class(with_task(float)),), "No gradient reaches"),
        ((training_class(with_task(lambda loss: loss.numpy())),), "No gradient reaches"),
        ((training_class(with_task(lambda loss: {"loss": loss})),), "returns a dict"),
        ((training_class(with_task(lambda loss: (loss, loss))),), "returns a tuple"),
        ((training_class(with_task(lambda loss: str(loss))),), "returns a str"),
        ((training_class(with_task(lambda loss: loss / 2)),), "it is 2.875"),
        ((training_class(with_task(labels=lambda y: y / 5)),), "the loss should be 5.750"),
        ((training_class(with_task(labels=tf.sort)),), "in another order than the predictions"),
        ((training_class(with_task(labels=lambda y: -tf.sort(-y))),), "in another order than"),
        ((training_class(with_task(predictions=tf.squeeze)),), "For a batch of a single rating"),
        ((training_class(returning_the_metric),), "The loss is the RMSE"),
        ((training_class(calling_the_loss),), "The task keeps its loss to itself"),
        ((training_class(deleting),), "takes user_rating out"),
        ((training_class(putting_predictions_in),), "changes its caller's dict"),
        ((training_class(overwriting),), "changes its caller's dict"),
        ((training_class(with_predictions_alone),), "Call the task with both"),
        ((training_class(with_features_alone),), "Call the task with both"),
        ((training_class(with_features_as_predictions),), "not the whole dict"),
        ((training_class(lambda s, f, training=False: s.task),), "returns the task"),
        ((training_class(lambda s, f, training=False: f["user_rating"]),), "returns predictions"),
        ((training_class(yielding),), "returns a generator"),
        ((NoTfrsModel,), "must be a `tfrs.Model`"),
        ((training_class(lambda s, f, training=False: READ.repeat()),), "One number"),
        ((with_task(),), "The class itself"),
        (("MovielensModel",), "The class itself"),
        ((article.MovielensModel(None),), "The class itself"),
    ],
    "quiz_model": [
        (({"q1": "a", "q2": "b", "q3": "a"},), "q1: The dense layers of 64 and 1 stay"),
        (({"q1": "c", "q2": "b", "q3": "a"},), "q1: The first dense layer gets 128"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q2: A loss given to `compile` is ignored"),
        (({"q1": "b", "q2": "c", "q3": "a"},), "q2: The RMSE is the task's metric"),
        (({"q1": "b", "q2": "b", "q3": "c"},), "q3: There are 1,000 times as many"),
        (({"q1": "b", "q2": "b", "q3": "b"},), "q3: So it is for the right predictions"),
        (({"q1": "b", "q2": ..., "q3": "b"},), "Still open: q2"),
        (({"q1": "a", "q2": "a", "q3": "c"},), "q2: A loss given to `compile` is ignored"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "q3: So it is for the right predictions"),
        (({"q1": "A ", "q2": "b", "q3": "a"},), "q1: The dense layers of 64 and 1 stay"),
        (({"q1": ..., "q2": None, "q3": "a"},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "b", "q3": "no"},), "q3: answer with one of a, b, c"),
        (({"q1": "b", "q2": "b", "q3": ("a", "a")},), "q3: answer with one of a, b, c"),
        (({"q1": 2, "q2": "b", "q3": "a"},), "q1: answer with one of a, b, c"),
        (({"q1": "b", "q2": "", "q3": "a"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "b"},), "that has the keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "a", "Q3": "c"},), "that has the keys q1, q2, q3"),
        (({"q1": "b", "q2": "b", "q3": "a", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        (("bba",), "Answer with a dict"),
        (({"b", "c"},), "Answer with a dict"),
        ((READ.repeat(),), "Answer with a dict"),
        ((["b", "b", "a"],), "Answer with a dict"),
    ],
}
