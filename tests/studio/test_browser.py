"""An annotator at work: headless Chromium, the real Label Studio, the keyboard alone."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dipdata.annotations import store
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Article, StanceTarget, Statement, statement_id
from dipdata.spans import cut
from dipdata.studio import accounts, sync
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from studio.examples import example, find

pytestmark = [pytest.mark.studio, pytest.mark.browser]
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,1000",
)
PATIENCE = 60
# The text as the page holds it, and each region's text and box; regions that overlap are drawn by several pieces of one class.
PAGE = """
const box = (r) => ({left: r.left, right: r.right, top: r.top});
const root = [...document.querySelectorAll('.lsf-htx-richtext')].at(-1);
const range = document.createRange();
range.selectNodeContents(root);
const style = getComputedStyle(root);
return {
  text: root.innerText, direction: style.direction, align: style.textAlign, root: box(root.getBoundingClientRect()),
  lines: [...range.getClientRects()].filter((r) => r.width > 1).map(box),
  pieces: [...root.querySelectorAll('.htx-highlight')].map((e) => e.textContent),
  regions: [...document.querySelectorAll('.lsf-outliner-item__title')].map((e) => e.innerText),
};
"""


@dataclass
class Case:
    project: Project
    pairs: list[tuple[Article, Statement]]
    tasks: dict[str, str]
    annotator: str


@pytest.fixture(scope="module")
def browser(chromium: tuple[Path, Path]) -> Iterator:
    from selenium import webdriver

    os.environ["SE_OFFLINE"] = "true"  # never fetch a driver
    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium[0])
    with tempfile.TemporaryDirectory() as profile:
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=str(chromium[1])))
        yield driver
        driver.quit()


@pytest.fixture(scope="module")
def case(studio_server: Project, browser) -> Case:
    """Two pushed statements, and an annotator signed in."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    project = replace(studio_server, name="browser", studio_project="browser")
    pairs = [example("fr"), example("ar"), indirect()]
    pushed = sync.push(project, pairs, problems=Problems())
    account = accounts.add_annotator(project, "browser-annotator")
    client = accounts.connect(project)
    number = client.find_project("browser").number
    tasks = {data["statement_id"]: f"{pushed.url}?task={task}" for task, data in client.tasks(number)}
    browser.get(f"{client.url}/user/login/")
    browser.find_element(By.NAME, "email").send_keys(account.email)
    browser.find_element(By.NAME, "password").send_keys(account.password + Keys.RETURN)
    wait(browser, lambda: "/user/login" not in browser.current_url, "the page after signing in")
    return Case(project, pairs, tasks, pseudonym(pseudonym_key(project), account.email))


def indirect() -> tuple[Article, Statement]:
    article, statement = example("fr")
    spans = find(article.text, "a salué mardi l'ouverture du pont")
    targets = cut(article.text, find(article.text, "l'ouverture du pont"))
    return article, replace(
        statement, id=statement_id(article.sha256, spans), content=cut(article.text, spans), source=(), cue=(), targets=targets
    )


def wait(browser, condition, what: str):
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.ui import WebDriverWait

    try:
        return WebDriverWait(browser, PATIENCE, 0.2).until(lambda _driver: condition())
    except TimeoutException:
        shoot(browser, "failed")
        pytest.fail(f"{what} did not come within {PATIENCE} s; see {SCREENSHOTS}/failed.png")


def shoot(browser, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


def open_task(browser, case: Case, statement: Statement) -> dict:
    browser.get(case.tasks[statement.id])
    wait(browser, lambda: browser.execute_script("return document.querySelectorAll('.htx-highlight').length"), "the regions")
    return browser.execute_script(PAGE)


def press(browser, *keys: str) -> None:
    """Press key combinations, such as `alt .`, one after the other."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    names = {"alt": Keys.ALT, "ctrl": Keys.CONTROL, "enter": Keys.ENTER, "shift": Keys.SHIFT}
    for combination in keys:
        *held, key = [names.get(part, part) for part in combination.split()]
        chain = ActionChains(browser)
        for each in held:
            chain.key_down(each)
        chain.send_keys(key)
        for each in held:
            chain.key_up(each)
        chain.pause(0.3).perform()


def dialogue(browser) -> str:
    return browser.execute_script("return [...document.querySelectorAll('[role=dialog], .ant-modal')].map((e) => e.innerText).join()")


def submit(browser) -> None:
    press(browser, "ctrl enter")
    found = "return [...document.querySelectorAll('button')].some((b) => b.innerText.trim() === 'Update')"
    wait(browser, lambda: browser.execute_script(found), "the page after submitting")


def test_the_french_task_shows_its_regions(case: Case, browser) -> None:
    article, statement = case.pairs[0]
    page = open_task(browser, case, statement)
    shoot(browser, "french-opened")
    assert (page["direction"], page["align"]) == ("ltr", "left")
    assert page["text"].split() == article.text.split()
    titles = {label.value: label.title for label in case.project.contract.labels("region")}
    shown = {"target": statement.targets, "content": statement.content, "source": statement.source, "cue": statement.cue}
    assert page["regions"] == [f"{titles[kind]}\n{span.surface}" for kind, spans in shown.items() for span in spans]
    for span in (*statement.targets, *statement.source, *statement.cue):
        assert span.surface in page["pieces"]


def test_the_arabic_task_is_laid_out_from_right_to_left(case: Case, browser) -> None:
    article, statement = case.pairs[1]
    page = open_task(browser, case, statement)
    shoot(browser, "arabic-opened")
    assert (page["direction"], page["align"]) == ("rtl", "right")
    assert page["text"].split() == article.text.split()
    # Flush right: every line of text reaches the right edge, that which begins with a Latin name too, and none fills the left one.
    by_line: dict[float, list[dict]] = {}
    for box in page["lines"]:
        by_line.setdefault(round(box["top"] / 15), []).append(box)
    assert len(by_line) >= 3
    edge = max(box["right"] for box in page["lines"])
    assert page["root"]["right"] - edge < 20
    for boxes in by_line.values():
        assert edge - max(box["right"] for box in boxes) < 2
    assert any(min(box["left"] for box in boxes) - page["root"]["left"] > 100 for boxes in by_line.values())


def test_labelled_by_keyboard_and_pulled(case: Case, browser, tmp_path: Path) -> None:
    (_, french), (_, arabic), (_, other) = case.pairs
    open_task(browser, case, french)
    press(browser, "alt .", "q", "alt .", "r", "f")  # two targets: six keystrokes with the submission
    shoot(browser, "french-labelled")
    submit(browser)
    open_task(browser, case, arabic)
    press(browser, "alt .", "w", "s", "shift r")  # one target: four, and one more for the optional act
    shoot(browser, "arabic-labelled")
    submit(browser)
    shoot(browser, "arabic-submitted")
    browser.get(case.tasks[arabic.id].partition("?")[0])
    wait(browser, lambda: case.pairs[0][1].content[0].surface in browser.page_source, "the list of tasks")
    shoot(browser, "tasks")

    open_task(browser, case, other)
    press(browser, "f", "ctrl enter")  # without a stance
    wait(browser, lambda: "Stance:" in dialogue(browser), "the message that a stance is missing")
    shoot(browser, "stance-missing")
    press(browser, "enter", "r", "x")  # closes the message, whose target is selected now
    submit(browser)

    problems = Problems()
    result = sync.pull(case.project, into=tmp_path, problems=problems)
    assert not list(problems)
    assert result.statuses == {"submitted": 3, "skipped": 0, "draft": 0}
    records = {each.statement_id: each for each in store.read_annotations(tmp_path, case.project.contract, problems)}
    for (article, statement), stances, sentiment, act in (
        (case.pairs[0], ("favor", "none"), "positive", None),
        (case.pairs[1], ("against",), "negative", "reject"),
    ):
        record = records.pop(statement.id)
        assert record.annotator == case.annotator
        assert (record.status, record.validity, record.sentiment, record.act) == ("submitted", "valid", sentiment, act)
        assert record.targets == tuple(StanceTarget(t.start, t.end, t.surface, s) for t, s in zip(statement.targets, stances, strict=True))
        assert (record.content, record.source, record.cue) == (statement.content, statement.source, statement.cue)
        for span in (*record.targets, *record.content, *record.source, *record.cue):
            assert article.text[span.start : span.end] == span.surface
        assert record.lead_time is not None
        assert 0 < record.lead_time < PATIENCE
    assert [(each.statement_id, each.validity) for each in records.values()] == [(other.id, "not_a_statement")]
