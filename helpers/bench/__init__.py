"""The benchmark of the course: how fast it is, against what, and why."""

from helpers.bench.ablation import load_ablation
from helpers.bench.new_users import load_new_users

__all__ = ["load_ablation", "load_new_users"]
