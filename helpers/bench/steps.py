"""Section "steps" of the benchmark: a training step of each model against its own floor.

The floor is the same arithmetic without Keras: one compiled loop over batches that are in memory,
with ids as numbers; loss, gradients and update as `fit` computes them, and no metrics. What `fit`
takes more is measured part by part.
"""

import contextlib
import functools
import time

import numpy as np

from helpers.bench.rivals import train_and_test
from helpers.scale.processes import call

KEPT, TURNS = 8, 4  # batches in memory; of all measurements


def article():
    """The article's model."""
    from helpers.data import load_ratings, split_once
    from helpers.models import train_article_model

    train, _ = split_once(load_ratings())
    return train_article_model(), train.batch(8_192).cache()


def longer():
    """The article's model, longer."""
    from helpers.data import make_batches
    from helpers.models import train_longer
    from helpers.models.article import LONGER

    train, _ = train_and_test()
    fields = {name: train[name] for name in ("movie_title", "user_id", "user_rating")}
    return train_longer(train), make_batches(fields, LONGER["batch_size"], shuffle=True)


def factors():
    """Matrix factorization."""
    from helpers.data import make_batches
    from helpers.models import train_rating_model

    train, _ = train_and_test()
    model = train_rating_model(train, (), l2=10, epochs=6, learning_rate=0.02)
    return model, make_batches({name: train[name] for name in model.fields}, 2_048, shuffle=True)


def better():
    """The better model."""
    from helpers.data import make_batches
    from helpers.models import make_features, train_rating_model

    features = make_features(train_and_test()[0])
    model = train_rating_model(features, epochs=4)
    fields = {name: features[name] for name in model.fields}
    return model, make_batches(fields, 2_048, shuffle=True)


def lists():
    """The better model on lists, pairwise."""
    import keras_rs

    from helpers.models import make_list_features, train_list_model
    from helpers.models.lists import make_list_batches

    features = make_list_features(train_and_test()[0])
    model = train_list_model(features, keras_rs.losses.PairwiseLogisticLoss())
    return model, make_list_batches(features)


def retrieval():
    """The retrieval model."""
    from helpers.data import make_batches
    from helpers.models import train_retriever

    train, _ = train_and_test()
    fields = {name: train[name] for name in ("user_id", "movie_title")}
    return train_retriever(train), make_batches(fields, 512, shuffle=True)


def million():
    """Matrix factorization of a million simulated ratings."""
    from helpers.data import make_batches, numbered, simulate
    from helpers.keras2 import tf
    from helpers.models import Factors
    from helpers.models.training import STEPS_PER_CALL
    from helpers.scale.growth import BATCH_SIZE, NUMBERED_FIELDS

    numbers, users, movies = numbered(simulate(1_000_000, fields=NUMBERED_FIELDS).ratings)
    model = Factors(users, movies, BATCH_SIZE)
    model.compile(tf.keras.optimizers.Adagrad(0.1), steps_per_execution=STEPS_PER_CALL)
    batches = make_batches(numbers, BATCH_SIZE, shuffle=True, drop_remainder=True)
    model.fit(batches.take(1), verbose=0)
    return model, batches


MODELS = {
    "article": article,
    "article, longer": longer,
    "factors": factors,
    "better": better,
    "lists": lists,
    "retrieval": retrieval,
    "factors of a million": million,
}


def epoch_seconds(model, batches):
    """Train three epochs with `fit`; return the seconds of the fastest."""
    from helpers.keras2 import tf

    class Clock(tf.keras.callbacks.Callback):
        """Note how long each epoch takes."""

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            seconds.append(time.perf_counter() - self.start)

    seconds = []
    steps = int(batches.cardinality())
    model.fit(batches.repeat(), steps_per_epoch=steps, epochs=3, verbose=0, callbacks=[Clock()])
    return min(seconds)


def compiled_loop(model, batches, metrics=False):
    """Return a function that trains so many steps without Keras; it returns the last loss.

    Args:
        model: a compiled `tfrs.Model`.
        batches: list of dicts of tensors, all of the same shapes; used in turns.
        metrics: whether to compute the model's metrics too, as `fit` does.
    """
    from helpers.keras2 import tf

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
    from helpers.keras2 import tf

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
    with contextlib.ExitStack() as stack:
        for part in parts:
            stack.enter_context(_calls(part, functools.partial(noted, part.call)))
        model.compute_loss(first)
    numbers = [
        batch | {name: look_up(batch[name]) for name, look_up in lookups.items()}
        for batch in batches
    ]
    with contextlib.ExitStack() as stack:
        for part in parts:
            stack.enter_context(_calls(part, tf.identity))
        for part in model.submodules:
            if isinstance(part, tf.keras.Sequential):
                stack.enter_context(_calls(part, functools.partial(through, part.layers)))
        yield numbers


@contextlib.contextmanager
def _calls(layer, function):
    """Let a layer call another function than its own while this is open."""
    layer.call = function
    try:
        yield
    finally:
        del layer.call


def step_times(name):
    """Train one of `MODELS`; return milliseconds per step, of `fit` and of what it consists of.

    All are measured in turns, so that whatever else the machine does slows none alone, and the
    least of each counts.

    Returns:
        Dict of batch (rows of a step), fit (the model's own batches), floor, then what
        lookups, metrics, keras and input each add to the floor.
    """
    from helpers.keras2 import tf

    model, dataset = MODELS[name]()
    batches = list(dataset)
    rows = [len(next(iter(batch.values()))) for batch in batches]
    shape = _shape(batches[0])
    kept = [batch for batch in batches if _shape(batch) == shape][:KEPT]
    loops = {"ids": compiled_loop(model, kept), "metrics": compiled_loop(model, kept, metrics=True)}
    with ids_as_numbers(model, kept) as numbers:
        loops["floor"] = compiled_loop(model, numbers)
        loops["floor"](1)  # traces here, where ids are numbers
    steps = {name: _steps_in(run) for name, run in loops.items()}
    repeats = -(-len(batches) // len(kept))
    cached = tf.data.Dataset.from_generator(lambda: kept, output_signature=dataset.element_spec)
    in_memory = cached.cache().repeat(repeats)
    in_memory = in_memory.apply(tf.data.experimental.assert_cardinality(repeats * len(kept)))
    times = {name: [] for name in (*loops, "fit", "keras")}
    for _ in range(TURNS):
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
    }  # fmt: skip


def _shape(batch):
    return {name: column.shape for name, column in batch.items()}


def _steps_in(run, seconds=0.4):
    """Return about how many steps a loop takes in some seconds; it is traced before."""
    run(1)
    start = time.perf_counter()
    run(KEPT)
    return max(KEPT, round(KEPT * seconds / (time.perf_counter() - start)))


STEP_PARTS = {
    "lookups": "looking ids up", "metrics": "metrics", "keras": "Keras's own work",
    "input": "input and waiting for it",
}  # fmt: skip


def why(times):
    """Return in words what `fit` spends beside the floor: shares of its time, the largest first."""
    shares = sorted(
        ((times[part] / times["fit"], STEP_PARTS[part]) for part in STEP_PARTS), reverse=True
    )
    return ", ".join(f"{what} {share:.0%}" for share, what in shares if share >= 0.03)


def measure_steps():
    """Print and return each model's step, its floor, and what makes the difference."""
    print("  Milliseconds per step   batch     fit   floor   times   of fit, beside the floor")
    result = {}
    for name in MODELS:
        times = result[name] = call("bench.steps", "step_times", name)
        print(
            f"  {name:22} {times['batch']:7,} {times['fit']:7.2f} {times['floor']:7.2f}"
            f" {times['fit'] / times['floor']:7.1f}   {why(times)}",
            flush=True,
        )
    return result
