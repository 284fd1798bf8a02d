"""Right and plausibly wrong answers to the exercises of lesson 12."""

import itertools
import json

import numpy as np

from helpers.keras2 import tf

parse_example = tf.io.parse_example  # as `from tensorflow.io import parse_example`


def records_of(files):
    return tf.data.TFRecordDataset(files)


def parse_with(record):
    return lambda batch: tf.io.parse_example(batch, record)


def parse_one_with(record):
    return lambda one: tf.io.parse_single_example(one, record)


def read_with(
    records=records_of,
    batch=lambda records, size: records.batch(size),
    fields=lambda record: record,
    parse=parse_with,
    after=lambda dataset: dataset,
):
    """Return a `read_in_batches` with one thing changed."""

    def function(files, record, batch_size):
        return after(batch(records(files), batch_size).map(parse(fields(record))))

    return function


def read_file_after_file(files, record, batch_size):
    records = tf.data.TFRecordDataset(files[0])
    for file in files[1:]:
        records = records.concatenate(tf.data.TFRecordDataset(file))
    return records.batch(batch_size).map(parse_with(record))


def read_from_flat_map(files, record, batch_size):
    records = tf.data.Dataset.from_tensor_slices(files).flat_map(tf.data.TFRecordDataset)

    def parse(batch):
        parsed = tf.io.parse_example(serialized=batch, features=record)
        return {name: parsed[name] for name in record}

    return records.batch(batch_size).map(parse, num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)


def read_all_at_once(files, record, batch_size):
    everything = tf.data.TFRecordDataset(files).batch(10**6).get_single_element()
    parsed = tf.io.parse_example(everything, record)
    return tf.data.Dataset.from_tensor_slices(parsed).batch(batch_size)


def read_larger_batches(files, record, batch_size):
    larger = tf.data.TFRecordDataset(files).batch(1_000).map(parse_with(record))
    return larger.unbatch().batch(batch_size).cache()


def read_one_by_one(files, record, batch_size):
    return records_of(files).map(parse_one_with(record)).batch(batch_size)


def read_one_by_one_then_endlessly(files, record, batch_size):
    return records_of(files).map(parse_one_with(record)).batch(batch_size).repeat()


def read_batches_of_files(files, record, batch_size):
    files = tf.data.Dataset.from_tensor_slices(files)
    batches = files.flat_map(lambda file: tf.data.TFRecordDataset(file).batch(batch_size))
    return batches.map(parse_with(record))


def read_alternately(files, record, batch_size):
    files = tf.data.Dataset.from_tensor_slices(files)
    records = files.interleave(tf.data.TFRecordDataset, cycle_length=2, block_length=1)
    return records.batch(batch_size).map(parse_with(record))


def read_with_a_generator(files, record, batch_size):
    for batch in tf.data.TFRecordDataset(files).batch(batch_size):
        yield tf.io.parse_example(batch, record)


def read_into_a_list(files, record, batch_size):
    return list(read_with_a_generator(files, record, batch_size))


def read_numbers_without_end(files, record, batch_size):
    return tf.data.Dataset.from_generator(itertools.count, output_types=tf.int64)


def read_later(files, record, batch_size):
    return lambda: read_with()(files, record, batch_size)


def read_without_batch(files, record, batch_size):
    return records_of(files).map(parse_one_with(record))


def read_names_as_records(files, record, batch_size):
    names = tf.data.Dataset.from_tensor_slices(files)
    return names.batch(batch_size).map(parse_with(record))


def parse_in_a_map(record):
    kinds = {name: field.dtype for name, field in record.items()}
    return lambda batch: tf.map_fn(parse_with(record), batch, fn_output_signature=kinds)


def of_100k(record):
    """Stand for a learner who takes the notebook's RECORD."""
    return {"user_id": tf.io.FixedLenFeature([], tf.string)}


def shuffled(dataset):
    return dataset.shuffle(100, seed=1)


def in_twos(dataset):
    return dataset.batch(2)


def values_of(dataset):
    return dataset.map(lambda batch: tuple(batch.values()))


def part_in_a_loop(squares, batch_size):
    total = 0.0
    for square in squares:
        total += float(square)
    return total / batch_size


def part_by_mean_and_share(squares, batch_size):
    return tf.reduce_mean(squares) * (len(squares) / batch_size)


def part_by_weights(squares, batch_size):
    return tf.tensordot(squares, tf.fill(tf.shape(squares), 1 / batch_size), 1)


def part_with_tf(squares, batch_size):
    return tf.nn.compute_average_loss(squares, global_batch_size=batch_size)


def config_with(
    cluster=lambda addresses, index: {"worker": addresses},
    task=lambda addresses, index: {"type": "worker", "index": index},
    whole=lambda cluster, task: {"cluster": cluster, "task": task},
    text=json.dumps,
):
    """Return a `tf_config` with one thing changed."""

    def function(addresses, index):
        return text(whole(cluster(addresses, index), task(addresses, index)))

    return function


def task_of(number):
    """Return how to make a task with another number."""
    return lambda addresses, index: {"type": "worker", "index": number(addresses, index)}


def config_by_hand(addresses, index):
    listed = ", ".join(f'"{address}"' for address in addresses)
    task = f'{{"type": "worker", "index": {index}}}'
    return f'{{"cluster": {{"worker": [{listed}]}}, "task": {task}}}'


def config_step_by_step(addresses, index):
    config = {"task": {}}
    config["task"]["index"] = int(index)
    config["task"]["type"] = "worker"
    config["cluster"] = dict(worker=tuple(addresses))
    return json.dumps(config, indent=2)


def config_by_hand_with_list(addresses, index):
    task = f'{{"type": "worker", "index": {index}}}'
    return f'{{"cluster": {{"worker": {addresses}}}, "task": {task}}}'


def machines_by_trying(users, movies, dimension, kept_by_optimizer, memory, sharded):
    numbers = (users + movies) * dimension
    size = numbers * np.dtype(np.float32).itemsize * (kept_by_optimizer + 1)
    machines = 1
    while size > machines * memory:
        if not sharded:
            return None
        machines += 1
    return machines


def machines_in_numpy(users, movies, dimension, kept_by_optimizer, memory, sharded):
    size = np.sum([users, movies], dtype=np.int64) * dimension * 4 * (1 + kept_by_optimizer)
    if size <= memory:
        return 1
    return np.ceil(size / memory) if sharded else None


def machines_with(
    rows=lambda users, movies: users + movies,
    numbers=lambda rows, dimension: rows * dimension,
    size=4,
    copies=lambda kept: 1 + kept,
    shards=lambda size, memory: -(-size // memory),
    parallel=lambda size, memory: 1 if size <= memory else None,
):
    """Return a `machines_needed` with one thing changed."""

    def function(users, movies, dimension, kept_by_optimizer, memory, sharded):
        table = numbers(rows(users, movies), dimension) * size
        return (shards if sharded else parallel)(table * copies(kept_by_optimizer), memory)

    return function


def machines_of(bytes_of):
    """Return a `machines_needed` with another size."""

    def function(users, movies, dimension, kept, memory, sharded):
        return machines_with()(1, 0, 1, bytes_of(users, movies, dimension, kept) / 4 - 1, memory,
                               sharded)  # fmt: skip

    return function


QUIZ = {"q1": "b", "q2": "c", "q3": "c"}

RIGHT = {
    "growth_of_time": [("b",), (" B ",)],
    "read_in_batches": [
        (read_with(),),
        (read_file_after_file,),
        (read_from_flat_map,),
        (read_all_at_once,),
        (read_larger_batches,),
        (read_with(parse=lambda record: lambda batch: parse_example(batch, record)),),
    ],
    "part_of_loss": [
        (lambda squares, batch_size: tf.reduce_sum(squares) / batch_size,),
        (part_with_tf,),
        (part_in_a_loop,),
        (part_by_mean_and_share,),
        (part_by_weights,),
        (lambda squares, batch_size: np.sum(squares, keepdims=True) / batch_size,),
    ],
    "tf_config": [
        (config_with(),),
        (config_by_hand,),
        (config_step_by_step,),
        (config_with(text=lambda config: json.dumps(config, indent=1) + "\n"),),
    ],
    "machines_needed": [(machines_with(),), (machines_by_trying,), (machines_in_numpy,)],
    "quiz_scale": [
        ({"q1": "B", "q2": "C", "q3": "C"},),
        ({"q3": "c ", "q2": "c", "q1": " b"},),
    ],
}

WRONG = {
    "growth_of_time": [
        (("a",), "Start-up matters below a million"),
        (("c",), "That would be a sharp bend"),
        (("d",), "Answer with one of a, b, c"),
        (("two",), "Answer with one of a, b, c"),
        ((2,), "Answer with one of a, b, c"),
        ((["b"],), "Answer with one of a, b, c"),
        (({"b"},), "Answer with one of a, b, c"),
        ((itertools.count(),), "Answer with one of a, b, c"),
    ],
    "read_in_batches": [
        ((read_one_by_one,), "Each record is parsed alone"),
        ((read_one_by_one_then_endlessly,), "Each record is parsed alone"),
        ((read_without_batch,), "Each record is parsed alone"),
        ((read_with(parse=lambda record: tf.identity),), "not parsed: add `map`"),
        ((read_with(batch=lambda records, size: records.batch(2_048)),), "use `batch_size`"),
        (
            (read_with(batch=lambda records, size: records.batch(size, drop_remainder=True)),),
            "leave `drop_remainder` out",
        ),
        ((read_with(records=lambda files: records_of(files[0])),), "Only the first file is read"),
        ((read_with(after=shuffled),), "do not shuffle"),
        ((read_with(records=lambda files: shuffled(records_of(files))),), "do not shuffle"),
        ((read_with(records=lambda files: records_of(files[::-1])),), "not that of the files"),
        ((read_alternately,), "not that of the files"),
        (
            (read_with(records=lambda files: tf.data.TFRecordDataset(files, None, None, 2)),),
            "not that of the files",
        ),
        ((read_with(after=lambda dataset: dataset.repeat()),), "leave `repeat` out"),
        ((read_with(records=lambda files: records_of(files).repeat()),), "leave `repeat` out"),
        ((read_with(lambda files: records_of(files).repeat().shuffle(500)),), "does not end"),
        ((read_with(after=lambda dataset: dataset.batch(2)),), "batched again"),
        ((read_with(after=lambda dataset: dataset.skip(1)),), "batches of two make 6 of 2"),
        ((read_with(fields=lambda record: {"stars": record["stars"]}),), "yours are stars"),
        ((read_numbers_without_end,), "not parsed"),
        ((read_with_a_generator,), "yours is a generator"),
        ((read_into_a_list,), "yours is a list"),
        ((read_later,), "yours is a function"),
        ((read_with(after=iter),), "yours is a OwnedIterator"),
        ((read_with(after=lambda dataset: next(iter(dataset))),), "yours is a dict"),
        ((lambda files, record, batch_size: "batches",), "yours is a str"),
        ((lambda files, record, batch_size: print(end=""),), "add `return`"),
        ((lambda files, record: records_of(files),), "raised TypeError"),
        (("TFRecordDataset",), "A function was asked for"),
        ((["a", "b"],), "A function was asked for"),
        ((tf.data.Dataset.range(3).repeat(),), "A function was asked for"),
        ((read_with(batch=lambda records, size: records, after=in_twos),), "is parsed alone"),
        ((read_with(parse=parse_in_a_map),), "is parsed alone"),
        ((read_with(parse=parse_one_with),), "`parse_single_example` takes one record"),
        ((read_with(fields=of_100k),), "asks for fields that are not in `record`"),
        ((read_names_as_records,), "read `files` with TFRecordDataset"),
        ((read_with(records=tf.data.TextLineDataset),), "read `files` with TFRecordDataset"),
        ((read_with(records=lambda files: records_of([])),), "Your dataset is empty"),
        ((read_with(after=lambda dataset: dataset.repeat(2)),), "more than once"),
        ((read_with(after=lambda dataset: dataset.take(1)),), "Only the first batch is there"),
        ((read_with(after=values_of),), "should be the dict"),
        ((read_batches_of_files,), "Each file ends a batch"),
        ((read_alternately,), "one file after the other"),
    ],
    "part_of_loss": [
        ((lambda squares, batch_size: tf.reduce_mean(squares),), "mean of this worker's part"),
        ((lambda squares, size: tf.nn.compute_average_loss(squares),), "mean of this worker's"),
        ((lambda squares, batch_size: tf.reduce_sum(squares),), "This is the sum"),
        ((lambda squares, size: tf.reduce_mean(squares) / size,), "Sum instead of averaging"),
        ((lambda squares, size: tf.reduce_mean(squares) / 2,), "number of workers is not needed"),
        ((lambda squares, size: tf.reduce_sum(squares) / (2 * size),), "workers is not needed"),
        (
            (lambda squares, size: tf.reduce_sum(squares) / (size / len(squares)),),
            "not by the number of workers",
        ),
        ((lambda squares, size: tf.reduce_sum(squares) * size,), "do not multiply"),
        ((lambda squares, size: tf.sqrt(tf.reduce_sum(squares) / size),), "No square root"),
        ((lambda squares, size: tf.reduce_sum(squares**2) / size,), "squared already"),
        ((lambda squares, size: -tf.reduce_sum(squares) / size,), "The sign is wrong"),
        ((lambda squares, size: squares / size,), "returns the shape (3,)"),
        ((lambda squares, size: (tf.reduce_sum(squares), size),), "returns a tuple"),
        ((lambda squares, size: tf.reduce_max(squares) / size,), "make 0.4375; yours is 0.3333"),
        ((lambda squares, size: tf.reduce_mean(squares) * 3 / size,), "With two ratings"),
        ((lambda squares, size: tf.reduce_sum(squares) / 12,), "divide by 6: use `batch_size`"),
        ((lambda squares, size: 0.4375,), "With two ratings"),
        ((lambda squares, size: np.nan,), "returns nan"),
        ((lambda squares, size: print(end=""),), "add `return`"),
        ((lambda squares: tf.reduce_sum(squares),), "raised TypeError"),
        ((0.4375,), "A function was asked for"),
        (("sum / batch_size",), "A function was asked for"),
        ((lambda squares, size: tf.reduce_mean(squares) * size,), "Sum instead of averaging"),
        ((lambda squares, size: tf.sqrt(tf.reduce_mean(squares)),), "No square root"),
        ((lambda squares, size: tf.reduce_sum(squares**0.5) / size,), "No square root"),
        ((lambda squares, size: tf.reduce_mean(squares**2),), "squared already"),
        ((lambda squares, size: size / tf.reduce_sum(squares),), "the other way round"),
        ((lambda squares, size: tf.reduce_sum(squares) // size,), "not with `//`"),
        ((lambda squares, size: str(part_in_a_loop(squares, size)),), "returns a str"),
        ((lambda squares, size: (square for square in squares),), "returns a generator"),
        ((lambda squares, size: {"loss": 0.4375},), "returns a dict"),
        (
            (lambda squares, size: tf.data.Dataset.range(3).repeat(),),
            "returns a _RepeatDataset",
        ),
        ((lambda squares, size: itertools.count(),), "returns a count"),
    ],
    "tf_config": [
        ((config_with(text=lambda config: config),), "An environment variable holds text"),
        ((config_with(text=str),), "JSON has double quotes"),
        ((config_by_hand_with_list,), "use `json.dumps`"),
        ((config_with(text=lambda config: json.dumps(json.dumps(config))),), "JSON twice"),
        ((config_with(text=lambda config: json.dumps(config).encode()),), "yours is a bytes"),
        ((config_with(text=lambda config: (json.dumps(config),)),), "yours is a tuple"),
        ((config_with(whole=lambda cluster, task: cluster | task),), "The two keys"),
        ((config_with(whole=lambda cluster, task: [cluster, task]),), "The two keys"),
        (
            (config_with(whole=lambda cluster, task: {"TF_CONFIG": [cluster, task]}),),
            "The two keys",
        ),
        ((config_with(lambda addresses, index: addresses),), '"cluster" is a dict: from the job'),
        ((config_with(lambda addresses, index: {"workers": addresses}),), 'one job, "worker"'),
        (
            (config_with(lambda all, index: {f"worker{i}": one for i, one in enumerate(all)}),),
            'one job, "worker"',
        ),
        (
            (config_with(lambda all, index: {"chief": all[:1], "worker": all[1:]}),),
            'one job, "worker"',
        ),
        ((config_with(lambda all, index: {"worker": all[index]}),), "not only its own"),
        ((config_with(lambda all, index: {"worker": [all[index]]}),), "not only its own"),
        ((config_with(lambda all, index: {"worker": ",".join(all)}),), "not one text"),
        ((config_with(lambda all, index: {"worker": all[::-1]}),), "the same order"),
        ((config_with(lambda all, index: {"worker": [all.pop(index), *all]}),), "the same order"),
        ((config_with(lambda all, index: {"worker": [all]}),), "list of all addresses"),
        ((config_with(lambda all, index: {"worker": all[:2]}),), "addresses"),
        ((config_with(task=lambda all, index: ["worker", index]),), '"task" is a dict'),
        ((config_with(task=lambda all, index: index),), '"task" is a dict'),
        (
            (config_with(task=lambda all, index: {"type": "worker", "id": index}),),
            '"task" is a dict with "type" and "index"',
        ),
        ((config_with(task=lambda all, index: {"type": "job", "index": index}),), '"type" is'),
        ((config_with(task=task_of(lambda all, index: str(index))),), "a number, not a text"),
        ((config_with(task=task_of(lambda all, index: all[index])),), "a number, not a text"),
        ((config_with(task=task_of(lambda all, index: index + 1)),), "counts from 0"),
        ((config_with(task=task_of(lambda all, index: index - 1)),), "counts from 0"),
        ((config_with(task=task_of(lambda all, index: len(all))),), "counts from 0"),
        ((config_with(task=task_of(lambda all, index: 0)),), '"index" should be `index`'),
        ((lambda addresses, index: "worker",), "The text is not JSON"),
        ((lambda addresses, index: "2",), "The two keys"),
        ((lambda addresses, index: itertools.cycle(addresses),), "yours is a cycle"),
        ((lambda addresses, index: (one for one in addresses),), "yours is a generator"),
        ((lambda addresses, index: print(end=""),), "add `return`"),
        ((lambda addresses: json.dumps(addresses),), "raised TypeError"),
        ((json.dumps({"cluster": {}, "task": {}}),), "A function was asked for"),
        ((config_by_hand_with_list,), "JSON has double quotes"),
        ((config_with(text=lambda config: f"TF_CONFIG='{json.dumps(config)}'"),), "stands after"),
        ((config_with(text=lambda config: f"'{json.dumps(config)}'"),), "Leave the quotes around"),
        ((config_with(task=lambda all, index: json.dumps({"index": index})),), "JSON twice"),
        ((config_with(lambda all, index: {"worker": len(all)}),), "list of all addresses"),
        ((config_with(lambda all, index: {"worker": None}),), "list of all addresses"),
        ((config_with(lambda all, index: {"worker": [1, "a"]}),), "list of all addresses"),
        (
            (config_with(lambda all, index: {"worker": all[:index] + all[index + 1 :]}),),
            "its own too",
        ),
        (
            (config_with(task=lambda all, i: {"type": "worker" if i else "chief", "index": i}),),
            "on every host",
        ),
        ((config_with(task=task_of(lambda all, index: 2)),), "here 0; yours is 2"),
        ((config_with(task=task_of(lambda all, index: float(index))),), "here 2; yours is 2.0"),
    ],
    "machines_needed": [
        ((machines_with(copies=lambda kept: kept),), "The tables themselves count too"),
        ((machines_with(copies=lambda kept: 1),), "What the optimizer keeps is missing"),
        ((machines_with(copies=lambda kept: 2 + kept),), "gradients are made for a batch alone"),
        ((machines_with(copies=lambda kept: 3),), "(7, 5, 3, 0) take 144 bytes"),
        ((machines_with(size=1),), "A number takes 4 bytes."),
        ((machines_with(size=8),), "(float32), not 8"),
        ((machines_with(size=32),), "not 32 bits"),
        ((machines_with(numbers=lambda rows, dimension: rows),), "Each row has `dimension`"),
        ((machines_with(numbers=lambda rows, d: rows * (d + 1)),), "The biases are left out"),
        ((machines_with(lambda users, movies: users),), "The movies' table is missing"),
        ((machines_with(lambda users, movies: movies),), "The users' table is missing"),
        ((machines_with(lambda users, movies: users * movies),), "Users and movies are added"),
        ((machines_of(lambda users, movies, d, kept: (users + movies) * d * (4 + kept)),), "too."),
        ((machines_of(lambda users, movies, d, kept: (users + movies) * 4 * (d + kept)),), "row."),
        ((machines_with(shards=lambda size, memory: size // memory),), "round up"),
        ((machines_with(shards=lambda size, memory: size / memory),), "whole ones: round up"),
        ((machines_with(shards=lambda size, memory: size // memory + 1),), "do not add 1"),
        ((machines_with(shards=lambda size, memory: round(size / memory)),), "take 2 machine"),
        ((machines_with(shards=lambda size, memory: 1 if size <= memory else None),), "any table"),
        ((machines_with(shards=lambda size, memory: 1),), "each machine holds a part"),
        ((machines_with(shards=lambda size, memory: size),), "These are bytes"),
        ((machines_with(parallel=lambda size, memory: -(-size // memory)),), "do not help"),
        ((machines_with(parallel=lambda size, memory: int(size <= memory)),), "not 0"),
        ((machines_with(parallel=lambda size, memory: 1),), "fit on none"),
        ((machines_with(parallel=lambda size, memory: None),), "also where they fill it"),
        (
            (machines_with(parallel=lambda size, memory: 1 if size < memory else None),),
            "also where they fill it exactly",
        ),
        ((machines_with(shards=lambda size, memory: [size // memory]),), "returns a list"),
        ((machines_with(shards=lambda size, memory: f"{size} bytes"),), "returns a str"),
        ((machines_with(shards=lambda size, memory: np.inf),), "returns inf"),
        ((lambda users, movies, dimension: 4 * dimension,), "raised TypeError"),
        ((109,), "A function was asked for"),
        (("109 machines",), "A function was asked for"),
    ],
    "quiz_scale": [
        ((QUIZ | {"q1": "a"},), "q1: Then the sum over two workers is twice the mean"),
        ((QUIZ | {"q1": "c"},), "q1: Then the loss, and the gradient, grow"),
        ((QUIZ | {"q2": "a"},), "q2: Only the model becomes faster"),
        ((QUIZ | {"q2": "b"},), "q2: The two are not added up"),
        ((QUIZ | {"q3": "a"},), "q3: Data parallel, each of them holds"),
        ((QUIZ | {"q3": "b"},), "q3: Smaller batches touch fewer rows"),
        ((QUIZ | {"q3": 3},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        (({"q1": "b", "q2": "c"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        ((["b", "c", "c"],), "Answer with a dict"),
        (("bcc",), "Answer with a dict"),
        ((itertools.cycle("bcc"),), "Answer with a dict"),
    ],
}
