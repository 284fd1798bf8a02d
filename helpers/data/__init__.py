"""Ratings: where they come from, the forms they are used in, and how they are split."""

from helpers.data import movielens
from helpers.data.batches import make_batches
from helpers.data.club import write_club
from helpers.data.own_files import OwnRatingsError
from helpers.data.own_ratings import OwnRatings, read_own_ratings
from helpers.data.ratings import (
    as_arrays,
    every_pair,
    load_ratings,
    load_rows,
    stars_matrix,
    take,
)
from helpers.data.scales import as_stars, on_scale
from helpers.data.simulation import simulate, simulate_clicks
from helpers.data.split import split_once, split_row_numbers, split_rows
from helpers.data.timeline import Timeline, in_order_of_time
from helpers.data.titles import Matches, match_titles
from helpers.data.vocabularies import movie_numbers, numbered, vocabulary

__all__ = [
    "Matches", "OwnRatings", "OwnRatingsError", "Timeline", "as_arrays", "as_stars", "every_pair",
    "in_order_of_time", "load_ratings", "load_rows", "make_batches", "match_titles",
    "movie_numbers", "movielens", "numbered", "on_scale", "read_own_ratings", "simulate",
    "simulate_clicks", "split_once", "split_row_numbers", "split_rows", "stars_matrix", "take",
    "vocabulary", "write_club",
]  # fmt: skip
