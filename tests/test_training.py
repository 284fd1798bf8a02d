"""Training with a learning rate that falls to zero, and predictions in large batches."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.data.batches import make_batches
from helpers.keras2 import tf, tfrs
from helpers.models import training


class Line(tfrs.Model):
    """Predict a number times a weight; the smallest model that can be trained."""

    def __init__(self):
        super().__init__()
        self.weight = tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")

    def call(self, features):
        return self.weight(features["x"][:, None])

    def compute_loss(self, features, training=False):
        return tf.reduce_mean((self(features)[:, 0] - features["y"]) ** 2)


class Silent(tfrs.Model):
    """Tell how it is compiled, called and fitted, instead of doing it."""

    def __init__(self):
        super().__init__()
        self.done = []

    def compile(self, optimizer, **settings):
        self.optimizer = optimizer
        self.done.append(("compile", settings))

    def __call__(self, features):
        assert {name: len(values) for name, values in features.items()} == {"x": 1, "y": 1}
        self.done.append("call")

    def fit(self, batches, **settings):
        self.batches = batches
        self.done.append(("fit", settings))


@pytest.fixture
def line():
    x = np.linspace(-1, 1, 6_000, dtype=np.float32)
    return {"x": x, "y": 3 * x}


def rates_of(model, steps):
    schedule = model.optimizer._learning_rate
    return np.array([float(schedule(step)) for step in steps])


def half_a_cosine(start, step, steps):
    return start * (1 + np.cos(np.pi * np.array(step) / steps)) / 2


def test_rate_falls_to_zero_along_half_a_cosine_and_the_model_learns(line):
    seen = []
    watch = tf.keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(float(model.optimizer.learning_rate))
    )  # of the last step so far
    model = Line()
    trained = training.fit_model(
        model, line, make_batches(line, 2_000), epochs=4, learning_rate=1.0, callbacks=(watch,)
    )
    assert trained is model
    assert int(model.optimizer.iterations) == 4 * 3
    np.testing.assert_allclose(seen, half_a_cosine(1.0, [2, 5, 8, 11], 12), atol=1e-6)
    assert abs(model.weight.kernel.numpy().item() - 3) < 1.5


def test_settings_by_default(line):
    model = Silent()
    training.fit_model(model, line)
    assert isinstance(model.optimizer, tf.keras.optimizers.Adam)
    steps = [0, 1, 6, 12, 24]  # 8 epochs of three batches
    np.testing.assert_allclose(rates_of(model, steps), half_a_cosine(0.006, steps, 24), atol=1e-8)
    assert model.done == [
        ("compile", {"steps_per_execution": 3}),
        "call",
        ("fit", {"steps_per_epoch": 3, "epochs": 8, "verbose": 0, "callbacks": []}),
    ]
    assert model.batches.cardinality() == tf.data.INFINITE_CARDINALITY
    epoch = list(model.batches.take(3))
    assert [len(batch["x"]) for batch in epoch] == [2_048, 2_048, 6_000 - 2 * 2_048]
    x, y = (np.concatenate([batch[name] for batch in epoch]) for name in ("x", "y"))
    np.testing.assert_array_equal(np.sort(x), line["x"])
    assert (x != line["x"]).any()
    np.testing.assert_array_equal(y, 3 * x)


def test_at_most_twenty_steps_are_one_call(line):
    model = Silent()
    training.fit_model(model, line, make_batches(line, 250), learning_rate=0.5, epochs=3)
    assert model.done[0] == ("compile", {"steps_per_execution": 20})
    assert model.done[-1][1]["steps_per_epoch"] == 24


def test_only_a_models_fields_are_put_into_batches(line):
    class Choosy(Silent):
        fields = ("y", "x")

    model, rows = Choosy(), line | {"z": np.array(["text"] * 6_000)}
    model.__class__.__call__ = lambda self, features: self.done.append(set(features))
    training.fit_model(model, rows, learning_rate=0.5)
    assert set(model.batches.element_spec) == {"x", "y"}
    assert model.done[1] == {"x", "y", "z"}


def test_all_weights_and_the_optimizers_are_there_before_training(line):
    """Or Keras would trace a step twice."""

    class Untrained(Line):
        def fit(self, *batches, **settings):
            self.known = len(self.trainable_variables), len(self.optimizer.variables)

    model = training.fit_model(Untrained(), line, learning_rate=0.5)
    assert model.known == (1, 1 + 2)  # the count of steps, and the kernel's two moments


def test_a_step_is_traced_once_and_leaves_nothing_behind(line):
    class Counting(Line):
        traced = 0

        def compute_loss(self, features, training=False):
            self.traced += 1
            return super().compute_loss(features)

    model = training.fit_model(Counting(), line, learning_rate=0.5, epochs=2)
    assert model.traced == 1
    assert "train_step" not in vars(model)  # `tf.saved_model.save` would store it


class Wide(Line):
    """Start from weights that depend on the seed, and count how often a step is traced."""

    traced = 0

    def __init__(self):
        super().__init__()
        self.first = tf.keras.layers.Dense(5, activation="tanh")

    def call(self, features):
        return self.weight(self.first(features["x"][:, None]))

    def compute_loss(self, features, training=False):
        Wide.traced += 1
        return super().compute_loss(features)


def train_wide(line, seed, **settings):
    tf.keras.utils.set_random_seed(seed)
    return training.fit_model(Wide(), line, epochs=2, learning_rate=0.05, **settings)


def test_seeds_are_trained_as_one_by_one_and_traced_once(line):
    alone = train_wide(line, 1).get_weights()
    before = Wide.traced
    models = training.train_seeds(train_wide, line, iter((3, 3, 1)))
    assert Wide.traced == before + 1
    assert len({id(model) for model in models}) == 3
    first, same, other = (model.get_weights() for model in models)  # the first keeps its own
    for ours, theirs in zip(same + other, first + alone, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert any((a != b).any() for a, b in zip(first, other))
    assert len(models[1].history.history["loss"]) == 2


def test_settings_reach_every_seed(line):
    given = []

    def train_model(rows, seed, like, epochs):
        given.append((rows, seed, like, epochs))
        return f"model of seed {seed}"

    models = training.train_seeds(train_model, line, [5, 6, 7], epochs=4)
    assert models == [f"model of seed {seed}" for seed in (5, 6, 7)]
    first = models[0]
    assert given == [(line, 5, None, 4), (line, 6, first, 4), (line, 7, first, 4)]


def test_only_adam_is_set_back_to_zeros():
    like = SimpleNamespace(optimizer=tf.keras.optimizers.SGD())
    with pytest.raises(TypeError, match=r"^like was trained with SGD: only Adam can start anew$"):
        training.fit_like(like, None)


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_a_model_with_fewer_or_more_weights_is_not_like_it(numbers):
    like, model = (
        SimpleNamespace(
            variables=[tf.Variable(0.0) for _ in range(n)], optimizer=tf.keras.optimizers.Adam()
        )
        for n in numbers
    )
    with pytest.raises(ValueError, match=r"argument 2 is (shorter|longer)"):
        training.fit_like(like, model)


@pytest.mark.parametrize(
    ("n", "size"), [(1, 2_048), (204_800, 2_048), (204_801, 2_049), (10_000_001, 100_001)]
)
def test_many_ratings_are_a_hundred_steps(n, size):
    assert training.batch_size_of(n) == size


# Predictions


def score(batch, training=False):
    """Stand for a model, whose two columns are scores and something else."""
    sizes.append(len(batch["x"]))
    x = tf.cast(batch["x"], tf.float32)
    return tf.stack([x * (100 if training else 1), -x], axis=1)


sizes = []


@pytest.mark.parametrize(("function", "factor"), [("predict", 1), ("predict_uncut", 100)])
def test_predictions_are_the_first_column_in_the_rows_order(function, factor):
    sizes.clear()
    found = getattr(training, function)(score, {"x": np.arange(41_000)})
    np.testing.assert_array_equal(found, factor * np.arange(41_000, dtype=np.float32))
    assert sizes == [20_000, 20_000, 1_000]


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match=r"^0 rows"):
        training.predict(SimpleNamespace(), {"x": np.zeros(0)})
