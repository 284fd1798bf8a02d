"""What is done for a user who is not in the training ratings.

Folding in: Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems"
(2009); for one user and fixed movies, their least squares are a ridge regression.
"""

import numbers
from typing import NamedTuple

import numpy as np

from helpers.data.vocabularies import movie_numbers
from helpers.metrics.lists import top
from helpers.models.two_stages import CANDIDATES, SHOWN, STARS_WEIGHT

FOLD_L2 = 3.0  # lesson 10 chooses it, on users who were held out


def fold_in(movie_vectors, errors, l2):
    """Return the bias and vector of a new user, an array of shape (1 + d,).

    They minimise the sum of squared errors plus `l2` times the sum of their squares, which is the
    training loss of a matrix factorization as far as this user is concerned.

    Args:
        movie_vectors: of the movies that the user has rated, shape (n, d); n may be 0.
        errors: stars minus what mean and movie bias expect, shape (n,).
        l2: float, the l2 of training.

    Raises:
        ValueError: there are not as many vectors as errors, or too few of both for an l2 of 0.
    """
    inputs = np.column_stack([np.ones(len(errors)), movie_vectors])
    return np.linalg.solve(inputs.T @ inputs + l2 * np.eye(inputs.shape[1]), inputs.T @ errors)


def shares_of(movie_vectors, errors, l2, vectors):
    """Return what each rating contributes to b + u·m, stars; they add up to it exactly.

    Args:
        movie_vectors, errors, l2: as `fold_in` takes them, for n ratings.
        vectors: m of the movies that are recommended, shape (k, d).

    Returns:
        Array of shape (k, n).
    """
    users = [fold_in(movie_vectors, only, l2) for only in np.diag(errors)]  # others' errors are 0
    users = np.array(users).reshape(len(errors), 1 + movie_vectors.shape[1])
    return users[:, 0] + vectors @ users[:, 1:].T


class Offers(NamedTuple):
    """What a new user is offered, and why; the best first.

    Attributes:
        titles: list of k titles, str.
        scores: array of shape (k,).
        stars: predicted stars from 1 to 5, array of shape (k,).
        own_parts: the part of each score that is the same for everybody, array of shape (k,).
        shares: what each of the user's n ratings adds to each score, array of shape (k, n), in the
            order in which they were given. With `own_parts` they add up to the scores.
    """

    titles: list
    scores: np.ndarray
    stars: np.ndarray
    own_parts: np.ndarray
    shares: np.ndarray


class NewUsers:
    """Recommend to users who bring their ratings along; nothing is trained again.

    Stars are folded in, retrieval takes the mean embedding of the rated movies, and both go into
    one score.

    Args:
        factors: a `RatingModel` without parts, a matrix factorization with biases.
        retriever: a `Retriever`.
        train: the training rows of both.
        l2: of folding in.
        stars_weight: what a predicted star adds to a candidate's retrieval score.

    Attributes:
        titles: all titles, str, sorted.

    Example:
        newcomers.recommend({"Alien (1979)": 5, "Dumbo (1941)": 2}).titles
    """

    def __init__(self, factors, retriever, train, l2=FOLD_L2, stars_weight=STARS_WEIGHT):
        titles = np.unique(train["movie_title"])
        self.titles = [title.decode() for title in titles]
        self.encoded, self.l2, self.stars_weight = titles, l2, stars_weight
        of_movies = factors.movie_vectors({"movie_title": titles}).numpy()
        self.expected, self.vectors = factors.mean + of_movies[:, 0], of_movies[:, 1:]
        self.embeddings = retriever.movie(titles).numpy()
        self.mean_user = retriever.user(np.unique(train["user_id"])).numpy().mean(axis=0)

    def recommend(self, ratings, shown=SHOWN):
        """Return `Offers` for a user.

        Args:
            ratings: dict from title (str) to stars from 1 to 5; without any, the average user of
                retrieval stands in.
            shown: how many to offer.

        Raises:
            ValueError: a title is not known, or stars are no number from 1 to 5; the message names
                it.
        """
        movies = movie_numbers(self.encoded, ratings)
        stars = np.array([_checked(*pair) for pair in ratings.items()], float)
        errors, vectors = stars - self.expected[movies], self.vectors[movies]
        user = fold_in(vectors, errors, self.l2)
        stars = self.expected + user[0] + self.vectors @ user[1:]
        # Of each rated movie (or of the one average user), its part of the mean's dot product.
        given = self.embeddings[movies] if len(movies) else self.mean_user[None]
        parts = self.embeddings @ given.T / len(given)
        seen = np.isin(np.arange(len(self.titles)), movies)
        candidates = top(parts.sum(axis=1)[None], seen[None], CANDIDATES)[0]
        candidates = candidates[~seen[candidates]]
        scores = parts.sum(axis=1) + self.stars_weight * stars
        best = candidates[np.argsort(-scores[candidates], kind="stable")[:shown]]
        shares = self.stars_weight * shares_of(vectors, errors, self.l2, self.vectors[best])
        own = self.stars_weight * self.expected[best]
        return Offers(
            [self.titles[movie] for movie in best],
            scores[best],
            np.clip(stars[best], 1, 5),
            own if len(movies) else own + parts[best, 0],
            shares + parts[best] if len(movies) else shares,
        )


def _checked(title, stars):
    """Return stars if they are some; a slip of the hand would move everything."""
    if not isinstance(stars, numbers.Real) or not 1 <= stars <= 5:
        raise ValueError(f"{title!r} has {stars!r}, which is not a number of stars from 1 to 5")
    return stars
