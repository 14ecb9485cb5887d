"""An annotator at work: headless Chromium, the real Label Studio, the keyboard alone."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dipdata.annotations import store
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Article, StanceTarget, Statement, statement_id, text_sha256
from dipdata.spans import cut
from dipdata.studio import accounts, pulling, sync
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from studio.examples import example, find

pytestmark = [pytest.mark.studio, pytest.mark.browser]
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
GUIDELINES = Path(__file__).parents[2] / "docs" / "guidelines"
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

    shutil.copytree(GUIDELINES, studio_server.root / "docs" / "guidelines")
    project = replace(studio_server, name="browser", studio_project="browser")
    pairs = [example("fr"), example("ar"), indirect()]
    pushed = sync.push(project, pairs, language="fr", problems=Problems())
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


def within(before: str, after: str) -> tuple[Article, Statement]:
    """The French article in the middle of other text."""
    article, statement = example("fr")
    text = before + article.text + after
    sha256 = text_sha256(text)

    def moved(spans):
        return cut(text, [(span.start + len(before), span.end + len(before)) for span in spans])

    spans = {name: moved(getattr(statement, name)) for name in ("content", "source", "cue", "targets")}
    name = statement_id(sha256, [(span.start, span.end) for span in spans["content"]])
    article = replace(article, id=f"wire/{len(text)}-fr", text=text, sha256=sha256)
    return article, replace(statement, id=name, article_id=article.id, article_sha256=sha256, **spans)


def add_task(case: Case, article: Article, statement: Statement) -> None:
    pushed = sync.push(case.project, [(article, statement)], problems=Problems())
    client = accounts.connect(case.project)
    for number, data in client.tasks(client.find_project("browser").number):
        if data["statement_id"] == statement.id:
            case.tasks[statement.id] = f"{pushed.url}?task={number}"


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

    names = {"alt": Keys.ALT, "ctrl": Keys.CONTROL, "enter": Keys.ENTER, "shift": Keys.SHIFT, "space": Keys.SPACE}
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
    submitted(browser)


def submitted(browser) -> None:
    found = "return [...document.querySelectorAll('button')].some((b) => b.innerText.trim() === 'Update')"
    wait(browser, lambda: browser.execute_script(found), "the page after submitting")


def test_the_french_task_shows_its_regions(case: Case, browser) -> None:
    article, statement = case.pairs[0]
    page = open_task(browser, case, statement)
    shoot(browser, "french-opened")
    assert (page["direction"], page["align"]) == ("ltr", "left")
    # The paragraphs around the statement, and the whole article behind one click.
    rest = article.text.partition("\n")[2]
    assert page["text"].split() == rest.split()
    top = browser.find_element("css selector", ".dipdata-ltr p").text
    assert top.split(" · ") == [statement.speakers[0].name, "1 mars 2026", article.outlet, "français"]
    browser.find_element("css selector", ".dipdata-whole summary").click()
    wait(browser, lambda: browser.execute_script(PAGE)["text"].split() == article.text.split(), "the whole article")
    shoot(browser, "french-whole")
    page = browser.execute_script(PAGE)
    titles = {label.value: label.title for label in case.project.contract.labels("region", "fr")}
    shown = {"target": statement.targets, "content": statement.content, "source": statement.source, "cue": statement.cue}
    assert page["regions"] == [f"{titles[kind]}\n{span.surface}" for kind, spans in shown.items() for span in spans]
    for span in (*statement.targets, *statement.source, *statement.cue):
        assert span.surface in page["pieces"]


def test_the_arabic_task_is_laid_out_from_right_to_left(case: Case, browser) -> None:
    article, statement = case.pairs[1]
    page = open_task(browser, case, statement)
    shoot(browser, "arabic-opened")
    assert (page["direction"], page["align"]) == ("rtl", "right")
    assert page["text"].split() == article.text.split("\n", 1)[1].split()
    browser.find_element("css selector", ".dipdata-whole summary").click()
    wait(browser, lambda: len(browser.execute_script(PAGE)["lines"]) >= 3, "the whole article")
    page = browser.execute_script(PAGE)
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


def test_a_digit_selects_its_region_and_nothing_is_drawn_over_the_words(case: Case, browser) -> None:
    open_task(browser, case, case.pairs[0][1])
    selected = "return Htx.annotationStore.selected.regionStore.regions.map((each) => each.selected)"
    for number in (2, 1, 5, 5, 3):
        press(browser, str(number))
        assert browser.execute_script(selected) == [number == place for place in range(1, 6)]
    press(browser, "u")
    assert not any(browser.execute_script(selected))
    drawn = browser.find_elements("css selector", ".relations-overlay")
    assert drawn
    assert not any(each.is_displayed() for each in drawn)


def test_the_view_is_laid_out_as_the_annotators_language_is(case: Case, browser) -> None:
    sync.push(case.project, case.pairs, language="ar", problems=Problems())
    try:
        page = open_task(browser, case, case.pairs[0][1])
        shoot(browser, "french-told-in-arabic")
        assert (page["direction"], page["align"]) == ("ltr", "left")
        style = "return ['direction', 'textAlign'].map((name) => getComputedStyle(document.querySelector(arguments[0]))[name])"
        for place in (".dipdata-keys", ".dipdata .lsf-choices"):
            assert browser.execute_script(style, place) == ["rtl", "right"], place
        assert browser.execute_script(style, ".dipdata-ltr")[0] == "ltr"
    finally:
        sync.push(case.project, case.pairs, language="fr", problems=Problems())


def test_the_view_speaks_the_annotators_language(case: Case, browser) -> None:
    open_task(browser, case, case.pairs[0][1])
    shown = browser.find_element("css selector", ".dipdata").text
    for name in ("region", "sentiment", "validity"):
        for label in case.project.contract.labels(name, "fr"):
            assert label.title in shown
    browser.find_element("css selector", ".dipdata .ant-collapse-header").click()
    page = (GUIDELINES / "fr.md").read_text().splitlines()
    heading = page[0].removeprefix("# ")
    wait(browser, lambda: heading in browser.find_element("css selector", ".dipdata-guidelines").text, "the guidelines")
    shoot(browser, "guidelines")


def test_a_long_article_opens_at_once_with_its_spans_in_place(case: Case, browser, tmp_path: Path) -> None:
    before, after = "Un paragraphe qui ne dit rien de la suite 🌉.\n\n", "\nUne suite sans fin et sans paroles.\n"
    article, statement = within(before * 1200, after * 1600)
    assert len(article.text.encode()) > 100_000
    add_task(case, article, statement)
    begun = time.monotonic()
    browser.get(case.tasks[statement.id])
    wait(browser, lambda: browser.execute_script("return document.querySelectorAll('.htx-highlight').length"), "the regions")
    took = time.monotonic() - begun
    shoot(browser, "long")
    page = browser.execute_script(PAGE)
    shown = {"target": statement.targets, "content": statement.content, "source": statement.source, "cue": statement.cue}
    assert [region.partition("\n")[2] for region in page["regions"]] == [span.surface for spans in shown.values() for span in spans]
    assert len(page["text"]) < 400
    press(browser, "alt .", "q", "alt .", "w", "s")
    submit(browser)
    pulling.pull(case.project, into=tmp_path, problems=Problems())
    records = {each.statement_id: each for each in store.read_annotations(tmp_path, case.project.contract, Problems())}
    record = records[statement.id]
    assert (record.content, record.source, record.cue) == (statement.content, statement.source, statement.cue)
    assert [(t.start, t.surface, t.stance) for t in record.targets] == [
        (t.start, t.surface, stance) for t, stance in zip(statement.targets, ("favor", "against"), strict=True)
    ]
    accounts.connect(case.project).delete_task(int(case.tasks[statement.id].partition("task=")[2]))
    print(f"opened in {took:.1f} s")


def test_a_boundary_is_mended_in_place(case: Case, browser, tmp_path: Path) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    article, statement = within("Avant.\n\n", "\nAprès.\n")
    add_task(case, article, statement)
    open_task(browser, case, statement)
    cue = next(each for each in browser.find_elements("css selector", ".htx-highlight") if each.text == "a déclaré")
    cue.click()
    # The left edge of the selected region is dragged over its first word.
    find = "return [...document.querySelectorAll('.htx-highlight .__resize_left')].find((e) => e.getBoundingClientRect().width)"
    handle = wait(browser, lambda: browser.execute_script(find), "the handle")
    chain = ActionChains(browser)
    chain.move_to_element(handle).click_and_hold()
    for _ in range(3):
        chain.move_by_offset(8, 0)
    chain.release().perform()
    shoot(browser, "mended")
    # The tone is asked for like the stance.
    press(browser, "alt .", "q", "alt .", "r", "ctrl enter")
    wait(browser, lambda: "Tonalité:" in dialogue(browser), "the message that the tone is missing")
    press(browser, "enter", "f")
    submit(browser)
    pulling.pull(case.project, into=tmp_path, problems=Problems())
    (record,) = [each for each in store.read_annotations(tmp_path, case.project.contract, Problems()) if each.statement_id == statement.id]
    (cue,) = record.cue
    assert cue.surface == article.text[cue.start : cue.end] == "déclaré"
    accounts.connect(case.project).delete_task(int(case.tasks[statement.id].partition("task=")[2]))


def test_labelled_by_keyboard_and_pulled(case: Case, browser, tmp_path: Path) -> None:
    (_, french), (_, arabic), (_, other) = case.pairs
    open_task(browser, case, french)
    two = ("2", "r", "1", "q", "f", "ctrl enter")
    assert len(two) == 6
    press(browser, *two)
    submitted(browser)
    shoot(browser, "french-labelled")
    open_task(browser, case, arabic)
    one = ("1", "w", "s", "ctrl enter")
    assert len(one) == 4
    press(browser, "shift r")  # the act is optional
    shoot(browser, "arabic-act")
    press(browser, *one)
    submitted(browser)
    shoot(browser, "arabic-submitted")
    browser.get(case.tasks[arabic.id].partition("?")[0])
    wait(browser, lambda: case.pairs[0][1].content[0].surface in browser.page_source, "the list of tasks")
    shoot(browser, "tasks")

    # What Label Studio serves next is the one left. A required answer blocks submission with a message; that there is no statement is
    # one key, after which nothing else is asked.
    browser.get(case.tasks[other.id].partition("?")[0] + "?labeling=1")
    wait(browser, lambda: browser.execute_script("return document.querySelectorAll('.htx-highlight').length"), "the regions")
    press(browser, "f", "ctrl enter")
    wait(browser, lambda: "Position:" in dialogue(browser), "the message that a stance is missing")
    shoot(browser, "stance-missing")
    press(browser, "enter", "x", "ctrl space")
    wait(browser, lambda: not browser.execute_script("return document.querySelectorAll('.htx-highlight').length"), "the end of the tasks")

    problems = Problems()
    result = pulling.pull(case.project, into=tmp_path, problems=problems)
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
