"""Right and plausibly wrong answers to the exercises of lesson 2."""

import numpy as np

from helpers.data import vocabularies
from helpers.data.ratings import load_ratings
from helpers.keras2 import tf, tfrs
from helpers.models import article

READ = load_ratings()
USERS, TITLES = (
    vocabularies.vocabulary(READ, "user_id"),
    vocabularies.vocabulary(READ, "movie_title"),
)
layers = tf.keras.layers


def tower(vocabulary=TITLES, rows=None, numbers=32, **lookup):
    """Return a tower with one thing changed."""
    return tf.keras.Sequential(
        [
            layers.StringLookup(vocabulary=vocabulary, **lookup),
            layers.Embedding(rows or len(vocabulary) + 1, numbers),
        ]
    )


def functional_tower():
    title = tf.keras.Input([], dtype=tf.string)
    row = layers.StringLookup(vocabulary=TITLES)(title)
    return tf.keras.Model(title, layers.Embedding(len(TITLES) + 1, 32)(row))


def tower_with_three_unknown_rows():
    lookup = layers.StringLookup(vocabulary=TITLES, num_oov_indices=3)
    return tf.keras.Sequential([lookup, layers.Embedding(len(TITLES) + 3, 32)])


def tower_by_adapt():
    lookup = layers.StringLookup(mask_token=None)
    lookup.adapt(TITLES)
    return tf.keras.Sequential([lookup, layers.Embedding(lookup.vocabulary_size(), 32)])


class OwnTower(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.lookup = layers.StringLookup(vocabulary=TITLES, mask_token=None)
        self.table = layers.Embedding(1 + len(TITLES), 32)

    def call(self, titles):
        return self.table(self.lookup(titles))


def tower_of(*parts, table=None, **options):
    """Return a tower of other layers, or with other options of the table."""
    lookup = layers.StringLookup(vocabulary=TITLES, mask_token=None)
    return tf.keras.Sequential(
        [*(parts or [lookup]), table or layers.Embedding(len(TITLES) + 1, 32, **options)]
    )


def tower_with(*more):
    return tf.keras.Sequential([*tower().layers, *more])


def tower_without_vocabulary():
    return tower_of(layers.StringLookup(mask_token=None))


def dense_with(*more, place=1):
    parts = [layers.Dense(256, "relu"), layers.Dense(64, "relu"), layers.Dense(1)]
    return tf.keras.Sequential([*parts[:place], *more, *parts[place:]])


def frozen(model):
    model.trainable = False
    return model


def dense(*outputs, activations=("relu", "relu", None), **more):
    return tf.keras.Sequential(
        [
            layers.Dense(n, activation=activation, **more)
            for n, activation in zip(outputs, activations)
        ]
    )


def functional_dense():
    features = tf.keras.Input([64])
    hidden = layers.Dense(256, "relu")(features)
    return tf.keras.Model(features, layers.Dense(1)(layers.Dense(64, "relu")(hidden)))


def dense_with_separate_activations():
    return tf.keras.Sequential(
        [layers.Dense(256), layers.ReLU(), layers.Dense(64), layers.ReLU(), layers.Dense(1)]
    )


def ranking_class(call):
    """Return the notebook's RankingModel with another `call`."""
    return type("RankingModel", (article.RankingModel,), {"call": call})


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


def rated(change=lambda rating: rating, join=tf.concat, **axis):
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


def mse_with(change=lambda differences: differences**2, after=lambda mse: mse, mean=np.mean):
    """Return a `mean_squared_error` with one thing changed."""
    return lambda labels, predictions: after(mean(change(np.ravel(labels) - np.ravel(predictions))))


def mse_of_sliced_predictions(labels, predictions):
    return tf.reduce_mean((labels - predictions[:, 0]) ** 2)


def mse_of_sliced_both(labels, predictions):
    return tf.reduce_mean((labels[:, 0] - predictions[:, 0]) ** 2)


def mse_if_shapes_differ(labels, predictions):
    if labels.shape != predictions.shape:
        predictions = tf.reshape(predictions, labels.shape)
    return tf.reduce_mean((labels - predictions) ** 2)


def mse_in_a_loop(labels, predictions):
    pairs = zip(np.ravel(labels).tolist(), np.ravel(predictions).tolist())
    return sum((label - prediction) ** 2 for label, prediction in pairs) / len(labels)


def mse_in_a_generator(labels, predictions):
    for label, prediction in zip(labels, predictions):
        yield (label - prediction) ** 2


def flat_mse(labels, predictions):
    return float(tf.reduce_mean((tf.reshape(labels, [-1]) - tf.reshape(predictions, [-1])) ** 2))


def mse_of_columns(labels, predictions):
    labels, predictions = tf.reshape(labels, [-1, 1]), tf.reshape(predictions, [-1, 1])
    return tf.reduce_mean(tf.square(labels - predictions))


def mse_of_squeezed_predictions(labels, predictions):
    return tf.reduce_mean((labels - tf.squeeze(predictions)) ** 2)


def mse_of_raised_labels(labels, predictions):
    return tf.reduce_mean((labels[:, None] - predictions) ** 2)


RIGHT = {
    "movie_tower": [
        (functional_tower(),),
        (tower([title.decode() for title in TITLES]),),
        (tower(mask_token="", rows=len(TITLES) + 2),),
        (article.make_tower(TITLES),),
        (OwnTower(),),
        (tower(TITLES[::-1], mask_token=None, oov_token="unknown"),),
    ],
    "rating_layers": [
        (functional_dense(),),
        (dense_with_separate_activations(),),
        (article.make_rating_layers(),),
        (dense(256, 64, 1, use_bias=False),),
        (dense(256, 64, 1, activations=(tf.nn.relu, layers.ReLU(), "linear")),),
        (tf.keras.Sequential([tf.keras.Input([64]), *dense(256, 64, 1).layers]),),
    ],
    "ranking_model": [
        (article.RankingModel,),
        (ranking_class(movie_first),),
        (ranking_class(side_by_side_rating),),
        (ranking_class(call_by_indexing),),
        (ranking_class(rated(axis=-1)),),
    ],
    "task": [
        (ranking_task(MSE(), RMSE("rmse")),),
        (tfrs.tasks.Ranking(MSE(name="squared"), metrics=[RMSE()]),),
        (tfrs.tasks.Ranking(loss=MSE(), metrics=(RMSE(),), name="stars"),),
    ],
    "mean_squared_error": [
        (flat_mse,),
        (mse_of_columns,),
        (MSE(),),
        (mse_with(),),
        (mse_if_shapes_differ,),
        (mse_in_a_loop,),
        (lambda a, b: tf.reduce_mean(tf.square(tf.squeeze(a) - tf.squeeze(b))),),
    ],
    "movielens_model": [
        (article.MovielensModel,),
        (training_class(copying),),
        (training_class(with_training),),
        (training_class(with_task()),),
        (training_class(with_task(predictions=lambda p: p[:, 0])),),
    ],
    "quiz_model": [
        ({"q1": "B", "q2": "a", "q3": "C"},),
        ({"q3": "c", "q2": " a", "q1": "b "},),
        ({"q2": "A", "q1": "B ", "q3": np.str_("c")},),
    ],
}

WRONG = {
    "movie_tower": [
        ((tower(rows=len(TITLES)),), "a row more than there are titles"),
        ((tower(mask_token=""),), "a row more than there are titles"),
        ((tower(numbers=31),), "the shape is (4, 31)"),
        ((tower(USERS),), "the same vector"),
        ((tower(num_oov_indices=0),), "keep the out-of-vocabulary row"),
        ((tower_with_three_unknown_rows(),), "should share one row"),
        ((tower(TITLES[:-1]),), "share the row of a known one"),
        ((tower(TITLES[:800]),), "titles get only"),
        ((layers.StringLookup(vocabulary=TITLES),), "returns row numbers"),
        ((layers.Embedding(1_665, 32),), "first comes StringLookup"),
        ((tower(rows=100_000),), "1,665 are enough"),
        ((TITLES,), "A model was asked for"),
        ((tower(rows=len(USERS) + 1),), "lie beyond the table"),
        ((tower(numbers=64),), "the shape is (4, 64)"),
        ((tower_of(table=layers.Embedding(32, len(TITLES) + 1)),), "rows first, then 32"),
        ((tower_of(table=layers.Dense(32)),), "go into an Embedding layer"),
        ((tower(output_mode="one_hot"),), "the lookup should give one row per title"),
        (
            (layers.StringLookup(vocabulary=TITLES, mask_token=None, output_mode="one_hot"),),
            "the lookup's are no embeddings",
        ),
        ((tower_by_adapt(),), "not by adapt"),
        ((tower_without_vocabulary(),), "The lookup has no vocabulary"),
        ((tower_of(layers.Embedding(1_665, 32), table=tower().layers[0]),), "first comes String"),
        ((tower_of(layers.IntegerLookup(vocabulary=[1, 2])),), "first comes StringLookup"),
        ((tower_of(layers.Hashing(len(TITLES) + 1)),), "titles get only"),
        ((tower_of(embeddings_initializer="zeros"),), "All embeddings are zero"),
        ((frozen(tower()),), "no weights that training can change"),
        ((tower_with(layers.Dense(32)),), "more layers with weights"),
        ((tower_with(layers.Dense(1)),), "the shape is (4, 1)"),
        ((tower().layers,), "A model was asked for; this is a list"),
        ((tf.keras.Sequential,), "This is a class"),
        ((tower()(tf.constant(TITLES[:4])),), "This is what a model returns"),
        ((functional_tower().output,), "This is what a model returns"),
        ((lambda titles: tower()(titles),), "A model was asked for; this is a function"),
        (("movie_tower",), "this is a str"),
        ((READ.repeat(),), "A model was asked for"),
    ],
    "rating_layers": [
        ((dense(256, 64, 1, activations=(None, None, None)),), "Without an activation"),
        (
            (dense(256, 64, 1, activations=("relu", "relu", "relu")),),
            "limits what can be predicted",
        ),
        ((dense(256, 64, 1, activations=("relu", "relu", "sigmoid")),), "limits what"),
        ((dense(256, 64, 1, activations=("tanh", "tanh", None)),), 'is not "relu"'),
        ((dense(256, 64, 1, activations=("relu", "gelu", None)),), 'is not "relu"'),
        ((dense(64, 256, 1),), "[64, 256, 1] outputs"),
        ((dense(256, 64, 1, activations=(None, None, "relu")),), "limits what"),
        ((dense(256, 64, 1, activations=("relu", "relu", "softmax")),), "limits what"),
        ((dense(256, 64, 1, activations=("relu", None, None)),), "one of them has none"),
        ((dense(256, 64, 1, activations=(None, "relu", None)),), "one of them has none"),
        ((dense(256, 64, 1, activations=("relu6", "relu6", None)),), 'is not "relu"'),
        ((dense(256, 64, 1, activations=(tf.nn.leaky_relu, "elu", None)),), 'is not "relu"'),
        ((dense(256, 64, 1, activations=("sigmoid", "sigmoid", None)),), 'is not "relu"'),
        ((dense_with(layers.Dense(64, "relu")),), "[256, 64, 64, 1] outputs"),
        ((dense_with(layers.Dropout(0.5)),), "(Dropout?): leave them out"),
        ((dense_with(layers.BatchNormalization()),), "leave them out"),
        ((dense_with(layers.LayerNormalization(), place=2),), "leave them out"),
        ((frozen(dense(256, 64, 1)),), "The weights are frozen"),
        ((tf.keras.Sequential([tf.keras.Input([32]), *dense(256, 64, 1).layers]),), "take 64"),
        ((layers.Dense(1),), "[1] outputs"),
        ((dense(1, 64, 256),), "(50, 256)"),
        ((dense(256, 64, 1)(tf.zeros([4, 64])),), "This is what a model returns"),
        ((functional_dense().output,), "This is what a model returns"),
        ((lambda features: dense(256, 64, 1)(features),), "this is a function"),
        ((article.make_rating_layers,), "this is a function"),
        ((tf.keras.Sequential,), "This is a class"),
        (([256, 64, 1],), "this is a list"),
        (("relu",), "this is a str"),
        ((READ.repeat(),), "A model was asked for"),
        ((dense(256, 64, 5),), "(50, 5)"),
        ((dense(256, 64),), "(50, 64)"),
        ((dense(256, 1),), "[256, 1] outputs"),
        (([layers.Dense(256), layers.Dense(64), layers.Dense(1)],), "A model was asked for"),
    ],
    "ranking_model": [
        ((ranking_class(swapped),), "user and movie swapped"),
        ((ranking_class(lambda s, x: s.rating_layers(side_by_side(s, x, axis=0))),), "axis=1"),
        ((ranking_class(side_by_side),), "returns embeddings"),
        ((ranking_class(lambda s, x: side_by_side_rating(s, x)[:, 0]),), "(4, 1) is wanted"),
        ((ranking_class(only_user),), "The movie makes no difference"),
        ((ranking_class(only_movie),), "The user makes no difference"),
        ((ranking_class(one_tower_for_both),), "The movie makes no difference"),
        ((ranking_class(lambda s, x: None),), "add `return`"),
        (
            (
                ranking_class(
                    lambda s, x: s.rating_layers(s.user_tower(x[0]) * s.movie_tower(x[1]))
                ),
            ),
            "do not add or multiply",
        ),
        ((ranking_class(lambda s, x: 5 * tf.sigmoid(side_by_side_rating(s, x))),), "is not what"),
        ((ranking_class(rated(lambda rating: rating + 3.5)),), "return it as it is"),
        ((ranking_class(rated(lambda rating: tf.clip_by_value(rating, 1, 5))),), "are limited"),
        ((ranking_class(rated(tf.nn.relu)),), "are limited"),
        ((ranking_class(rated(lambda rating: tf.reduce_mean(rating))),), "the shape is ()"),
        ((ranking_class(rated(lambda rating: [rating])),), "returns a list"),
        ((ranking_class(rated(lambda rating: {"rating": rating})),), "returns a dict"),
        ((ranking_class(rated(lambda rating: (rating, rating))),), "returns a tuple"),
        ((ranking_class(rated(lambda rating: rating.numpy())),), "returns a ndarray"),
        ((ranking_class(rated(join=tf.stack)),), "use tf.concat with axis=1, not tf.stack"),
        ((ranking_class(rated(join=tf.stack, axis=0)),), "the shape is (2, 4, 1)"),
        ((ranking_class(rated(join=lambda both, axis: both[0] + both[1])),), "do not add"),
        ((ranking_class(rated(join=lambda both, axis: sum(both) / 2)),), "do not add"),
        ((ranking_class(rated(join=lambda both, axis: both)),), "join the embeddings with"),
        ((ranking_class(rated(join=lambda both, axis: both[0])),), "32 numbers per pair, not 64"),
        ((ranking_class(dot_product),), "`self.rating_layers` is not used"),
        ((ranking_class(call_with_two),), "`call` gets one argument, the pair"),
        ((ranking_class(call_with_dict),), "is a pair, not a dict"),
        ((ranking_class(call_without_axis),), "and axis=1"),
        ((ranking_class(lambda s, x: s.rating_layers(x)),), "join the embeddings with"),
        ((ranking_class(lambda s, x: s.rating_layers(tf.stack(x, axis=1))),), "Strings cannot"),
        ((ranking_class(lambda s, x: tf.concat(x, axis=0)),), "returns strings"),
        ((ranking_class(lambda s, x: (s.user_tower(x[0]), s.movie_tower(x[1]))),), "a tuple"),
        ((ranking_class(lambda s, x: s.user_tower(x)),), "returns embeddings"),
        ((NoModel,), "must be a `tf.keras.Model`"),
        ((article.make_rating_layers(),), "The class itself"),
        ((rated(),), "The class itself"),
        (("RankingModel",), "The class itself"),
        ((article.RankingModel(USERS, TITLES),), "The class itself"),
    ],
    "task": [
        ((ranking_task(RMSE(), RMSE()),), "A metric is the loss"),
        ((ranking_task(tf.keras.losses.MeanAbsoluteError(), RMSE()),), "mean absolute error"),
        ((ranking_task(MSE()),), "No metric is reported"),
        ((ranking_task(MSE(), tf.keras.metrics.MeanSquaredError()),), "The metric is the MSE"),
        ((ranking_task(MSE(), tf.keras.metrics.MeanAbsoluteError()),), "mean absolute error"),
        ((ranking_task(MSE(), tf.keras.metrics.Accuracy()),), "this metric, Accuracy, is 0.00"),
        ((ranking_task(MSE(), RMSE(), tf.keras.metrics.MeanAbsoluteError()),), "2 metrics"),
        ((ranking_task(None, RMSE()),), "binary crossentropy"),
        ((tfrs.tasks.Ranking(),), "binary crossentropy"),
        ((ranking_task(tf.keras.losses.Huber(), RMSE()),), "this loss, Huber, is 1.00"),
        ((ranking_task(MSE, RMSE()),), "Give the loss as an object"),
        ((ranking_task("mse", RMSE()),), "Give the loss as an object"),
        ((ranking_task(tf.keras.losses.mean_squared_error, RMSE()),), "Give the loss as an obj"),
        ((ranking_task(RMSE(), MSE()),), "A metric is the loss, RootMeanSquaredError"),
        ((ranking_task(MSE(), MSE()),), "A loss is among the metrics"),
        ((ranking_task(MSE(), "rmse"),), "Give the metric as an object"),
        ((tfrs.tasks.Ranking(loss=MSE(), metrics=RMSE()),), "`metrics` takes a list"),
        ((tfrs.tasks.Ranking(loss=MSE(), metrics="rmse"),), "`metrics` takes a list"),
        ((RMSE(),), "This is a RootMeanSquaredError alone"),
        (({"loss": MSE(), "metrics": [RMSE()]},), "this is a dict"),
        (((MSE(), [RMSE()]),), "this is a tuple"),
        (("Ranking",), "this is a str"),
        ((lambda labels, predictions: 2.5,), "this is a function"),
        ((READ.repeat(),), "was asked for; this is a _RepeatDataset"),
        ((ranking_task(MSE(), RMSE),), "with brackets"),
        ((tfrs.tasks.Retrieval(),), "Retrieval task"),
        ((tfrs.tasks.Ranking,), "This is the class"),
        ((MSE(),), "This is a MeanSquaredError alone"),
    ],
    "mean_squared_error": [
        ((lambda a, b: tf.reduce_mean((a - b) ** 2),), "16 differences, not 4"),
        ((mse_of_squeezed_predictions,), "16 differences, not 4"),
        ((mse_of_raised_labels,), "16 differences, not 4"),
        ((lambda a, b: tf.sqrt(flat_mse(a, b)),), "This is the RMSE"),
        ((lambda a, b: 4 * flat_mse(a, b),), "sum of the squares"),
        (
            (lambda a, b: tf.reduce_mean(tf.abs(tf.reshape(a, [-1]) - tf.reshape(b, [-1]))),),
            "mean absolute error",
        ),
        ((lambda a, b: (a - tf.reshape(b, [-1])) ** 2,), "One number was asked for"),
        ((lambda a, b: None,), "add `return`"),
        ((mse_of_sliced_predictions,), "For shapes (4,) and (4,) it raises"),
        ((mse_of_sliced_both,), "`tf.reshape` both"),
        ((tf.keras.losses.mean_squared_error,), "returns the shape (4,)"),
        ((lambda a, b: tf.reduce_sum((a - b) ** 2) / len(a),), "a sum over 16 differences"),
        ((lambda a, b: tf.reduce_sum((a - b) ** 2),), "a sum over 16 differences"),
        ((mse_with(lambda d: d),), "Plus and minus cancel"),
        ((mse_with(lambda d: -d),), "Plus and minus cancel"),
        ((mse_with(lambda d: d, np.square),), "squares the mean difference"),
        ((mse_with(after=lambda mse: mse / 2),), "half of the MSE"),
        ((mse_with(mean=np.sum, after=np.sqrt),), "the root of the sum"),
        ((mse_with(after=lambda mse: f"{mse:.2f}"),), "returns a str"),
        ((mse_with(after=lambda mse: [mse]),), "returns a list"),
        ((mse_with(after=lambda mse: (mse, mse)),), "returns a tuple"),
        ((mse_with(lambda d: d * np.nan),), "returns nan"),
        ((mse_in_a_generator,), "returns a generator"),
        ((lambda a, b: READ.repeat(),), "One number was asked for"),
        ((lambda a, b: RMSE()(a, b),), "This is the RMSE"),
        ((1.25,), "A function was asked for"),
    ],
    "movielens_model": [
        ((training_class(popping),), "takes user_rating out of its caller's dict"),
        ((training_class(without_return),), "add `return`"),
        ((training_class(returning_predictions),), "returns predictions"),
        ((training_class(by_hand),), "the RMSE is not updated"),
        ((training_class(root_of_the_loss),), "The loss is the RMSE"),
        ((training_class(broadcasting),), "should be 2.5"),
        ((training_class(labels_by_wrong_name),), "The batch has no 'rating'"),
        ((training_class(predictions_from_the_pair),), "`self.ranking_model` wants one pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u, m))),), "wants one pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u))),), "wants one pair"),
        ((training_class(swapping),), "Labels and predictions are swapped"),
        ((training_class(with_predict),), "Training cannot follow this"),
        ((training_class(with_task(predictions=lambda p: p.numpy())),), "cannot follow this"),
        ((training_class(with_task(float)),), "cannot follow this"),
        ((training_class(with_task(lambda loss: loss.numpy())),), "cannot follow this"),
        ((training_class(with_task(lambda loss: {"loss": loss})),), "returns a dict"),
        ((training_class(with_task(lambda loss: (loss, loss))),), "returns a tuple"),
        ((training_class(with_task(lambda loss: str(loss))),), "returns a str"),
        ((training_class(with_task(lambda loss: loss / 2)),), "it is 1.25"),
        ((training_class(with_task(labels=lambda y: y / 5)),), "the loss should be 2.5"),
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
        (({"q1": "a", "q2": "a", "q3": "c"},), "q1: An unknown string is looked up"),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q1: Embeddings belong to rows"),
        (({"q1": "b", "q2": "b", "q3": "c"},), "q2: The model has not seen"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q2: The ratings are used"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q3: That would need"),
        (({"q1": "b", "q2": "a", "q3": "b"},), "q3: That would need"),
        (({"q1": "b", "q2": ..., "q3": "b"},), "Still open: q2"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q2: The model has not seen"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "q3: That would need labels of shape (n, 1) too"),
        (({"q1": "A ", "q2": "a", "q3": "c"},), "q1: An unknown string is looked up"),
        (({"q1": ..., "q2": None, "q3": "c"},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "a", "q3": "(n, n)"},), "q3: answer with one of a, b, c"),
        (({"q1": "b", "q2": "a", "q3": ("n", "n")},), "q3: answer with one of a, b, c"),
        (({"q1": 2, "q2": "a", "q3": "c"},), "q1: answer with one of a, b, c"),
        (({"q1": "b", "q2": "", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "a"},), "that has the keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "a", "Q3": "c"},), "that has the keys q1, q2, q3"),
        (({"q1": "b", "q2": "a", "q3": "c", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        (("bac",), "Answer with a dict"),
        (({"b", "a", "c"},), "Answer with a dict"),
        ((READ.repeat(),), "Answer with a dict"),
        ((["b", "a", "c"],), "Answer with a dict"),
    ],
}
