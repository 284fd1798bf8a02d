"""The rating model, against the same computed with NumPy from its weights."""

import numpy as np
import pytest
import tiny

from helpers.data.ratings import take
from helpers.keras2 import tf
from helpers.models import features, rating, training

SIDES = {"user": ("age", "gender", "user_occupation_text"), "movie": ("year",)}


@pytest.fixture(scope="module")
def rows():
    return tiny.make_rows(80)


@pytest.fixture(scope="module")
def train(rows):
    return features.make_features(take(rows, slice(60)))


@pytest.fixture(scope="module")
def others(rows):
    """Return 20 rows that are not for training, some with ids and years that are not known."""
    rows = take(rows, slice(60, None))
    rows["user_id"][:3], rows["movie_title"][2:5], rows["year"][4] = b"nobody", b"nothing", 1912
    return features.make_features(take(tiny.make_rows(80), slice(60)), rows)


@pytest.fixture(scope="module")
def models(train):
    """Return a function that gives a model with some parts and weights far from each other."""
    made = {}

    def model_with(*parts):
        if parts not in made:
            made[parts] = rating.RatingModel(train, parts, l2=2.0)
            made[parts](take(train, slice(1)))
            tiny.scatter_weights(made[parts], scale=0.3)
        return made[parts]

    return model_with


# The same with NumPy


def history_of(history, train, given, owner, member, weight, left_out=None):
    """Return sums over what an owner has, without this row or the rows that `left_out` names."""
    embed = tiny.table_of(history.table)
    weighed, own = (rows[weight][:, None] * embed(rows[member]) for rows in (train, given))
    sums = []
    for row, key in enumerate(given[owner].tolist()):
        total = weighed[train[owner] == key].sum(axis=0)
        for i in left_out[row] if left_out else [row]:
            total = total - own[i]
        sums.append(total)
    return np.array(sums)


def stars_of(model, train, given, parts, left_out=None):
    """Return uncut stars of shape (n,)."""
    user, movie = (
        tiny.table_of(table)(given[field])
        for table, field in ((model.user, "user_id"), (model.movie, "movie_title"))
    )
    if "side features" in parts:
        for field in SIDES["user"]:
            user = user + tiny.table_of(model.user_sides[field])(given[field])
        for field in SIDES["movie"]:
            movie = movie + tiny.table_of(model.movie_sides[field])(given[field])
        movie = movie + given["genres"] @ model.movie_sides["genres"].kernel.numpy()
    if "history" in parts:
        ids = "user_id", "movie_title"
        history = history_of(model.seen, train, given, *ids, "own", left_out)
        history = history + history_of(model.liked, train, given, *ids, "residual", left_out)
        user = user + history * given["user_weight"][:, None]
        raters = history_of(model.raters, train, given, *ids[::-1], "own")
        movie = movie + raters * given["movie_weight"][:, None]
    stars = train["user_rating"].mean() + (user * movie).sum(axis=1)
    stars = stars + tiny.table_of(model.user_bias)(given["user_id"])[:, 0]
    stars = stars + tiny.table_of(model.movie_bias)(given["movie_title"])[:, 0]
    used = [name for name in ("statistics", "time") if name in parts]
    if used or "crosses" in parts:
        normal = [(given[n] - train[n].mean(axis=0)) / train[n].std(axis=0) for n in used]
        x = first = np.concatenate([user, movie, *normal], axis=1)
        if "crosses" in parts:
            for cross in model.crosses:
                kernel, bias = (weight.numpy() for weight in cross.trainable_variables)
                x = first * (x @ kernel + bias) + x
        stars = stars + (x @ model.last.kernel.numpy() + model.last.bias.numpy())[:, 0]
    return stars


SETS = [(), *[(part,) for part in rating.PARTS], ("time", "statistics"), rating.PARTS]


@pytest.mark.parametrize("parts", SETS, ids=["+".join(parts) or "nothing" for parts in SETS])
def test_stars_by_hand(models, train, others, parts):
    model = models(*parts)
    for given in (train, others):
        stars = stars_of(model, train, given, parts)
        found = model(given, training=True)
        assert found.shape == (len(stars), 1)
        np.testing.assert_allclose(found[:, 0], stars, rtol=1e-3, atol=1e-3)


def test_a_list_is_left_out_of_the_history_as_a_whole(models, train):
    """For users only: a movie's raters are without this row alone. Padding is in no list."""
    number = np.array([0, 1, 0, 1, 1, -1, 2, 0, -1, 2])
    order = np.argsort(train["user_id"], kind="stable")[[0, 8, 1, 9, 10, 0, 25, 2, 0, 26]]
    given = take(train, order) | {"list": number.astype(np.int32)}
    left_out = [np.flatnonzero(number == n) for n in number]
    model = models(*rating.PARTS)
    stars = stars_of(model, train, given, rating.PARTS, left_out)
    real = number >= 0
    found = model(given, training=True).numpy()[:, 0]
    np.testing.assert_allclose(found[real], stars[real], rtol=1e-3, atol=1e-3)
    alone = model(take(train, order), training=True).numpy()[:, 0]
    assert (np.abs(found - alone)[real] > 0.01).all()


def test_stars_are_cut_unless_training(train, others):
    model = rating.RatingModel(train, ())
    model(others)
    for bias, cut in ((30.0, 5.0), (-30.0, 1.0)):
        model.user_bias.embedding.embeddings.assign(tf.fill([9, 1], bias))
        assert set(model(others).numpy().ravel()) == {cut}
        assert (np.abs(model(others, training=True)) > 20).all()
        assert set(training.predict(model, others)) == {cut}


def test_vectors_and_numbers_are_all_that_stars_come_from(models, others):
    model = models(*rating.PARTS)
    numbers = np.concatenate([others["statistics"], others["time"]], axis=1)
    stars = model.combine(model.user_vectors(others), model.movie_vectors(others), numbers)
    np.testing.assert_allclose(stars, model(others, training=True), rtol=1e-4, atol=1e-4)
    assert model.user_vectors(others).shape == model.movie_vectors(others).shape == (20, 17)


# What it starts with, reads and is punished for


def test_tables_and_kernels_start_small_and_different(train):
    tf.keras.utils.set_random_seed(5)
    model = rating.RatingModel(train)
    model(take(train, slice(1)))
    tables = [part for part in model.submodules if isinstance(part, rating.Table)]
    starts = [
        model.movie_sides["genres"].kernel.numpy(),
        *(t.embedding.embeddings.numpy() for t in tables),
    ]
    assert sorted(start.shape[1] for start in starts) == [1, 1] + [16] * 10
    values = np.concatenate([start.ravel() for start in starts])
    assert values.std() == pytest.approx(0.05, rel=0.1)
    assert abs(values.mean()) < 0.005
    assert len(set(values.tolist())) == len(values)
    assert not model.last.kernel.numpy().any()
    for cross in model.crosses:
        kernel, bias = cross.trainable_variables
        assert kernel.shape == (43, 43)  # two embeddings, six statistics and five of time
        assert np.abs(kernel).max() == pytest.approx((6 / 86) ** 0.5, rel=0.05)  # Glorot's limit
        assert not bias.numpy().any()
    assert len(model.crosses) == 2


@pytest.mark.parametrize("given", [{}, {"l2": 7.0}])
def test_loss_is_the_mse_and_a_penalty_on_tables_and_kernels(train, others, given):
    model = rating.RatingModel(train, **given)
    model(others)
    tiny.scatter_weights(model, scale=0.3)
    errors = stars_of(model, train, others, rating.PARTS) - others["user_rating"]
    assert float(model.compute_loss(others, training=True)) == pytest.approx(
        np.mean(errors**2), rel=1e-3
    )
    cut = training.predict(model, others) - others["user_rating"]
    assert float(model.compute_loss(others)) == pytest.approx(np.mean(cut**2), rel=1e-3)
    assert model.metrics[0].name == "root_mean_squared_error"

    model(others)  # losses are those of the last call
    squares = [(w.numpy() ** 2).sum() for w in model.trainable_variables if len(w.shape) == 2]
    assert len(squares) == 2 + 2 + 4 + 1 + 3 + 2 + 1
    penalty = given.get("l2", 30.0) / 60 * sum(squares)
    assert float(tf.add_n(model.losses)) == pytest.approx(penalty, rel=1e-4)


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ((), []),
        (("history",), ["own", "residual", "user_weight", "movie_weight"]),
        (("time", "crosses"), ["time"]),
        (("statistics",), ["statistics"]),
        (("side features",), ["age", "gender", "user_occupation_text", "year", "genres"]),
    ],
)
def test_fields_are_what_the_parts_read(models, train, parts, more):
    model = models(*parts)
    assert sorted(model.fields) == sorted(["user_id", "movie_title", "user_rating", *more])
    only = {name: train[name][:5] for name in model.fields if name != "user_rating"}
    np.testing.assert_array_equal(model(only), model(take(train, slice(5))))


def test_all_parts_are_used_unless_some_are_named(train):
    model = rating.RatingModel(train)
    assert model.parts == set(rating.PARTS)
    assert rating.PARTS == ("history", "side features", "statistics", "crosses", "time")


def test_unknown_parts_are_named(train):
    with pytest.raises(
        ValueError,
        match=r"^unknown parts \['histroy', 'x'\]: choose from history, side features, statistics, "
        "crosses, time$",
    ):
        rating.RatingModel(train, ["x", "history", "histroy"])


# Tables


@pytest.mark.parametrize("known", [[b"b", b"a", b"b"], [30, 20, 30]])
def test_table_has_a_row_for_each_value_and_one_for_all_others(known):
    table = rating.Table(np.array(known), 3, tf.keras.regularizers.L2(0.5))
    unknown = [b"", b"x"] if known[0] == b"b" else [0, -1]
    found = table(tf.constant(sorted(set(known)) + unknown)).numpy()
    weights = table.embedding.embeddings.numpy()
    assert weights.shape == (3, 3)
    np.testing.assert_array_equal(found, weights[[1, 2, 0, 0]])
    assert float(table.losses[0]) == pytest.approx(0.5 * (weights**2).sum(), rel=1e-5)


# Training


@pytest.fixture
def fits(monkeypatch):
    """Let `fit_model` tell what it is given instead of training; return the list of that."""
    given = []

    def fit_model(model, train, **settings):
        model(take(train, slice(1)))
        given.append((model, train, settings))
        return model

    monkeypatch.setattr(rating, "fit_model", fit_model)
    return given


def test_settings_are_those_that_validation_chose(train, fits):
    model = rating.train_rating_model(train)
    assert fits == [(model, train, {})]
    assert model.parts == set(rating.PARTS)
    assert float(model.user.embedding.embeddings_regularizer.l2) == pytest.approx(30 / 60)
    tf.keras.utils.set_random_seed(42)
    same = rating.RatingModel(train)
    same(take(train, slice(1)))
    for ours, theirs in zip(model.trainable_variables, same.trainable_variables):
        np.testing.assert_array_equal(ours, theirs)


def test_settings_can_be_given(train, fits):
    settings = {"learning_rate": 0.5, "epochs": 2, "callbacks": [1]}
    one, two, three = (
        rating.train_rating_model(train, ("time",), seed, l2=6.0, **settings) for seed in (1, 1, 2)
    )
    assert [fit[2] for fit in fits] == [settings] * 3
    assert one.parts == {"time"}
    assert float(one.user.embedding.embeddings_regularizer.l2) == pytest.approx(0.1)
    first, same, other = (model.user.embedding.embeddings.numpy() for model in (one, two, three))
    assert (first == same).all()
    assert (first != other).any()


def test_values_of_a_text_are_summed():
    """Each known value has an embedding; an empty text and unknown values have that of row 0."""
    known = np.array([b"Drama|Sci-Fi", b"Drama", b"", b"Action|Drama"])
    layer = rating.Values(known, 3, tf.keras.regularizers.L2(0.5))
    texts = np.array([b"Sci-Fi|Drama", b"", b"Drama|Western|Drama", b"Action"])
    found = layer(texts)
    assert layer.table.lookup.get_vocabulary()[1:] == ["Action", "Drama", "Sci-Fi"]
    assert float(layer.table.embedding.embeddings_regularizer.l2) == 0.5
    embed = tiny.table_of(layer.table)
    values = [text.split(b"|") for text in texts]
    np.testing.assert_allclose(found, [embed(each).sum(axis=0) for each in values], atol=1e-6)
    assert found.shape == (4, 3)


def test_sides_of_your_own_are_values_and_those_of_movielens_one_value_or_flags():
    l2 = tf.keras.regularizers.L2(0.5)
    train = {
        "age": np.array([20, 30]),
        "genres": np.eye(2, dtype=np.float32),
        "user_side_town": np.array([b"Rome|Oslo", b""]),
        "movie_side_kinds": np.array([b"War", b"Drama|War"]),
    }
    users, movies = (rating.side_layers(train, owner, l2) for owner in ("user", "movie"))
    kinds = [{name: type(layer) for name, layer in layers.items()} for layers in (users, movies)]
    assert kinds == [
        {"age": rating.Table, "user_side_town": rating.Values},
        {"genres": tf.keras.layers.Dense, "movie_side_kinds": rating.Values},
    ]
    town = users["user_side_town"].table
    assert town.lookup.get_vocabulary()[1:] == ["Oslo", "Rome"]
    assert (town.embedding.output_dim, town.embedding.embeddings_regularizer) == (16, l2)


def test_no_sides_at_all_is_said():
    message = "^there are no side features: leave this part out, as `parts_for` does$"
    with pytest.raises(ValueError, match=message):
        rating.all_side_fields({"user_id": np.array([b"1"]), "time": np.array([0.5])})


@pytest.mark.parametrize(
    ("side", "time", "parts"),
    [
        (None, False, ("history", "statistics", "crosses")),
        (None, True, ("history", "statistics", "crosses", "time")),
        ("user_side_team", False, ("history", "side features", "statistics", "crosses")),
        ("movie_side_length", True, ("history", "side features", "statistics", "crosses", "time")),
    ],
)
def test_parts_are_those_whose_columns_are_there(side, time, parts):
    there = {"user_id": np.array([b"1"])}
    there |= {side: np.array([b"x"])} if side else {}
    there |= {"time": np.array([0.5])} if time else {}
    assert rating.parts_for(there) == parts
    assert rating.parts_for(there, ("time", "tastes")) == (
        ("time", "tastes") if time else ("tastes",)
    )


def test_training_is_better_than_the_mean_and_repeats():
    """On ratings that differ between users and movies, as this training's data do."""
    rng = np.random.default_rng(1)
    rows = tiny.make_rows(400, 20, 30)
    user, movie = (np.unique(rows[n], return_inverse=True)[1] for n in ("user_id", "movie_title"))
    stars = 3 + rng.normal(0, 0.8, 20)[user] + rng.normal(0, 0.8, 30)[movie]
    rows["user_rating"] = np.clip(np.rint(stars), 1, 5).astype(np.float32)
    known, held_out = take(rows, slice(300)), take(rows, slice(300, None))
    made, told = features.make_features(known), features.make_features(known, held_out)
    model = rating.train_rating_model(made, learning_rate=0.05)
    same = rating.train_rating_model(made, learning_rate=0.05, like=model)  # traces no step anew
    first, again = training.predict(model, told), training.predict(same, told)
    np.testing.assert_array_equal(first, again)
    error = np.sqrt(np.mean((first - held_out["user_rating"]) ** 2))
    assert error < 0.9 * np.std(held_out["user_rating"])
