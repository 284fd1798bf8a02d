"""Run mutmut in the copy that run.py has made, changed where TensorFlow needs it.

    python inside.py CHILDREN '{"helpers/ROOM/NAME.py": "tests/test_NAME.py", ...}'

Mutants run in processes forked from one, mutmut's fork server, that has imported TensorFlow and
the tests but has computed nothing: TensorFlow's threads do not survive a fork.
"""

import importlib
import json
import os
import sys
from pathlib import Path

import libcst
import mutation_runtime
import mutmut.__main__ as mutmut
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.workers.isolation import ForkServerRunner

CHILDREN, TESTS = int(sys.argv[1]), json.loads(sys.argv[2])
warm_up, run_tests = PytestRunner.warm_up, PytestRunner.run_tests
collect_stats = mutmut.collect_or_load_stats


def dotted(module):
    return module.removesuffix(".py").replace("/", ".")


def mutate_string(node):
    """Make one mutant of a string, in place of three that any test of the string kills alike."""
    yield from list(mutators.operator_string(node))[:1]


def mutate_argument(node):
    """Make one mutant of an argument, not two: None for one by place, none for one by name."""
    for mutant in mutators.operator_arg_removal(node):
        pairs = zip(node.args, mutant.args)
        place = next((i for i, (a, b) in enumerate(pairs) if a is not b), len(node.args) - 1)
        removed = len(mutant.args) < len(node.args)
        if removed == (node.args[place].keyword is not None) or len(node.args) == 1:
            yield mutant


def warm_up_and_import(runner):
    """Import what is mutated and the tests; then see that a forked process passes all tests."""
    mutation_runtime.IN_SERVER = True
    for module in TESTS:
        importlib.import_module(dotted(module))
    warm_up(runner)
    eager = sys.modules.get("tensorflow.python.eager.context")
    if eager and eager._context is not None and eager._context._context_handle is not None:
        os.write(2, b"TensorFlow has computed something during import: mutants may hang\n")
    pid = os.fork()
    if pid == 0:
        mutmut.set_mutant_under_test("")
        os._exit(run_tests(runner, mutant_name=None, tests=[]))
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        os.write(2, f"Without a mutant, a forked process fails: exit code {code}\n".encode())
        os._exit(0)  # which mutmut takes for a clean end, and starts no other server


def run_as_mutant(runner, *, mutant_name, tests):
    if mutation_runtime.IN_SERVER and mutant_name:
        mutation_runtime.activate(mutant_name)
    tests = sorted(tests, key=lambda test: state().duration_by_test[test])  # the quick ones first
    return run_tests(runner, mutant_name=mutant_name, tests=tests)


def collect_stats_of_own_tests(*arguments, **named):
    """Let a module's mutants be for the tests named after it, whoever else calls its functions."""
    collect_stats(*arguments, **named)
    own = {dotted(module): tests for module, tests in TESTS.items()}
    for name, tests in state().tests_by_mangled_function_name.items():
        file = own.get(name.rpartition(".")[0])
        tests &= {test for test in tests if test.split("::")[0] == file}


def results(module):
    codes = json.loads(Path("mutants", f"{module}.meta").read_text())["exit_code_by_key"]
    for name, code in codes.items():
        diff = get_diff_for_mutant(name, path=module).splitlines()[2:]
        function = name.partition("__mutmut_")[0].replace(".x_", ".").replace("xǁ", "")
        yield {
            "function": function.replace("ǁ", "."),
            "status": status_by_exit_code[code],
            "diff": diff,
        }


os.environ["PYTHONPATH"] = str(Path(__file__).parent)  # for processes that tests start
file_mutation.trampoline_impl_cst[:] = libcst.parse_module(
    "\nfrom mutation_runtime import wrap as _mutmut_mutated, MutantDict\n"
).body
instead = {
    mutators.operator_string: mutate_string,
    mutators.operator_arg_removal: mutate_argument,
}
file_mutation.mutation_operators = [
    (kind, instead.get(operator, operator)) for kind, operator in mutators.mutation_operators
]
PytestRunner.warm_up, PytestRunner.run_tests = warm_up_and_import, run_as_mutant
ForkServerRunner.run_clean_tests = lambda runner, tests: 0  # warm_up_and_import does
mutmut.collect_or_load_stats = collect_stats_of_own_tests
mutmut._run((), CHILDREN)
Path("mutants.json").write_text(
    json.dumps({module: list(results(module)) for module in TESTS}), "utf-8"
)
