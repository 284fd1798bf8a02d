"""How good predictions and lists are; NumPy alone."""

from helpers.metrics.intervals import (
    correlation_interval,
    difference_interval,
    mean_interval,
    recipe_interval,
    rmse_interval,
)
from helpers.metrics.leaderboard import (
    BEST_LIBRARY,
    BEST_WITHOUT_TIME,
    LOOK_AHEAD,
    OTHER_LIBRARIES,
    OTHER_LIBRARIES_NDCG,
    other_libraries,
    paired_intervals,
    print_leaderboard,
)
from helpers.metrics.lists import (
    diversity,
    full_catalogue_ndcg,
    ndcg,
    per_user,
    recall,
    reciprocal_ranks,
    sampled_recall,
    top,
    top_unseen,
)
from helpers.metrics.stars import constant_rmse, rmse, rmse_by_group

__all__ = [
    "BEST_LIBRARY", "BEST_WITHOUT_TIME", "LOOK_AHEAD", "OTHER_LIBRARIES", "OTHER_LIBRARIES_NDCG",
    "constant_rmse", "correlation_interval", "difference_interval", "diversity",
    "full_catalogue_ndcg", "mean_interval", "ndcg", "other_libraries", "paired_intervals",
    "per_user", "print_leaderboard", "recall", "recipe_interval", "reciprocal_ranks", "rmse",
    "rmse_by_group", "rmse_interval", "sampled_recall", "top", "top_unseen",
]  # fmt: skip
