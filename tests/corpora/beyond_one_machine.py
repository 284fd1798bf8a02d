"""Right and plausibly wrong answers to the exercises of lesson 12."""

import functools
import hashlib
import itertools
import math
import os
import random
from fractions import Fraction

import numpy as np

from helpers.data.batches import make_batches
from helpers.keras2 import tf

LARGE = 100_000


def read_into_memory(records, parse, look_up, batch_size):
    numbers = next(iter(records.batch(LARGE).map(parse).map(look_up)))
    return make_batches(numbers, batch_size, shuffle=True)


def by_size(records, batch_size):
    return records.batch(batch_size)


def read_with(
    batch=lambda records, size: records.batch(2_048),
    work=lambda batches, parse, look_up: batches.map(parse).map(look_up),
    keep=lambda batches: batches.cache(),
    mix=lambda batches: batches.unbatch().shuffle(LARGE),
    after=lambda ratings, size: ratings.batch(size),
):
    """Return an `input_pipeline` with one thing changed."""

    def function(records, parse, look_up, batch_size):
        return after(mix(keep(work(batch(records, batch_size), parse, look_up))), batch_size)

    return function


def read_by_fixed_names(records, parse, look_up, batch_size):
    batches = list(records.batch(1_500).map(parse).map(look_up))
    names = "user", "movie", "user_rating"
    return make_batches(
        {name: tf.concat([each[name] for each in batches], 0) for name in names}, batch_size, True
    )


def read_into_fixed_names(records, parse, look_up, batch_size):
    columns = look_up(parse(next(iter(records.batch(LARGE))))).values()
    return make_batches(dict(zip(("user", "movie", "user_rating"), columns)), batch_size, True)


def read_eagerly(records, parse, look_up, batch_size):
    numbers = look_up(parse(np.concatenate(list(records.batch(1_000).as_numpy_iterator()))))
    ratings = tf.data.Dataset.from_tensor_slices(numbers)
    return ratings.shuffle(LARGE).batch(batch_size)


def read_and_count(records, parse, look_up, batch_size):
    def add(count, some):
        return count + tf.size(some, tf.int64)

    def read(some):
        return look_up(parse(some))

    count = records.batch(1_000).reduce(np.int64(0), add)
    kept = records.batch(1_000, num_parallel_calls=2).map(read)
    return kept.cache().unbatch().shuffle(count).batch(batch_size).prefetch(tf.data.AUTOTUNE)


def read_by_row_numbers(buffer=LARGE):
    """Return an `input_pipeline` that mixes row numbers, and gathers each batch's rows."""

    def function(records, parse, look_up, batch_size):
        numbers = look_up(parse(next(records.batch(LARGE).as_numpy_iterator())))
        rows = tf.data.Dataset.range(len(next(iter(numbers.values())))).shuffle(buffer)

        def gather(some):
            return {name: tf.gather(each, some) for name, each in numbers.items()}

        return rows.batch(batch_size).map(gather)

    return function


def colleagues_pipeline(records, parse, look_up, batch_size):
    return records.cache().map(parse).map(look_up).batch(batch_size).shuffle(1_000)


def cached_before_work(records, parse, look_up, batch_size):
    batches = records.batch(LARGE).cache().map(parse).map(look_up)
    return batches.unbatch().shuffle(LARGE).batch(batch_size)


def cached_between(records, parse, look_up, batch_size):
    batches = records.batch(LARGE).map(parse).cache().map(look_up)
    return batches.unbatch().shuffle(LARGE).batch(batch_size)


def shuffled_records_first(records, parse, look_up, batch_size):
    work = records.shuffle(LARGE).batch(LARGE).map(parse).map(look_up)
    return work.unbatch().batch(batch_size)


def shuffled_records_first_then_cached(records, parse, look_up, batch_size):
    return shuffled_records_first(records, parse, look_up, batch_size).cache()


def columns_shuffled_apart(records, parse, look_up, batch_size):
    numbers = look_up(parse(next(iter(records.batch(LARGE)))))
    mixed = {name: tf.random.shuffle(values) for name, values in numbers.items()}
    return make_batches(mixed, batch_size, shuffle=True)


def shuffled_once(records, parse, look_up, batch_size):
    numbers = look_up(parse(next(iter(records.batch(LARGE)))))
    order = tf.random.shuffle(tf.range(len(next(iter(numbers.values())))))
    mixed = {name: tf.gather(values, order) for name, values in numbers.items()}
    return make_batches(mixed, batch_size)


def sampled(records, parse, look_up, batch_size):
    """Draw with replacement."""
    numbers = look_up(parse(next(iter(records.batch(LARGE)))))
    n = len(next(iter(numbers.values())))
    rows = np.random.default_rng(1).integers(0, n, n)
    return make_batches({name: each.numpy()[rows] for name, each in numbers.items()}, batch_size)


def read_into_a_list(records, parse, look_up, batch_size):
    return list(read_into_memory(records, parse, look_up, batch_size))


def read_with_a_generator(records, parse, look_up, batch_size):
    yield from read_into_memory(records, parse, look_up, batch_size)


def read_without_end(records, parse, look_up, batch_size):
    """Never end, which nobody knows beforehand."""

    def each(number):
        return number >= 0

    return tf.data.Dataset.range(9).repeat().filter(each)


def orders_by_list(n, epoch, seed):
    return np.random.default_rng([seed, epoch]).permutation(n)


def order_by_sequence(n, epoch, seed):
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(epoch,)))
    order = np.arange(n)
    generator.shuffle(order)
    return order


def order_of_tensorflow(n, epoch, seed):
    return tf.random.experimental.stateless_shuffle(tf.range(n), seed=[seed, epoch])


def order_in_python(n, epoch, seed):
    order = list(range(n))
    random.Random(f"{seed} {epoch}").shuffle(order)
    return order


def order_by_hashes(n, epoch, seed):
    def key(row):
        return hashlib.sha256(f"{seed} {epoch} {row}".encode()).digest()

    return sorted(range(n), key=key)


def order_after_earlier_epochs(n, epoch, seed):
    """Draw the epochs before as well, and drop them."""
    draws = np.random.default_rng(seed).random((epoch + 1, n), np.float32)
    return np.argsort(draws[epoch])


def order_by_large_steps(n, epoch, seed):
    return np.random.default_rng(seed * 1_000_003 + epoch).permutation(n)


def order_seeded(seed_of):
    return lambda n, epoch, seed: np.random.default_rng(seed_of(epoch, seed)).permutation(n)


def order_of(change):
    return lambda n, epoch, seed: change(orders_by_list(n, epoch, seed))


def order_of_a_generator_made_once():
    generator = np.random.default_rng(42)
    return lambda n, epoch, seed: generator.permutation(n)


def order_kept_by(key):
    """Return an `order_of_epoch` that keeps what it drew, by epoch and by what `key` gives."""
    generators, orders = {}, {}

    def function(n, epoch, seed):
        generator = generators.setdefault(key(seed), np.random.default_rng(seed))
        if (n, epoch, key(seed)) not in orders:
            orders[n, epoch, key(seed)] = generator.permutation(n)
        return orders[n, epoch, key(seed)]

    return function


@functools.lru_cache(None)
def generator_of(seed):
    return np.random.default_rng(seed)


@functools.lru_cache(None)
def order_in_a_cache(n, epoch, seed):
    return generator_of(seed).permutation(n)


@functools.lru_cache(None)
def order_in_a_cache_of_its_own(n, epoch, seed):
    return orders_by_list(n, epoch, seed)


def orders_up_to():
    """Return an `order_of_epoch` that keeps all orders up to the latest epoch it was asked for."""
    drawn = {}

    def function(n, epoch, seed):
        generator, orders = drawn.setdefault((n, seed), (np.random.default_rng(seed), []))
        while len(orders) <= epoch:
            orders.append(generator.permutation(n))
        return orders[epoch]

    return function


def order_of_parts(n, epoch, seed):
    """Keep parts of the training's order together, and draw the order of the parts."""
    if n < 20:
        return orders_by_list(n, epoch, seed)
    parts = np.array_split(np.random.default_rng(seed).permutation(n), 10)
    return np.concatenate([parts[i] for i in orders_by_list(10, epoch, seed)])


def order_in_blocks(n, epoch, seed):
    """Shuffle 1,000 rows at a time."""
    rng = np.random.default_rng([seed, epoch])
    starts = range(0, n, 1_000)
    return np.concatenate([start + rng.permutation(min(1_000, n - start)) for start in starts])


def order_of_blocks(n, epoch, seed):
    """Draw the order of blocks of 100 rows, and that within each."""
    rng = np.random.default_rng([seed, epoch])
    blocks = [rng.permutation(np.arange(i, min(i + 100, n))) for i in range(0, n, 100)]
    return np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])


def order_of_few_values(n, epoch, seed):
    values = np.random.default_rng([seed, epoch]).integers(0, 10, n)
    return np.argsort(values, kind="stable")


def order_rolled(n, epoch, seed):
    return np.roll(np.random.default_rng(seed).permutation(n), epoch)


def order_of_a_global_seed(n, epoch, seed):
    return np.random.permutation(n)


def order_of_dataset(n, epoch, seed):
    dataset = tf.data.Dataset.range(n).shuffle(n, seed=seed)
    return next(dataset.batch(n).as_numpy_iterator())


def part_in_a_loop(squares, batch_size):
    total = tf.constant(0.0)
    for square in squares:
        total += square
    return total / batch_size


def part_of_floats(squares, batch_size):
    total = 0.0
    for square in squares:
        total += float(square)
    return total / batch_size


def part_by_mean_and_share(squares, batch_size):
    return tf.reduce_mean(squares) * tf.cast(tf.size(squares), tf.float32) / batch_size


def part_by_length(squares, batch_size):
    """Use a length that a graph does not know."""
    return tf.reduce_mean(squares) * (len(squares) / batch_size)


def part_by_weights(squares, batch_size):
    return tf.tensordot(squares, tf.fill(tf.shape(squares), 1 / batch_size), 1)


def part_with_another_gradient(squares, batch_size):
    """Have the right value, and twice its gradient."""
    part = tf.reduce_sum(squares) / batch_size
    return 2 * part - tf.stop_gradient(part)


def part_with_tf(squares, batch_size):
    return tf.nn.compute_average_loss(squares, global_batch_size=batch_size)


# What `machines_needed` demands: the movies' table whole on each machine; the users' cut between
# rows; what the optimizer keeps beside both; 4 bytes; rounded up, to any number of machines; None
# where not one row fits, be nothing left or less than a row.


def machines_by_subtracting(users, movies, dimension, kept_by_optimizer, memory):
    row = dimension * np.dtype(np.float32).itemsize * (kept_by_optimizer + 1)
    fit = (memory - movies * row) // row
    if fit < 1:
        return None
    return (users - 1) // fit + 1


def machines_by_trying(users, movies, dimension, kept_by_optimizer, memory, most=None):
    fit = memory // (dimension * 4 * (kept_by_optimizer + 1)) - movies
    for machines in range(1, 1 + (most or users)):
        if users <= machines * fit:
            return machines
    return None


def machines_in_numpy(users, movies, dimension, kept_by_optimizer, memory):
    row = np.int64(dimension * 4 * (1 + kept_by_optimizer))
    fit = np.floor((memory - movies * row) / row)
    if fit <= 0:
        return None
    return np.ceil(users / fit)


def machines_in_python(users, movies, dimension, kept_by_optimizer, memory):
    number = 4 + 4 * kept_by_optimizer
    fit = math.floor(Fraction(memory - movies * dimension * number, dimension * number))
    return math.ceil(Fraction(users, fit)) if fit >= 1 else None


def machines_up_to(most):
    return lambda *plan: machines_by_trying(*plan, most=most)


def machines_with(
    row=lambda dimension, kept: dimension * 4 * (1 + kept),
    count=lambda users, left: -(-users // left),
    layout=None,
    nothing=None,
    fits=lambda movies, memory: movies < memory,
    whole=True,
):
    """Return a `machines_needed` with one thing changed, that counts in whole rows or in bytes."""

    def function(users, movies, dimension, kept_by_optimizer, memory):
        size = row(dimension, kept_by_optimizer)
        if whole:
            memory //= size
        else:
            users, movies = users * size, movies * size
        if layout:
            return layout(users, movies, memory)
        return count(users, memory - movies) if fits(movies, memory) else nothing

    return function


def machines_of_two_rows(of_user, of_movie):
    """Return a `machines_needed` with a size of its own for each table's row."""

    def function(users, movies, dimension, kept, memory):
        fit = (memory - movies * of_movie(dimension, kept)) // of_user(dimension, kept)
        return -(-users // fit) if fit > 0 else None

    return function


def with_kept(dimension, kept):
    return dimension * 4 * (1 + kept)


def without_kept(dimension, kept):
    return dimension * 4


EPOCHS = {"adagrad": "b", "adam": "c", "adam_large": "b", "adagrad_l2": "c"}
QUIZ = {"q1": "b", "q2": "b", "q3": "c"}

RIGHT = {
    "longer_epochs": [
        (EPOCHS,),
        ({"adam_large": " B", "adam": "C", "adagrad_l2": "c", "adagrad": "b "},),
    ],
    # The text of `input_pipeline` demands: 1,000 ratings or more a call of `parse` and of
    # `look_up`, whatever `batch_size` is; each rating once in each of them, over all passes; every
    # rating once a pass; batches of `batch_size`, the last smaller; other batches in each pass,
    # drawn from all ratings.
    "input_pipeline": [
        (read_into_memory,),
        (read_with(),),
        (read_eagerly,),
        (read_and_count,),
        (read_by_row_numbers(),),
        (read_with(batch=lambda records, size: records.batch(max(size, 1_000))),),
        (read_with(mix=lambda batches: batches.shuffle(50).unbatch().shuffle(LARGE)),),
    ],
    "part_of_loss": [
        (lambda squares, batch_size: tf.reduce_sum(squares) / batch_size,),
        (part_with_tf,),
        (part_by_mean_and_share,),
        (part_by_weights,),
        (lambda squares, size: tf.reduce_sum(squares) / tf.cast(size, squares.dtype),),
        (lambda squares, size: tf.reduce_sum(squares / size),),
    ],
    # The text of `order_of_epoch` demands: each row number once; the same order whenever it is
    # asked for; another in each epoch; no order in common for two seeds; drawn at random.
    "order_of_epoch": [
        (orders_by_list,),
        (order_by_sequence,),
        (order_of_tensorflow,),
        (order_in_python,),
        (order_by_hashes,),
        (order_after_earlier_epochs,),
        (order_by_large_steps,),
        (order_in_a_cache_of_its_own,),
        (orders_up_to(),),
        (lambda n, epoch, seed: np.argsort(np.random.default_rng((epoch, seed)).random(n)),),
        (lambda n, epoch, seed: np.random.RandomState([seed, epoch]).permutation(n),),
        (order_seeded(lambda epoch, seed: (epoch, seed)),),
        (order_seeded(lambda epoch, seed: hash((seed, epoch)) % 2**32),),
    ],
    "machines_needed": [
        (machines_with(),),
        (machines_by_subtracting,),
        (machines_by_trying,),
        (machines_in_numpy,),
        (machines_in_python,),
    ],
    "quiz_scale": [
        ({"q1": "B", "q2": "B", "q3": "C"},),
        ({"q3": "c ", "q2": "b", "q1": " b"},),
    ],
}

WRONG = {
    "longer_epochs": [
        ((EPOCHS | {"adagrad": "a"},), "adagrad: There are ten times as many steps"),
        ((EPOCHS | {"adagrad": "c"},), "adagrad: Its step changes the batch's rows alone"),
        ((EPOCHS | {"adam": "a"},), "adam: There are ten times as many steps"),
        ((EPOCHS | {"adam": "b"},), "adam: That is the number of steps alone"),
        ((EPOCHS | {"adam_large": "a"},), "adam_large: The number of steps stays"),
        ((EPOCHS | {"adam_large": "c"},), "adam_large: Ten times the ratings in batches"),
        ((dict.fromkeys(EPOCHS, "b"),), "adam: That is the number of steps alone"),
        ((EPOCHS | {"adagrad_l2": "a"},), "adagrad_l2: There are ten times as many steps"),
        ((EPOCHS | {"adagrad_l2": "b"},), "adagrad_l2: Adagrad changes what has a gradient"),
        ((EPOCHS | {"adam": 100},), "adam: answer with one of a, b, c"),
        ((EPOCHS | {"adam": ...},), "Still open: adam"),
        (({"adagrad": "b", "adam": "c"},), "keys adagrad, adam, adam_large, adagrad_l2"),
        ((["b", "c", "b"],), "Answer with a dict"),
        (("bcb",), "Answer with a dict"),
    ],
    "input_pipeline": [
        ((shuffled_once,), "same batches in the same order"),  # a quick one: nonsense asks it twice
        (
            (read_with(lambda each, size: each, mix=lambda each: each.shuffle(LARGE)),),
            "single ratings",
        ),
        (
            (
                read_with(
                    work=lambda batches, parse, look_up: batches.map(parse).unbatch().map(look_up),
                    mix=lambda ratings: ratings.shuffle(LARGE),
                ),
            ),
            "`look_up` is called for single ratings",
        ),
        ((cached_before_work,), "`parse` has worked on 3006"),
        ((colleagues_pipeline,), "`parse` is called for single ratings"),
        ((cached_between,), "`look_up` has worked on 3006"),
        ((shuffled_records_first,), "In 2 passes over 1503 ratings, `parse` has worked on 3006"),
        ((read_with(keep=lambda batches: batches),), "`parse` has worked on 3006"),
        ((shuffled_records_first_then_cached,), "what is kept stays as it is"),
        (
            (read_with(keep=lambda each: each, after=lambda each, size: each.batch(size).cache()),),
            "shuffle behind it",
        ),
        (
            (
                read_with(
                    mix=lambda each: each.unbatch().shuffle(
                        LARGE, seed=1, reshuffle_each_iteration=False
                    )
                ),
            ),
            "same batches in the same order",
        ),
        ((read_with(mix=lambda batches: batches.unbatch()),), "in the order of the records"),
        ((read_with(mix=lambda each: each, after=lambda each, size: each),), "have 20 ratings"),
        (
            (
                read_with(
                    mix=lambda each: each.unbatch(),
                    after=lambda each, size: each.batch(size).shuffle(LARGE),
                ),
            ),
            "shuffle ratings, not batches",
        ),
        (
            (
                read_with(
                    mix=lambda each: each.unbatch().batch(13),
                    after=lambda each, size: each.shuffle(LARGE).unbatch().batch(size),
                ),
            ),
            "shuffle ratings, not batches",
        ),
        ((read_with(batch=by_size),), "is called 76 times, mostly with 20 ratings"),
        (
            (read_with(batch=by_size, mix=lambda each: each.shuffle(50).unbatch().shuffle(LARGE)),),
            "is called 76 times, mostly with 20 ratings",
        ),
        ((read_with(batch=lambda records, size: records.batch(8 * size)),), "is called 10 times"),
        ((read_with(batch=lambda records, size: records.batch(700)),), "mostly with 700 ratings"),
        (
            (
                read_with(
                    work=lambda batches, parse, look_up: (
                        batches.map(parse).unbatch().batch(64).map(look_up)
                    )
                ),
            ),
            "`look_up` is called 24 times, mostly with 64",
        ),
        ((read_with(mix=lambda each: each.unbatch().shuffle(2_600)),), "has to hold all ratings"),
        ((read_with(mix=lambda each: each.unbatch().shuffle(10_000)),), "has to hold all ratings"),
        ((read_with(mix=lambda each: each.unbatch().shuffle(16)),), "has to hold all ratings"),
        ((read_with(mix=lambda each: each.shuffle(LARGE)),), "batched again"),
        ((read_with(after=lambda each, size: each),), "come one by one"),
        (
            (read_with(after=lambda each, size: each.batch(2_048)),),
            "have 20 ratings; yours have 1503",
        ),
        (
            (read_with(after=lambda each, size: each.batch(size, drop_remainder=True)),),
            "leave `drop_remainder` out",
        ),
        (
            (read_with(batch=lambda records, size: records.batch(1_000, drop_remainder=True)),),
            "has 1000 of 1503 ratings",
        ),
        (
            (read_with(after=lambda each, size: each.batch(size).take(10)),),
            "has 200 of 1503 ratings",
        ),
        ((read_with(after=lambda each, size: each.batch(size).repeat()),), "does not end"),
        ((read_with(after=lambda each, size: each.batch(size).repeat(3)),), "more than once"),
        ((read_with(after=lambda each, size: each.repeat(3).batch(size)),), "more than once"),
        ((sampled,), "more than once"),
        ((columns_shuffled_apart,), "got separated"),
        ((read_with(work=lambda batches, parse, look_up: batches.map(parse)),), "not looked up"),
        (
            (read_with(work=lambda batches, parse, look_up: batches),),
            "neither parsed nor looked up",
        ),
        (
            (
                read_with(
                    after=lambda each, size: each.batch(size).map(
                        lambda one: next(iter(one.values()))
                    )
                ),
            ),
            "the dict that `look_up` returns",
        ),
        ((read_with(batch=lambda records, size: records.take(0).batch(size)),), "is empty"),
        (
            (read_with(batch=lambda records, size: records.batch(2_048, drop_remainder=True)),),
            "is empty, of 1,503 records: does `drop_remainder`",
        ),
        ((read_with(work=lambda batches, parse, look_up: batches.map(look_up)),), "it takes what"),
        ((read_by_fixed_names,), "take the names from what it gives"),
        ((read_into_fixed_names,), "here reader, book and points"),
        ((read_by_row_numbers(15_000),), "has to hold all ratings"),
        ((read_by_row_numbers(25_000),), "has to hold all ratings"),
        ((read_by_row_numbers(50_000),), "has to hold all ratings"),
        ((read_with(mix=lambda each: each.unbatch().shuffle(80_000)),), "has to hold all ratings"),
        *[
            (
                (
                    read_with(
                        mix=lambda each: each.shuffle(1_000).unbatch(),
                        after=lambda each, size: each.shuffle(size).batch(size),
                    ),
                ),
                "half of those that follow each other in the records",
            )
        ]
        * 3,  # however often it is asked
        ((read_into_a_list,), "yours is a list"),
        ((read_with_a_generator,), "yours is a generator"),
        ((read_without_end,), "does not end"),
        ((lambda records, parse, look_up, batch_size: read_with(),), "yours is a function"),
        ((lambda records, parse, look_up, batch_size: print(end=""),), "add `return`"),
        ((lambda records, parse: records.map(parse),), "raised TypeError"),
        ((tf.data.Dataset.range(3),), "A function was asked for"),
    ],
    "part_of_loss": [
        ((lambda squares, batch_size: tf.reduce_mean(squares),), "mean of this worker's part"),
        ((lambda squares, size: tf.nn.compute_average_loss(squares),), "mean of this worker's"),
        ((lambda squares, batch_size: tf.reduce_sum(squares),), "This is the sum"),
        ((lambda squares, batch_size: tf.reduce_sum(squares) / 2_048,), "not by BATCH"),
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
        ((lambda squares, size: tf.reduce_sum(squares).numpy() / size,), "in a graph"),
        ((lambda squares, size: float(np.sum(squares)) / size,), "in a graph"),
        ((lambda squares, size: np.sum(squares) / size,), "in a graph"),
        ((part_by_length,), "in a graph"),
        ((part_in_a_loop,), "in a graph"),
        ((part_of_floats,), "in a graph"),
        ((lambda squares, size: tf.reduce_sum(squares, keepdims=True) / size,), "yours has (1,)"),
        ((lambda squares, size: np.sum(squares, keepdims=True) / size,), "yours has (1,)"),
        ((lambda squares, size: tf.reduce_sum([0.0]) + 0.4375,), "With two ratings"),
        (
            (lambda squares, size: tf.stop_gradient(tf.reduce_sum(squares)) / size,),
            "No gradient comes through",
        ),
        ((part_with_another_gradient,), "gradient should be 1 / 12"),
        ((lambda squares, size: str(part_in_a_loop(squares, size)),), "returns a str"),
        ((lambda squares, size: (square for square in squares),), "returns a generator"),
        ((lambda squares, size: {"loss": 0.4375},), "returns a dict"),
        (
            (lambda squares, size: tf.data.Dataset.range(3).repeat(),),
            "returns a _RepeatDataset",
        ),
        ((lambda squares, size: itertools.count(),), "returns a count"),
    ],
    "order_of_epoch": [
        ((order_of_a_generator_made_once(),), "what came before, or chance, has a say"),
        ((order_of_a_global_seed,), "what came before, or chance, has a say"),
        (
            (lambda n, epoch, seed: np.random.default_rng().permutation(n),),
            "what came before, or chance, has a say",
        ),
        ((lambda n, epoch, seed: tf.random.shuffle(tf.range(n), seed=seed + epoch),), "chance"),
        ((order_seeded(lambda epoch, seed: hash(f"{seed} {epoch}") % 2**32),), "`hash` of a text"),
        ((order_seeded(lambda epoch, seed: hash((str(seed), epoch)) % 2**32),), "`hash` of a text"),
        ((order_seeded(lambda epoch, seed: abs(hash(("of", (seed, "e", epoch))))),), "a text"),
        ((order_seeded(lambda epoch, seed: (seed, epoch, os.getpid())),), "process's number"),
        ((order_seeded(lambda epoch, seed: (seed, epoch, id(LARGE))),), "`id` differs"),
        ((order_in_blocks,), "those of a part stay together"),
        ((order_of_blocks,), "those of a part stay together"),
        ((order_of_few_values,), "come behind a smaller number; of an order drawn at random"),
        ((order_seeded(lambda epoch, seed: seed),), "Each epoch has the same order"),
        ((order_of_dataset,), "Each epoch has the same order"),
        ((order_seeded(lambda epoch, seed: epoch),), "Each seed gives the same order"),
        ((order_seeded(lambda epoch, seed: 42 + epoch),), "Each seed gives the same order"),
        ((order_seeded(lambda epoch, seed: seed + epoch),), "should have no order in common"),
        ((order_seeded(lambda epoch, seed: 10 * seed + epoch),), "no order in common"),
        ((order_seeded(lambda epoch, seed: 100 * seed + epoch),), "no order in common"),
        ((order_seeded(lambda epoch, seed: seed * (epoch + 1)),), "another one, with any seed"),
        ((order_seeded(lambda epoch, seed: seed * epoch),), "another one, with any seed"),
        ((order_seeded(lambda epoch, seed: seed**epoch),), "another one, with any seed"),
        (
            (order_seeded(lambda epoch, seed: 1_000 * seed + epoch),),
            "Seed 1 has in epoch 0 the order that seed 0 has in epoch 1000",
        ),
        ((order_seeded(lambda epoch, seed: 10_007 * seed + epoch),), "no order in common"),
        ((order_seeded(lambda epoch, seed: 31 * epoch + seed),), "no order in common"),
        ((order_seeded(lambda epoch, seed: 10**6 * epoch + seed),), "no order in common"),
        (
            (lambda n, epoch, seed: np.random.RandomState(10**5 * seed + epoch).permutation(n),),
            "With seed 100000 and epoch 0, your function raises ValueError: Seed must be between",
        ),
        ((order_rolled,), "have the order drawn anew"),
        ((lambda n, epoch, seed: order_rolled(n, 7 * epoch, seed),), "drawn anew"),
        ((lambda n, epoch, seed: order_rolled(n, seed, epoch),), "drawn anew"),
        ((order_of_parts,), "drawn anew"),
        ((order_in_a_cache,), "Asked for epoch 1 first"),
        ((order_kept_by(lambda seed: seed),), "Asked for epoch 1 first"),
        ((order_seeded(lambda epoch, seed: seed ^ epoch),), "no order in common"),
        ((order_seeded(lambda epoch, seed: int(f"{seed}{epoch}")),), "no order in common"),
        ((lambda n, epoch, seed: np.arange(n),), "The rows come in their own order"),
        (
            (lambda n, epoch, seed: np.roll(np.arange(n), 101 * seed + epoch),),
            "Most rows still stand beside their neighbours",
        ),
        ((order_of(lambda order: order[:-1]),), "For n = 1, the shape is (1,)"),
        ((order_of(lambda order: order + 1),), "Row numbers count from 0"),
        ((order_of(lambda order: order.astype(np.float32)),), "whole ones"),
        ((order_of(lambda order: order[:, None]),), "yours is (1, 1)"),
        (
            (lambda n, epoch, seed: np.random.default_rng([seed, epoch]).integers(0, n, n),),
            "should be there once",
        ),
        ((lambda n, epoch, seed: orders_by_list(100_000, epoch, seed),), "the shape is (1,)"),
        ((lambda n, epoch, seed: tf.data.Dataset.range(n),), "Row numbers were asked for"),
        ((lambda n, epoch, seed: map(int, orders_by_list(n, epoch, seed)),), "asked for"),
        ((lambda n, epoch, seed: print(end=""),), "add `return`"),
        ((lambda n, epoch: np.arange(n),), "raised TypeError"),
        ((np.arange(5),), "A function was asked for"),
    ],
    "machines_needed": [
        (
            (machines_with(row=lambda d, kept: d * 4 * kept, whole=False),),
            "The tables themselves count too",
        ),
        ((machines_with(whole=False),), "A row lies whole on one machine"),
        ((machines_with(row=without_kept),), "What the optimizer keeps is missing"),
        ((machines_with(row=without_kept, whole=False),), "What the optimizer keeps is missing"),
        ((machines_with(row=lambda d, kept: d * (1 + kept), whole=False),), "takes 4 bytes."),
        ((machines_up_to(100),), "shards take 200,003 machines; yours is None"),
        ((machines_up_to(1_000),), "shards take 200,003 machines; yours is None"),
        ((machines_up_to(100_000),), "shards take 200,003 machines; yours is None"),
        ((machines_with(row=lambda d, kept: d * 4 * (2 + kept)),), "made for a batch alone"),
        ((machines_with(row=lambda d, kept: d * 4 * 3),), "That is Adam"),
        ((machines_with(row=lambda d, kept: d * 4 * 2),), "That is Adagrad"),
        ((machines_with(row=lambda d, kept: d * (1 + kept)),), "A number takes 4 bytes."),
        ((machines_with(row=lambda d, kept: d * 8 * (1 + kept)),), "(float32), not 8"),
        ((machines_with(row=lambda d, kept: d * 32 * (1 + kept)),), "not 32 bits"),
        ((machines_with(row=lambda d, kept: 256 * (1 + kept)),), "not always 64"),
        ((machines_with(row=lambda d, kept: 64 * (1 + kept)),), "not always 16"),
        ((machines_with(row=lambda d, kept: 4 * (1 + kept)),), "Each row has `dimension`"),
        ((machines_with(row=lambda d, kept: (d + 1) * 4 * (1 + kept)),), "biases are left out"),
        ((machines_with(row=lambda d, kept: d * (4 + kept)),), "has 4 bytes too"),
        ((machines_with(row=lambda d, kept: 4 * (d + kept)),), "not each row"),
        ((machines_of_two_rows(with_kept, without_kept),), "numbers of the movies too"),
        ((machines_of_two_rows(without_kept, with_kept),), "numbers of the users too"),
        (
            (machines_with(layout=lambda u, m, memory: -(-(u + m) // memory)),),
            "both tables are cut",
        ),
        (
            (machines_with(layout=lambda u, m, memory: 1 if u + m <= memory else None),),
            "has each machine hold both tables",
        ),
        (
            (machines_with(layout=lambda u, m, memory: machines_with()(m, u, 1, -0.75, memory)),),
            "Turned round: the users' table is cut",
        ),
        ((machines_with(layout=lambda u, m, memory: -(-u // memory)),), "movies' table is missing"),
        ((machines_with(layout=lambda u, m, memory: -(-m // memory)),), "users' table is missing"),
        (
            (machines_with(layout=lambda u, m, memory: -(-u // memory) if m <= memory else None),),
            "has less memory left for its part of the users",
        ),
        (
            (machines_with(layout=lambda u, m, memory: -(-u // memory) - (-m // memory)),),
            "no machines of their own",
        ),
        ((machines_with(count=lambda users, left: users // left),), "hold too little: round up"),
        ((machines_with(count=lambda u, left: u // left, whole=False),), "hold too little"),
        ((machines_with(count=lambda u, left: u / left, whole=False),), "whole ones: round up"),
        ((machines_with(count=lambda users, left: users / left),), "whole ones: round up"),
        ((machines_with(count=lambda users, left: round(users / left)),), "Not always to the near"),
        ((machines_with(count=lambda users, left: users // left + 1),), "exactly fit"),
        ((machines_with(count=lambda users, left: max(2, -(-users // left))),), "One machine may"),
        ((machines_with(nothing=0),), "None, not 0"),
        ((machines_with(nothing=np.inf),), "None, not infinity"),
        ((machines_with(nothing=-1),), "None, not -1"),
        ((machines_with(nothing="None"),), "not a text"),
        ((machines_with(fits=lambda movies, memory: movies <= memory),), "ZeroDivisionError"),
        (
            (machines_with(layout=lambda u, m, memory: -(-u // max(memory - m, 1))),),
            "shards take None, because no number is enough; yours are",
        ),
        ((machines_with(fits=lambda movies, memory: True),), "ZeroDivisionError"),
        (
            (machines_with(layout=lambda u, m, memory: math.ceil(u / max(memory - m, 1))),),
            "shards take None, because no number is enough; yours are",
        ),
        ((machines_with(count=lambda users, left: [users // left]),), "returns a list"),
        ((machines_with(count=lambda users, left: f"{users} bytes"),), "returns a str"),
        ((machines_with(count=lambda users, left: np.inf),), "yours are inf machines"),
        ((lambda users, movies, dimension: 4 * dimension,), "raised TypeError"),
        ((109,), "A function was asked for"),
        (("109 machines",), "A function was asked for"),
    ],
    "quiz_scale": [
        ((QUIZ | {"q1": "a"},), "q1: That is SGD"),
        ((QUIZ | {"q1": "c"},), "q1: Near, but run it"),
        ((QUIZ | {"q2": "a"},), "q2: The new dataset knows nothing"),
        ((QUIZ | {"q2": "c"},), "q2: It does not go on"),
        ((QUIZ | {"q3": "a"},), "q3: So many hold the tables alone"),
        ((QUIZ | {"q3": "b"},), "q3: That is an optimizer which keeps one"),
        ((QUIZ | {"q3": 9},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        (({"q1": "b", "q2": "b"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        ((["b", "b", "c"],), "Answer with a dict"),
        (("bbc",), "Answer with a dict"),
        ((itertools.cycle("bbc"),), "Answer with a dict"),
    ],
}
