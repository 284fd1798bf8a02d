"""The benchmark of the course: how fast it is, against what, and why."""
