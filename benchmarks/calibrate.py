"""Measures how far the confidence of statements can be trusted: python benchmarks/calibrate.py [--shared DIR] [--fit GOLD...] [--no-plot].

Each statement that the rules find in gold is right or wrong (its content matches, IoU of at least .5). Printed are, for each set of gold,
the calibration error and the Brier score, and for each rule how many statements it made, the share that was right and its confidence in
src/dipdata/statements/confidence.py. The plot, docs/img/calibration.svg, needs matplotlib.

The project's own gold is measured on and not fitted to. The packs were checked against it until 98 % was right there; confidence fitted
to that is too high elsewhere (in November 2026 the error on the three development sets rose from .05, .16 and .10 to .07, .21 and .22).
`--fit` writes the shares of gold files that no rule was tuned on, such as what annotators correct.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import defaultdict
from pathlib import Path

from dipdata.project import atomic
from dipdata.statements import confidence, packs, scoring, segment
from dipdata.statements.benchform import read_bench
from dipdata.statements.evaluation import predict

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from gold import marked  # noqa: E402

MODULE = Path(confidence.__file__)
PLOT = ROOT / "docs" / "img" / "calibration.svg"
BINS = 8
# The constants were measured in part on the first two, which therefore flatter them; PolNeAR had no part in them.
SETS = {
    "fr-wire.dev": ("French wire (constants measured on it)", "speech"),
    "wikinews-de.dev": ("German Wikinews (constants measured on it)", "speech"),
    "polnear.dev": ("PolNeAR, thoughts included (no part in them)", "all"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("DIPDATA_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=default, metavar="DIR", help="folder with bench/*.jsonl")
    parser.add_argument("--fit", type=Path, nargs="+", metavar="GOLD", help="write the shares measured on these files into confidence.py")
    parser.add_argument("--no-plot", action="store_true", help="leave the plot as it is")
    given = parser.parse_args()
    if given.fit:
        counts = by_rule(judged([document for path in given.fit for document in read(path)], "speech"))
        write({rule: share(*count) for rule, count in counts.items()})
        return
    sets = {"own gold (rules tuned on it)": judged([document for lang in packs.codes() for document in marked.load(lang)], "speech")}
    unseen = sorted((ROOT / "tests" / "sentences" / "unseen").glob("*.txt"))
    sets["sentences that no rule was tuned on"] = judged([one for path in unseen for one in marked.sentences(path)], "speech")
    for name, (label, scope) in SETS.items():
        path = given.shared / "bench" / f"{name}.jsonl"
        if path.is_file():
            sets[label] = judged(read(path), scope)
    for label, made in sets.items():
        pairs = [(value, right) for _, value, right in made]
        right = sum(was for _, was in pairs) / len(pairs)
        print(f"\n{label}: {len(made)} statements, {right:.3f} right, calibration error {error(pairs):.3f}, Brier score {brier(pairs):.3f}")
        for rule, (hits, total) in sorted(by_rule(made).items(), key=lambda item: (-item[1][1], item[0])):
            print(f"  {rule:<24} {total:4} {hits / total:.2f} right, confidence {confidence.RULES.get(rule, confidence.OTHER):.2f}")
    if not given.no_plot:
        plot({label: [(value, right) for _, value, right in made] for label, made in sets.items()})


def read(path: Path) -> list[dict]:
    return list(read_bench(path.read_bytes().splitlines(), str(path)))


def judged(gold: list[dict], scope: str) -> list[tuple[str, float, bool]]:
    """Return rule, confidence and whether it is right for each statement; those paired with optional gold are left out."""
    out = []
    for one in scoring.compare(gold, predict(gold, lambda text, lang: segment(text, lang, scope=scope))):
        paired = {b for _, b in one.pairs}
        out += [(unit.given["rule"], unit.given["confidence"], b in paired) for b, unit in enumerate(one.predicted)]
    return out


def by_rule(made: list[tuple[str, float, bool]]) -> dict[str, tuple[int, int]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for rule, _, right in made:
        counts[rule][0] += right
        counts[rule][1] += 1
    return {rule: (right, total) for rule, (right, total) in counts.items()}


def share(right: int, total: int) -> float:
    """Share right with one success and one failure added (Laplace's rule of succession)."""
    return (right + 1) / (total + 2)


def bins(pairs: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and size of each of BINS groups of about equal size, by confidence."""
    ordered = sorted(pairs)
    groups = [ordered[len(ordered) * k // BINS : len(ordered) * (k + 1) // BINS] for k in range(BINS)]
    return [(sum(c for c, _ in g) / len(g), sum(right for _, right in g) / len(g), len(g)) for g in groups if g]


def error(pairs: list[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean gap between confidence and share right, weighted by the size of the groups."""
    return sum(abs(said - was) * size for said, was, size in bins(pairs)) / len(pairs)


def brier(pairs: list[tuple[float, bool]]) -> float:
    return sum((said - right) ** 2 for said, right in pairs) / len(pairs)


def write(shares: dict[str, float]) -> None:
    text = MODULE.read_text(encoding="utf-8")
    for rule, value in sorted(shares.items()):
        line = f'    "{rule}": {value:.2f},\n'
        text, changed = re.subn(rf'    "{re.escape(rule)}": [0-9.]+,\n', line, text)
        if not changed:
            text = text.replace("RULES = {\n", "RULES = {\n" + line, 1)
    with atomic(MODULE) as file:
        file.write(text.encode())
    print(f"{MODULE} written; run the tests", file=sys.stderr)


def plot(sets: dict[str, list[tuple[float, bool]]]) -> None:
    try:
        import matplotlib as mpl
    except ImportError:
        sys.exit("the plot needs matplotlib: pip install matplotlib, or --no-plot")
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dipdata"  # the same figures give the same bytes
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 6))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="as sure as right")
    for label, pairs in sets.items():
        axes.plot(*zip(*((said, was) for said, was, _ in bins(pairs)), strict=True), marker="o", label=f"{label}: error {error(pairs):.3f}")
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0.25, 1.02), ylim=(0.25, 1.02), title="Confidence of the rules")
    axes.legend(loc="upper left", fontsize="small")
    figure.tight_layout()
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})
    print(f"{PLOT} written", file=sys.stderr)


if __name__ == "__main__":
    main()
