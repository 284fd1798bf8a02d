"""A plugin of pytest that is loaded before all others: `-p tests.quick_start`.

It saves each process of the tests some seconds of the processor. Without it all tests are the
same.
"""

import gc
import os
import sys

import pytest

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # there is a process of tests for each core, and one more

# jsonschema, which nbformat imports, would build a grammar of web addresses, which no notebook has
sys.modules["rfc3987_syntax"] = None

gc.disable()  # what is imported and collected stays, so nothing in it is to be looked for


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    """Look for garbage from here on, and only in what tests make."""
    gc.freeze()
    gc.set_threshold(50_000)  # what TensorFlow traces is much, and little of it garbage
    gc.enable()
