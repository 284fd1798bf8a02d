"""TensorFlow with Keras 2, and TensorFlow Recommenders, imported without their start-up messages.

from helpers.keras2 import tf, tfrs
"""

import gc

from helpers.quiet import without_startup_log

collects = gc.isenabled()
gc.disable()  # what is imported stays: to look for garbage in it takes a fifth of the time
with without_startup_log():
    import tensorflow as tf
    import tensorflow_recommenders as tfrs
gc.freeze()  # nor is it looked for in that later
if collects:
    gc.enable()

tf.get_logger().setLevel("WARNING")  # saving a model would print the name of its folder

__all__ = ["tf", "tfrs"]
