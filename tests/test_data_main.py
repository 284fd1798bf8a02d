"""What `python -m helpers data` runs: exit codes and what is said."""

import pytest

from helpers.data import __main__ as command
from helpers.data import movielens


@pytest.fixture
def prepare(monkeypatch):
    """Return a function that sets what preparing raises, if anything; and a list of its calls."""
    calls = []

    def put(error=None):
        def prepare(*arguments):
            calls.append(arguments)
            if error:
                raise error

        monkeypatch.setattr(movielens, "prepare", prepare)
        return calls

    return put


@pytest.mark.parametrize(
    ("arguments", "given"), [([], ()), (["a.zip"], ("a.zip",)), (["a.zip", "b"], ("a.zip",))]
)
def test_source_is_passed_on(prepare, capsys, arguments, given):
    calls = prepare()
    assert command.main(arguments) == 0
    assert calls == [given]
    assert capsys.readouterr() == ("", "")


def test_error_is_told_without_a_traceback(prepare, capsys):
    prepare(movielens.MovieLensError("The disk is full."))
    assert command.main([]) == 1
    assert capsys.readouterr() == ("", "\nThe disk is full.\n")


def test_ctrl_c_is_no_error_of_ours(prepare, capsys):
    prepare(KeyboardInterrupt())
    assert command.main([]) == 130
    said = "\nStopped. Nothing half-written is left; start again when you like.\n"
    assert capsys.readouterr() == (said, "")
