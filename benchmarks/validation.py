"""Measures `dipdata validate` and writes benchmarks/validation.md: python benchmarks/validation.py [--release-annotations N].

Data is made with a seed in a scratch folder. What is compared is measured in turns in the same run, the best of each taken, since
other work on the machine only adds time. The release is measured once.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from dipdata import checks
from dipdata.annotations.adjudication import adjudicate
from dipdata.checks import pool
from dipdata.problems import Problems
from dipdata.project import load
from dipdata.records import annotation_id, statement_id, text_sha256
from dipdata.schemas import Contract, packaged

PAGE = Path(__file__).with_name("validation.md")
RECORDS, REFERENCE = 100_000, 300
WORDS = [f"{a}{b}{c}" for a in "bdfklmnprst" for b in ("a", "ei", "o", "é") for c in ("lan", "tor", "mis", "quer", "den", "val")]
PER_ARTICLE = 10


def article(rng: random.Random, n: int) -> tuple[dict, list[dict]]:
    """Return an article and ten statements of about 1.75 kB of JSON each: nested spans, two speakers, a chain, three targets."""
    text, spans = "", []
    for k in range(PER_ARTICLE):
        words = rng.choices(WORDS, k=60)
        source, cue, content = " ".join(words[:6]), " ".join(words[6:8]), "« " + " ".join(words[8:40]) + " »"
        start = len(text)
        text += f"{source} {cue} {content}. {' '.join(words[40:])} {n}.{k}\n\n"
        spans.append((start, source, cue, content))
    text = text.strip()
    sha256 = text_sha256(text)
    of = {
        "id": f"wire/{n:07}",
        "source": "wire",
        "outlet": f"Outlet {n % 40}",
        "lang": "fr",
        "title": f"Headline {n}",
        "date": f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "url": f"https://wire.example/{n}",
        "licence": "CC-BY-4.0",
        "path": f"raw/wire/{n:07}.txt",
        "format": "text",
        "encoding": "utf-8 (assumed)",
        "text": text,
        "sha256": sha256,
        "zones": [],
    }
    return of, [statement(of, *each) for each in spans]


def statement(of: dict, start: int, source: str, cue: str, content: str) -> dict:
    def span(at: int, surface: str) -> dict:
        return {"start": at, "end": at + len(surface), "surface": surface}

    inside = start + len(source) + len(cue) + 2
    targets, at = [], 2
    for word in content[2:-2].split(" ")[:12]:
        targets.append(span(inside + at, word))
        at += len(word) + 1
    return {
        "id": statement_id(of["sha256"], [(inside, inside + len(content))]),
        "article_id": of["id"],
        "article_sha256": of["sha256"],
        "lang": "fr",
        "content": [span(inside, content)],
        "source": [span(start, source)],
        "cue": [span(start + len(source) + 1, cue)],
        "form": "direct",
        "scope": "speech",
        "speakers": [{"name": "Ministry of Foreign Affairs of the Kingdom of Norway", "kind": "organisation", "country": "NO"}] * 4,
        "chain": ["The Wire", "Press office of the ministry"],
        "addressees": ["Parliament"],
        "targets": targets,
        "rule": "made-for-the-benchmark",
        "confidence": 0.9,
    }


def annotation(rng: random.Random, of: dict, annotator: str) -> dict:
    tone = rng.choice(["negative", "neutral", "positive"])
    return {
        "id": annotation_id(of["id"], annotator),
        "statement_id": of["id"],
        "annotator": annotator,
        "status": "submitted",
        "validity": "valid",
        "sentiment": tone,
        "targets": [span | {"stance": rng.choice(["neutral", "none"])} for span in of["targets"][:2]],
        "content": of["content"],
        "source": of["source"],
        "cue": of["cue"],
        "lead_time": 30.0,
        "guideline": "1.0.0",
        "scheme": "1.0.0",
        "created": "2026-05-01T09:00:00Z",
        "updated": "2026-05-01T09:01:00Z",
    }


def write_records(folder: Path, count: int) -> float:
    """Write articles.jsonl and statements.jsonl with `count` statements; return the mean bytes of a statement."""
    rng = random.Random(7)
    folder.mkdir()
    total = 0
    with (folder / "articles.jsonl").open("wb") as articles, (folder / "statements.jsonl").open("wb") as statements:
        for n in range(count // PER_ARTICLE):
            of, made = article(rng, n)
            articles.write(orjson.dumps(of, option=orjson.OPT_APPEND_NEWLINE))
            for each in made:
                total += statements.write(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE))
    return total / count


def best(times: int, *jobs: Callable[[], object]) -> list[float]:
    """Return the best wall time of each job in seconds, the jobs taking turns."""
    found = [float("inf")] * len(jobs)
    for _ in range(times):
        for n, job in enumerate(jobs):
            gc.collect()
            start = time.perf_counter()
            job()
            found[n] = min(found[n], time.perf_counter() - start)
    return found


def statements_alone(folder: Path, workers: int) -> None:
    problems = Problems()
    checks.check_records(folder, problems, workers=workers)
    assert not len(problems), list(problems)[:3]


def spin(workers: int) -> None:
    """Count to 40 million in as many processes as there are workers: what two cores give at best, beside other work."""
    pool.run(lambda size, _: sum(n & 1 for n in range(size)), [20_000_000, 20_000_000], workers)


def measured_memory(folder: Path) -> float:
    """Return the peak of resident memory of a validation in a process of its own, in MiB."""
    script = (
        "import sys, resource; from pathlib import Path; from dipdata import checks; from dipdata.problems import Problems\n"
        "checks.check_records(Path(sys.argv[1]), Problems(), workers=1)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", script, folder], capture_output=True, text=True, check=True).stdout)


def records(scratch: Path, times: int) -> list[str]:
    contract = Contract(packaged())
    size = write_records(scratch / "large", RECORDS)
    write_records(scratch / "small", RECORDS // 10)
    raw = (scratch / "large" / "statements.jsonl").read_bytes().splitlines()
    texts = (scratch / "large" / "articles.jsonl").read_bytes().splitlines()

    def parse() -> None:
        for line in raw:
            orjson.loads(line)

    def schema() -> None:
        for line in raw:
            assert contract.is_valid("statement", orjson.loads(line))

    def parse_all() -> None:
        for line in texts:
            orjson.loads(line)
        parse()

    loads, valid = best(times, parse, schema)
    whole, one, two, spun, spun_two = best(
        times,
        parse_all,
        lambda: statements_alone(scratch / "large", 1),
        lambda: statements_alone(scratch / "large", 2),
        lambda: spin(1),
        lambda: spin(2),
    )
    small, large = measured_memory(scratch / "small"), measured_memory(scratch / "large")
    reference = plain_jsonschema(contract, raw[:REFERENCE]) / REFERENCE * RECORDS
    return [
        f"{RECORDS:,} statements of {size:,.0f} bytes on {RECORDS // PER_ARTICLE:,} articles.",
        "",
        "| What | Seconds | Times `orjson.loads` | Wanted |",
        "| --- | --- | --- | --- |",
        f"| `orjson.loads` of the statements | {loads:.2f} | 1 | |",
        f"| and schema, one core | {valid:.2f} | {valid / loads:.1f} | at most 3 |",
        f"| `orjson.loads` of statements and articles | {whole:.2f} | 1 | |",
        f"| all families over both, one core | {one:.2f} | {one / whole:.1f} | at most 12 |",
        f"| all families over both, two cores | {two:.2f} | {two / whole:.1f} | |",
        f"| `jsonschema`, schema of the statements alone ({REFERENCE} records, scaled) | {reference:.0f} | {reference / loads:.0f} | |",
        "",
        f"Two cores are {one / two:.2f} times as fast as one (wanted: 1.7; two processes that only count were {spun / spun_two:.2f} times "
        "as fast as one in the same run, which is what the machine had to give). "
        f"Memory at its peak: {small:.0f} MiB for {RECORDS // 10:,} statements, {large:.0f} MiB for {RECORDS:,}.",
        "",
    ]


def plain_jsonschema(contract: Contract, raw: list[bytes]) -> float:
    import jsonschema
    import referencing

    resources = [(url, referencing.Resource.from_contents(document)) for url, document in contract.documents.items()]
    validator = jsonschema.Draft202012Validator(contract.document("statement"), registry=referencing.Registry().with_resources(resources))
    start = time.perf_counter()
    for line in raw:
        assert validator.is_valid(orjson.loads(line))
    return time.perf_counter() - start


def make_release(root: Path, count: int) -> None:
    """Export a release with `count` annotations, two of each statement, to `root`/dist."""
    from dipdata.records import Annotation, Article, Corpus, Statement, from_dict
    from dipdata.release.export import export

    rng = random.Random(8)
    articles, statements, annotations = [], [], []
    for n in range(count // 2 // PER_ARTICLE):
        of, made = article(rng, n)
        articles.append(from_dict(Article, of))
        for each in made:
            statements.append(from_dict(Statement, each))
            annotations += [from_dict(Annotation, annotation(rng, each, f"p-{who:012x}")) for who in (1, 2)]
    root.mkdir()
    (root / "dipdata.toml").write_text('name = "large"\nlicence = "CC-BY-4.0"\n')
    (root / "DATASET_CARD.md").write_bytes((Path(__file__).parents[1] / "DATASET_CARD.md").read_bytes())
    corpus = Corpus(articles, statements, annotations, list(adjudicate(annotations, [])))
    export(load(root), "1.0.0", corpus, problems=Problems())


def release(scratch: Path, count: int) -> list[str]:
    """Validate a release with `count` annotations as the command line does; made by a process of its own, to measure memory fairly."""
    root = scratch / "project"
    subprocess.run([sys.executable, __file__, "--make-release", root, "--release-annotations", str(count)], check=True)
    (folder,) = (root / "dist").iterdir()
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 2**20
    command = [sys.executable, "-m", "dipdata", "validate", str(folder), "--workers", "2", "--json"]
    told = scratch / "found.json"
    start = time.perf_counter()
    with told.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)  # of this process and those that it waited for, and of no other
    wall = time.perf_counter() - start
    found = orjson.loads(told.read_bytes())["counts"]
    return [
        f"A release of {count:,} annotations, {count // 2:,} statements and {count // 2 // PER_ARTICLE:,} articles "
        f"({size:,.0f} MiB of Parquet): the whole of `dipdata validate`, near-duplicates and loading with `datasets` included, took "
        f"**{wall:.0f} s** on two cores (wanted: under 60 s) and {used.ru_utime + used.ru_stime:.0f} s of computing, with at most "
        f"{used.ru_maxrss / 1024:,.0f} MiB in one process, files that `datasets` maps into memory included. "
        f"Found: {', '.join(found) or 'nothing'}. The load of the machine was {os.getloadavg()[0]:.1f} at the end.",
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--release-annotations", type=int, default=1_000_000)
    parser.add_argument("--make-release", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make_release:
        return make_release(options.make_release, options.release_annotations)
    cores = len(os.sched_getaffinity(0))
    page = [
        "# How fast validation is",
        "",
        "Made by `python benchmarks/validation.py`; not edited by hand. Ratios are of times measured in turns in one run, the best of "
        f"{options.times}. Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f} at the start.",
        "",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        page += records(Path(scratch), options.times)
        if options.release_annotations:
            page += release(Path(scratch), options.release_annotations)
    PAGE.write_text("\n".join(page), encoding="utf-8")
    print("\n".join(page))


if __name__ == "__main__":
    main()
