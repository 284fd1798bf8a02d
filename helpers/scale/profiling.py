"""What TensorFlow's profiler has seen, in two numbers."""

import tempfile
from pathlib import Path

from tensorflow.tsl.profiler.protobuf import xplane_pb2

from helpers.keras2 import tf
from helpers.quiet import without_startup_log

STEP, WAITING = "train", "IteratorGetNextOp::DoCompute"


def profile(train, *arguments):
    """Call a function that trains with Keras, under the profiler.

    Args:
        train: function.
        *arguments: what it is called with.

    Returns:
        Two floats: milliseconds spent in training steps, and how many of them were spent waiting
        for the input pipeline's next batch.
    """
    with tempfile.TemporaryDirectory() as folder:
        with without_startup_log(), tf.profiler.experimental.Profile(folder):
            train(*arguments)
        space = xplane_pb2.XSpace()
        for path in Path(folder).rglob("*.xplane.pb"):
            space.MergeFromString(path.read_bytes())
    total = dict.fromkeys((STEP, WAITING), 0)
    for plane in space.planes:
        names = {number: event.name for number, event in plane.event_metadata.items()}
        for line in plane.lines:
            for event in line.events:
                name = names[event.metadata_id]
                if name in total:
                    total[name] += event.duration_ps / 1e9
    return total[STEP], total[WAITING]
