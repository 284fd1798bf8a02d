"""Two stages in one module that can be saved and served.

Retrieval picks candidates, the rating model judges them, and what the user has rated is
left out. Whatever depends on one side only, user or movie, is computed once, beforehand.
"""

import numpy as np

from helpers.data.ratings import every_pair, stars_matrix
from helpers.keras2 import tf
from helpers.models.features import make_features
from helpers.models.multi_task import MultiTask

CANDIDATES, SHOWN = 100, 10
STARS_WEIGHT = 0.75  # chosen on validation, by full-catalogue NDCG@10
NOBODY = {"user_id": b"", "user_occupation_text": b"", "age": -1, "gender": -1}


class TwoStages(tf.Module):
    """Put the best candidates of users in order; users and movies are numbers.

    Users are numbered from 1 in the order of their ids; 0 is a user without ratings, whose
    retrieval embedding is the mean of all. Movies are numbered from 0 in the order of their titles.

    Args:
        retriever: a trained `Retriever`, or a `MultiTask` that is the ranker too.
        ranker: a `RatingModel` with all of its parts, trained on `make_features(train)`.
        train: training rows.
        stars_weight: what a predicted star adds to a candidate's retrieval score.
    """

    def __init__(self, retriever, ranker, train, stars_weight=STARS_WEIGHT):
        super().__init__()
        users, titles = np.unique(train["user_id"]), np.unique(train["movie_title"])
        self.stars_weight = stars_weight
        self.candidates, self.shown = min(CANDIDATES, len(titles)), min(SHOWN, len(titles))
        seen = stars_matrix(train, users, titles) > 0
        self.seen = tf.constant(np.insert(seen, 0, False, axis=0))

        one_movie = dict(train, movie_title=np.full(len(train["user_id"]), titles[0]))
        of_users = {
            name: np.insert(values, 0, NOBODY.get(name, values[0]), axis=0)
            for name, values in every_pair(one_movie, users).items()
        }
        of_users = make_features(train, of_users)
        of_movies = make_features(train, every_pair(train, users[:1]))
        self.user_vectors = ranker.user_vectors(of_users)
        self.movie_vectors = ranker.movie_vectors(of_movies)
        if isinstance(retriever, MultiTask):  # its towers serve both stages
            pair = retriever.retrieval_vectors(self.user_vectors[1:], self.movie_vectors)
        else:
            pair = retriever.user(users), retriever.movie(titles)
        known, self.movie_embeddings = pair
        self.user_embeddings = tf.concat([tf.reduce_mean(known, 0, keepdims=True), known], axis=0)
        self.user_statistics = tf.constant(of_users["statistics"][:, :3])
        self.movie_statistics = tf.constant(of_movies["statistics"][:, 3:])
        self.user_times = tf.constant(of_users["time"])
        self.combine = ranker.combine
        layers = (*ranker.crosses, ranker.last)
        self.learned = [variable for layer in layers for variable in layer.variables]

    def stars(self, users, movies):
        """Return predicted stars, not clipped to 1 to 5.

        Args:
            users: user numbers of shape (n,).
            movies: movie numbers of shape (n, m).

        Returns:
            Tensor of shape (n, m).
        """
        n, m = tf.unstack(tf.shape(movies))
        user, movie = tf.repeat(users, m), tf.reshape(movies, [-1])
        numbers = (
            tf.gather(self.user_statistics, user),
            tf.gather(self.movie_statistics, movie),
            tf.gather(self.user_times, user),
        )
        stars = self.combine(
            tf.gather(self.user_vectors, user),
            tf.gather(self.movie_vectors, movie),
            tf.concat(numbers, axis=1),
        )
        return tf.reshape(stars, [n, m])

    def all_retrieval(self):
        """Return retrieval scores of each known user and movie, of shape (users, movies)."""
        return (self.user_embeddings[1:] @ tf.transpose(self.movie_embeddings)).numpy()

    def all_stars(self):
        """Return predicted stars of each known user and movie, of shape (users, movies).

        Not clipped; in groups of 100 users, to stay small in memory.
        """
        users = np.arange(1, len(self.user_vectors), dtype=np.int32)
        movies = np.tile(np.arange(len(self.movie_vectors), dtype=np.int32), (100, 1))
        groups = [users[first : first + 100] for first in range(0, len(users), 100)]
        return np.concatenate([self.stars(group, movies[: len(group)]) for group in groups])

    def top(self, users):
        """Return the ten best candidates of some users.

        Args:
            users: user numbers, an integer tensor of shape (n,).

        Returns:
            Dict of movies (their numbers), scores and stars (from 1 to 5), each of shape (n, 10),
            the highest score first. Where a user has fewer unseen movies, seen ones come last, with
            a score of -inf; with fewer than ten movies at all, the shape is (n, movies).
        """
        retrieval = tf.gather(self.user_embeddings, users) @ tf.transpose(self.movie_embeddings)
        retrieval = tf.where(tf.gather(self.seen, users), -np.inf, retrieval)
        scores, movies = tf.math.top_k(retrieval, self.candidates)
        stars = self.stars(users, movies)
        scores, places = tf.math.top_k(scores + self.stars_weight * stars, self.shown)
        return {
            "movies": tf.gather(movies, places, batch_dims=1),
            "scores": scores,
            "stars": tf.clip_by_value(tf.gather(stars, places, batch_dims=1), 1.0, 5.0),
        }


class Recommender(tf.Module):
    """Recommend movies by title to users by id: strings outside, `TwoStages` inside.

    Args:
        retriever, ranker, train, stars_weight: as `TwoStages` takes them.

    Example:
        recommender.recommend(tf.constant(["9"]))["titles"]
        tf.saved_model.save(recommender, folder, signatures=recommender.recommend)
    """

    def __init__(self, retriever, ranker, train, stars_weight=STARS_WEIGHT):
        super().__init__()
        self.stages = TwoStages(retriever, ranker, train, stars_weight)
        users = tf.constant(np.unique(train["user_id"]))
        self.titles = tf.constant(np.unique(train["movie_title"]))
        # int64: LiteRT looks strings up to this type alone.
        numbers = tf.range(1, len(users) + 1, dtype=tf.int64)
        numbers = tf.lookup.KeyValueTensorInitializer(users, numbers)
        self.number_of_user = tf.lookup.StaticHashTable(numbers, default_value=0)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="user_id")])
    def recommend(self, user_id):
        """Return the ten best candidates of some users.

        Args:
            user_id: user ids, a string tensor of shape (n,).

        Returns:
            Dict of titles, scores and stars, each of shape (n, 10), the highest score first.
        """
        top = self.stages.top(self.number_of_user.lookup(user_id))
        top["titles"] = tf.gather(self.titles, top.pop("movies"))
        return top
