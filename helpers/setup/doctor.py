"""What is installed, where the data is, what is wrong, and how to mend it.

`examine_set_up` needs the standard library alone; `examine_packages` runs inside `.venv`.
"""

import locale
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.setup import environment, platforms

SET_UP = f"run `{platforms.command('lab')}`, which sets it up"
ANEW = "delete the folder .venv and " + SET_UP
IMPORT_SECONDS = 120


def examine_set_up():
    """Yield (is it well, what was found, how to mend it) for Python, folder, disk and `.venv`."""
    system = f"{platform.system()} {platform.machine()}"
    problem, wrong = environment.python_problem(), environment.problem()
    usable = problem is None or wrong is None  # then .venv has a Python of its own
    yield usable, f"Python {platform.python_version()} on {system}", problem
    encoding = locale.getpreferredencoding(False)
    uses = "" if encoding.lower().replace("-", "") == "utf8" else " (the course uses UTF-8 anyway)"
    yield True, f"the system's encoding is {encoding}{uses}", None
    writable = os.access(str(environment.ROOT), os.W_OK)
    yield (
        writable,
        f"the course lies in {environment.ROOT}, which you may {'' if writable else 'not '}change",
        "copy the course into a folder of your own, or get the right to write to this one",
    )
    free = shutil.disk_usage(str(environment.ROOT)).free / 1e9
    needed = 1 if wrong is None else environment.FREE_GB
    yield free >= needed, f"{free:.0f} GB of disk are free", f"free at least {needed} GB"
    state = "holds what requirements.txt asks for" if wrong is None else wrong
    yield wrong is None, f"the environment .venv {state}", SET_UP


def examine_packages():
    """Yield the same for this Python, its packages, the kernel, Keras, the GPU and the data."""
    yield (
        environment.inside(),
        f"this is the Python of {'' if environment.inside() else 'something else than '}.venv",
        f"in Jupyter, choose the kernel of .venv; in a terminal, use `{platforms.command('…')}`",
    )
    yield from examine_versions()
    yield examine_kernel()
    fault, log = try_import()
    yield fault is None, "TensorFlow and TFRS " + (f"fail: {fault}" if fault else "start"), ANEW
    if fault is None:
        yield examine_keras()
        yield examine_keras_3()
        yield examine_gpu(log)
        yield examine_data()


def examine_versions():
    """Yield a finding for each line of requirements.txt that is meant for this system."""
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    for line in environment.REQUIREMENTS.read_text("utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line or line.startswith("-"):
            continue
        asked = Requirement(line)
        if asked.marker and not asked.marker.evaluate():
            continue
        try:
            installed = version(asked.name)
        except PackageNotFoundError:
            yield False, f"{asked.name} is not installed", ANEW
            continue
        found = f"{asked.name} {installed}"
        if installed in asked.specifier:
            yield True, found, None
        else:
            mend = f"run `pip install -r requirements.txt` in .venv, or {ANEW}"
            yield False, f"{found}, but the course needs {asked.specifier}", mend


def examine_kernel():
    """Return a finding on the Python that Jupyter starts for our notebooks."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return False, 'Jupyter knows no kernel "python3"', ANEW
    own = Path(sys.executable)
    program = own if spec.argv[0] in ("python", "python3") else Path(spec.argv[0])
    return (
        program.parent == own.parent,
        f'the kernel "python3" runs {program}',
        f"delete the folder {spec.resource_dir}, which stands before the course's own kernel",
    )


def try_import():
    """Return what happens when TensorFlow and TFRS are imported, and what they log.

    It is tried in another process, because a wrong build may end Python itself.

    Returns:
        None if all is well, else a few words; and the text of the log.
    """
    code = (
        "import gc; gc.disable()\n"  # what is imported stays, and the process ends soon
        "import helpers, tensorflow as tf, tensorflow_recommenders\n"
        "tf.config.list_physical_devices('GPU')\n"
        "gc.freeze()"  # nor is it looked through at the end
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=environment.ROOT, timeout=IMPORT_SECONDS,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0"},
            stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no end after {IMPORT_SECONDS} s", ""
    if done.returncode < 0 or done.returncode > 128:
        fault = f"Python itself ended (code {done.returncode}); this processor may be too old"
    elif done.returncode:
        fault = (done.stderr.strip().splitlines() or ["no message"])[-1]
    else:
        fault = None
    return fault, done.stderr


def examine_keras():
    """Return a finding on the Keras that TFRS uses."""
    from helpers.keras2 import tf

    keras = tf.keras.Model.__module__.split(".")[0]
    return keras == "tf_keras", f"TFRS uses {keras}", "import helpers before TensorFlow"


def examine_keras_3():
    """Return a finding on Keras 3, whose losses and metrics stand beside TFRS in some lessons.

    With another backend than TensorFlow, the two could share no tensor.
    """
    mend = (
        "unset the environment variable KERAS_BACKEND, and if there is a file .keras/keras.json in "
        'your home folder, let its "backend" be "tensorflow"'
    )
    try:
        import keras
    except (ImportError, ValueError) as error:  # a backend that is not installed, or unknown
        return False, f"Keras 3 does not start: {error}", mend
    backend = keras.config.backend()
    found = f"beside it, Keras {keras.__version__} computes with {backend}"
    return backend == "tensorflow", f"{found} (what may be mixed: lesson 13)", mend


def examine_gpu(log=""):
    """Return a finding on the GPU: none is needed, but one that fails would spoil everything.

    Args:
        log: what TensorFlow has logged while it looked for one.
    """
    from helpers.keras2 import tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        refused = re.search(r"failed call to cuInit: .*?([^:\n]+)\n", log)
        why = f"; TensorFlow says of this machine's: {refused[1].strip()}" if refused else ""
        return True, f"no GPU is in use (the course needs none{why})", None
    try:
        with tf.device("GPU:0"):
            tf.linalg.matmul(tf.ones([2, 2]), tf.ones([2, 2])).numpy()
    except (RuntimeError, tf.errors.OpError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        mend = (
            "update the GPU's driver, or do without the GPU: set the environment variable "
            "CUDA_VISIBLE_DEVICES to -1"
        )
        return False, f"the GPU does not work: {first}", mend
    return True, f"{len(gpus)} GPU in use (the course needs none)", None


def examine_data():
    """Return a finding on MovieLens."""
    from helpers.data import movielens

    damage = movielens.find_damage()
    state = "whole" if damage is None else f"not usable: {damage}"
    found = f"MovieLens 100K in {movielens.data_dir()} is {state}"
    return damage is None, found, f"run `{platforms.command('data')}`"


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
    platforms.print_anything()
    sys.exit(report(examine_set_up(), examine_packages()))
