"""Simulated ratings of a club, with a pattern that is there to be found: lesson 10's capstone."""

import csv

import numpy as np

from helpers.data.simulation import simulate

CLUB_RATINGS, MEMBERS, THINGS = 12_000, 150, 200
STRENGTH = 1.0  # of the pattern, in stars


def simulate_club(seed=0):
    """Return ratings as `simulate` does, with user_id, movie_title, user_rating and timestamp.

    The pattern: members belong to one of two camps, which nothing names, and two things of three
    please one camp by `STRENGTH` and displease the other by as much. So half of what a user
    thinks of a thing is neither the user's bias nor the thing's.

    Args:
        seed: int.
    """
    fields = ("user_id", "movie_title", "timestamp")
    made = simulate(CLUB_RATINGS, MEMBERS, THINGS, seed=5 + seed, fields=fields).ratings
    rng = np.random.default_rng(seed)
    user, thing = (
        np.unique(made[name], return_inverse=True)[1] for name in ("user_id", "movie_title")
    )
    camp, pleases = rng.choice([-1, 1], MEMBERS), rng.choice([-1, 0, 1], THINGS)
    stars = made["user_rating"] + STRENGTH * camp[user] * pleases[thing]
    return made | {"user_rating": np.clip(stars, 1, 5).astype(np.float32)}


def write_club(path, seed=0):
    """Write the club's ratings as a CSV file, in the columns of this course.

    Args:
        path: of the file.
        seed: int.
    """
    columns = ("user_id", "movie_title", "user_rating", "timestamp")
    made = simulate_club(seed)
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(columns)
        texts = [made[name].tolist() for name in columns]
        table.writerows(
            [user.decode(), title.decode(), *rest] for user, title, *rest in zip(*texts)
        )
