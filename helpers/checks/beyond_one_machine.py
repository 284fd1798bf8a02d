"""Checks of lesson 12, Beyond one machine."""

import contextlib
import json
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from helpers.checks.engine.answers import as_number, name_mistake, needs_end, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf

BATCHES = 20  # no more are taken from a learner's dataset, which may have no end


@exercise(
    "Each rating is read, numbered and trained on once. What would have to grow faster than that?",
    "The line is nearly straight: ten times the ratings, about ten times the time.",
)
def growth_of_time(answer):
    return judge_choices(
        {"growth_of_time": answer},
        growth_of_time={
            "a": "Start-up matters below a million; beyond, there is hardly anything left to save.",
            "b": "Right: each step handles a rating a fixed number of times. Where the column "
            "of `train` rises all the same, the tables or the arrays of ratings may have outgrown "
            "the cache.",
            "c": "That would be a sharp bend, as comparing each rating with all others would make. "
            "Each step handles a rating a fixed number of times.",
        },
    )


@exercise(
    "Batch first, then parse: `TFRecordDataset(files).batch(batch_size).map(...)`.",
    "In `map`, call `tf.io.parse_example(batch, record)`, which takes all records of a batch.",
    "`return tf.data.TFRecordDataset(files).batch(batch_size)"
    ".map(lambda batch: tf.io.parse_example(batch, record))`.",
)
def read_in_batches(function):
    needs_function(function)
    record = {
        "name": tf.io.FixedLenFeature([], tf.string),
        "stars": tf.io.FixedLenFeature([], tf.float32),
    }
    parts = (range(5), range(5, 10), range(10, 13))
    count, whole_batches = 13, 6  # so many that hardly a shuffle keeps their order by luck
    stars = [row * 5 % count / 4 + 1 for row in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / f"{part}.tfrecord") for part in range(3)]
        for file, rows in zip(files, parts):
            with tf.io.TFRecordWriter(file) as writer:
                for row in rows:
                    writer.write(_example(b"name %d" % row, stars[row]))
        with _watched_parsing() as calls:
            try:
                dataset = function(list(files), dict(record), 2)
                if isinstance(dataset, tf.data.Dataset):
                    needs_end(dataset)
                    batches = list(dataset.take(BATCHES))
            except Exception as error:
                if ("parse_single_example", 1) in calls:
                    mistake("`parse_single_example` takes one record: use `parse_example`.")
                _name_alone(calls)
                if "could not be found" in str(error):
                    mistake("Your function asks for fields that are not in `record`: use `record`.")
                if "Could not parse example" in str(error):
                    mistake("What is parsed are no records: read `files` with TFRecordDataset.")
                raise
    if dataset is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(dataset, tf.data.Dataset):
        mistake(f"A tf.data.Dataset was asked for; yours is a {type(dataset).__name__}.")
    if not batches:
        mistake("Your dataset is empty.")
    first = batches[0]
    if not isinstance(first, dict):
        if calls:
            mistake("A batch should be the dict that `tf.io.parse_example` returns.")
        mistake("The batches are not parsed: add `map` with `tf.io.parse_example`.")
    _name_alone(calls)
    if set(first) != {"name", "stars"}:
        mistake(f"The fields should be those of `record`; yours are {', '.join(first)}.")
    shape = first["stars"].shape
    if len(shape) == 0:
        mistake("The records come one by one: use `batch(batch_size)`.")
    if len(shape) > 1:
        mistake("The batches were batched again: use `batch` once.")
    sizes = [len(batch["stars"]) for batch in batches]
    got = np.concatenate([batch["stars"] for batch in batches]).tolist()
    if len(batches) == BATCHES:
        mistake("Your dataset does not end: leave `repeat` out.")
    if len(got) > count:
        mistake("The records come more than once: leave `repeat` out.")
    if sizes == [count]:
        mistake("All records are in one batch: use `batch_size`.")
    if got == stars[:-1]:
        mistake("The last, smaller batch is missing: leave `drop_remainder` out.")
    if got == stars[: len(parts[0])]:
        mistake("Only the first file is read: give all `files` to TFRecordDataset.")
    if got == stars[:2]:
        mistake("Only the first batch is there: return the whole dataset.")
    if sorted(got) == sorted(stars) and got != stars:
        mistake(
            "The order is not that of the files: do not shuffle, and read one file after the other."
        )
    if sizes == [2, 2, 1, 2, 2, 1, 2, 1]:
        mistake("Each file ends a batch: read all `files` as one dataset, then batch.")
    if sizes != whole_batches * [2] + [1] or got != stars:
        mistake(
            f"{count} records in batches of two make {whole_batches} of 2 and one of 1; "
            f"yours are {sizes}."
        )
    return "One call for a batch instead of one for each record."


@contextlib.contextmanager
def _watched_parsing():
    """Give a list to which each call of TensorFlow's two parsers adds its name and rank."""
    calls, originals = [], {}

    def watched(name):
        def function(serialized, *arguments, **named):
            calls.append((name, tf.convert_to_tensor(serialized).shape.rank))
            return originals[name](serialized, *arguments, **named)

        return function

    for name in ("parse_single_example", "parse_example"):
        originals[name] = getattr(tf.io, name)
        setattr(tf.io, name, watched(name))
    try:
        yield calls
    finally:
        for name, original in originals.items():
            setattr(tf.io, name, original)


def _name_alone(calls):
    if any(name == "parse_single_example" or rank == 0 for name, rank in calls):
        mistake("Each record is parsed alone: batch first, then `tf.io.parse_example`.")


def _example(name, stars):
    features = {
        "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[name])),
        "stars": tf.train.Feature(float_list=tf.train.FloatList(value=[stars])),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString()


@exercise(
    "The mean over the whole batch is a sum, divided by the size of the whole batch. Which of the "
    "two can a worker do for its own part?",
    "Sum the squares of this part, and divide by `batch_size`, not by how many there are here.",
    "`return tf.reduce_sum(squares) / batch_size`.",
)
def part_of_loss(function):
    needs_function(function)
    squares = tf.constant([4.0, 1.0, 0.25])  # this worker's three of a batch of twelve
    value = as_number(function(squares, 12))
    total = 5.25
    named = (
        (total / 3, "This is the mean of this worker's part: divide by batch_size."),
        (total, "This is the sum: divide it by batch_size."),
        (total / 3 / 12, "Sum instead of averaging, then divide by batch_size."),
        (total / 4, "Divide by the number of ratings in the batch, not by the number of workers."),
        (total / 6, "Divide by batch_size itself: the number of workers is not needed."),
        (total / 24, "Divide by batch_size itself: the number of workers is not needed."),
        (total * 12, "Divide by batch_size, do not multiply."),
        (total / 3 * 12, "Sum instead of averaging, then divide by batch_size."),
        (12 / total, "Divide the sum by batch_size, not the other way round."),
        (np.sqrt(total / 12), "No square root: the loss is the mean of the squares."),
        (np.sqrt(total / 3), "No square root: the loss is the mean of the squares."),
        (3.5 / 12, "No square root: the loss is the mean of the squares."),
        ((16 + 1 + 0.0625) / 12, "`squares` are squared already."),
        ((16 + 1 + 0.0625) / 3, "`squares` are squared already."),
        (0, "This is 0: divide with `/`, not with `//`."),
        (-total / 12, "The sign is wrong."),
    )  # fmt: skip
    right = total / 12
    near = partial(np.isclose, rtol=0, atol=1e-6)
    if not near(value, right):
        name_mistake(value, named, near)
        mistake(f"4, 1 and 0.25, of a batch of 12, make {right:.4f}; yours is {value:.4f}.")
    if abs(as_number(function(tf.constant([4.0, 2.0]), 12)) - 0.5) > 1e-6:
        mistake("With two ratings in this part, the loss should be their sum / batch_size too.")
    if abs(as_number(function(squares, 6)) - total / 6) > 1e-6:
        mistake("With a batch of 6, divide by 6: use `batch_size`.")
    return "The parts of all workers add up to the mean, however the batch is divided."


@exercise(
    "Two keys: `cluster` is a dict from \"worker\" to all addresses; `task` says which one it is.",
    "`task` is `{\"type\": \"worker\", \"index\": index}`, and `json.dumps` makes the text.",
    "`return json.dumps({\"cluster\": {\"worker\": addresses}, "
    "\"task\": {\"type\": \"worker\", \"index\": index}})`.",
)  # fmt: skip
def tf_config(function):
    needs_function(function)
    addresses = ["10.0.0.1:2222", "10.0.0.2:2222", "10.0.0.3:2222"]
    for index in (2, 0, 1):
        _judge_config(function(list(addresses), index), addresses, index)
    return "Only the index differs from host to host."


def _judge_config(answer, addresses, index):
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if isinstance(answer, dict):
        mistake("An environment variable holds text: use `json.dumps`.")
    if not isinstance(answer, str):
        mistake(f"A text was asked for; yours is a {type(answer).__name__}.")
    try:
        config = json.loads(answer)
    except json.JSONDecodeError:
        if answer.startswith("TF_CONFIG"):
            mistake("Only what stands after `TF_CONFIG=` was asked for, the JSON text itself.")
        if answer.startswith("'"):
            mistake("Leave the quotes around the text out: the shell needs them, JSON does not.")
        if "'" in answer:
            mistake("JSON has double quotes: use `json.dumps` instead of `str`.")
        mistake("The text is not JSON: use `json.dumps`.")
    if isinstance(config, str):
        mistake("The text is turned into JSON twice: use `json.dumps` once.")
    if not isinstance(config, dict) or set(config) != {"cluster", "task"}:
        mistake('The two keys are "cluster" and "task".')
    cluster, task = config["cluster"], config["task"]
    if isinstance(cluster, str) or isinstance(task, str):
        mistake("A part is turned into JSON twice: use `json.dumps` once, for the whole.")
    if isinstance(cluster, list):
        mistake('"cluster" is a dict: from the job, "worker", to the list of addresses.')
    if not isinstance(cluster, dict) or list(cluster) != ["worker"]:
        mistake('"cluster" is a dict with one job, "worker".')
    workers = cluster["worker"]
    if workers == addresses[index] or workers == [addresses[index]]:
        mistake("Every host needs the addresses of all workers, not only its own.")
    if workers == [other for other in addresses if other != addresses[index]]:
        mistake("Every host needs the addresses of all workers, its own too.")
    if isinstance(workers, str):
        mistake("The addresses are a list of texts, not one text.")
    if not isinstance(workers, list) or not all(isinstance(each, str) for each in workers):
        mistake('"worker" should be the list of all addresses, as they are.')
    if sorted(workers) == addresses and workers != addresses:
        mistake("The addresses have to stand in the same order on every host.")
    if workers != addresses:
        mistake('"worker" should be the list of all addresses, as they are.')
    if not isinstance(task, dict) or set(task) != {"type", "index"}:
        mistake('"task" is a dict with "type" and "index".')
    if task["type"] != "worker":
        mistake('The "type" is the job\'s name, "worker", on every host.')
    if isinstance(task["index"], str):
        mistake('"index" is a number, not a text.')
    if task["index"] in (index - 1, index + 1):
        mistake('"index" counts from 0, and is given: use `index` as it is.')
    if task["index"] != index or not isinstance(task["index"], int):
        mistake(f'"index" should be `index`, here {index}; yours is {task["index"]}.')


@exercise(
    "How many bytes do the tables take, with what the optimizer keeps? And which part of them lies "
    "on each machine, data parallel and in shards?",
    "The size is (users + movies) * dimension * 4 * (1 + kept_by_optimizer). In shards, divide it "
    "by `memory` and round up. Data parallel, each machine holds all of it, so one is enough, or "
    "none is.",
    "`return -(-size // memory)` if `sharded`; otherwise `return 1 if size <= memory else None`.",
)
def machines_needed(function):
    needs_function(function)
    plan = 100, 10, 8, 2
    size = 110 * 8 * 4 * 3
    for memory in (97, size - 1, size // 2, size // 3, size, size + 1):
        _judge_shards(function(*plan, memory, True), memory, size)
    for memory in (97, size // 2, size - 1, size, size + 1):
        _judge_parallel(function(*plan, memory, False), memory, size)
    for plan, size in (((7, 5, 3, 0), 144), ((10**8, 10**7, 64, 1), 56_320_000_000)):
        for memory in (size - 1, size):
            wanted = 1 if memory == size else 2
            if _machines(function(*plan, memory, True)) != wanted:
                mistake(f"{plan} take {size:,} bytes: {wanted} shard(s) of {memory:,} are enough.")
    return "Shards divide the tables; data parallel, more machines hold more copies of them."


def _machines(answer):
    """Return a number of machines, or None."""
    return None if answer is None else as_number(answer)


def _judge_shards(answer, memory, size):
    machines, right = _machines(answer), -(-size // memory)
    if machines is None:
        mistake("In shards, enough machines hold any table; yours is None.")
    if machines == right:
        return
    if memory != 97:  # sizes that divide, or nearly do
        if machines == right + 1:
            mistake("Tables that fill the memory exactly fit: round up, do not add 1.")
        mistake(
            f"{size:,} bytes in shards of at most {memory:,} take {right} machine(s); "
            f"yours are {machines:g}."
        )
    rounded = (
        (110 * 8 * 4 * 2, "The tables themselves count too: 1 + kept_by_optimizer."),
        (110 * 8 * 4, "What the optimizer keeps is missing."),
        (110 * 8 * 3, "A number takes 4 bytes."),
        (110 * 4 * 3, "Each row has `dimension` numbers."),
        (100 * 8 * 4 * 3, "The movies' table is missing."),
        (10 * 8 * 4 * 3, "The users' table is missing."),
        (100 * 10 * 8 * 4 * 3, "Users and movies are added: a row each, not one for each pair."),
        (110 * 8 * 8 * 3, "A number takes 4 bytes here (float32), not 8."),
        (110 * 8 * 32 * 3, "4 bytes, not 32 bits."),
        (110 * 8 * (4 + 2), "Each number kept by the optimizer has 4 bytes too."),
        (110 * (8 + 1) * 4 * 3, "The biases are left out here: `dimension` numbers for each row."),
        (110 * 8 * 4 * 4, "1 + kept_by_optimizer copies; gradients are made for a batch alone."),
        (110 * 8 * 4 + 110 * 4 * 2, "The optimizer keeps something for each number, not each row."),
    )
    exact = size / memory
    named = (
        *((-(-wrong // memory), message) for wrong, message in rounded),
        *((wrong / memory, message) for wrong, message in rounded),
        (size // memory, "So many machines hold too little: round up."),
        (exact, "Machines are whole ones: round up."),
        (1, "In shards, each machine holds a part: one machine does not hold these tables."),
        (size, "These are bytes; machines were asked for."),
    )
    name_mistake(machines, named, partial(np.isclose, rtol=1e-9, atol=0))
    mistake(f"{size:,} bytes in shards of at most 97 take {right} machines; yours {machines:g}.")


def _judge_parallel(answer, memory, size):
    machines = _machines(answer)
    if size <= memory and machines != 1:
        mistake("Tables that fit on one machine take one, also where they fill it exactly.")
    if size > memory and machines is not None:
        if machines == -(-size // memory):
            mistake("Data parallel, every machine holds all tables: more machines do not help.")
        if machines == 0:
            mistake("Where no number of machines is enough, None was asked for, not 0.")
        mistake("Data parallel, these tables fit on none of the machines: return None.")


@exercise(
    "q1: the parts must add up to the mean. q2: which of the two does a step wait for? q3: what "
    "does each worker hold?",
    "q1: exercise 3. q2: the cell in which both sleep. q3: in data parallel training, "
    "every worker holds all tables.",
)
def quiz_scale(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Then the sum over two workers is twice the mean, and so is the gradient.",
            "b": "Right: so the two parts add up to the mean over the batch.",
            "c": "Then the loss, and the gradient, grow with the batch.",
        },
        q2={
            "a": "Only the model becomes faster; preparing a batch still takes 50 ms.",
            "b": "The two are not added up: a batch is prepared while the model works.",
            "c": "Right: a step lasts as long as the slower of the two. Mend the pipeline first.",
        },
        q3={
            "a": "Data parallel, each of them holds the whole table, which does not fit.",
            "b": "Smaller batches touch fewer rows at a time; the table stays as large.",
            "c": "Right: each machine holds some of the rows, and sends what a batch needs.",
        },
    )
