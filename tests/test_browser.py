"""A learner's moments in a real browser: JupyterLab, headless Chromium, real cells.

Needs Playwright, and its Chromium or the one on the path; skipped where they are missing.
Screenshots are kept in .pytest_cache/screenshots, or in the folder that COURSE_SCREENSHOTS names.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from conftest import ROOT, SOLUTIONS, lack, need, notebook_of, read

from helpers.lessons import LESSONS, MARKER, without_markers
from helpers.scale.cluster import free_ports
from helpers.setup import notebooks

ALL = os.environ.get("COURSE_BROWSER_ALL")  # the same engine serves all lessons, so two will do
TOPICS = [lesson.topic for lesson in (LESSONS if ALL else (LESSONS[0], LESSONS[-1]))]
START = """
from helpers import __main__
from helpers.setup import environment
environment.ensure = lambda: None
environment.PYTHON = {python!r}
raise SystemExit(__main__.main({arguments!r}))
"""
LAB_SECONDS, CELL_SECONDS = 240, 240  # against hanging; other work may keep the machine busy


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a copy of the course, so that nothing of a learner's own is touched."""
    folder = tmp_path_factory.mktemp("a course") / "copy of it"
    for name in ("helpers", "lessons", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in SOLUTIONS:  # as they are given out, whatever a learner has done here
        text = notebooks.as_file(notebooks.to_lesson(read(path)))
        (folder / "lessons" / path.name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(course):
    """Start the course's own `lab` command on the copy; return its address."""
    (port,) = free_ports(1)
    arguments = ["lab", "--no-browser", "--port", str(port), "--IdentityProvider.token="]
    arguments += ["--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0"]
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_PROGRESS"}
    with open(course / "lab.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START.format(python=sys.executable, arguments=arguments)],
            cwd=course, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until(lambda: _answers(f"{address}/api"), LAB_SECONDS, course / "lab.log")
        yield address
    finally:
        command = psutil.Process(process.pid)
        started = [command, *command.children(recursive=True)]
        command.terminate()  # it ends JupyterLab, and that its kernels
        _, alive = psutil.wait_procs(started, timeout=LAB_SECONDS)
        for each in alive:
            each.kill()
        assert not alive


def _answers(address):
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def _wait_until(condition, seconds, log):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log.read_text("utf-8", errors="replace")[-3000:]
        time.sleep(0.3)


@pytest.fixture(scope="module")
def browser():
    """Start Chromium once for all tests: Playwright's own, or else the one on the path."""
    with need("playwright.sync_api").sync_playwright() as playwright:
        program = None  # Playwright's own
        if not os.path.exists(playwright.chromium.executable_path):
            program = shutil.which("chromium") or shutil.which("chromium-browser")
            if program is None:
                lack("there is no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def screenshots():
    default = ROOT / ".pytest_cache" / "screenshots"
    folder = Path(os.environ.get("COURSE_SCREENSHOTS") or default)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Notebook:
    """A notebook that is open in the browser."""

    def __init__(self, browser, address, folder, name):
        self.page = browser.new_page(viewport={"width": 1200, "height": 1000})
        self.page.set_default_timeout(1000 * LAB_SECONDS)
        self.page.goto(f"{address}/lab/tree/{folder}/{name}?reset")
        self.page.wait_for_function(
            """() => {
                 const w = window.jupyterapp?.shell?.currentWidget;
                 return w?.context?.sessionContext?.session?.kernel
                   && w.content.widgets.length > 3;
               }""",
        )

    def ask(self, script, argument=None):
        """Return what a function of (widget, argument) gives in the page."""
        return self.page.evaluate(
            f"async (argument) => ({script})(window.jupyterapp.shell.currentWidget, argument)",
            argument,
        )

    def index(self, cell_id):
        return self.ask(
            "(w, id) => w.content.widgets.findIndex(c => c.model.sharedModel.id === id)", cell_id
        )

    def output(self, index):
        """Return the text of a cell's outputs."""
        return self.ask(
            """(w, i) => w.content.widgets[i].model.sharedModel.outputs.map(o =>
                   o.text ?? o.data?.["text/plain"] ?? (o.traceback ?? []).join("\\n")
               ).flat().join("\\n")""",
            index,
        )

    def run_all(self):
        """Choose Run All Cells, and wait until the kernel is idle."""
        self.ask("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait()

    def wait(self):
        self.page.wait_for_function(
            """() => {
                 const w = window.jupyterapp.shell.currentWidget;
                 const cells = w.content.widgets.filter(c => c.model.type === "code");
                 return w.context.sessionContext.session?.kernel?.status === "idle"
                   && cells.every(c => c.model.executionState !== "running");
               }""",
            timeout=1000 * CELL_SECONDS,
        )
        self.page.wait_for_timeout(500)

    def type_into(self, index, source):
        """Click into a cell, replace what it holds with the keyboard, and run it."""
        self.ask(
            """async (w, i) => { w.content.activeCellIndex = i;
                 await w.content.scrollToItem(i);  w.content.mode = "edit"; }""",
            index,
        )
        self.page.wait_for_timeout(300)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)
        typed = self.ask("(w, i) => w.content.widgets[i].model.sharedModel.source", index)
        assert typed == source
        self.run(index)

    def run(self, index):
        self.ask(
            """async (w, i) => { w.content.activeCellIndex = i; w.content.deselectAll();
                 await window.jupyterapp.commands.execute("notebook:run-cell"); }""",
            index,
        )
        self.wait()

    def own_cell(self, source):
        """Insert a cell below the active one, type into it, and return what it shows."""
        self.ask("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
        index = self.ask("w => w.content.activeCellIndex")
        self.type_into(index, source)
        return self.output(index)

    def close(self):
        self.ask("async w => { await w.context.sessionContext.shutdown(); }")
        self.page.close()


def first_exercise(topic):
    """Return name, id of the answer cell, id of the check cell, and our answer."""
    path = notebook_of(topic)
    cells = read(path).cells
    answer = next(cell for cell in cells if cell.source.startswith(MARKER))
    name = answer.metadata.nbgrader.grade_id
    check = next(
        c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == f"check_{name}"
    )
    return path.name, name, answer.id, check.id, without_markers(answer.source)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_exercise_in_the_browser(topic, browser, lab, screenshots):
    name, exercise, answer_id, check_id, ours = first_exercise(topic)
    notebook = Notebook(browser, lab, "lessons", name)
    answer, check = notebook.index(answer_id), notebook.index(check_id)

    notebook.run_all()
    assert f"⬜ {exercise}: not attempted yet." in notebook.output(check)
    assert "Traceback" not in notebook.output(check)

    notebook.type_into(answer, f"{MARKER}{exercise}\n{exercise} = 'nonsense'")
    notebook.run(check)
    assert f"❌ {exercise}: not yet." in notebook.output(check)
    assert "Traceback" not in notebook.output(check)
    notebook.page.screenshot(path=screenshots / f"{topic}-wrong.png")

    hints = [notebook.own_cell(f'hint("{exercise}")') for _ in range(2)]
    assert hints[0].startswith("Hint 1 of ")
    assert hints[1].startswith("Hint 2 of ")

    notebook.type_into(answer, ours)
    check = notebook.index(check_id)
    notebook.run(check)
    assert f"✅ {exercise}: correct." in notebook.output(check)
    shown = notebook.own_cell(f'solution("{exercise}")')
    assert shown.startswith("Yours:\n")
    assert shown.count(ours) == 2  # ours is what was typed
    notebook.page.screenshot(path=screenshots / f"{topic}-right.png")
    assert f"{exercise}" not in notebook.own_cell("progress()").splitlines()[-1]
    notebook.close()


def test_run_all_goes_on_to_the_next_exercise(browser, lab):
    name, _, answer_id, _, ours = first_exercise("ratings")
    cells = read(next(path for path in SOLUTIONS if path.name == name)).cells
    checks = [c.id for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    notebook = Notebook(browser, lab, "lessons", name)
    notebook.type_into(notebook.index(answer_id), ours)
    notebook.run_all()
    assert "✅" in notebook.output(notebook.index(checks[0]))
    assert "not attempted yet" in notebook.output(notebook.index(checks[1]))
    assert notebook.output(notebook.index(checks[2])) == ""
    notebook.close()


def test_nothing_is_asked_at_the_first_start(browser, lab, screenshots):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.goto(f"{lab}/lab/tree/lessons/01_ratings.ipynb?reset")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
    page.wait_for_timeout(3000)  # by then JupyterLab would have asked about its news
    page.screenshot(path=screenshots / "first-start.png")
    assert page.locator(".jp-toast-button, .Toastify__toast, .jp-Dialog").count() == 0
    page.close()


PAGE = ".widget-html:has(table)"  # one that is alive; the style beside it is one without a table
STILL = "[class^=for-you-]"


@pytest.fixture(scope="module")
def for_you(browser, lab):
    """Return lesson 10's solution, run down to the first page."""
    notebook = Notebook(browser, lab, "solutions", notebook_of("your_own_ratings").name)
    run_through(notebook, notebook.index("for-you"))
    yield notebook
    notebook.close()


def run_through(notebook, last):
    """Run all cells above a cell, and it; scroll it into view."""
    notebook.ask(
        """async (w, last) => {
             w.content.activeCellIndex = last;
             await window.jupyterapp.commands.execute("notebook:run-all-above");
             w.content.activeCellIndex = last;
             await window.jupyterapp.commands.execute("notebook:run-cell"); }""",
        last,
    )
    notebook.wait()
    notebook.ask("async (w, i) => { await w.content.scrollToItem(i, 'start'); }", last)


def wait_for_text(notebook, place, text):
    notebook.page.wait_for_function(
        """([page, place, text]) =>
             document.querySelectorAll(page)[place]?.innerText.includes(text)""",
        arg=[PAGE, place, text],
    )


def test_for_you_answers_a_click(for_you, screenshots):
    fields = for_you.page.locator(".jupyter-widgets input[type=text]")
    fields.first.wait_for()
    pages = for_you.page.locator(PAGE)
    assert pages.first.inner_text().startswith("User 9\n")
    fields.first.fill("50")
    fields.first.press("Enter")
    wait_for_text(for_you, 0, "User 50\n")
    shown = pages.first.inner_text()
    assert len(re.findall(r"█+ \d\.\d", shown)) == 15  # five rated, ten offered
    assert pages.nth(1).inner_text().startswith("User 405\n")
    fields.nth(1).fill("944")
    fields.nth(1).press("Enter")
    wait_for_text(for_you, 1, "is unknown")
    assert len(re.findall(r"█+ \d\.\d", pages.nth(1).inner_text())) == 10
    assert not for_you.page.locator(STILL).first.is_visible()  # while its fields are alive
    for_you.page.screenshot(path=screenshots / "10-for-you-light.png")
    for_you.ask(
        "() => window.jupyterapp.commands.execute('apputils:change-theme',"
        " {theme: 'JupyterLab Dark'})"
    )
    for_you.page.wait_for_timeout(1_500)
    for_you.page.screenshot(path=screenshots / "10-for-you-dark.png")


YOUR_PAGE = """
from helpers.models import NewUsers
factors = train_rating_model(train, parts=(), l2=10, epochs=1, learning_rate=0.02)
mine = {"Star Wars (1977)": 5, "Dumbo (1941)": 2}
for_you.show_yours(NewUsers(factors, retriever, train), mine)
"""


def test_your_page_takes_a_rating(for_you, screenshots):
    for_you.own_cell(YOUR_PAGE.strip())
    title = for_you.page.get_by_label("Movie")
    title.wait_for()
    place = for_you.page.locator(PAGE).count() - 1
    wait_for_text(for_you, place, "Star Wars (1977) +")  # why
    title.fill("Nothing (1900)")
    for_you.page.get_by_role("button", name="Rate").click()
    for_you.page.get_by_text("there is no movie 'Nothing (1900)'").wait_for(
        timeout=1000 * LAB_SECONDS
    )
    title.fill("Alien (1979)")
    for_you.page.get_by_role("button", name="Rate").click()
    wait_for_text(for_you, place, "Alien (1979)")
    assert for_you.page.get_by_text("there is no movie").count() == 0
    for_you.page.screenshot(path=screenshots / "10-your-page.png")


def test_pages_are_still_there_when_their_kernel_is_not(for_you, screenshots):
    """ipywidgets 2225: JupyterLab prefers a widget's view, and does not fall back."""
    for_you.ask("async w => { await w.context.save(); await w.context.sessionContext.shutdown(); }")
    for_you.page.reload()
    for_you.page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length > 3",
    )
    for_you.ask(
        "async (w, i) => { await w.content.scrollToItem(i, 'start'); }", for_you.index("for-you")
    )
    still = for_you.page.locator(STILL).first
    still.wait_for(state="visible")
    assert still.inner_text().startswith("User 9")
    assert "User 405" in still.inner_text()
    for_you.page.screenshot(path=screenshots / "10-for-you-reopened.png")
    for_you.wait()  # a JupyterLab that is told to end while a kernel starts may never do so
