"""Sections "import" and "reading" of the benchmark: what happens before anything is trained."""

import ast
import json
import statistics
import sys
import time

from helpers.scale.processes import call, run_command
from helpers.setup.environment import ROOT

PROCESSES = 5  # fresh processes of each, in turns; the median counts
TENSORFLOW = "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'; import tensorflow"
IMPORTS = "import helpers, numpy, tensorflow, tensorflow_datasets, matplotlib.pyplot"
IN_A_KERNEL = """import ipykernel.ipkernel, time
start = time.perf_counter()
{}
print(time.perf_counter() - start)"""


def lesson1_imports():
    """Return the import statements of lesson 1's first cell."""
    path = ROOT / "solutions" / "01_ratings.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return "\n".join(ast.unparse(n) for n in ast.parse(code).body if isinstance(n, _IMPORTS))


_IMPORTS = (ast.Import, ast.ImportFrom)


def measure_import():
    """Time the start of an interpreter that imports something, or nothing.

    For TensorFlow and lesson 1 the process already holds IPython, as a notebook's kernel does.
    """
    ways = {
        "nothing": "",
        "helpers": "import helpers",
        "tensorflow": IN_A_KERNEL.format(TENSORFLOW),
        "packages": IN_A_KERNEL.format(IMPORTS),
        "lesson 1": IN_A_KERNEL.format(lesson1_imports()),
    }
    seconds = {name: [] for name in ways}
    for _ in range(PROCESSES):
        for name, code in ways.items():
            start = time.perf_counter()
            printed = run_command([sys.executable, "-c", code], name)
            took = time.perf_counter() - start
            seconds[name].append(float(printed.split()[-1]) if printed else took)
    result = {name: statistics.median(times) for name, times in seconds.items()}
    extra, ratio = result["helpers"] - result["nothing"], result["lesson 1"] / result["tensorflow"]
    print(f"  import helpers: {1000 * extra:.0f} ms more than Python's own start (goal: below 50)")
    print(f"  import tensorflow                                     {result['tensorflow']:6.2f} s")
    print(f"  … and TFDS and Matplotlib, which lesson 1 needs too   {result['packages']:6.2f} s")
    print(f"  the imports of lesson 1's first cell                  {result['lesson 1']:6.2f} s")
    print(f"  that is {ratio:.2f} times TensorFlow (goal: 1)")
    return result


def run_article():
    """Run the article's code: load, split, vocabularies, train, evaluate; return the test RMSE."""
    import numpy as np

    from helpers.data.movielens import tfds
    from helpers.keras2 import tf
    from helpers.models.article import MovielensModel, RankingModel

    ratings = tfds.load("movielens/100k-ratings", split="train")
    ratings = ratings.map(
        lambda x: {name: x[name] for name in ("movie_title", "user_id", "user_rating")}
    )
    tf.keras.utils.set_random_seed(42)
    shuffled = ratings.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
    train, test = shuffled.take(80_000), shuffled.skip(80_000).take(20_000)
    titles = ratings.batch(1_000_000).map(lambda x: x["movie_title"])
    users = ratings.batch(1_000_000).map(lambda x: x["user_id"])
    unique_movie_titles = np.unique(np.concatenate(list(titles)))
    unique_user_ids = np.unique(np.concatenate(list(users)))
    model = MovielensModel(RankingModel(unique_user_ids, unique_movie_titles))
    model.compile(optimizer=tf.keras.optimizers.Adagrad(learning_rate=0.1))
    model.fit(train.shuffle(100_000).batch(8192).cache(), epochs=3, verbose=0)
    result = model.evaluate(test.batch(4096).cache(), return_dict=True, verbose=0)
    return result["root_mean_squared_error"]


def lesson3():
    """Run the course's recipe for the same; return the test RMSE."""
    from helpers.data import load_ratings, split_once
    from helpers.models import train_article_model

    model = train_article_model()
    _, test = split_once(load_ratings())
    return model.evaluate(test.batch(4_096), return_dict=True, verbose=0)["root_mean_squared_error"]


def read_with_tfds():
    """Visit all ratings one by one, as TFDS yields them; return how many there are."""
    from helpers.data.movielens import tfds

    return sum(1 for _ in tfds.load("movielens/100k-ratings", split="train"))


def read_in_one_parse():
    """Read all fields of all ratings in one parse; return how many there are."""
    from helpers.data.movielens import read_ratings

    return len(read_ratings()["user_rating"])


PAIRS = (  # title, slow way, fast way, goal of the ratio, what they return
    ("From data to an evaluated model", "run_article", "lesson3", 4, "test RMSE {:.3f}"),
    ("Reading the ratings", "read_with_tfds", "read_in_one_parse", 10, "{:,.0f} ratings"),
)


def time_way(name):
    """Import what is needed, then run one of the ways; return its seconds and its result."""
    import helpers.data
    import helpers.models  # noqa: F401  these two import all that any way needs

    start = time.perf_counter()
    result = globals()[name]()
    return time.perf_counter() - start, result


def measure_reading():
    """Time the article's way and the course's, each the better of two processes."""
    seconds = {}
    for title, slow, fast, goal, what in PAIRS:
        print(f"  {title}")
        for name in (slow, fast):
            runs = [call("bench.start", "time_way", name) for _ in range(2)]
            seconds[name] = min(took for took, _ in runs)
            print(f"    {name:15} {seconds[name]:6.2f} s   {what.format(runs[0][1])}", flush=True)
        ratio = seconds[slow] / seconds[fast]
        print(f"    {fast} is {ratio:.1f} times faster (goal: {goal})")
    return seconds
