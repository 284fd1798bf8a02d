"""Section "steps" of the benchmark: a training step of each lesson against its own floor.

The floor is the same arithmetic without Keras: one compiled loop over batches that are in memory,
with ids as numbers; loss, gradients and update as `fit` computes them, and no metrics. What `fit`
takes more is measured part by part. Two models also have their step in NumPy, see `numpy_steps`.
"""

import contextlib
import functools
import time
from unittest.mock import patch

import numpy as np

from helpers.bench.process import call

KEPT, ROUNDS = 8, 4  # batches in memory; of all measurements


def article():
    """Lesson 3: the article's model."""
    from helpers.training import train_article_model

    train_article_model()


def longer():
    """Lesson 4: the article's model, longer."""
    from helpers.bench.rivals import train_and_test
    from helpers.training import train_longer

    train_longer(train_and_test()[0])


def factors():
    """Lesson 5: matrix factorization."""
    from helpers.bench.rivals import train_and_test
    from helpers.ranking import train_model

    train_model(train_and_test()[0], (), l2=10, epochs=6, learning_rate=0.02)


def better():
    """Lesson 5: the better model."""
    from helpers.bench.rivals import train_and_test
    from helpers.features import make_features
    from helpers.ranking import train_model

    train_model(make_features(train_and_test()[0]), epochs=4)


def lists():
    """Lesson 6: the better model on lists, pairwise."""
    import keras_rs

    from helpers.bench.rivals import train_and_test
    from helpers.listwise import make_list_features, train_ranker

    train_ranker(make_list_features(train_and_test()[0]), keras_rs.losses.PairwiseLogisticLoss())


def retrieval():
    """Lesson 7: the retrieval model."""
    from helpers.bench.rivals import train_and_test
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
    """Call a function that trains; return the model of its last `fit`, and its batches."""
    from helpers.movielens import tf

    fit, seen = tf.keras.Model.fit, {}

    def watched(model, batches, *rest, **named):
        seen.update(model=model, batches=batches)
        return fit(model, batches, *rest, **named)

    with patch.object(tf.keras.Model, "fit", watched):
        train()
    return seen["model"], seen["batches"]


def epoch_seconds(model, batches):
    """Train two epochs with `fit`; return the seconds of the faster, without what is around it."""
    from helpers.movielens import tf

    class Clock(tf.keras.callbacks.Callback):
        """Note how long each epoch takes."""

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            seconds.append(time.perf_counter() - self.start)

    seconds = []
    model.fit(batches, epochs=2, verbose=0, callbacks=[Clock()])
    return min(seconds)


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

    All are measured in turns, so that whatever else the machine does slows none alone, and the
    least of each counts.

    Returns:
        Dict of batch (rows of a step), fit (the lesson's own model and batches), floor, then what
        lookups, metrics, keras and input each add to the floor, and numpy (the floor's step in
        NumPy, or None).
    """
    from helpers.bench import numpy_steps
    from helpers.movielens import tf

    model, dataset = watch_fit(LESSONS[name])
    batches = list(dataset)
    rows = [len(next(iter(batch.values()))) for batch in batches]
    shape = _shape(batches[0])
    kept = [batch for batch in batches if _shape(batch) == shape][:KEPT]
    loops = {"ids": compiled_loop(model, kept), "metrics": compiled_loop(model, kept, metrics=True)}
    with ids_as_numbers(model, kept) as numbers:
        loops |= {
            "floor": compiled_loop(model, numbers),
            "numpy": numpy_steps.of_model(model, numbers),
        }
        loops["floor"](1)  # traces here, where ids are numbers
    loops = {name: run for name, run in loops.items() if run}
    steps = {name: _steps_in(run) for name, run in loops.items()}
    repeats = -(-len(batches) // len(kept))
    cached = tf.data.Dataset.from_generator(lambda: kept, output_signature=dataset.element_spec)
    in_memory = cached.cache().repeat(repeats)
    in_memory = in_memory.apply(tf.data.experimental.assert_cardinality(repeats * len(kept)))
    times = {name: [] for name in (*loops, "fit", "keras")}
    for _ in range(ROUNDS):
        times["fit"].append(epoch_seconds(model, dataset) / (sum(rows) / rows[0]))
        times["keras"].append(epoch_seconds(model, in_memory) / len(in_memory))
        for each, run in loops.items():
            start = time.perf_counter()
            run(steps[each])
            times[each].append((time.perf_counter() - start) / steps[each])
    least = {each: 1000 * min(seconds) for each, seconds in times.items()}
    return {
        "batch": rows[0], "fit": least["fit"], "floor": least["floor"],
        "lookups": least["ids"] - least["floor"], "metrics": least["metrics"] - least["ids"],
        "keras": least["keras"] - least["metrics"], "input": least["fit"] - least["keras"],
        "numpy": least.get("numpy"),
    }  # fmt: skip


def _shape(batch):
    return {name: column.shape for name, column in batch.items()}


def _steps_in(run, seconds=0.4):
    """Return about how many steps a loop takes in some seconds; it is traced before."""
    run(1)
    start = time.perf_counter()
    run(KEPT)
    return max(KEPT, round(KEPT * seconds / (time.perf_counter() - start)))


PARTS = {
    "lookups": "looking ids up", "metrics": "metrics", "keras": "Keras's own work",
    "input": "input and waiting for it",
}  # fmt: skip


def why(times):
    """Return in words what `fit` spends beside the floor: shares of its time, the largest first."""
    shares = sorted(((times[part] / times["fit"], PARTS[part]) for part in PARTS), reverse=True)
    return ", ".join(f"{what} {share:.0%}" for share, what in shares if share >= 0.03)


def measure_steps():
    """Print and return each lesson's step, its floor, and what makes the difference."""
    print(
        "  Milliseconds per step   batch     fit   floor   times   NumPy   of fit, beside the floor"
    )
    result = {}
    for name in LESSONS:
        times = result[name] = call("bench.steps", "step_times", name)
        in_numpy = f"{times['numpy']:8.2f}" if times["numpy"] else f"{'–':>8}"
        print(
            f"  {name:22} {times['batch']:7,} {times['fit']:7.2f} {times['floor']:7.2f}"
            f" {times['fit'] / times['floor']:7.1f}{in_numpy}   {why(times)}",
            flush=True,
        )
    return result
