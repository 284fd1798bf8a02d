"""Right and plausibly wrong answers to the exercises of lesson 2; see corpus_lesson01.py."""

from helpers import models, ratings
from helpers.models import tfrs
from helpers.movielens import tf

READ = ratings.load_ratings()
USERS, TITLES = ratings.vocabulary(READ, "user_id"), ratings.vocabulary(READ, "movie_title")
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
    return type("RankingModel", (models.RankingModel,), {"call": call})


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


def ranking_task(loss, *metrics):
    return tfrs.tasks.Ranking(loss=loss, metrics=list(metrics))


MSE, RMSE = tf.keras.losses.MeanSquaredError, tf.keras.metrics.RootMeanSquaredError


def training_class(compute_loss):
    """Return the notebook's MovielensModel with another `compute_loss`."""
    return type("MovielensModel", (models.MovielensModel,), {"compute_loss": compute_loss})


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
        (models.make_tower(TITLES),),
    ],
    "rating_layers": [
        (functional_dense(),),
        (dense_with_separate_activations(),),
        (models.make_rating_layers(),),
        (dense(256, 64, 1, use_bias=False),),
    ],
    "ranking_model": [
        (models.RankingModel,),
        (ranking_class(movie_first),),
        (ranking_class(side_by_side_rating),),
    ],
    "task": [
        (ranking_task(MSE(), RMSE("rmse")),),
        (tfrs.tasks.Ranking(MSE(name="squared"), metrics=[RMSE()]),),
    ],
    "mean_squared_error": [(flat_mse,), (mse_of_columns,)],
    "movielens_model": [(models.MovielensModel,), (training_class(copying),)],
    "quiz_model": [
        ({"q1": "B", "q2": "a", "q3": "C"},),
        ({"q3": "c", "q2": " a", "q1": "b "},),
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
        ((layers.Embedding(1_665, 32),), "raised"),
        ((tower(rows=100_000),), "1,665 are enough"),
        ((TITLES,), "A model was asked for"),
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
        ((models.RankingModel(USERS, TITLES),), "The class itself"),
    ],
    "task": [
        ((ranking_task(RMSE(), RMSE()),), "The loss is the RMSE"),
        ((ranking_task(tf.keras.losses.MeanAbsoluteError(), RMSE()),), "mean absolute error"),
        ((ranking_task(MSE()),), "No metric is reported"),
        ((ranking_task(MSE(), tf.keras.metrics.MeanSquaredError()),), "this metric is 2.50"),
        ((ranking_task(None, RMSE()),), "this loss is"),
        ((ranking_task(MSE(), RMSE),), "with brackets"),
        ((tfrs.tasks.Retrieval(),), "Retrieval task"),
        ((tfrs.tasks.Ranking,), "This is the class"),
        ((MSE(),), "raised TypeError"),
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
        ((1.25,), "A function was asked for"),
    ],
    "movielens_model": [
        ((training_class(popping),), "takes user_rating out of its caller's dict"),
        ((training_class(without_return),), "add `return`"),
        ((training_class(returning_predictions),), "returns predictions"),
        ((training_class(by_hand),), "the RMSE is not updated"),
        ((training_class(root_of_the_loss),), "The loss is the RMSE"),
        ((training_class(broadcasting),), "should be 2.5"),
        ((training_class(labels_by_wrong_name),), "raised KeyError"),
        ((training_class(predictions_from_the_pair),), "raised"),
        ((models.MovielensModel(None),), "The class itself"),
    ],
    "quiz_model": [
        (({"q1": "a", "q2": "a", "q3": "c"},), "q1: An unknown string is looked up"),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q1: Embeddings belong to rows"),
        (({"q1": "b", "q2": "b", "q3": "c"},), "q2: The model has not seen"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q2: The ratings are used"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q3: That would need"),
        (({"q1": "b", "q2": "a", "q3": "b"},), "q3: That would need"),
        (({"q1": "b", "q2": ..., "q3": "b"},), "Still open: q2"),
        ((["b", "a", "c"],), "Answer with a dict"),
    ],
}
