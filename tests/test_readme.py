"""What the README and the guides say of files, minutes and commands is so."""

import ast
import re
from itertools import takewhile

import pytest
from conftest import ROOT, SOLUTIONS, read

from helpers import __main__ as command_line
from helpers.lessons import LESSONS, MARKER, lesson_of
from helpers.setup.notebooks import to_lesson

README = (ROOT / "README.md").read_text("utf-8")
GUIDES = ("README.md", "solutions/README.md", "helpers/bench/README.md", ".github/CONTRIBUTING.md")
ROW = re.compile(r"^\| \[(\d+) .+?\]\((lessons/.+?)\) \| .+ \| (\d+) \|$", re.M)


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_somewhere(guide):
    text = (ROOT / guide).read_text("utf-8")
    for target in re.findall(r"\]\((.+?)\)", text):
        if not target.startswith("https://"):
            assert ((ROOT / guide).parent / target).exists(), target


def test_readme_leads_to_every_guide():
    links = re.findall(r"\]\((.+?)\)", README)
    assert set(GUIDES[1:]) < set(links)


@pytest.mark.parametrize("guide", GUIDES)
def test_commands_are_there(guide):
    text = (ROOT / guide).read_text("utf-8")
    named = set(re.findall(r"python3 -m helpers (\w+)", text))
    assert named <= set(command_line.COMMANDS)


def test_syllabus_names_every_lesson():
    rows = [(int(number), path) for number, path, _ in ROW.findall(README)]
    finished = [lesson for lesson in LESSONS if not lesson.draft]
    expected = [(each.number, f"lessons/{each.number:02}_{each.topic}.ipynb") for each in finished]
    assert rows == expected


def minutes_by_rule(path):
    """Return how many minutes a learner needs for a lesson, by one rule for all.

    A minute for 150 words or 20 lines of code of the lesson, 2 for an exercise that asks for one
    letter or number, 5 for one that asks for more, 4 for the quiz. A capstone says its own time.
    """
    minutes = 0
    for cell in takewhile(lambda cell: cell.id != "capstone-why", to_lesson(read(path)).cells):
        if cell.cell_type == "markdown":
            minutes += len(cell.source.split()) / 150
        else:
            minutes += sum(1 for line in cell.source.splitlines() if line.strip()) / 20
    for cell in takewhile(lambda cell: cell.id != "capstone-why", read(path).cells):
        if cell.source.startswith(MARKER + "quiz"):
            minutes += 4
        elif cell.source.startswith(MARKER):
            last = ast.parse(cell.source).body[-1]
            minutes += 2 if isinstance(getattr(last, "value", None), ast.Constant) else 5
    return minutes


FINISHED = [path for path in SOLUTIONS if not lesson_of(path.stem[3:]).draft]


@pytest.mark.parametrize("path", FINISHED, ids=lambda path: path.stem)
def test_minutes_are_near_those_of_the_rule(path):
    said = int(re.search(r"\*\*Time:\*\* about (\d+) minutes", read(path).cells[0].source)[1])
    assert said % 5 == 0
    assert abs(said - minutes_by_rule(path)) <= 10


def test_minutes_are_those_of_the_lessons_and_their_sum():
    minutes = {path: int(each) for _, path, each in ROW.findall(README)}
    for path in FINISHED:
        said = re.search(r"\*\*Time:\*\* about (\d+) minutes", read(path).cells[0].source)
        assert int(said[1]) == minutes[f"lessons/{path.name}"], path.name
    assert f"Together {sum(minutes.values())} minutes" in README
