"""Tables of own ratings, good ones, which several tests share."""

import zipfile

import numpy as np
import pytest
from conftest import need

from helpers.data import OwnRatingsError, read_own_ratings

HEADER = "user_id,movie_title,user_rating\n"
EXPECTED = {
    "user_id": np.array([b"Ada", b"7", "Zoë".encode()]),
    "movie_title": np.array([b"Alien (1979)", b"English Patient, The (1996)", "Amélie".encode()]),
    "user_rating": np.array([5, 1, 3.5], np.float32),
}
LINES = 'Ada,Alien (1979),5\n7,"English Patient, The (1996)",1\nZoë,Amélie,3.5\n'
BOOKS = {"movie_title": "Book", "user_rating": "Points"}  # what the columns of another table are


DAY = 1_704_067_200  # 2024-01-01, in seconds since 1970
LETTERBOXD = (
    "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Solaris,1972,https://boxd.it/1,4.5\n"
    "2024-01-02,Solaris,2002,https://boxd.it/2,0.5\n2024-01-02,Up,2009,https://boxd.it/3,\n"
)
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),"
    'Year,Genres\ntt0079470,9,2024-01-01,"Good, the Bad",x,https://x,Movie,8.0,94,1979,Comedy\n'
)
GOODREADS = (
    "Book Id,Title,Author,My Rating,Average Rating,Date Read,Date Added\n"
    "1,Emma,Jane Austen,4,4.0,,2024/01/01\n2,Dune,Frank Herbert,0,4.3,,2024/01/02\n"
)
SMALL = "userId,movieId,rating,timestamp\n7,1,0.5,1704067200\n8,2,4.0,1704067201\n"


class Frame:
    """The little of a DataFrame that is used: its names and its columns."""

    def __init__(self, columns):
        self.columns = columns

    def __iter__(self):
        return iter(self.columns)

    def __getitem__(self, name):
        return iter(self.columns[name])


def pandas_frame(columns):
    return need("pandas").DataFrame(columns, index=[7, 3, 5])


def given(**changed):
    """Return columns that hold what `EXPECTED` does, with some of them changed."""
    return {
        "user_id": ["Ada", "7", "Zoë"],
        "movie_title": ["Alien (1979)", "English Patient, The (1996)", "Amélie"],
        "user_rating": [5, 1, 3.5],
    } | changed


def packed(folder, path, below=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, below + file.name)
    return path


def refused(source, **settings):
    """Return the message with which the ratings are refused."""
    with pytest.raises(OwnRatingsError) as stop:
        read_own_ratings(source, **settings)
    message = str(stop.value)
    assert message.isprintable() or "\n  " in message
    assert not message.endswith(".")  # who shows it goes on with its own words
    assert stop.value.__cause__ is None
    return message
