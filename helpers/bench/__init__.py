"""The benchmark of the course: how fast it is, against what, and why."""

from helpers.bench.ablation import load_ablation

__all__ = ["load_ablation"]
