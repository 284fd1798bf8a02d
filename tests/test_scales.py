"""Ratings of any scale as stars, and back."""

import numpy as np
import pytest

from helpers.data.scales import as_stars, on_scale


@pytest.mark.parametrize("scale", [(1, 5), (0.5, 5), (1, 10), (0, 100), (-2, 2)])
def test_any_scale_is_brought_to_stars_and_back(scale):
    low, high = scale
    given = np.array([low, high, (low + high) / 2, low + (high - low) * 0.3])
    stars = as_stars(given, scale)
    assert stars.dtype == np.float32
    assert np.allclose(stars, [1, 5, 3, 2.2])
    assert np.allclose(on_scale(stars, scale), given, atol=1e-5)
    assert np.allclose(on_scale([0.2, 9.0], scale), [low, high])  # clipped to its ends


@pytest.mark.parametrize("scale", [(5, 1), (3, 3), (np.nan, 5)])
@pytest.mark.parametrize("function", [as_stars, on_scale])
def test_a_scale_without_room_is_refused(function, scale):
    with pytest.raises(ValueError, match="has no room"):
        function(np.ones(2), scale)
