"""Measure how time and memory grow with the number of ratings, in a process of its own."""

import time
from pathlib import Path

from helpers.scale.processes import call
from helpers.setup.platforms import peak_memory

BATCH_SIZE = 2_048
NUMBERED_FIELDS = ("user_id", "movie_title")
STEPS = ("get", "number", "train")


def measure(*sources, seconds=None):
    """Return what it costs to get ratings, number their ids and train one epoch, at some sizes.

    One process measures all of them, in the order given. Name the smallest first: the peak of a
    process's memory never falls.

    Args:
        *sources: each is how many ratings to simulate, or "25m-ratings", which TFDS downloads and
            prepares once.
        seconds: the time limit for all; by default five minutes, or three hours if "25m-ratings"
            is among them.

    Returns:
        For each source a dict of ratings, users and movies (counts), get, number and train
        (seconds), and peak (GB of memory, of which TensorFlow alone takes about 0.6).

    Raises:
        ProcessError: the process failed or took too long; the message says how.
    """
    if seconds is None:
        seconds = 3 * 3600 if "25m-ratings" in sources else 300
    return call("scale.growth", "measure_all_here", *sources, seconds=seconds)


def measure_all_here(*sources):
    """Do in this process what `measure` does in another."""
    return [measure_here(source) for source in sources]


def measure_here(source):
    """Return what one source costs.

    Small batches keep a step's own numbers in the processor's cache, and nearly all their users
    differ however many there are. What still grows is the way to a table that leaves the cache.
    """
    from helpers.data.batches import make_batches
    from helpers.data.simulation import simulate
    from helpers.data.vocabularies import numbered
    from helpers.keras2 import tf
    from helpers.models.factors import Factors
    from helpers.models.training import STEPS_PER_CALL

    # What only first calls do, does not grow.
    numbered(simulate(1_000, fields=NUMBERED_FIELDS).ratings)
    clock = [time.perf_counter()]
    if source == "25m-ratings":
        prepare_25m()  # only once ever
        clock[0] = time.perf_counter()
        ratings = read_25m()
    else:
        ratings = simulate(int(source), fields=NUMBERED_FIELDS).ratings
    clock.append(time.perf_counter())
    numbers, users, movies = numbered(ratings)
    clock.append(time.perf_counter())
    size = min(BATCH_SIZE, len(numbers["user_rating"]))
    model = Factors(users, movies, size)
    model.compile(tf.keras.optimizers.Adagrad(0.1), steps_per_execution=STEPS_PER_CALL)
    batches = make_batches(numbers, size, shuffle=True, drop_remainder=True)
    model.fit(batches.take(1), verbose=0)  # traces

    def look_at_the_clock(epoch, logs=None):
        clock.append(time.perf_counter())

    watch = tf.keras.callbacks.LambdaCallback(look_at_the_clock, look_at_the_clock)
    model.fit(batches, verbose=0, callbacks=[watch])  # begin and end of its epoch
    return {
        "ratings": len(numbers["user_rating"]), "users": users, "movies": movies,
        "get": clock[1] - clock[0], "number": clock[2] - clock[1], "train": clock[4] - clock[3],
        "peak": peak_memory(),
    }  # fmt: skip


def prepare_25m():
    """Return the files of MovieLens 25M, which TFDS downloads and prepares if need be."""
    from helpers.data.movielens import tfds

    builder = tfds.builder("movielens/25m-ratings")
    builder.download_and_prepare()
    return sorted(str(file) for file in Path(builder.data_dir).glob("*.tfrecord*"))


def read_25m():
    """Return MovieLens 25M, prepared if need be; movie ids stand in for titles."""
    import numpy as np

    from helpers.keras2 import tf

    files = prepare_25m()
    record = {
        "user_id": tf.io.FixedLenFeature([], tf.string),
        "movie_id": tf.io.FixedLenFeature([], tf.string),
        "user_rating": tf.io.FixedLenFeature([], tf.float32),
    }
    batches = tf.data.TFRecordDataset(files).batch(100_000)
    parsed = list(batches.map(lambda batch: tf.io.parse_example(batch, record)))
    columns = {}
    for name in record:
        parts = [batch[name].numpy() for batch in parsed]
        columns[name] = np.concatenate(
            [part.astype(bytes) if part.dtype == object else part for part in parts]
        )
    return columns | {"movie_title": columns.pop("movie_id")}
