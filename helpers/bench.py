"""Measure lesson 3's recipe against the article's own code, and how fast each model gets good.

Each way runs in a process of its own, so that neither warms anything up for the other.
"""

import contextlib
import subprocess
import sys
import time

from helpers.environment import ROOT


def article():
    """Run the article's code: load, split, vocabularies, train, evaluate; return the test RMSE."""
    import numpy as np

    from helpers.models import MovielensModel, RankingModel
    from helpers.movielens import tf, tfds

    ratings = tfds.load("movielens/100k-ratings", split="train")
    ratings = ratings.map(
        lambda x: {name: x[name] for name in ("movie_title", "user_id", "user_rating")}
    )
    tf.keras.utils.set_random_seed(42)
    shuffled = ratings.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
    train, test = shuffled.take(80_000), shuffled.skip(80_000).take(20_000)
    titles = ratings.batch(1_000_000).map(lambda x: x["movie_title"])
    users = ratings.batch(1_000_000).map(lambda x: x["user_id"])
    unique_movie_titles = np.unique(np.concatenate(list(titles)))
    unique_user_ids = np.unique(np.concatenate(list(users)))
    model = MovielensModel(RankingModel(unique_user_ids, unique_movie_titles))
    model.compile(optimizer=tf.keras.optimizers.Adagrad(learning_rate=0.1))
    model.fit(train.shuffle(100_000).batch(8192).cache(), epochs=3, verbose=0)
    result = model.evaluate(test.batch(4096).cache(), return_dict=True, verbose=0)
    return result["root_mean_squared_error"]


def lesson3():
    """Run the course's recipe for the same; return the test RMSE."""
    from helpers.training import train_article_model

    _, _, result = train_article_model()
    return result["root_mean_squared_error"]


def read_with_tfds():
    """Visit all ratings one by one, as TFDS yields them; return how many there are."""
    from helpers.movielens import tfds

    return sum(1 for _ in tfds.load("movielens/100k-ratings", split="train"))


def read_ratings():
    """Read all fields of all ratings in one parse; return how many there are."""
    from helpers.movielens import read_ratings

    return len(read_ratings()["user_rating"])


def longer(callback):
    """Train lesson 4's model: the article's, with more updates."""
    from helpers.training import train_longer

    train, test = _train_and_test()
    callback.test = test
    train_longer(train, callbacks=[callback])


def factors(callback):
    """Train lesson 5's matrix factorization."""
    from helpers.ranking import train_model

    train, test = _train_and_test()
    callback.test = test
    train_model(train, (), l2=10, epochs=12, learning_rate=0.02, callbacks=[callback])


def better(callback):
    """Make lesson 5's features and train its better model."""
    from helpers.features import make_features
    from helpers.ranking import train_model

    train, test = _train_and_test()
    train_features = make_features(train)
    with callback.paused():
        callback.test = make_features(train, test)
    train_model(train_features, callbacks=[callback])


def _train_and_test():
    import numpy as np

    from helpers.features import load_rows
    from helpers.ratings import split_row_numbers, take

    rows = load_rows()
    fit, validation, test = split_row_numbers()
    return take(rows, np.concatenate([fit, validation])), take(rows, test)


def epochs_here(name):
    """Train one of `MODELS`; print after each epoch the seconds so far and the test RMSE."""
    from helpers.evaluation import rmse
    from helpers.movielens import tf
    from helpers.ranking import predict

    class Watch(tf.keras.callbacks.Callback):
        """Stop the clock while the test RMSE is computed."""

        def __init__(self):
            super().__init__()
            self.start = time.perf_counter()

        @contextlib.contextmanager
        def paused(self):
            pause = time.perf_counter()
            yield pause - self.start
            self.start += time.perf_counter() - pause

        def on_epoch_end(self, epoch, logs=None):
            with self.paused() as seconds:
                stars = predict(self.model, self.test)
                print(seconds, rmse(self.test["user_rating"], stars))

    MODELS[name](Watch())


MODELS = {f.__name__: f for f in (longer, factors, better)}
THRESHOLDS = (0.95, 0.93, 0.91, 0.90, 0.89, 0.88)
WAYS = {f.__name__: f for f in (article, lesson3, read_with_tfds, read_ratings)}


def run(function, name):
    """Call one of this module's functions in a new process; return the numbers it prints."""
    code = f"from helpers import bench; bench.{function}({name!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [float(word) for word in done.stdout.split()]


def time_here(name):
    """Import what is needed, then run one of `WAYS` and print its seconds and its result."""
    from helpers import training  # noqa: F401  imported before the clock starts

    start = time.perf_counter()
    result = WAYS[name]()
    print(time.perf_counter() - start, result)


def main():
    """Print two tables of two times and their ratio, then the times to a test RMSE."""
    for title, slow, fast, what in (
        ("From data to an evaluated model", "article", "lesson3", "test RMSE {:.3f}"),
        ("Reading the ratings", "read_with_tfds", "read_ratings", "{:,.0f} ratings"),
    ):
        print(title)
        times = {}
        for name in (slow, fast):
            times[name], result = run("time_here", name)
            print(f"  {name:15} {times[name]:6.2f} s   {what.format(result)}", flush=True)
        print(f"  {fast} is {times[slow] / times[fast]:.1f} times faster\n")
    print("Seconds from the raw rows until the test RMSE is below")
    print(f"  {'':9}" + "".join(f"{threshold:7.2f}" for threshold in THRESHOLDS) + "   at the end")
    for name in MODELS:
        printed = run("epochs_here", name)
        epochs = list(zip(printed[::2], printed[1::2]))
        reached = [next((t for t, value in epochs if value < r), None) for r in THRESHOLDS]
        cells = "".join(f"{'–':>7}" if t is None else f"{t:7.1f}" for t in reached)
        print(f"  {name:9}{cells}   {epochs[-1][1]:.3f}", flush=True)


if __name__ == "__main__":
    main()
