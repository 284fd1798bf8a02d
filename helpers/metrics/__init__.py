"""How good predictions and lists are; NumPy alone."""

from helpers.metrics.intervals import difference_interval, mean_interval, rmse_interval
from helpers.metrics.leaderboard import OTHER_LIBRARIES, OTHER_LIBRARIES_NDCG, print_leaderboard
from helpers.metrics.lists import (
    diversity,
    full_catalogue_ndcg,
    ndcg,
    per_user,
    recall,
    reciprocal_ranks,
    top,
    top_unseen,
)
from helpers.metrics.stars import constant_rmse, rmse, rmse_by_group

__all__ = [
    "OTHER_LIBRARIES", "OTHER_LIBRARIES_NDCG", "constant_rmse", "difference_interval", "diversity",
    "full_catalogue_ndcg", "mean_interval", "ndcg", "per_user", "print_leaderboard", "recall",
    "reciprocal_ranks", "rmse", "rmse_by_group", "rmse_interval", "top", "top_unseen",
]  # fmt: skip
