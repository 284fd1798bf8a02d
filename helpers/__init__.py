"""Helpers of the course on ranking with TensorFlow Recommenders.

Import this package first: it makes TensorFlow use Keras 2, which TensorFlow Recommenders needs.
It imports nothing but the standard library, so that it also works before anything is installed.
"""

import importlib.util
import os
import sys

SEED = 42  # the article's, for the split, for training and for every draw of the course
_NEEDED = ("tensorflow", "tf_keras", "tensorflow_recommenders", "tensorflow_datasets")


def _check_kernel():
    """In a notebook, see that the kernel is one for this course.

    Raises:
        ImportError: this Python lacks packages of the course.
    """
    if "ipykernel" not in sys.modules:
        return  # the command line works without them, to install them
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        from helpers.setup import platforms

        raise ImportError(
            f"This notebook's Python, {sys.executable}, lacks {', '.join(missing)}. "
            "Choose the kernel of the course's folder .venv (menu Kernel, Change Kernel), or run "
            f"`{platforms.command('lab')}` in a terminal, which makes it and opens the lessons."
        )


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


_check_kernel()
_use_keras_2()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors and warnings still reach Python
