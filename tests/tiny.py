"""Tiny ratings and models for tests, which ask nothing of the course's data and train nothing."""

import numpy as np

from helpers.data.ratings import take
from helpers.models import RatingModel, Recommender, Retriever, make_features


def make_rows(count=60, users=8, movies=12, seed=0):
    """Return ratings in the form that `load_rows` gives; the rows are in no order.

    No pair comes twice, but some users have rated several movies in one second.
    """
    rng = np.random.default_rng(seed)
    pairs = rng.permutation(users * movies)[:count]
    user, movie = np.divmod(pairs, movies)
    return {
        "user_id": np.char.mod("%d", user + 5).astype(bytes),  # 10 sorts before 5
        "movie_title": np.char.add("Movie ", np.char.mod("%d", movie)).astype(bytes),
        "user_rating": rng.integers(1, 6, count).astype(np.float32),
        "timestamp": rng.integers(0, 20, count) * rng.choice([1, 1_000, 50_000], count),
        "age": 20 + 5 * (user % 4),
        "gender": user % 2,
        "user_occupation_text": np.array([b"writer", b"none", b"artist"])[user % 3],
        "year": 1980 + movie % 5,
        "genres": (rng.random((movies, 20)) < 0.2).astype(np.float32)[movie],
    }


def scatter_weights(model, seed=0, scale=0.5):
    """Give all weights of a model, which has been called, values that are far from each other."""
    rng = np.random.default_rng(seed)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, scale, weight.shape))
    return model


def table_of(table):
    """Return a function that gives what a `Table` must: rows of its weights, by value."""
    weights, known = table.embedding.embeddings.numpy(), table.lookup.get_vocabulary()[1:]
    known = [value.encode() if isinstance(value, str) else value for value in known]
    place = {value: 1 + i for i, value in enumerate(known)}
    return lambda values: weights[[place.get(value, 0) for value in np.asarray(values).tolist()]]


def make_retriever(rows):
    """Return a `Retriever` whose weights are scattered."""
    retriever = Retriever(rows)
    retriever(take(rows, slice(1)))
    return scatter_weights(retriever)


def make_ranker(rows):
    """Return a `RatingModel` with all parts whose weights are scattered."""
    made = make_features(rows)
    ranker = RatingModel(made)
    ranker(take(made, slice(1)))
    return scatter_weights(ranker, scale=0.12)


def make_recommender(rows):
    """Return a `Recommender` of such models."""
    return Recommender(make_retriever(rows), make_ranker(rows), rows)
