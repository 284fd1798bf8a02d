"""Start-up noise is held back; whatever else is written to stderr passes."""

import os
import sys

import pytest

from helpers.quiet import without_startup_log

NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
    "I0000 00:00:1700000000.000000    1234 cpu_feature_guard.cc:227] This binary is optimized\n",
    "INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n",
)
NEWS = (
    "WARNING: something else\n",
    "W0000 00:00:1700000000.000000    1234 gpu_device.cc:1] Cannot load a library\n",
    "E0000 00:00:1700000000.000000    1234 cuda.cc:1] I0000 and INFO: come too late\n",
    " INFO: indented\n",
    "\n",
    "Traceback (most recent call last):\n",
)


def write(*lines):
    """Write as C++ code does: past Python's own stream."""
    os.write(2, "".join(lines).encode())


@pytest.mark.parametrize("line", NOISE)
def test_noise_is_held_back(capfd, line):
    with without_startup_log():
        write(line)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("line", NEWS)
def test_other_lines_pass(capfd, line):
    with without_startup_log():
        write(line)
    assert capfd.readouterr().err == line


def test_what_passes_keeps_its_order_and_its_last_line(capfd):
    with without_startup_log():
        write("first\n", NOISE[0], "second\n", NOISE[1], NOISE[2], "no end")
    assert capfd.readouterr().err == "first\nsecond\nno end"


def test_bytes_that_are_no_text_pass_too(capfd):
    with without_startup_log():
        os.write(2, b"caf\xe9\n" + NOISE[1].encode())
    assert capfd.readouterr().err == "caf\N{REPLACEMENT CHARACTER}\n"


def test_error_comes_out_and_so_does_what_was_written_before_it(capfd):
    with pytest.raises(KeyError, match="why"), without_startup_log():
        write(NOISE[1], "the reason\n")
        raise KeyError("why")
    assert capfd.readouterr().err == "the reason\n"


@pytest.mark.parametrize("error", [None, KeyError])
def test_afterwards_nothing_is_held_back(capfd, error):
    if error:
        with pytest.raises(error), without_startup_log():
            raise error
    else:
        with without_startup_log():
            pass
    write(NOISE[2], "more\n")
    assert capfd.readouterr().err == NOISE[2] + "more\n"


def test_stdout_is_left_alone(capfd):
    with without_startup_log():
        os.write(1, b"INFO: a result\n")
        print("another", flush=True, file=sys.stdout)
    assert capfd.readouterr().out == "INFO: a result\nanother\n"


def test_each_use_closes_what_it_opens():
    def next_descriptor():
        descriptor = os.dup(2)
        os.close(descriptor)
        return descriptor

    before = next_descriptor()
    for _ in range(3):
        with without_startup_log():
            pass
    assert next_descriptor() == before
