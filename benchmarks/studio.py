"""Measures the round trip with Label Studio and writes benchmarks/studio.md: python benchmarks/studio.py [--minutes M] [--tasks N].

Data is made with a seed in a scratch folder, and so are a PostgreSQL and the embedded Label Studio on it. What is compared is measured
in turns in the same run against that one server, the best of each taken, since other work on the machine only adds time.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import corpus
import orjson

from dipdata import project as projects
from dipdata import tables
from dipdata.annotations import store
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Annotation, Statement, annotation_id
from dipdata.studio import accounts, pulling, server, sync
from dipdata.studio.client import Client
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.tasks import to_result, to_task

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import postgresql

PAGE = Path(__file__).with_name("studio.md")
TURNS = 2
ANNOTATORS = 10
RESTORED = 1000
# A verb, which tells the most memory it had as it ends: what wait4 tells of a child includes its parent's before the exec.
RUN = """
import atexit, sys

def tell():
    with open("/proc/self/status") as file:
        sys.stderr.write(next(line for line in file if line.startswith("VmHWM")))

atexit.register(tell)
from dipdata.cli import main
main()
"""


@dataclass
class Verb:
    """What runs of one verb took: the best wall seconds from start to end of the process, and the most memory of any, in MB."""

    seconds: float = float("inf")
    peak: float = 0.0
    result: dict[str, Any] = field(default_factory=dict)

    def run(self, root: Path, *arguments: str) -> None:
        """Run a verb in a process of its own, as one types it."""
        start = time.perf_counter()
        command = [sys.executable, "-c", RUN, *arguments, "--json", "--project", str(root)]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code = subprocess.run(command, stdout=out, stderr=err, check=False).returncode
            self.seconds = min(self.seconds, time.perf_counter() - start)
            out.seek(0)
            err.seek(0)
            said = err.read().decode()
            if code:
                raise SystemExit(f"{arguments}: {said[-2000:]}")
            self.peak = max(self.peak, int(said.split()[-2]) / 1024)
            self.result = orjson.loads(out.read())


def make(root: Path, statements: int) -> list[sync.Pair]:
    """Write a project of so many statements, segmented already; return them with their articles."""
    root.mkdir(exist_ok=True)
    (root / "dipdata.toml").write_text(f'name = "{root.name}"\nlicence = "CC-BY-4.0"\nseed = 1\n[studio]\nproject = "{root.name}"\n')
    project = projects.load(root)
    found = list(corpus.articles(-(-statements // corpus.PER_ARTICLE)))
    features = project.contract.features("statements")
    fields = features.__class__({key: features[key] for key in Statement.__slots__})
    pairs = [(article, statement) for article, mine in found for statement in mine][:statements]
    tables.write_records(
        project.build / "articles" / "made.parquet", [article for article, _ in found], project.contract.features("articles")
    )
    tables.write_records(project.build / "statements" / "made.parquet", [statement for _, statement in pairs], fields)
    return pairs


def emptied(client: Client, title: str, like: str) -> int:
    """Return the number of an empty project of that title with another's config."""
    found, model = client.find_project(title), client.find_project(like)
    assert model is not None
    if found is not None:
        client.delete_project(found.number)
    return client.create_project(title, "", model.config, "", 2)


def bare_import(client: Client, number: int, content: bytes) -> float:
    """Return the seconds that the multipart import of a file takes."""
    start = time.perf_counter()
    client._request("POST", f"/api/projects/{number}/import", files={"tasks": ("tasks.json", content, "application/json")})
    return time.perf_counter() - start


def bare_export(client: Client, number: int, path: Path) -> float:
    """Return the seconds that a snapshot takes, into a file: what annotators left, without the predictions."""
    start = time.perf_counter()
    url = f"/api/projects/{number}/exports/"
    asked = {
        "title": "bare",
        "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
        "serialization_options": {
            "drafts": {"only_id": False},
            "predictions": {"only_id": True},
            "annotations__completed_by": {"only_id": False},
        },
    }
    made = client._request("POST", url, json=asked)["id"]
    where = f"{client.url}{url}{made}/download"
    with client._http.stream("GET", where, params={"exportType": "JSON"}, headers=client._headers()) as reply, path.open("wb") as file:
        reply.raise_for_status()
        file.writelines(reply.iter_bytes())
    return time.perf_counter() - start


def answer(project: Project, statement: Statement, who: str) -> Annotation:
    """Return what an annotator says of a statement, under the project's versions."""
    made = corpus.annotation(statement, who)
    assert made.id == annotation_id(statement.id, who)
    return made


def pushing(root: Path, client: Client, pairs: list[sync.Pair], say: Any) -> tuple[Verb, float]:
    """Return what push of all statements took, and the bare import of the same tasks."""
    verb, bare = Verb(), float("inf")
    project = projects.load(root)
    tasks = orjson.dumps([to_task(*pair, guideline=project.guideline, scheme=project.contract.version) for pair in pairs])
    sync.push(project, [], problems=Problems())  # makes the project that the other takes its config from
    for _ in range(TURNS):
        found = client.find_project(project.studio_project)
        number = emptied(client, "bare", project.studio_project)
        bare = min(bare, bare_import(client, number, tasks))
        assert found is not None
        client.delete_project(found.number)
        verb.run(root, "push")
        assert verb.result["pushed"] == len(pairs), verb.result
        say(f"push {verb.seconds:.1f} s, bare {bare:.1f} s")
    client.delete_project(client.find_project("bare").number)  # type: ignore[union-attr]
    return verb, bare


def annotated(root: Path, client: Client, pairs: list[sync.Pair]) -> None:
    """Replace the project's tasks by the same with an annotation each."""
    project = projects.load(root)
    account = accounts.add_annotator(project, "bench-one")
    who = pseudonym(pseudonym_key(project), account.email)
    user = next(each["id"] for each in client._request("GET", "/api/users/") if each["email"] == account.email)
    found = client.find_project(project.studio_project)
    assert found is not None
    client._request(
        "POST", f"/api/dm/actions?id=delete_tasks&project={found.number}", json={"selectedItems": {"all": True, "excluded": []}}
    )
    tasks = [
        to_task(*pair, guideline=project.guideline, scheme=project.contract.version)
        | {"annotations": [{"result": to_result(answer(project, pair[1], who)), "completed_by": user, "lead_time": 9.5}]}
        for pair in pairs
    ]
    for start in range(0, len(tasks), 2000):
        client.import_tasks(found.number, tasks[start : start + 2000])


def pulling_all(root: Path, client: Client, count: int, scratch: Path, say: Any) -> tuple[Verb, Verb, float]:
    """Return what a pull of everything, a pull of nothing new, and the bare export took."""
    whole, idle, bare = Verb(), Verb(), float("inf")
    found = client.find_project(projects.load(root).studio_project)
    assert found is not None
    for _ in range(TURNS):
        bare = min(bare, bare_export(client, found.number, scratch / "export.json"))
        for path in (root / "annotations").glob("*.jsonl"):
            path.unlink()
        whole.run(root, "pull", "--whole")
        assert (whole.result["new"], whole.result["refused"]) == (count, 0), whole.result
        say(f"pull {whole.seconds:.1f} s, bare {bare:.1f} s")
    for _ in range(3):
        idle.run(root, "pull")
        assert not idle.result["whole"]
    return whole, idle, bare


def restoring(root: Path, client: Client) -> tuple[Verb, Verb]:
    """Return what restore took of the project whose annotations stand in `root`, and the pull after it, which changes nothing."""
    restore, pull = Verb(), Verb()
    project = projects.load(root)
    found = client.find_project(project.studio_project)
    assert found is not None
    client.delete_project(found.number)
    before = {path.name: path.read_bytes() for path in project.annotations.glob("*.jsonl")}
    restore.run(root, "restore")
    pull.run(root, "pull")
    after = {path.name: path.read_bytes() for path in project.annotations.glob("*.jsonl")}
    assert before == after, "a pull after restore changed something"
    return restore, pull


@dataclass
class Load:
    """What became of annotators at work: submitted and refused answers, and what was found of them on the server and in the store."""

    minutes: float
    submitted: int = 0
    seconds: list[float] = field(default_factory=list)
    pushes: int = 0
    pulls: int = 0
    refused: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    tasks: int = 0
    statements: int = 0


def at_once(root: Path, client: Client, pairs: list[sync.Pair], minutes: float) -> Load:
    """Let ten annotators submit as fast as the server takes it while push adds statements and pull follows; then count."""
    load = Load(minutes)
    project = projects.load(root)
    people = [accounts.add_annotator(project, f"bench-{number}") for number in range(ANNOTATORS)]
    key = pseudonym_key(project)
    step = max(1, len(pairs) // 20)
    sync.push(project, pairs[:step], problems=Problems())
    number = client.find_project(project.studio_project).number  # type: ignore[union-attr]
    by_id = {statement.id: statement for _, statement in pairs}
    todo = [(task, by_id[data["statement_id"]]) for task, data in client.tasks(number)]
    end = time.monotonic() + minutes * 60
    lock = threading.Lock()
    made: Counter[tuple[str, str]] = Counter()

    def annotate(account: accounts.Account) -> None:
        by, who = Client(client.url, account.token), pseudonym(key, account.email)
        for at in itertools.count():
            while at >= len(todo) and time.monotonic() < end:
                time.sleep(0.1)
            if time.monotonic() >= end:
                return
            task, statement = todo[at]
            start = time.perf_counter()
            try:
                by.annotate(task, to_result(answer(project, statement, who)), lead_time=9.5, skipped=False)
            except Exception as error:
                with lock:
                    load.refused.append(str(error))
                continue
            with lock:
                load.seconds.append(time.perf_counter() - start)
                made[statement.id, who] += 1

    def push() -> None:
        for reach in range(2 * step, len(pairs) + step, step):
            if time.monotonic() >= end:
                return
            sync.push(project, pairs[:reach], problems=Problems())
            load.pushes += 1
            known = {task for task, _ in todo}
            todo.extend((task, by_id[data["statement_id"]]) for task, data in client.tasks(number) if task not in known)
            time.sleep(minutes * 60 / 40)

    def pull() -> None:
        while time.monotonic() < end:
            pulling.pull(project, problems=Problems())
            load.pulls += 1
            time.sleep(2)

    with ThreadPoolExecutor(ANNOTATORS + 2) as pool:
        for each in [*(pool.submit(annotate, account) for account in people), pool.submit(push), pool.submit(pull)]:
            each.result()
    problems = Problems()
    pulling.pull(project, problems=problems)
    assert not list(problems), list(problems)[:3]
    on_server: Counter[tuple[str, str]] = Counter(
        (task["data"]["statement_id"], pseudonym(key, each["completed_by"]["email"]))
        for task in client.snapshot(number)
        for each in task["annotations"]
    )
    stored = Counter(
        (each.statement_id, each.annotator) for each in store.read_annotations(project.annotations, project.contract, problems)
    )
    load.submitted = sum(made.values())
    load.lost = sum((made - on_server).values()) + sum((made - stored).values())
    load.doubled = sum((on_server - made).values()) + sum((stored - made).values())
    held = Counter(str(data["statement_id"]) for _, data in client.tasks(number))
    load.tasks, load.statements = sum(held.values()), len(held)
    return load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=5, help="how long the annotators work")
    options = parser.parse_args()
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:5.0f} s  {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "postgres").mkdir()
        with postgresql.started(scratch / "postgres") as database:
            say("starting Label Studio")
            root = scratch / "round-trip"
            pairs = make(root, options.tasks)
            home = projects.load(root)
            server.up(home, database=database)
            try:
                page = measure(home, scratch, pairs, options, say)
            finally:
                server.down(home)
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def measure(home: Project, scratch: Path, pairs: list[sync.Pair], options: argparse.Namespace, say: Any) -> str:
    """Return the page."""
    client = accounts.connect(home)
    push, bare_push = pushing(home.root, client, pairs, say)
    annotated(home.root, client, pairs)
    say("annotations imported")
    whole, idle, bare_pull = pulling_all(home.root, client, len(pairs), scratch, say)
    say(f"idle {idle.seconds:.1f} s")
    small = sibling(home, scratch / "restored", pairs[:RESTORED])
    sync.push(small, pairs[:RESTORED], problems=Problems())
    annotated(small.root, client, pairs[:RESTORED])
    Verb().run(small.root, "pull")
    restore, _ = restoring(small.root, client)
    say(f"restored in {restore.seconds:.1f} s")
    together = sibling(home, scratch / "at-once", pairs)
    load = at_once(together.root, client, pairs, options.minutes)
    say(f"{load.submitted} submitted, {load.lost} lost, {load.doubled} doubled")
    count, restored = len(pairs), restore.result["annotations"]["loaded"]
    slow = statistics.quantiles(load.seconds, n=20)[-1] if len(load.seconds) > 1 else float("nan")
    return f"""# The round trip with Label Studio

Made by `python benchmarks/studio.py --tasks {options.tasks} --minutes {options.minutes:g}` on \
{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, \
Label Studio {client.check()} on PostgreSQL, all on this machine. Ratios are of speed and compare what was measured in turns in one run
against that server, the best of {TURNS}. Verbs are timed as processes, from their start to their end.

| What | bare | dipdata | ratio | wanted | memory |
| --- | --- | --- | --- | --- | --- |
| `push` of {count:,} statements with predictions; bare: one multipart file import of the same tasks | {bare_push:.1f} s \
| {push.seconds:.1f} s | {bare_push / push.seconds:.2f} | 0.90 | {push.peak:.0f} MB |
| `pull` of {count:,} annotations; bare: the snapshot export into a file | {bare_pull:.1f} s \
| {whole.seconds:.1f} s | {bare_pull / whole.seconds:.2f} | 0.90 | {whole.peak:.0f} MB |
| `pull` with nothing new at {count:,} tasks | | {idle.seconds:.1f} s | | 2 s | {idle.peak:.0f} MB |
| `restore` of {restored:,} annotations | | {restore.seconds:.1f} s ({restored / restore.seconds:.0f} a second) | | \
| {restore.peak:.0f} MB |

Wanted of memory: at most 300 MB.

## Ten annotators at once

{ANNOTATORS} annotators submitted as fast as the server took it for {options.minutes:g} minutes, while `push` added statements \
({load.pushes} times) and `pull` followed ({load.pulls} times).

| submitted | a second | median | 95 of 100 within | refused | lost | doubled | tasks | statements |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| {load.submitted:,} | {load.submitted / (load.minutes * 60):.1f} | {statistics.median(load.seconds):.2f} s | {slow:.2f} s \
| {len(load.refused)} | {load.lost} | {load.doubled} | {load.tasks:,} | {load.statements:,} |

Lost and doubled are counted on the server and in `annotations/` after a last `pull`, against what the annotators' own programs had counted.
"""


def sibling(home: Project, root: Path, pairs: list[sync.Pair]) -> Project:
    """Return another project of the same server and accounts."""
    make(root, len(pairs))
    for name in (server.STATE, accounts.FILE):
        source = home.private / name
        if source.is_file():
            (root / ".dipdata").mkdir(exist_ok=True)
            (root / ".dipdata" / name).write_bytes(source.read_bytes())
    pseudonym_key(projects.load(root))
    return projects.load(root)


if __name__ == "__main__":
    main()
