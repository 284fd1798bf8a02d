"""Right and plausibly wrong answers to the exercises of lesson 2."""

import numpy as np

from helpers.data import movielens
from helpers.data.ratings import load_ratings
from helpers.keras2 import tf, tfrs
from helpers.models import article

READ = load_ratings()
OCCUPATIONS = movielens.read_ratings("user_occupation_text")["user_occupation_text"]
JOBS = np.unique(OCCUPATIONS)
layers = tf.keras.layers


def shares(change=lambda unknown: unknown.mean()):
    """Return an `unknown_share` with one thing changed."""
    return lambda lookup, values: change(lookup(values).numpy() == 0)


def share_by_vocabulary(lookup, values):
    known = {str(text) for text in lookup.get_vocabulary()[1:]}
    return sum(value.decode() not in known for value in values) / len(values)


def share_in_tensorflow(lookup, values):
    return tf.reduce_mean(tf.cast(lookup(tf.constant(values)) == 0, tf.float64))


def share_by_counting(lookup, values):
    rows = lookup(values).numpy().tolist()
    return rows.count(0) / len(rows)


def share_of_text_and_bytes(lookup, values):
    return float(np.mean([value not in lookup.get_vocabulary() for value in values.tolist()]))


def share_of_different(lookup, values):
    return np.mean(lookup(np.unique(values)).numpy() == 0)


def share_of_first(lookup, values):
    return float(lookup(values[:1]).numpy()[0] == 0)


def share_without_return(lookup, values):
    print(np.mean(lookup(values).numpy() == 0))


def share_in_a_generator(lookup, values):
    yield np.mean(lookup(values).numpy() == 0)


def share_of_emptied(lookup, values):
    share = np.mean(lookup(values).numpy() == 0)
    values[:] = b""
    return share


def share_of_fourteen(lookup, values):
    return (lookup(values).numpy() == 0).sum() / 14


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
    return tf.keras.Sequential([lookup, layers.Embedding(23, 32)])


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


def without_the_users_gradient(self, inputs):
    both = [tf.stop_gradient(self.user_tower(inputs[0])), self.movie_tower(inputs[1])]
    return self.rating_layers(tf.concat(both, axis=1))


def user_twice(self, features, training=False):
    predictions = self.ranking_model((features["user_id"], features["user_id"]))
    return self.task(labels=features["user_rating"], predictions=predictions)


def title_first(self, features, training=False):
    predictions = self.ranking_model((features["movie_title"], features["user_id"]))
    return self.task(labels=features["user_rating"], predictions=predictions)


def ranking_class(call):
    """Return the notebook's RankingModel with another `call`."""
    return type("RankingModel", (article.RankingModel,), {"call": call})


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


def mse_of_rounded_predictions(labels, predictions):
    return flat_mse(labels, np.round(predictions))


def mse_of_clipped_predictions(labels, predictions):
    return flat_mse(labels, np.clip(predictions, 1, 5))


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
    "unknown_share": [
        (shares(),),
        (share_by_vocabulary,),
        (share_in_tensorflow,),
        (share_by_counting,),
        (shares(lambda unknown: 1 - np.count_nonzero(~unknown) / len(unknown)),),
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
        (ranking_class(movie_first),),
        (ranking_class(side_by_side_rating),),
        (ranking_class(call_by_indexing),),
        (ranking_class(rated(axis=-1)),),
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
        ({"q1": "B", "q2": "b", "q3": "C"},),
        ({"q3": "c", "q2": " b", "q1": "b "},),
        ({"q2": "B", "q1": "B ", "q3": np.str_("c")},),
    ],
}

WRONG = {
    "unknown_share": [
        ((shares(lambda unknown: (~unknown).mean()),), "the share of the known values"),
        ((shares(lambda unknown: 100 * unknown.mean()),), "This is in percent"),
        ((shares(lambda unknown: unknown.sum()),), "divide by the number of values"),
        ((shares(lambda unknown: (~unknown).sum()),), "how many values are known"),
        ((share_of_different,), "the share among the different values"),
        ((share_of_text_and_bytes,), "are bytes compared with text?"),
        ((share_of_first,), "the share of strangers is"),
        ((share_without_return,), "returns nothing: add `return`"),
        ((share_in_a_generator,), "returns a generator"),
        ((share_of_emptied,), "changes the values that it is given"),
        ((share_of_fourteen,), "the share of strangers is 1.0000; yours is 0.1429"),
        ((shares(lambda unknown: unknown),), "returns the shape (14,)"),
        ((shares(lambda unknown: unknown.mean(keepdims=True)),), "an array of shape (1,)"),
        ((shares(lambda unknown: f"{unknown.mean():.0%}"),), "returns a str"),
        ((shares(lambda unknown: round(unknown.mean(), 2)),), "the share of strangers is 0.1429"),
        ((shares(lambda unknown: bool(unknown.any())),), "returns a bool"),
        ((shares(lambda unknown: 0.0),), "the share of strangers is"),
        ((shares(lambda unknown: [unknown.mean()]),), "returns a list"),
        ((shares(lambda unknown: READ.repeat()),), "One number was asked for"),
        ((lambda lookup, values: np.mean(values == 0),), "the share of strangers is"),
        ((lambda lookup, values: np.mean(lookup(values).numpy() == 1),), "the share of strang"),
        ((0.0,), "A function was asked for"),
        (("0%",), "A function was asked for"),
    ],
    "occupation_tower": [
        ((occupation_tower(sorted({str(job) for job in JOBS})),), "All occupations share row 0"),
        ((occupation_tower([f"{job}" for job in JOBS]),), "All occupations share row 0"),
        ((occupation_tower(JOBS[:-1]),), "1 of 21 occupations share row 0, such as 'writer'"),
        ((occupation_tower(JOBS[JOBS != b"none"]),), "such as 'none'"),
        ((occupation_tower([job.title() for job in JOBS]),), "All occupations share row 0"),
        ((occupation_tower(np.arange(21).astype(str)),), "All occupations share row 0"),
        ((occupation_tower(np.append(JOBS, np.arange(900).astype("S3"))),), "22 are enough"),
        ((occupation_tower(numbers=16),), "the shape is (21, 16)"),
        ((occupation_tower(rows=21),), "lie beyond the table"),
        ((occupation_tower(rows=944),), "The table has 944 rows"),
        ((occupation_tower(embeddings_initializer="zeros"),), "All occupations share row 0"),
        ((frozen(occupation_tower()),), "no weights that training can change"),
        ((tower_without_lookup(),), "begins with a StringLookup"),
        ((tower_of_hashes(),), "share"),
        ((adapted_tower(),), "instead of `adapt`"),
        ((tower_with_two_unknown_rows(),), "The table has 23 rows"),
        ((article.make_tower,), "this is a function"),
        ((article.make_tower(JOBS)(tf.constant(JOBS)),), "This is what a model returns"),
        ((JOBS,), "this is a ndarray"),
        ((tf.keras.Sequential,), "This is a class"),
        (("occupation_tower",), "this is a str"),
        ((READ.repeat(),), "A model was asked for"),
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
        ((ranking_class(joined_by_numpy),), "Training cannot reach all tables"),
        ((ranking_class(with_embeddings_as_numpy),), "Training cannot reach all tables"),
        ((ranking_class(with_predicted_embeddings),), "Training cannot reach all tables"),
        ((ranking_class(without_the_users_gradient),), "Training cannot reach all tables"),
        ((NoModel,), "must be a `tf.keras.Model`"),
        ((article.make_rating_layers(),), "The class itself"),
        ((rated(),), "The class itself"),
        (("RankingModel",), "The class itself"),
        ((article.RankingModel([b"9"], [b"A"]),), "The class itself"),
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
        ((mse_with(mean=lambda squares: np.sum(squares) / 4),), "divided by 4: take their mean"),
        ((mse_of_rounded_predictions,), "use the predictions as they are"),
        ((mse_of_clipped_predictions,), "use the predictions as they are"),
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
        ((training_class(predictions_from_the_pair),), "`self.ranking_model` wants a pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u, m))),), "wants a pair"),
        ((training_class(calling(lambda s, u, m: s.ranking_model(u))),), "wants a pair"),
        ((training_class(user_twice),), "wants the user ids, then the titles"),
        ((training_class(title_first),), "wants the user ids, then the titles"),
        ((training_class(with_task(predictions=tf.nn.relu)),), "changed before the task sees"),
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
        (({"q1": "a", "q2": "b", "q3": "c"},), "q1: An unknown string is looked up"),
        (({"q1": "c", "q2": "b", "q3": "c"},), "q1: Embeddings belong to rows"),
        (({"q1": "b", "q2": "a", "q3": "c"},), "q2: The MAE would have to be"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q2: What `compile` gets"),
        (({"q1": "b", "q2": "b", "q3": "a"},), "q3: That would need"),
        (({"q1": "b", "q2": "b", "q3": "b"},), "q3: That would need"),
        (({"q1": "b", "q2": ..., "q3": "b"},), "Still open: q2"),
        (({"q1": "a", "q2": "a", "q3": "a"},), "q2: The MAE would have to be"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "q3: That would need labels of shape (n, 1) too"),
        (({"q1": "A ", "q2": "b", "q3": "c"},), "q1: An unknown string is looked up"),
        (({"q1": ..., "q2": None, "q3": "c"},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "b", "q3": "(n, n)"},), "q3: answer with one of a, b, c"),
        (({"q1": "b", "q2": "b", "q3": ("n", "n")},), "q3: answer with one of a, b, c"),
        (({"q1": 2, "q2": "b", "q3": "c"},), "q1: answer with one of a, b, c"),
        (({"q1": "b", "q2": "", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "b"},), "that has the keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "a", "Q3": "c"},), "that has the keys q1, q2, q3"),
        (({"q1": "b", "q2": "b", "q3": "c", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        (("bbc",), "Answer with a dict"),
        (({"b", "c"},), "Answer with a dict"),
        ((READ.repeat(),), "Answer with a dict"),
        ((["b", "b", "c"],), "Answer with a dict"),
    ],
}
