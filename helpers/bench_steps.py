"""Section "steps" of the benchmark: a training step of each lesson against its own floor.

The floor is the same arithmetic without Keras: one compiled loop over batches that are in memory,
with ids as numbers; loss, gradients and update as `fit` computes them, and no metrics. What `fit`
takes more is measured part by part. Two models also have their step in NumPy, see `bench_numpy`.
"""

import contextlib
import functools
import time
from unittest.mock import patch

import numpy as np

from helpers.bench_process import call

KEPT = 8  # batches in memory


def article():
    """Lesson 3: the article's model."""
    from helpers.training import train_article_model

    train_article_model()


def longer():
    """Lesson 4: the article's model, longer."""
    from helpers.bench_rivals import train_and_test
    from helpers.training import train_longer

    train_longer(train_and_test()[0])


def factors():
    """Lesson 5: matrix factorization."""
    from helpers.bench_rivals import train_and_test
    from helpers.ranking import train_model

    train_model(train_and_test()[0], (), l2=10, epochs=6, learning_rate=0.02)


def better():
    """Lesson 5: the better model."""
    from helpers.bench_rivals import train_and_test
    from helpers.features import make_features
    from helpers.ranking import train_model

    train_model(make_features(train_and_test()[0]), epochs=4)


def lists():
    """Lesson 6: the better model on lists, pairwise."""
    import keras_rs

    from helpers.bench_rivals import train_and_test
    from helpers.listwise import make_list_features, train_ranker

    train_ranker(make_list_features(train_and_test()[0]), keras_rs.losses.PairwiseLogisticLoss())


def retrieval():
    """Lesson 7: the retrieval model."""
    from helpers.bench_rivals import train_and_test
    from helpers.retrieval import train_retriever

    train_retriever(train_and_test()[0])


def growth():
    """Lesson 8: matrix factorization of a million simulated ratings."""
    from helpers.growth import measure_here

    measure_here(1_000_000)


LESSONS = {
    "3 article": article,
    "4 longer": longer,
    "5 factors": factors,
    "5 better": better,
    "6 lists": lists,
    "7 retrieval": retrieval,
    "8 factors": growth,
}


def watch_fit(train):
    """Call a function that trains; return what its last `fit` trained, with what, and how fast.

    Returns:
        The model, its batches (a dataset), and the seconds of the fastest epoch. The first does
        not count if there are more: it traces, and fills caches.
    """
    from helpers.movielens import tf

    fit, seen = tf.keras.Model.fit, {}

    class Clock(tf.keras.callbacks.Callback):
        """Note how long each epoch takes."""

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            seen["seconds"].append(time.perf_counter() - self.start)

    def watched(model, batches, *rest, callbacks=(), **named):
        seen.update(model=model, batches=batches, seconds=[])
        return fit(model, batches, *rest, callbacks=[*callbacks, Clock()], **named)

    tf.keras.Model.fit = watched
    try:
        train()
    finally:
        tf.keras.Model.fit = fit
    seconds = seen["seconds"]
    return seen["model"], seen["batches"], min(seconds[1:] or seconds)


def compiled_loop(model, batches, metrics=False):
    """Return a function that trains so many steps without Keras; it returns the last loss.

    Args:
        model: a compiled `tfrs.Model`.
        batches: list of dicts of tensors, all of the same shapes; used in turns.
        metrics: whether to compute the model's metrics too, as `fit` does.
    """
    from helpers.movielens import tf

    stacked = {name: tf.stack([batch[name] for batch in batches]) for name in batches[0]}
    variables = model.trainable_variables
    model.optimizer.build(variables)

    @tf.function
    def train(steps):
        loss = tf.constant(0.0)
        for step in tf.range(steps):
            batch = {name: values[step % len(batches)] for name, values in stacked.items()}
            with tf.GradientTape() as tape:
                loss = model.compute_loss(batch, training=True) + sum(model.losses)
            model.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    def run(steps):
        with contextlib.nullcontext() if metrics else _without_metrics(model):
            return float(train(tf.constant(steps)))

    return run


@contextlib.contextmanager
def _without_metrics(model):
    task = model.task
    model.task = functools.partial(task, compute_metrics=False)
    try:
        yield
    finally:
        model.task = task


@contextlib.contextmanager
def ids_as_numbers(model, batches):
    """Look ids up once, and let the model's lookups pass these numbers on while this is open.

    Args:
        model: a `tfrs.Model` whose lookups of one field all have the same vocabulary.
        batches: list of dicts of tensors.

    Yields:
        The batches with numbers in place of ids.
    """
    from helpers.movielens import tf

    kinds = (tf.keras.layers.StringLookup, tf.keras.layers.IntegerLookup)
    first, lookups = batches[0], {}

    def noted(own, values):
        for name, column in first.items():
            if column.dtype == values.dtype and np.array_equal(column, values):
                lookups[name] = own
        return own(values)

    def through(layers, values, **_):  # a `Sequential` itself would insist on strings
        return functools.reduce(lambda values, layer: layer(values), layers, values)

    parts = [part for part in model.submodules if isinstance(part, kinds)]
    with contextlib.ExitStack() as patches:
        for part in parts:
            patches.enter_context(patch.object(part, "call", functools.partial(noted, part.call)))
        model.compute_loss(first)
    numbers = [
        batch | {name: look_up(batch[name]) for name, look_up in lookups.items()}
        for batch in batches
    ]
    with contextlib.ExitStack() as patches:
        for part in parts:
            patches.enter_context(patch.object(part, "call", tf.identity))
        for part in model.submodules:
            if isinstance(part, tf.keras.Sequential):
                own = functools.partial(through, part.layers)
                patches.enter_context(patch.object(part, "call", own))
        yield numbers


def step_times(name):
    """Train one of `LESSONS`; return milliseconds per step, of `fit` and of what it consists of.

    Returns:
        Dict of fit (the lesson's own), floor, lookups and metrics (what each adds to the floor),
        input (the batches alone; partly at the same time as the rest), batch (rows) and numpy
        (None where there is none).
    """
    from helpers import bench_numpy

    model, dataset, seconds = watch_fit(LESSONS[name])
    start = time.perf_counter()
    batches = list(dataset)
    pipeline = time.perf_counter() - start
    shape = _shape(batches[0])
    steps = sum(_rows(batch) for batch in batches) / _rows(batches[0])  # the last may be smaller
    kept = [batch for batch in batches if _shape(batch) == shape][:KEPT]
    with ids_as_numbers(model, kept) as numbers:
        floor = _milliseconds(compiled_loop(model, numbers))
        in_numpy = bench_numpy.of_model(model, numbers)
    lookups = _milliseconds(compiled_loop(model, kept)) - floor if numbers != kept else 0.0
    metrics = 0.0
    if len(model.metrics):
        metrics = _milliseconds(compiled_loop(model, kept, metrics=True)) - floor - lookups
    return {
        "fit": 1000 * seconds / steps, "floor": floor, "lookups": lookups, "metrics": metrics,
        "input": 1000 * pipeline / steps, "batch": _rows(batches[0]),
        "numpy": in_numpy and _milliseconds(in_numpy),
    }  # fmt: skip


def _rows(batch):
    return len(next(iter(batch.values())))


def _shape(batch):
    return {name: column.shape for name, column in batch.items()}


def _milliseconds(run, repeats=5):
    """Return how long a step takes: the least of some runs, as other programs only add time."""
    run(1)
    start = time.perf_counter()
    run(KEPT)
    steps = max(KEPT, round(0.4 * KEPT / (time.perf_counter() - start)))  # about 0.4 s
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(steps)
        seconds.append(time.perf_counter() - start)
    return 1000 * min(seconds) / steps


def why(times):
    """Return in words what `fit` spends beside the floor: shares of its time, the largest first."""
    known = {"string lookup": times["lookups"], "metrics": times["metrics"]}
    rest = times["fit"] - times["floor"] - sum(known.values())
    shares = known | {f"Keras, input ({times['input']:.1f} ms alone)": rest}
    shares = sorted(((ms / times["fit"], what) for what, ms in shares.items()), reverse=True)
    return ", ".join(f"{what} {share:.0%}" for share, what in shares if share >= 0.03)


def measure_steps():
    """Print and return each lesson's step, its floor, and what makes the difference."""
    print(
        "  Milliseconds per step   batch     fit   floor   times   NumPy   of fit, beside the floor"
    )
    result = {}
    for name in LESSONS:
        times = result[name] = call("bench_steps", "step_times", name)
        in_numpy = f"{times['numpy']:8.2f}" if times["numpy"] else f"{'–':>8}"
        print(
            f"  {name:22} {times['batch']:7,} {times['fit']:7.2f} {times['floor']:7.2f}"
            f" {times['fit'] / times['floor']:7.1f}{in_numpy}   {why(times)}",
            flush=True,
        )
    return result
