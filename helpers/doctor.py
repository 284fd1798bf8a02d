"""What is installed, where the data is, what is wrong, and how to mend it.

`examine_set_up` needs the standard library alone; `examine_packages` runs inside `.venv`.
"""

import importlib.metadata
import platform
import shutil
import sys

from helpers import environment

PACKAGES = (
    "tensorflow",
    "tf-keras",
    "tensorflow-recommenders",
    "tensorflow-datasets",
    "numpy",
    "jupyterlab",
    "nbval",
)
SET_UP = "run `python3 -m helpers lab`, which sets it up"


def examine_set_up():
    """Yield (is it well, what was found, how to mend it) for Python, disk and `.venv`."""
    system = f"{platform.system()} {platform.machine()}"
    problem = environment.python_problem()
    yield problem is None, f"Python {platform.python_version()} on {system}", problem
    free = shutil.disk_usage(environment.ROOT).free / 1e9
    yield free > 1, f"{free:.0f} GB of disk are free", "free at least 1 GB"
    current = environment.is_current()
    if current:
        state = "holds what requirements.txt asks for"
    elif environment.PYTHON.exists():
        state = "does not hold what requirements.txt asks for"
    else:
        state = "is not there"
    yield current, f"the environment .venv {state}", SET_UP


def examine_packages():
    """Yield the same for the packages, Keras and the data."""
    yield (
        environment.inside(),
        f"this is the Python of {'' if environment.inside() else 'something else than '}.venv",
        "in Jupyter, choose the kernel of .venv; in a terminal, use `python3 -m helpers …`",
    )
    for name in PACKAGES:
        try:
            yield True, f"{name} {importlib.metadata.version(name)}", None
        except importlib.metadata.PackageNotFoundError:
            yield False, f"{name} is not installed", SET_UP
    try:
        from helpers import movielens
        from helpers.models import tfrs

        keras = movielens.tf.keras.Model.__module__.split(".")[0]
        yield keras == "tf_keras", f"TFRS {tfrs.__version__} uses {keras}", "import helpers first"
        gpus = len(movielens.tf.config.list_physical_devices("GPU"))
        yield True, f"{gpus or 'no'} GPU in use (the course needs none)", None
        damage = movielens.find_damage()
        state = "whole" if damage is None else f"not usable: {damage}"
        yield (
            damage is None,
            f"MovieLens 100K in {movielens.data_dir()} is {state}",
            "run `python3 -m helpers data`",
        )
    except ImportError as error:
        yield False, f"importing failed: {error}", SET_UP


def report(*examinations):
    """Print what was found and return 0 if all is well, else 1."""
    ill = 0
    for examination in examinations:
        for well, found, mend in examination:
            print(("ok    " if well else "WRONG ") + found)
            if not well:
                print(f"      To mend it: {mend}")
                ill += 1
    print("\nAll is well." if not ill else f"\n{ill} found wrong.")
    return 1 if ill else 0


if __name__ == "__main__":
    sys.exit(report(examine_set_up(), examine_packages()))
