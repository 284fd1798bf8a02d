"""Folding in solves a ridge regression with a bias."""

import re
from fractions import Fraction

import numpy as np
import pytest
from tiny import make_retriever, make_rows, scatter_weights, table_of

from helpers.data.ratings import take
from helpers.models import RatingModel, new_user


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("l2", [0.1, 10])
def test_fold_in_minimises_the_penalized_squares(count, l2):
    rng = np.random.default_rng(count)
    vectors, errors = rng.normal(size=(count, 5)), rng.normal(size=count)
    inputs = np.vstack([np.insert(vectors, 0, 1, axis=1), np.sqrt(l2) * np.eye(6)])
    expected = np.linalg.lstsq(inputs, np.append(errors, np.zeros(6)), rcond=None)[0]
    np.testing.assert_allclose(new_user.fold_in(vectors, errors, l2), expected, atol=1e-9)


def test_user_without_ratings_folds_to_zeros():
    assert new_user.fold_in(np.zeros((0, 5)), np.zeros(0), 10.0).tolist() == [0.0] * 6


def test_one_more_rating_moves_the_bias_towards_it():
    biases = [new_user.fold_in(np.zeros((n, 2)), np.full(n, 2.0), 4.0)[0] for n in range(5)]
    np.testing.assert_allclose(biases, [2 * n / (n + 4) for n in range(5)])


def test_what_cannot_be_solved_is_refused():
    with pytest.raises(ValueError):
        new_user.fold_in(np.ones((3, 2)), np.ones(2), 1.0)
    with pytest.raises(ValueError):  # an l2 of 0 and fewer ratings than numbers to find
        new_user.fold_in(np.ones((1, 2)), np.ones(1), 0.0)


@pytest.fixture(scope="module")
def rows():
    return make_rows(count=300, users=20, movies=30)


@pytest.fixture(scope="module")
def factors(rows):
    """Return a factor model whose stars are often beyond 1 and 5."""
    factors = RatingModel(rows, parts=())
    factors(take(rows, slice(1)))
    return scatter_weights(factors, scale=1.2)


@pytest.fixture(scope="module")
def newcomers(rows, factors):
    return new_user.NewUsers(factors, make_retriever(rows), rows, l2=2.0)


@pytest.fixture(scope="module")
def mine(newcomers):
    stars = (5, 1.5, np.float32(4), 1, Fraction(9, 2))
    return dict(zip(np.array(newcomers.titles)[[20, 3, 17, 0, 29]].tolist(), stars))


def test_shares_add_up_to_what_is_folded_in():
    rng = np.random.default_rng(4)
    vectors, errors, others = rng.normal(size=(6, 3)), rng.normal(size=6), rng.normal(size=(5, 3))
    shares = new_user.shares_of(vectors, errors, 2.0, others)
    user = new_user.fold_in(vectors, errors, 2.0)
    np.testing.assert_allclose(shares.sum(axis=1), user[0] + others @ user[1:])
    errors[2] = 0
    assert not new_user.shares_of(vectors, errors, 2.0, others)[:, 2].any()
    assert new_user.shares_of(vectors[:0], errors[:0], 2.0, others).shape == (5, 0)


def test_stars_without_a_user_are_the_mean_and_the_movies_biases(newcomers, factors, rows):
    titles = np.unique(rows["movie_title"])
    biases = table_of(factors.movie_bias)(titles)[:, 0]
    np.testing.assert_allclose(newcomers.expected, factors.mean + biases, rtol=1e-5)
    np.testing.assert_array_equal(newcomers.vectors, table_of(factors.movie)(titles))


def test_offers_are_retrieval_and_folded_in_stars_in_one_score(newcomers, mine, monkeypatch):
    """Of the unseen movies that retrieval has found: 20 here, so that some good ones lack."""
    monkeypatch.setattr(new_user, "CANDIDATES", 20)
    offers = newcomers.recommend(mine, shown=19)
    movies = [newcomers.titles.index(title) for title in mine]
    expected, vectors = newcomers.expected, newcomers.vectors
    errors = np.array(list(mine.values()), float) - expected[movies]
    user = new_user.fold_in(vectors[movies], errors, 2.0)
    stars = expected + user[0] + vectors @ user[1:]
    retrieved = newcomers.embeddings @ newcomers.embeddings[movies].mean(axis=0)
    retrieved[movies] = -np.inf
    candidates = np.argsort(-retrieved)[:20]
    scores = (retrieved + 0.75 * stars)[candidates]
    best = candidates[np.argsort(-scores)[:19]]
    assert set(best) != set(np.argsort(-(retrieved + 0.75 * stars))[:19])
    assert stars[best].max() > 5.5 and stars[best].min() < 1
    scores = retrieved + 0.75 * stars
    assert offers.titles == [newcomers.titles[movie] for movie in best]
    np.testing.assert_allclose(offers.scores, scores[best], atol=1e-5)
    np.testing.assert_allclose(offers.stars, np.clip(stars[best], 1, 5), atol=1e-5)


def test_scores_are_their_own_parts_and_the_shares_of_your_ratings(newcomers, mine):
    for given in ({}, mine, dict(list(mine.items())[:1])):
        offers = newcomers.recommend(given)
        assert offers.shares.shape == (10, len(given))
        parts = offers.own_parts + offers.shares.sum(axis=1)
        np.testing.assert_allclose(parts, offers.scores, atol=1e-5)


def test_without_ratings_the_average_user_of_retrieval_stands_in(rows, factors):
    retriever = make_retriever(rows)
    newcomers = new_user.NewUsers(factors, retriever, rows)
    mean = retriever.user(np.unique(rows["user_id"])).numpy().mean(axis=0)
    scores = newcomers.embeddings @ mean + 0.75 * newcomers.expected
    best = np.argsort(-scores)[:10]
    assert newcomers.recommend({}).titles == [newcomers.titles[movie] for movie in best]


def test_nothing_rated_is_offered_even_where_little_is_left(newcomers):
    mine = dict.fromkeys(newcomers.titles[:-3], 3)
    offers = newcomers.recommend(mine)
    assert sorted(offers.titles) == newcomers.titles[-3:]
    assert newcomers.recommend(dict.fromkeys(newcomers.titles, 3)).titles == []
    assert len(newcomers.recommend({}, shown=4).titles) == 4


@pytest.mark.parametrize("stars", [12, 0, 5.5, "5", None, np.nan, np.inf, 1j])
def test_stars_that_are_none_are_refused_by_name(newcomers, mine, stars):
    title = newcomers.titles[9]
    with pytest.raises(ValueError, match=rf"^{re.escape(repr(title))} has .* from 1 to 5$"):
        newcomers.recommend(mine | {title: stars})


def test_a_title_that_is_not_known_is_refused_by_name(newcomers):
    with pytest.raises(ValueError, match=r"^there is no movie 'Nothing'"):
        newcomers.recommend({"Nothing": 4})
