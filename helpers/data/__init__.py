"""Ratings: where they come from, the forms they are used in, and how they are split."""

from helpers.data import movielens
from helpers.data.batches import make_batches
from helpers.data.earlier import Timeline, in_order_of_time
from helpers.data.own_ratings import OwnRatingsError, read_own_ratings
from helpers.data.ratings import as_arrays, every_pair, load_ratings, load_rows, stars_matrix, take
from helpers.data.simulation import simulate, simulate_clicks
from helpers.data.split import split_once, split_row_numbers
from helpers.data.vocabularies import movie_numbers, numbered, vocabulary

__all__ = [
    "OwnRatingsError", "Timeline", "as_arrays", "every_pair", "in_order_of_time",
    "load_ratings", "load_rows", "make_batches", "movie_numbers", "movielens", "numbered",
    "read_own_ratings", "simulate", "simulate_clicks", "split_once", "split_row_numbers",
    "stars_matrix", "take", "vocabulary",
]  # fmt: skip
