"""TensorFlow's start-up messages, kept out of the notebooks."""

import contextlib
import os
import re
import sys
import tempfile

_NOISE = re.compile(r"^(WARNING: All log messages before absl::InitializeLog|I0000 |INFO: )")


@contextlib.contextmanager
def without_startup_log():
    """Hold back what C++ code writes to stderr; afterwards pass on all but informational lines.

    TensorFlow reports its CPU and GPU libraries before any log level of its own applies, and
    LiteRT its ways to compute.

    Example:
        with without_startup_log():
            import tensorflow as tf
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            held_back.seek(0)
            for line in held_back.read().decode(errors="replace").splitlines(keepends=True):
                if not _NOISE.match(line):
                    sys.stderr.write(line)
