"""What lesson 2 builds: the article's ranking model, and the TFRS model that trains it."""

from helpers.movielens import tf, without_startup_log

with without_startup_log():
    import tensorflow_recommenders as tfrs

EMBEDDING_DIMENSION = 32


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
