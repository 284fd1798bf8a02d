"""TensorFlow with Keras 2, and TensorFlow Recommenders, imported without their start-up messages.

from helpers.keras2 import tf, tfrs
"""

from helpers.quiet import without_startup_log

with without_startup_log():
    import tensorflow as tf
    import tensorflow_recommenders as tfrs

tf.get_logger().setLevel("WARNING")  # saving a model would print the name of its folder

__all__ = ["tf", "tfrs"]
