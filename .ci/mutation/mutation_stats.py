"""A pytest plugin: what a shared fixture calls counts for all the tests that use the fixture.

mutmut counts it for the first of them alone, and would run only that one on its mutants.
"""

import pytest
from mutmut.state import state

CALLED = {}  # a fixture's place and name -> functions called in setting it up


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef):
    before = set(state()._stats)
    state()._stats.clear()
    yield
    if fixturedef.scope != "function":
        CALLED.setdefault((fixturedef.baseid, fixturedef.argname), set()).update(state()._stats)
    state()._stats |= before


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    for (_, name), functions in CALLED.items():
        if name in item.fixturenames:
            state()._stats |= functions
