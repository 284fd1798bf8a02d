"""A plugin of pytest that is loaded before all others: `-p tests.quick_start`.

It saves each process of the tests five seconds of the processor. Without it all tests are the
same.
"""

import gc
import sys

import pytest

# jsonschema, which nbformat imports, would build a grammar of web addresses, which no notebook has
sys.modules["rfc3987_syntax"] = None

gc.disable()  # what is imported and collected stays, so nothing in it is to be looked for


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    """Look for garbage from here on, and only in what tests make."""
    gc.freeze()
    gc.set_threshold(10_000)  # what TensorFlow traces is much, and little of it garbage
    gc.enable()
