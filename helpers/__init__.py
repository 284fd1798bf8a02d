"""Helpers of the course on ranking with TensorFlow Recommenders.

Import this package first: it makes TensorFlow use Keras 2, which TensorFlow Recommenders needs.
It imports nothing but the standard library, so that it also works before anything is installed.
"""

import os
import sys


def _use_keras_2():
    """Choose Keras 2 for this process.

    Raises:
        ImportError: TensorFlow has already loaded Keras 3.
    """
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    if "tensorflow" not in sys.modules or "keras" not in sys.modules:
        return  # TensorFlow reads the variable when its Keras is first touched.
    if hasattr(sys.modules["tensorflow"].keras, "version"):  # Keras 2 has no `version()`
        raise ImportError(
            "Keras 3 is already loaded, and TensorFlow Recommenders needs Keras 2. "
            "Restart the kernel (menu Kernel, Restart Kernel) and import helpers first."
        )


_use_keras_2()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors and warnings still reach Python
