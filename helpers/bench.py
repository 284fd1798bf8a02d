"""Measure lesson 3's recipe against the article's own code, after import, in one run.

Each way runs in a process of its own, so that neither warms anything up for the other.
"""

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


WAYS = {f.__name__: f for f in (article, lesson3, read_with_tfds, read_ratings)}


def measure(name):
    """Return (seconds, what the function returned) for one of `WAYS`, in a new process."""
    code = f"from helpers import bench; bench.time_here({name!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    seconds, result = done.stdout.split()[-2:]
    return float(seconds), float(result)


def time_here(name):
    """Import what is needed, then run one of `WAYS` and print its seconds and its result."""
    from helpers import training  # noqa: F401  imported before the clock starts

    start = time.perf_counter()
    result = WAYS[name]()
    print(time.perf_counter() - start, result)


def main():
    """Print both tables, each with the ratio of its two times."""
    for title, slow, fast, what in (
        ("From data to an evaluated model", "article", "lesson3", "test RMSE {:.3f}"),
        ("Reading the ratings", "read_with_tfds", "read_ratings", "{:,.0f} ratings"),
    ):
        print(title)
        times = {}
        for name in (slow, fast):
            times[name], result = measure(name)
            print(f"  {name:15} {times[name]:6.2f} s   {what.format(result)}", flush=True)
        print(f"  {fast} is {times[slow] / times[fast]:.1f} times faster\n")


if __name__ == "__main__":
    main()
