"""Lists of movies and how good they are: by hand, and as keras-rs has it."""

import re

import keras_rs
import numpy as np
import pytest

from helpers.metrics import lists as metrics

LOG3 = np.log2(3)  # rank 2 counts 1 / log2(3), rank 3 counts 1/2, rank 7 1/3


def said(sentence):
    """Return a pattern for the whole of a message."""
    return f"^{re.escape(sentence)}$"


def whole(labels):
    """Return a mask for lists without padding."""
    return np.ones(np.shape(labels), bool)


@pytest.fixture
def lists():
    """Return stars, scores without ties, and a mask, of shape (8, 14)."""
    rng = np.random.default_rng(2)
    mask = np.arange(14) < rng.integers(2, 15, 8)[:, None]
    return rng.integers(1, 6, (8, 14)) * mask, rng.normal(size=(8, 14)), mask


# Lists


def test_per_user_keeps_rows_together():
    users = np.array([b"b", b"a", b"b", b"c", b"a", b"a"])
    mask, stars, scores = metrics.per_user(users, np.arange(1, 7), np.arange(6) / 10)
    assert mask.tolist() == [[True] * 3, [True, True, False]]  # c has one row only
    assert stars.tolist() == [[2, 5, 6], [1, 3, 0]]
    assert scores.tolist() == [[0.1, 0.4, 0.5], [0.0, 0.2, 0.0]]
    assert (stars.dtype, scores.dtype) == (np.int64, np.float64)


def test_per_user_takes_lists_and_keeps_the_order_of_many_rows():
    users = np.arange(400) % 2
    mask, rows = metrics.per_user(users.tolist(), list(range(400)))
    assert mask.shape == (2, 200) and mask.all()
    assert rows.tolist() == [list(range(0, 400, 2)), list(range(1, 400, 2))]


def test_per_user_needs_rows():
    with pytest.raises(ValueError, match=said("there are no rows to make lists of")):
        metrics.per_user(np.array([]))


@pytest.mark.parametrize("sizes", [(2, 3), (3, 2), (4, 3)])
def test_per_user_needs_columns_of_the_same_length(sizes):
    message = "each column must have 3 rows, as the users have"
    with pytest.raises(ValueError, match=said(message)):
        metrics.per_user(np.array([1, 1, 2]), *map(np.ones, sizes))


def test_per_user_of_single_rows_has_no_lists():
    mask, stars = metrics.per_user(np.array([7, 3]), np.array([5.0, 4.0]))
    assert mask.shape == stars.shape == (0, 1)


def test_labels_come_in_the_order_of_the_scores():
    labels, scores = np.array([[3, 4, 5], [1, 2, 5]]), np.array([[0.1, -2, 0.4], [3, 2, 1]])
    ordered = metrics.ranked_labels(labels, scores, whole(labels))
    assert ordered.tolist() == [[5, 3, 4], [1, 2, 5]]


def test_padding_is_never_ranked_above_a_movie():
    labels, mask = np.array([[3, 5, 4, 4]]), np.array([[True, True, False, False]])
    ordered = metrics.ranked_labels(labels, np.array([[-7.0, -6.0, 0.0, 9.0]]), mask)
    assert ordered.tolist() == [[5, 3, 0, 0]]


def test_equal_scores_come_in_an_order_drawn_from_the_seed():
    labels = np.arange(12).reshape(2, 6)
    scores = np.array([[1.0] * 6, [2.0, 2, 2, 0, 0, 0]])
    for seed in (42, 7):
        ties = np.random.default_rng(seed).random((2, 6))
        expected = [
            sorted(range(6), key=lambda place, row=row: (-scores[row, place], ties[row, place]))
            for row in range(2)
        ]
        named = {} if seed == 42 else {"seed": seed}  # 42 by default
        ordered = metrics.ranked_labels(labels, scores, whole(labels), **named)
        assert (ordered - [[0], [6]]).tolist() == expected


# NDCG and the reciprocal rank


@pytest.mark.parametrize(
    ("labels", "scores", "k", "expected"),
    [
        ([3, 2, 1], [1, 2, 3], 10, (1 + 3 / LOG3 + 7 / 2) / (7 + 3 / LOG3 + 1 / 2)),
        ([3, 2, 1], [1, 2, 3], 2, (1 + 3 / LOG3) / (7 + 3 / LOG3)),
        ([3, 2, 1], [1, 2, 3], 1, 1 / 7),
        ([1, 2, 3], [1, 2, 3], 3, 1),
        ([0, 0, 1], [3, 2, 1], 3, 1 / 2),
        ([0, 0, 1], [3, 2, 1], 2, 0),
        ([0, 0, 0, 0, 0, 0, 0.5], [7, 6, 5, 4, 3, 2, 1], 10, 1 / 3),
    ],
)
def test_ndcg_by_hand(labels, scores, k, expected):
    found = metrics.ndcg(np.array([labels]), np.array([scores]), whole([labels]), k)
    assert found.tolist() == [pytest.approx(expected, rel=1e-12)]


def test_ndcg_counts_ten_ranks():
    labels = np.array([[5] + [0] * 11] * 3)
    scores = np.array([np.arange(12.0)] * 3)
    scores[0, 0], scores[1, 0] = 2.5, 1.5  # at rank 10, and at rank 11
    found = metrics.ndcg(labels, scores, whole(labels))
    assert found.tolist() == [pytest.approx(1 / np.log2(11)), 0, 0]


def test_ndcg_is_that_of_keras_rs(lists):
    stars, scores, mask = lists
    ours = metrics.ndcg(stars, scores, mask, k=10)
    for i in range(len(stars)):
        real = mask[i]
        metric = keras_rs.metrics.NDCG(k=10)
        theirs = metric(stars[i][real][None].astype("float32"), scores[i][real][None])
        assert ours[i] == pytest.approx(float(theirs), abs=1e-5)


def test_padding_gains_nothing():
    labels, scores = np.array([[2, 1, 5]]), np.array([[1.0, 2.0, 3.0]])
    mask = np.array([[True, True, False]])
    expected = (1 + 3 / LOG3) / (3 + 1 / LOG3)
    assert metrics.ndcg(labels, scores, mask).tolist() == [pytest.approx(expected)]


def test_ties_are_ordered_at_random_and_repeat():
    stars = np.tile([5, 4, 3, 2, 1], (2_000, 1))
    first, again, default, other = (
        metrics.ndcg(stars, np.zeros(stars.shape), whole(stars), **named)
        for named in ({"seed": 42}, {"seed": 42}, {}, {"seed": 2})
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, default)
    assert not np.array_equal(first, other)
    assert 0.7 < first.mean() < 0.85  # a stable sort would have 1


@pytest.mark.parametrize("k", [0, -1])
def test_ndcg_needs_a_rank(k):
    with pytest.raises(ValueError, match=said(f"k is {k}: at least one rank must count")):
        metrics.ndcg(np.array([[5, 1]]), np.array([[1, 2]]), whole([[5, 1]]), k)


def test_ndcg_needs_a_movie_that_gains():
    message = "a list has no movie with more than 0 stars, so no order is better"
    labels = np.array([[5, 1], [0, 0]])
    with pytest.raises(ValueError, match=said(message)):
        metrics.ndcg(labels, np.ones((2, 2)), whole(labels))


def test_reciprocal_ranks_by_hand():
    labels = np.array([[5, 4, 3], [3, 5, 5], [4, 4, 5], [4, 3, 2]])
    scores = np.array([[3, 2, 1]] * 4)
    found = metrics.reciprocal_ranks(labels, scores, whole(labels))
    assert found.tolist() == [1, 1 / 2, 1 / 3, 0]
    found = metrics.reciprocal_ranks(labels, scores, whole(labels), relevant=4)
    assert found.tolist() == [1, 1 / 2, 1, 1]


def test_reciprocal_ranks_order_ties_by_the_seed():
    labels = np.tile([5, 1, 1, 1], (100, 1))
    for named in ({}, {"seed": 7}):
        ordered = metrics.ranked_labels(labels, np.zeros((100, 4)), whole(labels), **named)
        found = metrics.reciprocal_ranks(labels, np.zeros((100, 4)), whole(labels), **named)
        assert found.tolist() == [1 / (1 + row.index(5)) for row in ordered.tolist()]


def test_reciprocal_ranks_leave_padding_out():
    labels, mask = np.array([[1, 5, 5]]), np.array([[True, True, False]])
    found = metrics.reciprocal_ranks(labels, np.array([[2, 1, 3]]), mask)
    assert found.tolist() == [1 / 2]


def test_reciprocal_ranks_are_those_of_keras_rs(lists):
    stars, scores, mask = lists
    ours = metrics.reciprocal_ranks(stars, scores, mask)
    for i in range(len(stars)):
        loved = (stars[i][mask[i]] >= 5).astype("float32")
        theirs = keras_rs.metrics.MeanReciprocalRank()(loved[None], scores[i][mask[i]][None])
        assert ours[i] == pytest.approx(float(theirs), abs=1e-5)


# Recommended lists


def test_top_leaves_out_what_is_seen():
    scores = np.array([[0.3, 0.9, -1, 0.5], [4, 3, 2, 1]])
    seen = np.array([[False, True, False, False], [True, False, True, False]])
    assert metrics.top(scores, seen, 2).tolist() == [[3, 0], [1, 3]]
    assert metrics.top(scores, seen, 1).tolist() == [[3], [1]]
    assert metrics.top(scores, seen).tolist() == [[3, 0, 2, 1], [1, 3, 0, 2]]  # seen ones follow


def test_top_has_ten_movies_and_equal_scores_in_their_order():
    scores = np.tile(np.arange(1_000) % 2, (2, 1))
    found = metrics.top(scores, np.zeros((2, 1_000), bool))
    assert found.tolist() == [list(range(1, 20, 2))] * 2


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_top_needs_finite_scores(value):
    message = "a score is infinite or not a number: it has no place in an order"
    with pytest.raises(ValueError, match=said(message)):
        metrics.top(np.array([[1.0, value]]), np.zeros((1, 2), bool))


@pytest.mark.parametrize("k", [0, -1])
def test_top_needs_a_place(k):
    with pytest.raises(ValueError, match=said(f"k is {k}: a list holds at least one movie")):
        metrics.top(np.ones((1, 2)), np.zeros((1, 2), bool), k)


def every_pair(users, titles):
    return {
        "user_id": np.repeat(np.array(users, bytes), len(titles)),
        "movie_title": np.tile(np.array(titles, bytes), len(users)),
    }


def test_unseen_movies_by_hand():
    train = {"user_id": np.array([b"1", b"2", b"3"]), "movie_title": np.array([b"A", b"C", b"B"])}
    pairs = every_pair([b"1", b"2"], [b"A", b"B", b"C"])
    scores = np.array([9, 1, 2, 1, 3, 9])  # of user 1, then of user 2
    found = metrics.top_unseen(train, pairs, scores, k=2)
    assert found.tolist() == [[b"C", b"B"], [b"B", b"A"]]


def test_unseen_movies_are_ten_by_default():
    pairs = every_pair([b"1"], [b"%02d" % i for i in range(12)])
    train = {"user_id": np.array([b"1"]), "movie_title": np.array([b"00"])}
    found = metrics.top_unseen(train, pairs, np.arange(12.0))
    assert found.tolist() == [[b"%02d" % i for i in range(11, 1, -1)]]


def test_unseen_movies_of_many_users_and_scores_are_in_order():
    rng = np.random.default_rng(1)
    users, titles = [b"%d" % i for i in range(5)], [b"%02d" % i for i in range(40)]
    pairs = every_pair(users, titles)
    rated = rng.random(200) < 0.3
    train, scores = {name: column[rated] for name, column in pairs.items()}, rng.normal(size=200)
    tops = metrics.top_unseen(train, pairs, scores, k=7)
    for user, top in zip(users, tops):
        mine = pairs["user_id"] == user
        ordered = sorted(zip(-scores[mine], pairs["movie_title"][mine], rated[mine]))
        assert top.tolist() == [title for _, title, seen in ordered if not seen][:7]


def test_recall_by_hand():
    tops = np.array([[0, 1], [2, 3], [0, 3], [1, 2]])
    liked = np.array([[1, 0, 1, 1], [0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 1]], bool)
    found = metrics.recall(tops, liked)  # 1 of 3, 1 of 1, nothing to find, 0 of 2
    assert type(found) is float
    assert found == pytest.approx((1 / 3 + 1 + 0) / 3, rel=1e-12)


def test_recall_needs_a_liked_movie():
    message = "nobody likes any movie, so there is nothing to find"
    with pytest.raises(ValueError, match=said(message)):
        metrics.recall(np.array([[0, 1]]), np.zeros((1, 3), bool))


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_best_list_of_all_movies_has_ndcg_1(k):
    stars = np.array([[0, 5, 3, 4, 1], [2, 0, 0, 0, 3]], float)
    tops = np.argsort(-stars, axis=1)[:, :k]
    assert metrics.full_catalogue_ndcg(tops, stars).tolist() == pytest.approx([1, 1])


def test_ndcg_of_all_movies_by_hand():
    stars = np.array([[0, 3, 0, 2], [0, 0, 0, 0], [1, 0, 0, 0], [5, 4, 3, 2]], float)
    tops = np.array([[0, 3], [0, 1], [1, 0], [2, 1]])
    assert metrics.full_catalogue_ndcg(tops, stars).tolist() == pytest.approx(
        [(3 / LOG3) / (7 + 3 / LOG3), 1 / LOG3, (7 + 15 / LOG3) / (31 + 15 / LOG3)], rel=1e-12
    )


# Diversity


GENRES = {  # B shares one genre with A, and one with D; the titles are not in order
    "movie_title": np.array([b"D", b"B", b"A", b"C", b"A"]),
    "genres": np.array([[0, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]], np.float32),
}


@pytest.mark.parametrize(
    ("tops", "expected"),
    [
        ([[b"A", b"B", b"C"]], 2 / 3),
        ([[b"A", b"B"]], 0),
        ([[b"D", b"A"]], 1),
        ([[b"A", b"B", b"D"], [b"D", b"C", b"A"]], (1 / 3 + 1) / 2),
        ([[b"A", b"B", b"C", b"D"]], 4 / 6),
    ],
)
def test_diversity_counts_pairs_without_a_common_genre(tops, expected):
    found = metrics.diversity(np.array(tops), GENRES)
    assert type(found) is float
    assert found == pytest.approx(expected, rel=1e-12)


def test_diversity_needs_genres_of_all_movies():
    message = "a movie of the lists is not in the rows, so its genres are not known"
    with pytest.raises(ValueError, match=said(message)):
        metrics.diversity(np.array([[b"A", b"E"]]), GENRES)


@pytest.mark.parametrize("shape", [(2, 1), (0, 3), (1, 0)])
def test_diversity_needs_pairs(shape):
    message = "diversity is about pairs: the lists need two movies at least"
    with pytest.raises(ValueError, match=said(message)):
        metrics.diversity(np.full(shape, b"A"), GENRES)


# Drawn movies


def drawn_by_lot(scores, seen, stars, negatives, k, draws=4_000):
    """Return sampled recall@k by user, as the mean of many draws."""
    rng, values = np.random.default_rng(1), []
    for of_user, known, given in zip(scores, seen, stars):
        others = np.flatnonzero(~known & (given == 0))
        hits = []
        for movie in np.flatnonzero(given >= 4):
            drawn = np.array([rng.permutation(others)[:negatives] for _ in range(draws)])
            hits.append((1 + (of_user[drawn] >= of_user[movie]).sum(axis=1) <= k).mean())
        if hits:
            values.append(np.mean(hits))
    return np.array(values)


@pytest.fixture
def catalogue():
    """Return scores, seen and held-out stars of five users and 23 movies; one likes nothing."""
    rng = np.random.default_rng(4)
    seen = rng.random((5, 23)) < 0.3
    stars = np.where(rng.random((5, 23)) < 0.3, rng.integers(1, 6, (5, 23)), 0) * ~seen
    stars[2] = np.minimum(stars[2], 3)
    stars[:2, 5], seen[:2, 5] = 4, False
    return rng.integers(0, 12, (5, 23)), seen, stars


@pytest.mark.parametrize(("negatives", "k"), [(4, 1), (6, 3)])
def test_sampled_recall_is_the_mean_of_all_draws(catalogue, negatives, k):
    (values,) = metrics.sampled_recall(*catalogue, [negatives], k=k)
    assert values.shape == ((catalogue[2] >= 4).any(axis=1).sum(),)
    np.testing.assert_allclose(values, drawn_by_lot(*catalogue, negatives, k), atol=0.02)


def test_sampled_recall_of_all_movies_is_what_a_full_list_finds(catalogue):
    scores, seen, stars = catalogue
    values = metrics.sampled_recall(scores, seen, stars, (1_000, 10), k=4, relevant=5)
    expected = []
    for of_user, known, given in zip(scores, seen, stars):
        others = of_user[~known & (given == 0)]
        hits = [(others >= of_user[movie]).sum() < 4 for movie in np.flatnonzero(given >= 5)]
        expected += [np.mean(hits)] if hits else []
    np.testing.assert_allclose(values[0], expected, atol=1e-9)
    assert (values[1] >= values[0] - 1e-9).all()


def test_a_list_as_long_as_the_draw_finds_everything(catalogue):
    values = metrics.sampled_recall(*catalogue, (3, 9))
    np.testing.assert_allclose(values, 1, atol=1e-9)
