"""What the README and the guides say of files, minutes and commands is so."""

import re

import pytest
from conftest import ROOT, SOLUTIONS, read

from helpers import __main__ as command_line
from helpers.lessons import LESSONS, lesson_of

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


def test_minutes_are_those_of_the_lessons_and_their_sum():
    minutes = {path: int(each) for _, path, each in ROW.findall(README)}
    for path in SOLUTIONS:
        if lesson_of(path.stem[3:]).draft:
            continue
        said = re.search(r"\*\*Time:\*\* about (\d+) minutes", read(path).cells[0].source)
        assert int(said[1]) == minutes[f"lessons/{path.name}"], path.name
    assert f"Together {sum(minutes.values())} minutes" in README
