"""Models of the course and of other libraries, on the article's split."""

OTHER_LIBRARIES = {
    "Surprise SVD, tuned": 0.906,
    "Cornac MF, tuned": 0.900,
    "myFM, ids": 0.890,
    "myFM, side features and history": 0.874,
    "myFM, also time, ordinal output": 0.869,
}
OTHER_LIBRARIES_NDCG = {  # test NDCG@10 as lesson 8 computes it, measured with the same models
    "Surprise SVD, tuned": 0.837,
    "Cornac MF, tuned": 0.838,
    "myFM, side features and history": 0.848,
    "myFM, also time, ordinal output": 0.851,
}


def print_leaderboard(results, biases):
    """Print test RMSE and the gap below the bias baseline, the best last.

    Args:
        results: dict from a model's name to its test RMSE, stars.
        biases: the bias baseline's test RMSE, stars.
    """
    print(f"{'':34} test RMSE   below the biases (before rounding)")
    for name, value in sorted(results.items(), key=lambda item: -item[1]):
        print(f"{name:34} {value:9.3f}   {biases - value:+16.3f}")
