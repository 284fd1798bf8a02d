"""What was known at the moment of each rating: ratings with a strictly earlier time.

Ratings of one second are not earlier than each other, in whichever order a file has them.
"""

import functools

import numpy as np

from helpers.data.ratings import take


def in_order_of_time(rows):
    """Return the rows, the earliest first; rows of one second keep their order.

    Args:
        rows: dict of arrays with timestamp.
    """
    return take(rows, np.argsort(rows["timestamp"], kind="stable"))


class Timeline:
    """The rows of each key (such as a user id) in the order of time.

    Args:
        keys: array of shape (n,), such as user ids.
        timestamps: array of shape (n,), in seconds.
    """

    def __init__(self, keys, timestamps):
        _, number = np.unique(keys, return_inverse=True)
        self.order = np.lexsort((timestamps, number))  # by key, then by time
        number, times = number[self.order], timestamps[self.order]
        is_new_key = np.append(True, number[1:] != number[:-1])[: len(number)]
        is_new_time = is_new_key | np.append(True, times[1:] != times[:-1])[: len(number)]
        place = np.arange(len(number))
        self.first = np.maximum.accumulate(np.where(is_new_key, place, 0))  # of this key
        self.now = np.maximum.accumulate(np.where(is_new_time, place, 0))  # of this key and second

    def earlier_counts(self):
        """Return for each row how many rows of its key are strictly earlier, of shape (n,)."""
        return self._by_row(self.now - self.first)

    def earlier_sums(self, values):
        """Return for each row the sum of `values` over the strictly earlier rows of its key.

        Args:
            values: array of shape (n,).
        """
        total = np.append(0.0, np.cumsum(values[self.order], dtype=np.float64))
        return self._by_row(total[self.now] - total[self.first])

    def first_values(self, values):
        """Return for each row the value of its key's first row, of shape (n,)."""
        return self._by_row(values[self.order][self.first])

    def latest_earlier(self, most, rows=slice(None)):
        """Return for each row the numbers of the latest strictly earlier rows of its key.

        Args:
            most: how many, at most.
            rows: a slice of the rows that are asked about.

        Returns:
            int32 array of shape (n, most), the latest first; -1 where there are no more.
        """
        here = self.place[rows]
        now, first = self.now[here], self.first[here]
        latest = np.empty((len(here), most), np.int32)
        for ago in range(most):  # one column after the other, which takes less memory
            place = now - 1 - ago
            latest[:, ago] = np.where(place >= first, self.order[np.maximum(place, 0)], -1)
        return latest

    @functools.cached_property
    def place(self):
        """The place of each row in `order`, of shape (n,)."""
        return self._by_row(np.arange(len(self.order)))

    def _by_row(self, values):
        by_row = np.empty_like(values)
        by_row[self.order] = values
        return by_row
