"""The course on this machine: its environment, notebooks, and what may be wrong with it."""
