"""Verbs and the server killed at random points: running again ends with every statement once and every annotation once."""

import json
import multiprocessing
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, loading, pulling, server, sync
from studio.test_faults import PAIRS, once, recorded

pytestmark = [pytest.mark.studio, pytest.mark.slow]
KILLS = 20
# A run may be quicker than the one that was measured: after a point that came too late, it is taken to last so much of that.
SOONER = 0.8
FORK = multiprocessing.get_context("fork")  # what the verbs import is there already, so that all of the time is theirs


class Campaign:
    """One dataset on the shared server, and what a verb begins with and must end with."""

    def __init__(self, project: Project, verb: str, folder: Path) -> None:
        self.project = project
        self.verb = verb
        self.store = folder / "store"
        self.client = accounts.connect(project)
        self.annotations = recorded(project)
        self.older = [replace(each, sentiment="negative", updated="2026-05-01T09:00:30Z") for each in self.annotations[::2]]
        if verb == "pull":
            sync.push(project, PAIRS, problems=Problems())
            loading.load(project, self.annotations, accounts.accounts(project), problems=Problems())

    def reset(self) -> None:
        """Make everything as it is before the verb: nothing on the server, or a store with answers that were changed since."""
        found = self.client.find_project(self.project.studio_project)
        if self.verb != "pull" and found is not None:
            self.client.delete_project(found.number)
        shutil.rmtree(self.store, ignore_errors=True)
        store.write_statements(self.store, [statement for _, statement in PAIRS[:10]])
        store.write_annotations(self.store, self.older)

    def run(self) -> Problems:
        problems = Problems()
        if self.verb == "push":
            sync.push(self.project, PAIRS, problems=problems)
        elif self.verb == "pull":
            pulling.pull(self.project, into=self.store, problems=problems)
        else:
            loading.restore(self.project, PAIRS, self.annotations, problems=problems)
        return problems

    def begin(self, said=None):
        def work() -> None:
            try:
                self.run()
            except CannotRunError as error:
                said.send(str(error))

        process = FORK.Process(target=work)
        process.start()
        return process

    def check(self) -> None:
        """Run again to the end, and see that everything is there once, and that a further run changes nothing."""
        if self.verb == "pull":
            between = Problems()
            store.read_annotations(self.store, self.project.contract, between)
            assert not list(between), "a file was left half written"
        assert not list(self.run())
        if self.verb != "pull":
            once(self.project, 0 if self.verb == "push" else len(self.annotations))
            return
        problems = Problems()
        records = store.read_annotations(self.store, self.project.contract, problems)
        assert not list(problems)
        assert Counter((each.statement_id, each.annotator, each.sentiment) for each in records) == Counter(
            (each.statement_id, each.annotator, each.sentiment) for each in self.annotations
        )
        kept = [json.loads(line) for path in (self.store / "versions").glob("*.jsonl") for line in path.read_text().splitlines()]
        assert Counter((each["statement_id"], each["annotator"], each["sentiment"]) for each in kept) == Counter(
            (each.statement_id, each.annotator, each.sentiment) for each in self.older
        )
        before = {path: path.read_bytes() for path in self.store.rglob("*.jsonl")}
        self.run()
        assert {path: path.read_bytes() for path in self.store.rglob("*.jsonl")} == before

    def seconds(self) -> float:
        """Return how long the verb takes from its beginning to its end."""
        self.reset()
        started = time.monotonic()
        process = self.begin()
        process.join()
        assert process.exitcode == 0
        return time.monotonic() - started


@pytest.fixture
def campaign(studio_server: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Campaign]:
    monkeypatch.setattr(sync, "BATCH", 5)
    monkeypatch.setattr(sync, "SETTLED", 5.0)
    return lambda verb: Campaign(
        replace(studio_server, name=f"kill {tmp_path.name}"[:40], studio_project=f"kill {tmp_path.name}"[:40]), verb, tmp_path
    )


@pytest.mark.parametrize("verb", ["push", "pull", "restore"])
def test_a_verb_killed_at_twenty_points(campaign: Callable[[str], Campaign], verb: str) -> None:
    at = campaign(verb)
    seconds = at.seconds()
    chance = random.Random(20260301)
    killed = missed = 0
    for number in range(KILLS):
        point = (number + chance.random()) / KILLS
        alive = False
        while not alive:
            at.reset()
            process = at.begin()
            time.sleep(seconds * point)
            alive = process.is_alive()
            process.kill()
            process.join()
            if not alive:
                missed += 1
                seconds *= SOONER
        killed += 1
        at.check()
    print(f"{verb}: killed at {killed} points within {seconds:.1f} s, {missed} more came too late")
    assert missed <= KILLS / 2


@pytest.mark.parametrize("verb", ["push", "pull", "restore"])
def test_the_server_killed_under_a_verb(campaign: Callable[[str], Campaign], studio_server: Project, verb: str) -> None:
    at = campaign(verb)
    seconds = at.seconds()
    outcomes = []
    for point in (0.2, 0.5, 0.8):
        at.reset()
        hear, say = FORK.Pipe(duplex=False)
        process = at.begin(say)
        time.sleep(seconds * point)
        outcomes.append(process.is_alive())
        running = psutil.Process(server.status(studio_server).pid)
        running.kill()
        running.wait(30)
        process.join(120)
        server.up(studio_server)  # before anything may fail: other tests use it too
        assert process.exitcode == 0, "a fault that is no sentence"
        if hear.poll():
            assert "studio up" in hear.recv()
        at.check()
    print(f"{verb}: the server died under {sum(outcomes)} of {len(outcomes)}")
    assert sum(outcomes) >= len(outcomes) - 1
