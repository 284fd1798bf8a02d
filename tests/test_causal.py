"""What was known at the moment of each rating, against a slow and obvious reference."""

import numpy as np
import pytest
from tiny import make_rows, scatter_weights, table_of

from helpers.data.ratings import take
from helpers.data.timeline import Timeline, in_order_of_time
from helpers.keras2 import tf
from helpers.models import causal, rating, training
from helpers.models.features import MOOD_WINDOWS

CAUSAL = ("expected", "statistics", "moods", "history", "liked", "history_weight")


def earlier_rows(rows, field, i):
    """Return the numbers of the strictly earlier rows of row i's user or movie, in their order."""
    same = (rows[field] == rows[field][i]) & (rows["timestamp"] < rows["timestamp"][i])
    return np.flatnonzero(same)


def slow_biases(rows, damping=5.0):
    """Return the running prediction and the residual of each row, one row after the other."""
    n, stars = len(rows["user_id"]), rows["user_rating"].astype(float)
    before = [stars[rows["timestamp"] < time] for time in rows["timestamp"]]
    mean = np.array([known.mean() if len(known) else 3.0 for known in before])
    errors = stars - mean
    movie_bias, user_bias = np.zeros(n), np.zeros(n)
    for i in range(n):
        known = errors[earlier_rows(rows, "movie_title", i)]
        movie_bias[i] = known.sum() / (len(known) + damping)
    residual = errors - movie_bias
    for i in range(n):
        known = residual[earlier_rows(rows, "user_id", i)]
        user_bias[i] = known.sum() / (len(known) + damping)
    return mean + movie_bias + user_bias, residual, user_bias, errors


@pytest.fixture(params=[0, 1, 2])
def rows(request):
    return make_rows(count=80, users=6, movies=20, seed=request.param)


def test_running_biases_are_those_of_the_slow_reference(rows):
    assert np.allclose(causal.running_biases(rows), slow_biases(rows)[0])
    assert np.allclose(causal.running_biases(rows, damping=2.0), slow_biases(rows, 2.0)[0])


def test_expectation_begins_with_the_middle_and_goes_on_with_the_mean_so_far():
    strangers = {
        "user_id": np.array([b"1", b"2", b"3"]),
        "movie_title": np.array([b"A", b"B", b"C"]),
        "user_rating": np.array([5.0, 1.0, 2.0], np.float32),
        "timestamp": np.array([10, 20, 30]),
    }
    assert causal.running_biases(strangers).tolist() == [3.0, 5.0, 3.0]


def test_statistics_are_those_of_the_slow_reference(rows):
    made = causal.make_causal_features(rows)
    _, residual, _, errors = slow_biases(rows)
    for field, values, start in (("user_id", residual, 0), ("movie_title", errors, 3)):
        for i in range(len(values)):
            known = values[earlier_rows(rows, field, i)]
            mean = known.sum() / (len(known) + 5)
            variance = max(((known**2).sum() + 5) / (len(known) + 5) - mean**2, 0.05)
            expected = mean, np.sqrt(variance), np.log1p(len(known))
            assert np.allclose(made["statistics"][i, start : start + 3], expected, atol=1e-5)


def test_moods_are_those_of_the_slow_reference(rows):
    made = causal.make_causal_features(rows)
    _, residual, user_bias, _ = slow_biases(rows)
    time = rows["timestamp"]
    for i in range(len(time)):
        known = earlier_rows(rows, "user_id", i)
        ago = time[i] - time[known]
        for place, window in enumerate(MOOD_WINDOWS):
            weight = np.exp(-ago / window)
            off = weight @ residual[known] - weight.sum() * user_bias[i]
            assert made["moods"][i, place] == pytest.approx(off / (weight.sum() + 2), abs=1e-4)
        latest, first = (ago.min(), ago.max()) if len(known) else (0, 0)
        expected = np.log1p(latest), np.log1p(first / 3600)
        assert np.allclose(made["moods"][i, -2:], expected, atol=1e-5)


def test_history_holds_the_latest_movies_and_how_they_were_liked(rows, monkeypatch):
    monkeypatch.setattr(causal, "HISTORY", 4)
    made = causal.make_causal_features(rows)
    residual = slow_biases(rows)[1].astype(np.float32)
    titles = dict(zip(number_of(rows).tolist(), rows["movie_title"]))
    for i in range(len(residual)):
        known = earlier_rows(rows, "user_id", i)
        latest = sorted(rows["timestamp"][known])[::-1][:4]
        there = made["history"][i] > 0
        assert there.sum() == min(len(known), 4)
        listed = [titles[number] for number in made["history"][i][there]]
        of_title = {rows["movie_title"][k]: k for k in known}
        assert sorted(rows["timestamp"][[of_title[t] for t in listed]])[::-1] == latest
        assert np.allclose(
            made["liked"][i][there], residual[[of_title[t] for t in listed]], atol=1e-5
        )
        assert not made["liked"][i][~there].any()
        assert made["history_weight"][i] == pytest.approx(1 / np.sqrt(max(there.sum(), 1)))


def number_of(rows):
    """Return the numbers of the movies as the history has them: in the order of first ratings."""
    seen = {}
    for i in np.argsort(rows["timestamp"], kind="stable"):
        seen.setdefault(rows["movie_title"][i], len(seen) + 1)
    return np.array([seen[title] for title in rows["movie_title"]])


@pytest.mark.parametrize("seed", range(5))
def test_nothing_later_or_simultaneous_changes_a_feature(seed):
    rows = make_rows(count=70, users=5, movies=20, seed=seed)
    made = causal.make_causal_features(rows)
    rng = np.random.default_rng(seed)
    for moment in rng.choice(np.unique(rows["timestamp"]), 6):
        other = {name: values.copy() for name, values in rows.items()}
        not_yet = rows["timestamp"] >= moment
        other["user_rating"][not_yet] = rng.integers(1, 6, not_yet.sum())
        changed = causal.make_causal_features(other)
        earlier = rows["timestamp"] <= moment  # all that is told at that moment, or before
        for name in CAUSAL:
            assert np.allclose(made[name][earlier], changed[name][earlier], atol=1e-6), name


def test_rows_that_come_later_change_nothing_either(rows):
    made = causal.make_causal_features(rows)
    moment = np.quantile(rows["timestamp"], 0.6)
    past = rows["timestamp"] <= moment
    alone = causal.make_causal_features(take(rows, past))
    for name in CAUSAL:
        assert np.allclose(made[name][past], alone[name], atol=1e-6), name


def test_the_order_of_rows_in_the_file_means_nothing(rows):
    made = causal.make_causal_features(rows)
    shuffled = np.random.default_rng(3).permutation(len(rows["user_id"]))
    again = causal.make_causal_features(take(rows, shuffled))
    for name in ("expected", "statistics", "moods", "history_weight"):
        assert np.allclose(made[name][shuffled], again[name], atol=1e-5), name


def test_first_rating_of_all_is_expected_in_the_middle():
    rows = make_rows(count=1, users=1, movies=1)
    made = causal.make_causal_features(rows)
    assert made["expected"].tolist() == [3.0]
    assert not made["history"].any()


# Tastes, and what else `make_causal_features` makes


@pytest.fixture(params=[0, 1])
def described(request):
    """Return ratings with years far apart and side columns; the last row has no genre."""
    rows = make_rows(100, users=10, movies=12, seed=request.param)
    _, movie = np.unique(rows["movie_title"], return_inverse=True)
    rows["year"] = 1940 + 6 * movie
    rows["genres"][movie == movie[-1]] = 0
    rows["movie_side_tone"] = np.array([b"dark|slow", b"", b"slow", b"|dark||warm"])[movie % 4]
    rows["movie_side_pace"] = np.array([b"", b"8", b"10"])[movie % 3]
    rows["user_side_town"] = np.where(rows["gender"] == 1, b"Ulm", b"Bonn")  # not of the movie
    return rows


def kinds_of_rows(rows):
    """Return sets of what each row's movie is, one list for each column of tastes."""
    _, residual, _, errors = slow_biases(rows)
    counts = [len(earlier_rows(rows, "movie_title", i)) for i in range(len(errors))]
    return [
        [set(np.flatnonzero(genres)) for genres in rows["genres"]],
        [{sum(edge <= year for edge in causal.YEARS)} for year in rows["year"]],
        [{sum(edge <= count for edge in causal.COUNTS)} for count in counts],
        [{sum(edge <= bias for edge in causal.OPINIONS)} for bias in errors - residual],
        [set(text.split(b"|")) - {b""} for text in rows["movie_side_pace"]],
        [set(text.split(b"|")) - {b""} for text in rows["movie_side_tone"]],
    ]


def slow_taste(rows, kinds):
    """Return how the user's earlier ratings of each kind deviate, the mean over a row's kinds."""
    _, residual, user_bias, _ = slow_biases(rows)
    taste = np.zeros(len(residual))
    for i, of_row in enumerate(kinds):
        known = earlier_rows(rows, "user_id", i)
        alike = [[residual[k] for k in known if kind in kinds[k]] for kind in of_row]
        offs = [(sum(errors) - len(errors) * user_bias[i]) / (len(errors) + 5) for errors in alike]
        taste[i] = np.mean(offs) if offs else 0
    return taste


def test_tastes_are_those_of_the_slow_reference(described):
    kinds = kinds_of_rows(described)
    assert all(len(set.union(*of_rows)) > 1 for of_rows in kinds)
    expected = np.column_stack([slow_taste(described, of_rows) for of_rows in kinds])
    assert (np.abs(expected).max(axis=0) > 0.1).all()
    assert np.allclose(causal.make_causal_features(described)["tastes"], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        (["genres"], [1, 2, 3, 4, 5]),
        (["year"], [0, 2, 3, 4, 5]),
        (["movie_side_tone"], [0, 1, 2, 3, 4]),
        (["genres", "year", "movie_side_pace", "movie_side_tone"], [2, 3]),
    ],
)
def test_a_missing_column_is_one_taste_less(described, missing, left):
    tastes = causal.make_causal_features(described)["tastes"]
    fewer = {name: values for name, values in described.items() if name not in missing}
    assert np.array_equal(causal.make_causal_features(fewer)["tastes"], tastes[:, left])


def test_where_no_movie_has_a_genre_there_is_no_taste_in_genres(described):
    tastes = causal.make_causal_features(described)["tastes"]
    nothing = described | {"genres": np.zeros_like(described["genres"])}
    without = causal.make_causal_features(nothing)["tastes"]
    assert not without[:, 0].any()
    assert np.array_equal(without[:, 1:], tastes[:, 1:])


def all_but_the_latest(rows):
    """Return the numbers of the user's second to fourth latest earlier rows, -1 for none."""
    return Timeline(rows["user_id"], rows["timestamp"]).latest_earlier(4)[:, 1:]


def test_history_can_be_given(described):
    usual = causal.make_causal_features(described)
    latest = all_but_the_latest(described)
    made = causal.make_causal_features(described, latest=latest)
    assert np.array_equal(made["history"], usual["history"][:, 1:4])
    assert np.array_equal(made["liked"], usual["liked"][:, 1:4])
    count = (latest >= 0).sum(axis=1)
    assert set(count) == {0, 1, 2, 3}
    assert np.allclose(made["history_weight"], 1 / np.sqrt(np.maximum(count, 1)))
    time = described["timestamp"]
    seconds = np.where(count > 0, time - time[latest[:, 0]], 0)
    assert np.allclose(made["moods"][:, -2], np.log1p(seconds))
    for name in ("expected", "statistics", "tastes"):
        assert np.array_equal(made[name], usual[name])


@pytest.mark.parametrize("given", [False, True], ids=["own history", "given history"])
def test_part_of_the_rows_is_described_as_all_are(described, given, monkeypatch):
    """From a first one on, and some at a time, which bounds the memory."""
    latest = all_but_the_latest(described) if given else None
    whole = causal.make_causal_features(described, latest)
    monkeypatch.setattr(causal, "ROWS_AT_ONCE", 7)
    for start in (0, 23):
        part = causal.make_causal_features(described, latest, start)
        assert part.keys() == whole.keys()
        for name, values in part.items():
            assert np.array_equal(values, whole[name][start:]), name


def test_shapes_and_types_are_as_said(described):
    made = causal.make_causal_features(described)
    shapes = {
        "expected": (), "statistics": (6,), "tastes": (6,), "moods": (5,), "history": (60,),
        "liked": (60,), "history_weight": (),
    }  # fmt: skip
    for name, shape in shapes.items():
        assert made[name].shape == (100, *shape)
        assert made[name].dtype == (np.int32 if name == "history" else np.float32), name
    assert made.keys() == described.keys() | shapes.keys()


def test_texts_are_taken_apart_at_bars():
    row, value = causal._values_of(np.array([b"b|a", b"", b"a", b"|a||c d", b"b|a", b"c d"]))
    assert row.tolist() == [0, 0, 2, 3, 3, 4, 4, 5]
    assert value.tolist() == [1, 0, 0, 0, 2, 1, 0, 2]
    assert [len(numbers) for numbers in causal._values_of(np.array([b"", b"|"]))] == [0, 0]


def test_values_are_numbered_in_the_order_of_time():
    values, time = np.array([b"a", b"c", b"b", b"a", b"c"]), np.array([50, 20, 30, 10, 20])
    number = causal._numbers_in_order_of_time(values, time)
    assert number.tolist() == [1, 2, 3, 1, 2]
    assert number.dtype == np.int32


# The model


@pytest.fixture(scope="module")
def parts_of_time():
    """Return 60 rows to train on, and 20 later ones with things that training does not know."""
    made = causal.make_causal_features(in_order_of_time(make_rows(80, users=6, movies=20)))
    train, later = take(made, np.arange(60)), take(made, np.arange(60, 80))
    known = train["history"].max()
    later["history"][0, :3] = known + 1, known, 1
    later["movie_title"][2:5], later["year"][4], later["age"][3] = b"nothing", 1912, 99
    return train, later


@pytest.fixture(scope="module")
def models(parts_of_time):
    """Return a function that gives a model with some parts and weights far from each other."""
    made = {}

    def model_with(parts):
        if parts not in made:
            made[parts] = causal.CausalModel(parts_of_time[0], parts)
            made[parts](parts_of_time[1])
            scatter_weights(made[parts], scale=0.3)
        return made[parts]

    return model_with


def stars_of(model, train, given, parts):
    """Return uncut stars of shape (n,), computed from the model's weights with NumPy."""
    movie = table_of(model.movie)(given["movie_title"])
    user = np.zeros_like(movie)
    if "side features" in parts:
        for field in ("age", "gender", "user_occupation_text"):
            user += table_of(model.user_sides[field])(given[field])
        movie = movie + table_of(model.movie_sides["year"])(given["year"])
        movie = movie + given["genres"] @ model.movie_sides["genres"].kernel.numpy()
    if "history" in parts:
        seen, liked = model.seen.embeddings.numpy(), model.liked.embeddings.numpy()
        for i, j in np.argwhere((given["history"] > 0) & (given["history"] < len(seen))):
            number, stars = given["history"][i, j], given["liked"][i, j]
            user[i] += (seen[number] + stars * liked[number]) * given["history_weight"][i]
    used = [name for name in ("statistics", "tastes", "moods") if name in parts]
    normal = [(given[n] - train[n].mean(axis=0)) / train[n].std(axis=0) for n in used]
    x = first = np.concatenate([user, movie, *normal], axis=1)
    if "crosses" in parts:
        for cross in model.crosses:
            kernel, bias = (weight.numpy() for weight in cross.trainable_variables)
            x = first * (x @ kernel + bias) + x
    stars = given["expected"] + table_of(model.movie_bias)(given["movie_title"])[:, 0]
    stars = stars + (user * movie).sum(axis=1)
    return stars + (x @ model.last.kernel.numpy() + model.last.bias.numpy())[:, 0]


SETS = [(), *[(part,) for part in causal.CAUSAL_PARTS], causal.CAUSAL_PARTS]


@pytest.mark.parametrize("parts", SETS, ids=["+".join(parts) or "nothing" for parts in SETS])
def test_stars_by_hand(models, parts_of_time, parts):
    model, (train, later) = models(parts), parts_of_time
    for given in (train, later):
        found = model(given, training=True)
        assert found.shape == (len(given["expected"]), 1)
        stars = stars_of(model, train, given, parts)
        np.testing.assert_allclose(found[:, 0], stars, rtol=1e-3, atol=1e-3)


def test_stars_are_cut_unless_training(parts_of_time):
    train, later = parts_of_time
    model = causal.CausalModel(train, ())
    model(later)
    for bias, cut in ((30.0, 5.0), (-30.0, 1.0)):
        model.last.bias.assign([bias])
        assert set(model(later).numpy().ravel()) == {cut}
        assert (np.abs(model(later, training=True)) > 20).all()


def test_tables_and_kernels_start_small_and_different(parts_of_time):
    tf.keras.utils.set_random_seed(5)
    model = causal.CausalModel(parts_of_time[0])
    model(parts_of_time[0])
    assert model.parts == set(causal.CAUSAL_PARTS)
    tables = [part.embedding for part in model.submodules if isinstance(part, rating.Table)]
    starts = [table.embeddings.numpy() for table in (*tables, model.seen, model.liked)]
    starts.append(model.movie_sides["genres"].kernel.numpy())
    assert sorted(start.shape[1] for start in starts) == [1] + [16] * 8
    for start in starts[-3:]:
        assert start.std() == pytest.approx(0.05, rel=0.1)
        assert abs(start.mean()) < 0.01
    assert len(set(np.concatenate(starts, axis=None).tolist())) == sum(s.size for s in starts)
    known = len(np.unique(parts_of_time[0]["history"])) - 1
    assert model.seen.embeddings.shape == model.liked.embeddings.shape == (known + 1, 16)

    assert not model.last.kernel.numpy().any() and not model.last.bias.numpy().any()
    assert len(model.crosses) == 2
    for cross in model.crosses:
        kernel, bias = cross.trainable_variables
        assert kernel.shape == (47, 47)  # two embeddings; 6 statistics, 4 tastes, 5 moods
        assert np.abs(kernel).max() == pytest.approx((6 / 94) ** 0.5, rel=0.05)  # Glorot's limit
        assert not bias.numpy().any()


@pytest.mark.parametrize("given", [{}, {"l2": 7.0}])
def test_loss_is_the_mse_and_a_penalty_on_tables_and_kernels(parts_of_time, given):
    train, later = parts_of_time
    model = causal.CausalModel(train, **given)
    model(later)
    scatter_weights(model, scale=0.3)
    errors = stars_of(model, train, later, causal.CAUSAL_PARTS) - later["user_rating"]
    assert float(model.compute_loss(later, training=True)) == pytest.approx(
        np.mean(errors**2), rel=1e-3
    )
    assert model.metrics[0].name == "root_mean_squared_error"

    model(later)  # losses are those of the last call
    squares = [(w.numpy() ** 2).sum() for w in model.trainable_variables if len(w.shape) == 2]
    assert len(squares) == 2 + 2 + 3 + 2 + 2 + 1
    penalty = given.get("l2", 40.0) / 60 * sum(squares)
    assert float(tf.add_n(model.losses)) == pytest.approx(penalty, rel=1e-4)


def test_side_features_are_read_only_as_a_part(models, parts_of_time):
    sides = {"age", "gender", "user_occupation_text", "year", "genres"}
    assert set(models(causal.CAUSAL_PARTS).fields) == {*causal.CAUSAL_FIELDS, *sides}
    model, train = models(("history",)), parts_of_time[0]
    assert set(model.fields) == set(causal.CAUSAL_FIELDS)
    only = {name: train[name] for name in model.fields}
    assert np.array_equal(model(only), model(train))
    assert causal.CausalModel(only, ("tastes",)).fields == causal.CAUSAL_FIELDS


def test_unknown_part_is_refused(rows):
    with pytest.raises(
        ValueError,
        match=r"^unknown parts \['ids', 'x'\]: choose from history, side features, statistics, "
        "tastes, moods, crosses$",
    ):
        causal.CausalModel(causal.make_causal_features(rows), parts=("x", "moods", "ids"))


@pytest.fixture(scope="module", params=[0, 1, 2])
def scattered(request):
    """Return training features and a model with all parts whose weights are scattered."""
    made = causal.make_causal_features(make_rows(80, users=6, movies=20, seed=request.param))
    model = causal.CausalModel(made)
    model(made)
    return made, scatter_weights(model, scale=0.1)


def test_model_has_no_table_of_users_and_predicts_for_anybody(scattered):
    made, model = scattered
    strangers = take(made, slice(3)) | {"user_id": np.array([b"x", b"y", b"z"])}
    assert np.array_equal(model(strangers), model(take(made, slice(3))))
    stars = model(made).numpy()
    assert stars.shape == (80, 1)
    assert stars.min() >= 1 and stars.max() <= 5


def test_movies_that_training_does_not_know_are_left_out_of_the_history(scattered):
    made, model = scattered
    some = take(made, slice(10))
    number = some["history"]
    unknown = some | {"history": np.where(number > 0, number + model.movies_known, 0)}
    nothing = some | {"history": np.zeros_like(some["history"])}
    assert np.array_equal(model(unknown), model(nothing))


# Training


@pytest.fixture
def fits(monkeypatch):
    """Let `fit_model` tell what it is given instead of training; return the list of that."""
    given = []

    def fit_model(model, train, **settings):
        model(train)
        given.append((model, train, settings))
        return model

    monkeypatch.setattr(causal, "fit_model", fit_model)
    return given


def test_settings_are_those_that_validation_chose(parts_of_time, fits):
    train = parts_of_time[0]
    model = causal.train_causal_model(train)
    assert fits == [(model, train, {"epochs": 2})]
    assert model.parts == set(causal.CAUSAL_PARTS)
    tf.keras.utils.set_random_seed(42)
    same = causal.CausalModel(train)
    same(train)
    for ours, theirs in zip(model.trainable_variables, same.trainable_variables):
        assert np.array_equal(ours, theirs)


def test_settings_can_be_given(parts_of_time, fits):
    settings = {"epochs": 7, "learning_rate": 0.5, "callbacks": [1]}
    one, two, three = (
        causal.train_causal_model(parts_of_time[0], ("moods",), seed, **settings)
        for seed in (1, 1, 2)
    )
    assert [fit[2] for fit in fits] == [settings] * 3
    assert one.parts == {"moods"}
    first, same, other = (model.movie.embedding.embeddings.numpy() for model in (one, two, three))
    assert (first == same).all()
    assert (first != other).any()


def test_training_makes_its_error_smaller_than_that_of_the_running_biases(parts_of_time):
    train = parts_of_time[0]
    model = causal.train_causal_model(train, epochs=10, learning_rate=0.05)

    def error(stars):
        return np.sqrt(np.mean((stars - train["user_rating"]) ** 2))

    assert error(training.predict(model, train)) < 0.9 * error(train["expected"])
