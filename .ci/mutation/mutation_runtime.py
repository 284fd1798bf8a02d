"""What mutated modules import in place of mutmut's trampoline.

mutmut puts a function's mutants beside it, and a trampoline that calls one of them in its place.
The trampoline takes (*args, **kwargs), so Keras passes `training` to layers that do not take it,
and AutoGraph reads the trampoline's source. Therefore
- in the fork server a function stays itself, and a forked child puts the mutant's code into it;
- elsewhere, where statistics are collected and in processes that tests start, the trampoline is
  mutmut's, with the signature of the function.
"""

import inspect
import sys

from mutmut.mutation.trampoline import MutantDict, wrap_in_trampoline  # noqa: F401

IN_SERVER = False
FUNCTIONS = []  # pairs of a function and a dict of its mutants


def wrap(mutants, is_classmethod=False):
    def decorate(function):
        if IN_SERVER:
            FUNCTIONS.append((function, mutants))
            return function
        trampoline = wrap_in_trampoline(mutants, is_classmethod)(function)
        trampoline.__signature__ = inspect.signature(function)
        return trampoline

    return decorate


def activate(mutant_name):
    """Turn the function that `mutant_name` mutates into that mutant, in this process."""
    module, _, name = mutant_name.rpartition(".")
    for function, mutants in FUNCTIONS:
        if function.__module__ == module and name in mutants:
            mutant = getattr(mutants[name], "__func__", mutants[name])
            if mutant.__code__.co_freevars == function.__code__.co_freevars:
                function.__code__ = mutant.__code__
                function.__defaults__ = mutant.__defaults__
                function.__kwdefaults__ = mutant.__kwdefaults__
            else:  # one of them uses super() and the other does not
                owner = sys.modules[module]
                *path, last = function.__qualname__.split(".")
                for part in path:
                    owner = getattr(owner, part)
                setattr(owner, last, mutant)
            return
    raise LookupError(f"there is no mutant {mutant_name}")
