"""The article's ranking model, the TFRS model that trains it, and ranking with the result."""

import numpy as np

from helpers import SEED
from helpers.data.batches import make_batches
from helpers.data.ratings import load_ratings, take
from helpers.data.split import split_once
from helpers.data.vocabularies import vocabulary
from helpers.keras2 import tf, tfrs
from helpers.models.training import fit_like

EMBEDDING_DIMENSION = 32
LONGER = {"optimizer": "Adam", "learning_rate": 0.005, "batch_size": 4_096, "epochs": 12}


def make_tower(vocabulary):
    """Return a model that turns strings of shape (n,) into embeddings of shape (n, 32).

    Row 0 of its table is shared by all strings that are not in the vocabulary.

    Args:
        vocabulary: array of the known strings, each once.
    """
    return tf.keras.Sequential(
        [
            tf.keras.layers.StringLookup(vocabulary=vocabulary, mask_token=None),
            tf.keras.layers.Embedding(len(vocabulary) + 1, EMBEDDING_DIMENSION),
        ]
    )


def make_rating_layers():
    """Return the dense layers that turn features of shape (n, d) into ratings of shape (n, 1)."""
    return tf.keras.Sequential(
        [
            tf.keras.layers.Dense(256, activation="relu"),
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(1),
        ]
    )


class RankingModel(tf.keras.Model):
    """Predict ratings from user ids and movie titles.

    Args:
        user_ids, movie_titles: the vocabularies, arrays of bytes.
    """

    def __init__(self, user_ids, movie_titles):
        super().__init__()
        self.user_tower = make_tower(user_ids)
        self.movie_tower = make_tower(movie_titles)
        self.rating_layers = make_rating_layers()

    def call(self, inputs):
        """Return predictions of shape (n, 1) for `(user_id, movie_title)`, each of shape (n,)."""
        user_id, movie_title = inputs
        embeddings = [self.user_tower(user_id), self.movie_tower(movie_title)]
        return self.rating_layers(tf.concat(embeddings, axis=1))


class MovielensModel(tfrs.Model):
    """Train a ranking model on the squared error of its predictions.

    Args:
        ranking_model: a model that takes `(user_id, movie_title)`.

    Example:
        model = MovielensModel(RankingModel(unique_user_ids, unique_movie_titles))
        model.compile(optimizer=tf.keras.optimizers.Adagrad(0.1))
        model.fit(batches, epochs=3)
    """

    def __init__(self, ranking_model):
        super().__init__()
        self.ranking_model = ranking_model
        self.task = tfrs.tasks.Ranking(
            loss=tf.keras.losses.MeanSquaredError(),
            metrics=[tf.keras.metrics.RootMeanSquaredError()],
        )

    def call(self, features):
        """Return predictions of shape (n, 1) for a dict with user_id and movie_title."""
        return self.ranking_model((features["user_id"], features["movie_title"]))

    def compute_loss(self, features, training=False):
        """Return the loss of a batch, a scalar; `features` also has user_rating, and is kept."""
        return self.task(labels=features["user_rating"], predictions=self(features))


def train_article_model(seed=SEED):
    """Train the article's model on its split, with its settings; take about four seconds.

    Args:
        seed: int, of the training; the split stays.

    Returns:
        The trained `MovielensModel`; its `history` holds the training RMSE of each epoch.
    """
    ratings = load_ratings()
    train, _ = split_once(ratings)
    user_ids, movie_titles = vocabulary(ratings, "user_id"), vocabulary(ratings, "movie_title")

    tf.keras.utils.set_random_seed(seed)
    model = MovielensModel(RankingModel(user_ids, movie_titles))
    model.compile(optimizer=tf.keras.optimizers.Adagrad(learning_rate=0.1))
    batches = train.shuffle(len(train)).batch(8_192).cache()  # the article's order of the three
    model.fit(batches, epochs=3, verbose=0)
    return model


def frequent_titles(train, at_least=2):
    """Return the titles that have enough ratings, sorted; the others share one embedding.

    Args:
        train: dict of arrays with movie_title.
        at_least: int, ratings; from 2 on, movies with fewer train the shared embedding.
    """
    titles, counts = np.unique(train["movie_title"], return_counts=True)
    return titles[counts >= at_least]


def train_longer(train, seed=SEED, callbacks=(), validation=None, settings=LONGER, like=None):
    """Train the article's model longer, as validation has chosen; take about four seconds.

    Args:
        train: dict of arrays with movie_title, user_id and user_rating, each of shape (n,).
        seed: int.
        callbacks: list of Keras callbacks.
        validation: a dict like `train`; Keras then reports its RMSE after each epoch.
        settings: a dict like `LONGER`, with the name of a Keras optimizer.
        like: the model that this function has returned for another seed; as `fit_model` takes it.

    Returns:
        The trained `MovielensModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    model = MovielensModel(RankingModel(np.unique(train["user_id"]), frequent_titles(train)))
    optimizer = getattr(tf.keras.optimizers, settings["optimizer"])
    model.compile(optimizer=optimizer(settings["learning_rate"]))
    batches = _batches_of(train, settings["batch_size"], shuffle=True)
    run = {
        "validation_data": validation and _batches_of(validation, settings["batch_size"]),
        "epochs": settings["epochs"],
        "callbacks": list(callbacks),
        "verbose": 0,
    }
    if like is not None:
        model(take(train, slice(1)))  # makes the weights
        return fit_like(like, model, batches, **run)
    model.fit(batches, **run)
    return model


def _batches_of(rows, batch_size, shuffle=False):
    fields = {name: rows[name] for name in ("movie_title", "user_id", "user_rating")}
    return make_batches(fields, batch_size, shuffle)


def rank_movies(model, user_id, movie_titles):
    """Rank movies for one user.

    Args:
        model: takes a dict of user_id and movie_title, returns stars of shape (n, 1).
        user_id: str.
        movie_titles: sequence of n str.

    Returns:
        List of (movie title, predicted stars), the highest first.
    """
    features = {
        "user_id": np.array([user_id] * len(movie_titles)),
        "movie_title": np.array(movie_titles),
    }
    predictions = np.ravel(model(features))
    order = np.argsort(-predictions, kind="stable")
    return [(movie_titles[i], float(predictions[i])) for i in order]
