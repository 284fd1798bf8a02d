"""In a notebook's kernel, and in all that it starts, Python's sockets reach this machine only.

Python imports this module by itself where its folder is on PYTHONPATH (`tests/conftest.py`).
"""

import os
import sys

HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "", None)


def refuse(event, arguments):
    """Raise an error when anything but this machine is looked up or called."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in HERE:
        raise ConnectionRefusedError(f"the tests allow notebooks no network, and this asks {host}")


if "ipykernel_launcher" in sys.orig_argv or os.environ.get("COURSE_NO_NETWORK"):
    os.environ["COURSE_NO_NETWORK"] = "1"  # for what the kernel starts
    sys.addaudithook(refuse)
