"""Every picture shows the values it is given, in the order a reader takes them, and says so."""

import base64
import struct
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import tiny
from matplotlib import pyplot as plt

from helpers import pictures
from helpers.lessons import LESSONS, Lesson
from helpers.models import make_features

matplotlib.use("agg")


@pytest.fixture
def drawn(monkeypatch):
    """Return a function that draws one picture; it returns the figure, laid out, and the text."""
    caught = []
    monkeypatch.setattr(pictures, "show", lambda figure, text, **_: caught.append((figure, text)))

    def draw(name, *given, **named):
        getattr(pictures, name)(*given, **named)
        ((figure, text),) = caught
        figure.draw_without_rendering()  # lays it out
        return figure, text

    yield draw
    plt.close("all")


def named(axis):
    """Return the labels of an axis as a dict from a place on it to what stands there."""
    places = (axis.get_ticklocs(), axis.get_ticklabels())
    return {float(place): label.get_text() for place, label in zip(*places)}


def from_top(axes):
    """Return the places of the y axis's labels, the highest on the screen first."""
    return sorted(named(axes.yaxis), key=lambda place: -axes.transData.transform((0, place))[1])


def rows(axes):
    """Return name, value and colour of each point, from top to bottom."""
    names = named(axes.yaxis)
    points = {
        float(line.get_ydata()[0]): (float(line.get_xdata()[0]), line.get_color())
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }
    return [(names[place], *points[place]) for place in from_top(axes)]


def horizontal_bars(axes):
    """Return name and width of each bar, from top to bottom."""
    names = named(axes.yaxis)
    bars = {float(bar.get_y() + bar.get_height() / 2): bar.get_width() for bar in axes.patches}
    return [(names[place], pytest.approx(bars[place])) for place in from_top(axes)]


def upright_bars(axes):
    """Return place and height of each bar, from left to right."""
    bars = sorted(axes.patches, key=lambda bar: axes.transData.transform((bar.get_x(), 0))[0])
    return [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in bars]


def notes(axes):
    """Return each annotation's text and the place that it points to."""
    return {note.get_text(): tuple(map(float, note.xy)) for note in _annotations(axes)}


def labels_beside(axes):
    """Return the texts that stand at bars, in the order in which the bars were drawn."""
    return [note.get_text() for note in _annotations(axes)]


def _annotations(axes):
    return [text for text in axes.texts if isinstance(text, matplotlib.text.Annotation)]


def lines(axes):
    """Return the labelled lines as a dict from a label to pairs of x and y."""
    return {
        line.get_label(): list(zip(map(float, line.get_xdata()), map(float, line.get_ydata())))
        for line in axes.lines
    }


def legend(axes):
    """Return the legend as a dict from a label to its colour."""
    handles, labels = axes.get_legend_handles_labels()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == labels
    return dict(zip(labels, (handle.get_color() for handle in handles)))


def said(axes):
    """Return title, label of the x axis, and label of the y axis."""
    title = axes.get_title(loc="left")
    return title, axes.get_xlabel(), axes.get_ylabel()


# How a picture reaches the reader


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr(pictures, "display", lambda *given, **how: shown.append((given, how)))
    return shown


def test_text_reaches_those_who_see_it_and_those_who_do_not(displayed):
    pictures.show(plt.figure(), "Two bars: a 1, b 2")
    (((bundle,), how),) = displayed
    assert bundle["text/plain"] == "[Two bars: a 1, b 2]"
    assert how["metadata"]["image/png"]["alt"] == "Two bars: a 1, b 2"
    assert how["raw"] is True


def test_what_is_printed_of_the_pipeline_does_not_change_with_other_lessons(displayed):
    """Else one more lesson would be a mismatch for nbval in all notebooks."""
    here = LESSONS[1]
    pictures.pipeline(here.topic)
    (((bundle,), how),) = displayed
    assert bundle["text/plain"] == f"[This lesson is {here.stage}]"
    for lesson in LESSONS:
        assert lesson.stage.split()[-1] in how["metadata"]["image/png"]["alt"]


@pytest.mark.parametrize("inches", [7.2, 4.6])
def test_picture_has_more_pixels_than_its_place_and_is_closed(displayed, inches):
    figure = plt.figure(figsize=(inches, 2))
    pictures.show(figure, "…")
    (((bundle,), how),) = displayed
    png = base64.b64decode(bundle["image/png"])
    assert png.startswith(b"\x89PNG")
    pixels, height = struct.unpack(">II", png[16:24])
    assert how["metadata"]["image/png"]["width"] == round(inches * 100)
    assert (pixels, height) == (round(inches * 150), 300)
    assert not plt.fignum_exists(figure.number)  # or Jupyter shows it once more


# The way from ratings to a recommender

STAGES = (
    "Ratings", "Model", "Train and\nevaluate", "Compare", "Intervals", "Better\nmodel", "Features",
    "Lists", "Retrieve", "Recom-\nmend", "Serve", "Own\nratings", "Scale",
)  # fmt: skip
MORE = tuple(Lesson(i, f"topic{i}", "Title", stage) for i, stage in enumerate(STAGES, 1))


@pytest.fixture(params=[LESSONS, MORE[:9], MORE], ids=len)
def lessons(request, monkeypatch):
    monkeypatch.setattr("helpers.lessons.LESSONS", request.param)
    monkeypatch.setattr(pictures, "LESSONS", request.param)
    return request.param


def boxes_and_texts(axes):
    boxes = [
        patch
        for patch in axes.patches
        if patch.get_boxstyle().__class__ is matplotlib.patches.BoxStyle.Round
    ]
    texts = [text for text in axes.texts if text.get_text()]
    return list(zip(boxes, texts, strict=True))


def test_pipeline_marks_one_lesson_and_names_all_as_people_read(drawn, lessons):
    here = lessons[2]
    figure, text = drawn("pipeline", here.topic)
    names = [lesson.stage.replace("-\n", "").replace("\n", " ") for lesson in lessons]
    assert text == ", then ".join(names) + f". This lesson is {names[2]}"

    drawn_boxes = boxes_and_texts(figure.axes[0])

    def as_people_read(box_and_text):
        x, y = box_and_text[1].get_window_extent().get_points().mean(axis=0)
        return -round(y), x

    in_order = sorted(drawn_boxes, key=as_people_read)
    assert [text.get_text() for _, text in in_order] == [
        f"{lesson.number}\n{lesson.stage}" for lesson in lessons
    ]
    blue = matplotlib.colors.to_rgba(pictures.BLUE)
    marked = [text.get_text() for box, text in drawn_boxes if box.get_facecolor() == blue]
    assert marked == [f"{here.number}\n{here.stage}"]
    assert {text.get_text() for _, text in drawn_boxes if text.get_weight() == "bold"} == {*marked}


def test_pipeline_fits_whatever_lesson_is_marked(drawn, lessons):
    """The widest text is a marked one, in bold; none leaves its box, no box meets another."""
    widest = max(lessons, key=lambda lesson: max(map(len, lesson.stage.split("\n"))))
    figure, _ = drawn("pipeline", widest.topic)
    whole = figure.bbox
    found = []
    for box, text in boxes_and_texts(figure.axes[0]):
        outside, inside = box.get_window_extent(), text.get_window_extent()
        assert outside.x0 < inside.x0 and inside.x1 < outside.x1, text.get_text()
        assert outside.y0 < inside.y0 and inside.y1 < outside.y1, text.get_text()
        assert whole.x0 < outside.x0 and outside.x1 < whole.x1, text.get_text()
        assert whole.y0 < outside.y0 and outside.y1 < whole.y1, text.get_text()
        found.append(outside)
    assert len(found) == len(lessons)
    for i, box in enumerate(found):
        assert not box.count_overlaps(found[:i])


def test_pipeline_has_an_arrow_from_each_lesson_to_the_next(drawn, lessons):
    figure, _ = drawn("pipeline", lessons[0].topic)
    (axes,) = figure.axes
    boxes = [box.get_window_extent() for box, _ in boxes_and_texts(axes)]
    arrows = [note for note in axes.texts if note.get_text() == ""]
    assert len(arrows) == len(lessons) - 1
    for box, arrow in zip(boxes[1:], arrows):
        tip, end = axes.transData.transform([arrow.xy, arrow.xyann])
        assert box.padded(6).contains(*tip), "it points at the next box"
        assert not any(each.padded(-2).contains(*tip) for each in boxes), "and does not cross it"
        assert not any(each.padded(-2).contains(*end) for each in boxes)


def test_stages_differ_at_first_sight():
    """None begins as another does, as "Rank" and "Ranking model" did."""
    assert len({lesson.stage.lower()[:4] for lesson in LESSONS}) == len(LESSONS)


# Lessons 1 to 3


def test_ranking_model_names_each_part_with_its_shape(drawn):
    figure, text = drawn("ranking_model")
    (axes,) = figure.axes
    parts = [part for part in axes.texts if part.get_text()]
    parts.sort(key=lambda part: (part.get_position()[0], -part.get_position()[1]))
    assert [part.get_text() for part in parts] == [
        "user_id\n(n,)", "movie_title\n(n,)", "user tower\n(n, 32)", "movie tower\n(n, 32)",
        "side by side\n(n, 64)", "dense layers\n256, 64, 1", "rating\n(n, 1)",
    ]  # fmt: skip
    at = {part.get_position(): part.get_text().split("\n")[0] for part in parts}
    arrows = [(at[note.xyann], at[note.xy]) for note in axes.texts if note.get_text() == ""]
    assert arrows == [
        ("user_id", "user tower"), ("movie_title", "movie tower"), ("user tower", "side by side"),
        ("movie tower", "side by side"), ("side by side", "dense layers"),
        ("dense layers", "rating"),
    ]  # fmt: skip
    for word in ("user tower", "movie tower", "32 numbers", "256, 64 and 1"):
        assert word in text


def test_rating_counts_has_a_bar_for_each_number_of_stars(drawn):
    figure, text = drawn("rating_counts", np.array([5, 3, 5, 1, 3, 5, 4, 4, 5, 5.0]))
    (axes,) = figure.axes
    assert upright_bars(axes) == [(1, 1), (3, 2), (4, 2), (5, 5)]
    assert labels_beside(axes)[:4] == ["10%", "20%", "20%", "50%"]
    assert notes(axes)["mean 4.00"] == (4.0, 5.0)
    assert [line.get_xdata()[0] for line in axes.lines] == [4.0]
    assert said(axes) == ("How many stars were given", "Rating (stars)", "Ratings")
    assert text == (
        "Bars of the ratings: 1 star 10%, 3 stars 20%, 4 stars 20%, 5 stars 50%; mean 4.00"
    )


def test_long_tail_falls_and_tells_the_share_of_its_head(drawn):
    counts = np.array([1, 100, 3, 50, 2, 9, 10, 20, 5, 0])  # 200 together
    figure, text = drawn("long_tail", counts, 0.2)
    (axes,) = figure.axes
    head, tail = (
        {(x, y) for x, y in area.get_paths()[0].vertices.tolist() if y or x == 10}
        for area in axes.collections
    )
    assert head == {(1, 100), (2, 50)}
    assert tail == {
        (2, 50), (3, 20), (4, 10), (5, 9), (6, 5), (7, 3), (8, 2), (9, 1), (10, 0)
    }  # fmt: skip
    colours = [area.get_facecolor()[0].tolist() for area in axes.collections]
    assert colours == [[*matplotlib.colors.to_rgba(c)] for c in (pictures.BLUE, pictures.ORANGE)]
    assert list(notes(axes)) == [
        "20% of the movies have 75% of the ratings", "6 movies have fewer than 10 ratings"
    ]  # fmt: skip
    assert said(axes) == ("The long tail", "Movies, the most rated first", "Ratings")
    assert axes.get_xlim()[0] == axes.get_ylim()[0] == 0
    assert text == "Ratings per movie fall steeply: 20% of the movies have 75% of them"


def test_learning_curve_shows_each_epoch_and_the_mean(drawn):
    figure, text = drawn("learning_curve", [1.204, 1.1, 1.066], 1.126)
    (axes,) = figure.axes
    model, mean = "the model", "the mean rating for everybody"
    assert lines(axes)[model] == [(1, 1.204), (2, 1.1), (3, 1.066)]
    assert {y for _, y in lines(axes)[mean]} == {1.126}
    assert legend(axes) == {model: pictures.BLUE, mean: pictures.ORANGE}
    assert notes(axes) == {"1.20": (1, 1.204), "1.10": (2, 1.1), "1.07": (3, 1.066)}
    assert axes.get_xticks().tolist() == [1, 2, 3]
    assert said(axes) == ("RMSE on the training ratings", "Epoch", "RMSE (stars)")
    assert axes.get_ylim()[0] == 0
    assert text == "Training RMSE by epoch: 1.20, 1.10, 1.07; the mean rating has 1.13"


def test_ranked_movies_has_the_first_on_top(drawn):
    ranking = [("Plan 9", 4.503), ("Alien (1979)", 4.25), ("A", 1.0)]
    figure, text = drawn("ranked_movies", ranking, "What user 42 gets")
    (axes,) = figure.axes
    assert horizontal_bars(axes) == ranking
    assert labels_beside(axes) == ["4.50", "4.25", "1.00"]
    assert said(axes) == ("What user 42 gets", "Predicted rating (stars)", "")
    assert axes.get_xlim()[0] == 0 and axes.get_xlim()[1] > 5  # no bar is cut off
    assert text == "What user 42 gets: Plan 9 4.50, Alien (1979) 4.25, A 1.00"


def test_predictions_stand_beside_ratings_in_shares(drawn):
    predictions = np.repeat([1, 3.1, 3.5, 3.7, 4.1, 5], [2, 30, 300, 640, 26, 2])
    ratings = np.array([1, 3, 3, 5.0])
    figure, text = drawn("predictions_and_ratings", predictions, ratings)
    left, right = figure.axes
    assert [said(axes)[:2] for axes in figure.axes] == [
        ("What users gave", "Stars"), ("What the model predicts", "Stars")
    ]  # fmt: skip
    assert left.get_ylabel() == "Share of the test ratings"
    assert left.yaxis.get_major_formatter()(0.5) == "50%"
    given = {1: 0.25, 3: 0.5, 5: 0.25}
    predicted = {3.1: 0.03, 3.5: 0.3, 3.7: 0.64, 4.1: 0.026}
    for axes, expected in ((left, given), (right, predicted)):
        bars = {round(x, 1): h for x, h in upright_bars(axes) if h > 0.01}
        assert bars == pytest.approx(expected)
        assert axes.get_xlim() == (0.5, 5.5)
    assert left.get_ylim() == right.get_ylim()
    assert text == (
        "The ratings lie on the whole stars from 1 to 5; "
        "99% of the predictions lie between 3.1 and 4.1"
    )


# Lessons 4 and 5


def test_train_and_validation_marks_the_best_epoch(drawn):
    train, validation = [0.95, 0.9, 0.86, 0.81], [0.97, 0.934, 0.951, 0.99]
    figure, text = drawn(
        "train_and_validation", [2, 1, *train], [1.3, 1.1, *validation], "On and on", first_epoch=3
    )
    (axes,) = figure.axes
    assert lines(axes) == {
        "training ratings": list(zip([3, 4, 5, 6], train)),
        "validation ratings": list(zip([3, 4, 5, 6], validation)),
    }
    assert list(legend(axes)) == ["training ratings", "validation ratings"]
    assert notes(axes) == {"lowest: 0.934": (4, 0.934)}
    assert axes.get_xticks().tolist() == [1, 2, 3, 4, 5, 6]
    (span,) = axes.patches
    assert (span.get_x(), span.get_width()) == (0.5, 2)
    assert "off the scale:\nvalidation 1.30, 1.10" in [text.get_text() for text in axes.texts]
    assert said(axes) == ("On and on", "Epoch", "RMSE (stars)\nthe axis starts at 0.801")
    assert text == (
        "Training RMSE falls to 0.81; validation RMSE is lowest after epoch 4 at 0.93 and ends at "
        "0.99; not drawn: validation 1.30, 1.10"
    )


def test_epochs_begin_with_the_first(drawn):
    figure, text = drawn("train_and_validation", [1, 0.9], [0.9, 1], "Twice")
    assert figure.axes[0].get_xticks().tolist() == [1, 2]
    assert not figure.axes[0].patches
    assert "lowest after epoch 1 at 0.90 and ends at 1.00" in text and "not drawn" not in text


def test_search_shows_each_trial_with_its_optimizer_and_batch_size(drawn):
    trials = [
        {"optimizer": "B", "learning_rate": 0.01, "batch_size": 2_048, "rmse": 0.95},
        {"optimizer": "A", "learning_rate": 0.3, "batch_size": 1_024, "rmse": 0.93},
        {"optimizer": "B", "learning_rate": 0.002, "batch_size": 512, "rmse": 0.99},
    ]
    figure, text = drawn("search", trials, {"biases": 0.94, "by hand": 0.929})
    (axes,) = figure.axes
    shown = lines(axes)
    assert shown["A"] == [(0.3, 0.93)]
    assert shown["B"] == [(0.01, 0.95), (0.002, 0.99)]
    assert [y for _, y in shown["biases"]] == [0.94] * 2
    assert [y for _, y in shown["by hand"]] == [0.929] * 2
    assert notes(axes) == {"2k": (0.01, 0.95), "1k": (0.3, 0.93), "0.5k": (0.002, 0.99)}
    assert axes.get_xscale() == "log"
    assert axes.get_ylabel() == "Lowest validation RMSE (stars)\nthe axis starts at 0.92"
    assert text.startswith("Validation RMSE of a random search: B 0.01, batches of 2,048: 0.950; A")


@pytest.mark.parametrize("far", [0.05, 0.0025, 0.0, -0.0005, -0.02])
def test_search_has_no_label_across_a_line(drawn, far):
    trials = [
        {"optimizer": "A", "learning_rate": rate, "batch_size": 1_024, "rmse": rmse}
        for rate, rmse in ((0.1, 0.92), (1.0, 0.93), (10.0, 0.945))
    ]
    figure, _ = drawn("search", trials, {"biases": 0.93 + far})
    (axes,) = figure.axes
    line = axes.transData.transform((1, 0.93 + far))[1]
    label = next(note for note in _annotations(axes) if note.xy == (1.0, 0.93))
    place = label.get_bbox_patch().get_window_extent()
    assert not place.y0 < line < place.y1


@pytest.mark.parametrize("zero", [False, True])
def test_intervals_stand_in_their_order_from_the_top(drawn, zero):
    values = {"model": (0.9, 0.85, 1.0), "biases": (0.7, 0.6, 0.75)}
    figure, text = drawn("intervals", values, "Who is better?", "RMSE (stars)", zero=zero)
    (axes,) = figure.axes
    assert [row[:2] for row in rows(axes)] == [("model", 0.9), ("biases", 0.7)]
    spans = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xdata()) == 2]
    assert spans[:2] == [[[0.85, 0], [1.0, 0]], [[0.6, 1], [0.75, 1]]]
    assert [x for (x, _), _ in spans[2:]] == [0] * zero
    beside = {"0.900 (0.850 to 1.000)": (1.02, 0), "0.700 (0.600 to 0.750)": (1.02, 1)}
    assert notes(axes) == beside
    assert [colour for *_, colour in rows(axes)] == [pictures.BLUE, pictures.BLUE]
    label = "RMSE (stars)" if zero else "RMSE (stars); the axis starts at 0.57"
    assert said(axes) == ("Who is better?", label, "")
    assert text == ("Who is better?: model 0.900 (0.850 to 1.000); biases 0.700 (0.600 to 0.750)")


def test_intervals_say_as_many_digits_as_told(drawn):
    values = {"model": (0.9, 0.85, 1.0)}
    figure, text = drawn("intervals", values, "Who is better?", "RMSE (stars)", digits=1)
    assert list(notes(figure.axes[0])) == ["0.9 (0.8 to 1.0)"]
    assert text == "Who is better?: model 0.9 (0.8 to 1.0)"


def test_interval_of_another_kind_has_a_colour_of_its_own(drawn):
    values = {"seed 1": (0.2, 0.1, 0.3), "recipe": (0.1, -0.1, 0.3)}
    figure, _ = drawn("intervals", values, "Difference", "stars", highlight=("recipe",))
    (axes,) = figure.axes
    assert [row[::2] for row in rows(axes)] == [
        ("seed 1", pictures.BLUE), ("recipe", pictures.ORANGE)
    ]  # fmt: skip
    assert axes.lines[2].get_color() == pictures.ORANGE
    assert axes.lines[2].get_xdata().tolist() == [-0.1, 0.3]


@pytest.mark.parametrize(
    ("best", "order"), [("lowest", ["c", "their b", "a"]), ("highest", ["a", "their b", "c"])]
)
def test_leaderboard_has_the_best_at_the_bottom(drawn, best, order):
    values = {"a": 0.8914, "their b": 0.9, "c": 1.125}
    ours = {name: values[name] for name in ("c", "a")}
    figure, text = drawn("leaderboard", ours, {"their b": 0.9}, metric="NDCG", best=best)
    (axes,) = figure.axes
    colours = {"a": pictures.BLUE, "their b": pictures.ORANGE, "c": pictures.BLUE}
    assert rows(axes) == [(name, values[name], colours[name]) for name in order]
    places = [order.index(name) for name in ("a", "their b", "c")]
    assert notes(axes) == {
        "0.891": (1.02, places[0]), "0.900": (1.02, places[1]), "1.125": (1.02, places[2])
    }  # fmt: skip
    assert legend(axes) == {"this course": pictures.BLUE, "other libraries": pictures.ORANGE}
    start = axes.get_xlim()[0]
    assert start < 0.8914 and start == pytest.approx(0.87)
    label = "NDCG; the axis starts at 0.87"
    assert said(axes) == (f"Leaderboard: the {best} is the best", label, "")
    figures = {"a": "a 0.891", "their b": "their b 0.900", "c": "c 1.125"}
    assert text == "NDCG, the best last: " + ", ".join(figures[name] for name in order)


@pytest.mark.parametrize("best", ["lowest", "highest"])
def test_leaderboards_legend_hides_no_result(drawn, best):
    worse = -1 if best == "highest" else 1  # as in lesson 8: one far behind, the others close
    behind = (0.06, 0.03, 0.01, 0.005, 0)
    values = {f"model {far}": 0.85 + worse * far for far in behind}
    figure, _ = drawn(
        "leaderboard", values, {"theirs": 0.85 - worse * 0.005}, best=best, against="theirs",
        intervals={name: (0, -0.004, 0.004) for name in values}, looks_ahead=["theirs"],
    )  # fmt: skip
    (axes,) = figure.axes
    legend = axes.get_legend().get_window_extent()
    for line in axes.lines:
        if len(line.get_xdata()) == 1:
            place = axes.transData.transform((line.get_xdata()[0], line.get_ydata()[0]))
            assert not legend.contains(*place)


def test_leaderboard_is_of_test_rmse_unless_told_otherwise(drawn):
    figure, text = drawn("leaderboard", {"worse": 1.1, "better": 0.9}, {})
    assert [name for name, *_ in rows(figure.axes[0])] == ["worse", "better"]
    assert said(figure.axes[0])[0] == "Leaderboard: the lowest is the best"
    assert said(figure.axes[0])[1].startswith("Test RMSE (stars); the axis starts at 0.8")
    assert text == "Test RMSE (stars), the best last: worse 1.100, better 0.900"


def test_leaderboard_draws_each_difference_around_the_one_compared_with(drawn):
    figure, _ = drawn(
        "leaderboard", {"ours": 0.93, "no interval": 1.1}, {"theirs": 0.87},
        intervals={"ours": (0.06, 0.05, 0.08)}, against="theirs", looks_ahead=("theirs",),
    )  # fmt: skip
    (axes,) = figure.axes
    spans = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) == 2]
    assert spans[0][:, 0].tolist() == [0.87, 0.87] and len(spans) == 2
    assert spans[1] == pytest.approx(np.array([[0.92, 1], [0.95, 1]]))
    faces = {
        float(line.get_xdata()[0]): line.get_markerfacecolor()
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }
    assert faces == {0.93: pictures.BLUE, 1.1: pictures.BLUE, 0.87: "white"}
    assert list(legend(axes))[2:] == [
        "hollow: knows later ratings' times",
        "95% interval of the difference\nto the dashed line",
    ]


# Lesson 6


def test_rating_model_is_drawn_with_the_shapes_that_it_has(drawn):
    figure, text = drawn("rating_model")
    (axes,) = figure.axes
    boxes = [each for each in axes.texts if each.get_bbox_patch() and each.get_text()]
    said_there = "\n".join(box.get_text() for box in boxes)
    model = tiny.make_ranker(tiny.make_rows())
    made = make_features(tiny.make_rows())
    width = model.user_vectors(made).shape[1] - 1
    numbers = [made[name].shape[1] for name in ("statistics", "time")]
    for size in (1, width, *numbers, 2 * width + sum(numbers)):
        assert f"(n, {size})" in said_there
    assert model.last.kernel.shape[0] == 2 * width + sum(numbers)
    places = [box.get_window_extent() for box in boxes]
    for i, place in enumerate(places):
        assert not any(place.overlaps(other) for other in places[i + 1 :])
    assert "Their dot product" in text


def test_ablation_joins_what_was_kept_and_crosses_out_the_rest(drawn):
    results = {
        "ids": [0.95], "genres": [0.95, 0.97], "history": [0.92, 0.9, 0.91], "time": [0.8865],
    }  # fmt: skip
    figure, text = drawn("ablation", results, left_out=("genres",))
    (axes,) = figure.axes
    assert [named(axes.yaxis)[place] for place in from_top(axes)] == list(results)
    blue = [line for line in axes.lines if line.get_color() == pictures.BLUE]
    assert [line.get_xydata().tolist() for line in blue] == [
        [[0.95, 0], [pytest.approx(0.91), 2], [0.8865, 3]]
    ]
    crosses = [line for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert [line.get_xydata().tolist() for line in crosses] == [[[pytest.approx(0.96), 1]]]
    strokes = [line for line in axes.lines if line.get_marker() == "|" and len(line.get_xdata())]
    assert [line.get_xdata().tolist() for line in strokes] == list(results.values())
    assert [set(line.get_ydata()) for line in strokes] == [{0}, {1}, {2}, {3}]
    assert legend(axes) == {
        "kept, mean of seeds": pictures.BLUE, "left out again": pictures.ORANGE,
        "each seed": "black",
    }  # fmt: skip
    assert notes(axes) == {"0.950": (1, 0), "0.960": (1, 1), "0.910": (1, 2), "0.886": (1, 3)}
    right = axes.get_window_extent().x1
    assert all(note.get_window_extent().x0 > right for note in _annotations(axes))
    label = "Validation RMSE (stars); the axis starts at 0.882"
    assert said(axes) == ("One change at a time", label, "")
    assert text == (
        "Validation RMSE change by change, means of seeds: ids 0.950, genres 0.960 (left out "
        "again), history 0.910, time 0.886"
    )


def test_ablation_without_failures_names_none(drawn):
    figure, text = drawn("ablation", {"a": [0.9], "b": [0.8]})
    assert set(legend(figure.axes[0])) == {"kept, mean of seeds", "each seed"}
    assert text == "Validation RMSE change by change, means of seeds: a 0.900, b 0.800"


def test_rmse_by_group_has_a_panel_for_each_way_to_group(drawn):
    panels = {
        "ratings of the user": {"1–9": 1.0214, "10–99": 0.95},
        "ratings of the movie": {"1–9": 1.2, "10–99": 0.9, "100+": 0.85},
    }
    figure, text = drawn("rmse_by_group", panels)
    assert [axes.get_xlabel() for axes in figure.axes] == list(panels)
    for axes, groups in zip(figure.axes, panels.values(), strict=True):
        assert list(named(axes.xaxis).values()) == list(groups)
        assert [height for _, height in upright_bars(axes)] == list(groups.values())
        assert labels_beside(axes) == [f"{value:.2f}" for value in groups.values()]
        assert axes.get_ylim()[0] == 0 and axes.get_ylim() == figure.axes[0].get_ylim()
    assert figure.axes[0].get_ylabel() == "RMSE (stars)"
    assert figure.get_suptitle() == "Where the error sits"
    assert text == (
        "RMSE by group. ratings of the user: 1–9 1.02, 10–99 0.95; "
        "ratings of the movie: 1–9 1.20, 10–99 0.90, 100+ 0.85"
    )


def test_calibration_shows_means_of_equal_groups(drawn):
    groups = np.arange(2, 4.5, 0.25)  # ten of three ratings; no mean is a median
    predictions = np.repeat(groups, 3) + np.tile([0, 0.0625, 0.125], 10)
    ratings = np.concatenate([np.tile([1, 2, 4.5], 5), np.tile([3.5, 5, 5], 5)])
    turned = np.random.default_rng(0).permutation(30)
    models = {"this": predictions[turned], "constant": np.full(30, 3.0)}
    figure, text = drawn("calibration", models, ratings[turned])
    (axes,) = figure.axes
    predicted = groups + 0.0625
    given = [2.5] * 5 + [4.5] * 5
    assert lines(axes) == {
        "perfectly calibrated": [(1, 1), (5, 5)],
        "this": list(zip(predicted, given)),
        "constant": [(3, ratings[group].mean()) for group in np.split(turned, 10)],
    }
    assert legend(axes) == {
        "perfectly calibrated": pictures.GREY, "this": pictures.BLUE, "constant": pictures.ORANGE
    }  # fmt: skip
    assert said(axes) == (
        "Calibration, in tenths of the ratings",
        "Predicted (stars)",
        "Given (stars)",
    )
    assert axes.get_xlim() == axes.get_ylim() and axes.get_aspect() == 1  # or 45° is not equality
    pairs = ", ".join(f"{p:.1f}: {g}" for p, g in zip(predicted, given))
    assert f"Mean rating given by mean prediction, in tenths: this {pairs}; constant 3.0: " in text


# Lessons 8 to 12


def test_lists_compared_has_the_first_model_on_top_in_each_panel(drawn):
    panels = {
        "NDCG@10": {"popular": 0.1234, "ours": 0.25},
        "ratings of\na movie": {"popular": 312.4, "ours": 9.876},
    }
    figure, text = drawn("lists_compared", panels)
    assert [said(axes)[0] or axes.get_title() for axes in figure.axes] == list(panels)
    names = [named(figure.axes[0].yaxis)[place] for place in from_top(figure.axes[0])]
    assert names == ["popular", "ours"]
    for axes, values in zip(figure.axes, panels.values(), strict=True):
        bars = sorted(axes.patches, key=lambda bar: -bar.get_window_extent().y0)
        assert [bar.get_width() for bar in bars] == list(values.values())
        assert axes.get_xlim()[0] == 0
    assert [labels_beside(axes) for axes in figure.axes] == [["0.12", "0.25"], ["312", "9.88"]]
    assert text == (
        "What the lists are like. NDCG@10: popular 0.12, ours 0.25; "
        "ratings of a movie: popular 312, ours 9.88"
    )


def test_lists_compared_can_have_intervals(drawn):
    figure, text = drawn("lists_compared", {"A": {"one": (0.5, 0.4, 0.7)}, "B": {"one": 3}})
    drawn_lines = [axes.collections[0].get_segments() for axes in figure.axes]
    assert np.allclose(drawn_lines, [[[[0.4, 0], [0.7, 0]]], [[[3, 0], [3, 0]]]])
    assert [labels_beside(axes) for axes in figure.axes] == [["0.50"], ["3.00"]]
    assert text == "What the lists are like. A: one 0.50; B: one 3.00"


def test_curves_are_told_by_where_they_begin_and_end(drawn):
    given = {"one": ([1, 2, 4], [0.1234, 0.5, 0.25]), "two": ([1, 4], [1234.5, 2])}
    ticks = {1: "1", 4: "four"}
    figure, text = drawn("curves", given, "How it grows", "Ratings", "Seconds", ticks)
    (axes,) = figure.axes
    assert lines(axes) == {name: list(zip(*xy)) for name, xy in given.items()}
    assert legend(axes) == {"one": pictures.BLUE, "two": pictures.ORANGE}
    assert len({line.get_marker() for line in axes.lines}) == 2  # apart without colours too
    assert said(axes) == ("How it grows", "Ratings", "Seconds")
    assert named(axes.xaxis) == ticks
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    assert axes.get_ylim()[0] < 0
    assert text == "How it grows: one from 0.123 to 0.25; two from 1.23e+03 to 2"


@pytest.mark.parametrize("logarithmic", ["x", "xy"])
def test_curves_can_be_logarithmic(drawn, logarithmic):
    ticks = {10: "10", 1000: "1,000"}
    given = {"one": ([10, 1000], [1, 5])}
    figure, _ = drawn("curves", given, "t", "x", "y", ticks, logarithmic)
    (axes,) = figure.axes
    scales = {"x": axes.get_xscale(), "y": axes.get_yscale()}
    assert scales == {axis: "log" if axis in logarithmic else "linear" for axis in "xy"}
    assert named(axes.xaxis) == ticks
    assert axes.get_legend() is None  # one line needs none
    if "y" in logarithmic:
        assert {"1", "2", "5"} <= set(named(axes.yaxis).values())  # not 10⁰
    assert not axes.xaxis.get_minorticklocs().size


def test_curves_with_intervals_show_zero(drawn):
    given = {"one": ([1, 2], [5.0, 6.0]), "two": ([1, 2], [7.0, 8.0])}
    figure, _ = drawn("curves", given, "t", "x", "y", {1: "1"}, bands={"two": ([6, 7], [9, 9.5])})
    (axes,) = figure.axes
    (band,) = axes.collections
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.tolist()}
    assert {(1, 6), (2, 7), (1, 9), (2, 9.5)} <= corners
    assert matplotlib.colors.to_hex(band.get_facecolor()[0]) == pictures.ORANGE.lower()
    low, high = axes.get_ylim()
    assert low <= 0 and high >= 9.5
    assert legend(axes) == {"one": pictures.BLUE, "two": pictures.ORANGE}


def test_curves_above_zero_say_where_their_axis_starts(drawn):
    figure, _ = drawn("curves", {"one": ([1, 2], [5.02, 6])}, "t", "x", "Seconds", {1: "1"})
    (axes,) = figure.axes
    assert axes.get_ylim()[0] == pytest.approx(4.97)
    assert axes.get_ylabel() == "Seconds\nthe axis starts at 4.97"


def test_curves_can_show_zero(drawn):
    figure, _ = drawn("curves", {"one": ([1, 2], [5, 6])}, "t", "x", "y", {1: "1"}, zero=True)
    assert figure.axes[0].get_ylim()[0] <= 0


def test_bars_stand_in_their_order_with_their_values(drawn):
    values = {"reading": 3.14159, "training": 12.5, "rest": 0.5}
    figure, text = drawn("bars", values, "Where time goes", "Milliseconds", "{:.1f} ms")
    (axes,) = figure.axes
    assert horizontal_bars(axes) == list(values.items())
    assert labels_beside(axes) == ["3.1 ms", "12.5 ms", "0.5 ms"]
    assert said(axes) == ("Where time goes", "Milliseconds", "")
    assert axes.get_xlim()[0] == 0
    assert text == ("Where time goes, milliseconds: reading 3.1 ms, training 12.5 ms, rest 0.5 ms")


def test_every_picture_is_tested_here():
    """Whoever adds one adds a test that draws it."""
    here = Path(__file__).read_text("utf-8")
    public = {
        name
        for name, each in vars(pictures).items()
        if getattr(each, "__module__", None) == pictures.__name__ and not name.startswith("_")
    }
    assert {"show", "leaderboard"} <= public
    assert not [n for n in public if f'drawn("{n}"' not in here and f"pictures.{n}(" not in here]
