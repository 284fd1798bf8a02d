"""Prepare MovieLens 100K: `python -m helpers data` runs this in `.venv`."""

import sys

from helpers.data import movielens


def main(arguments):
    """Prepare from the command line; return the exit code."""
    try:
        movielens.prepare(*arguments[:1])
    except movielens.MovieLensError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-written is left; start again when you like.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
