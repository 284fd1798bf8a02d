"""Train `Factors` as one process of many, as the environment variable TF_CONFIG says.

    python -m helpers.scale.worker OUT.npz [--backup FOLDER]

Without TF_CONFIG it trains alone. With it, it is one of several workers, and each holds all tables
(`MultiWorkerMirroredStrategy`). The same command runs on each host of a cluster; only TF_CONFIG
differs.
"""

import argparse
import os


def main(arguments=None):
    """Train, and store the four tables."""
    parser = argparse.ArgumentParser(prog="python -m helpers.scale.worker")
    parser.add_argument("out")
    parser.add_argument("--backup", metavar="FOLDER", help="resume from here, if interrupted")
    parser.add_argument("--started-by-cluster", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.started_by_cluster:
        from helpers.scale.processes import end_with_parent

        end_with_parent()

    import numpy as np

    from helpers.keras2 import tf

    strategy, cluster = make_strategy(tf)
    model = train(strategy, options.backup)
    if cluster is None or cluster.task_id == 0:
        np.savez(options.out, *model.tables())
    print("done", flush=True)
    os._exit(0)  # the connections of a cluster would keep the process alive


def make_strategy(tf):
    """Return the strategy that TF_CONFIG asks for, and what has read TF_CONFIG, if it is set."""
    if "TF_CONFIG" not in os.environ:
        return tf.distribute.get_strategy(), None
    cluster = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    return tf.distribute.MultiWorkerMirroredStrategy(cluster), cluster


def train(strategy, backup=None, ratings=20_480, batch_size=1_024, epochs=4):
    """Return `Factors`, trained with a strategy on simulated ratings."""
    from helpers.data.simulation import simulate
    from helpers.data.vocabularies import numbered
    from helpers.keras2 import tf
    from helpers.models.factors import Factors

    numbers, users, movies = numbered(simulate(ratings, users=500, movies=800).ratings)
    batches = tf.data.Dataset.from_tensor_slices(numbers).batch(batch_size).repeat()
    sharding = tf.data.Options()
    sharding.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA  # each worker takes its part of every batch
    )
    with strategy.scope():
        model = Factors(users, movies, batch_size)
        model.compile(tf.keras.optimizers.Adagrad(0.1))
        model(next(iter(batches)))  # a backup can only be restored into a model that has been built
    callbacks = [tf.keras.callbacks.BackupAndRestore(backup)] if backup else []
    callbacks.append(tf.keras.callbacks.LambdaCallback(on_epoch_end=_say))
    model.fit(
        batches.with_options(sharding),
        steps_per_epoch=ratings // batch_size,
        epochs=epochs,
        callbacks=callbacks,
        verbose=0,
    )
    return model


def _say(epoch, logs):
    print(f"epoch {epoch + 1} done", flush=True)


if __name__ == "__main__":
    main()
