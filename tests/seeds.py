"""The same random numbers for each test of a file that runs many checks."""

import importlib
import random

import numpy as np

from helpers.keras2 import tf

tf.keras.utils.set_random_seed(42)
TENSORFLOWS = importlib.import_module("tensorflow.python.eager.context").context()
UNDRAWN = TENSORFLOWS._rng.getstate()


def set_seeds():
    """Seed all, but TensorFlow only where something has drawn from it: it forgets its kernels then.

    To make them again takes longer than most checks. Those of random operations have to be made
    again, for they go on where they stopped; but each of these has drawn its seed first.
    """
    random.seed(42)  # Keras, too, draws from this in the threads of checks
    np.random.seed(42)
    if TENSORFLOWS._rng.getstate() != UNDRAWN:
        tf.random.set_seed(42)
