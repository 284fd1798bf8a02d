"""What lessons 3 and 4 build: the article's training, a longer one, and ranking with the result."""

import numpy as np

from helpers.models import MovielensModel, RankingModel
from helpers.movielens import tf
from helpers.ratings import SEED, load_ratings, split_once, vocabulary

EPOCHS = 3
LEARNING_RATE = 0.1
LONGER = {"batch_size": 4_096, "learning_rate": 0.005, "epochs": 11}  # lesson 4: by validation


def make_batches(ratings, batch_size, shuffle=False):
    """Return the ratings in batches, kept in memory after the first pass.

    Args:
        ratings: a `tf.data.Dataset` of known length.
        batch_size: int.
        shuffle: whether to mix the ratings first.
    """
    if shuffle:
        ratings = ratings.shuffle(len(ratings))
    return ratings.batch(batch_size).cache()


def train_article_model():
    """Train the article's model on its split, with its settings; take about four seconds.

    Returns:
        The `MovielensModel`, the Keras history of its training, and the dict that `evaluate`
        returns for the test ratings.
    """
    ratings = load_ratings()
    train, test = split_once(ratings)
    user_ids, movie_titles = vocabulary(ratings, "user_id"), vocabulary(ratings, "movie_title")

    tf.keras.utils.set_random_seed(SEED)
    model = MovielensModel(RankingModel(user_ids, movie_titles))
    model.compile(optimizer=tf.keras.optimizers.Adagrad(learning_rate=LEARNING_RATE))
    history = model.fit(make_batches(train, 8192, shuffle=True), epochs=EPOCHS, verbose=0)
    result = model.evaluate(make_batches(test, 4096), return_dict=True, verbose=0)
    return model, history, result


def frequent_titles(train, at_least=2):
    """Return the titles that have enough ratings, sorted; the others share one embedding.

    Args:
        train: dict of arrays with movie_title.
        at_least: int, ratings; from 2 on, movies with fewer train the shared embedding.
    """
    titles, counts = np.unique(train["movie_title"], return_counts=True)
    return titles[counts >= at_least]


def train_longer(train, seed=SEED, callbacks=()):
    """Train the article's model with lesson 4's settings; take about four seconds.

    Args:
        train: dict of arrays with movie_title, user_id and user_rating, each of shape (n,).
        seed: int.
        callbacks: list of Keras callbacks.

    Returns:
        The trained `MovielensModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    fields = {name: train[name] for name in ("movie_title", "user_id", "user_rating")}
    model = MovielensModel(RankingModel(np.unique(train["user_id"]), frequent_titles(train)))
    model.compile(optimizer=tf.keras.optimizers.Adam(LONGER["learning_rate"]))
    ratings = tf.data.Dataset.from_tensor_slices(fields)
    batches = make_batches(ratings, LONGER["batch_size"], shuffle=True)
    model.fit(batches, epochs=LONGER["epochs"], verbose=0, callbacks=list(callbacks))
    return model


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
