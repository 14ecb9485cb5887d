"""Measures that time grows in proportion to length: python benchmarks/linearity.py; writes docs/img/linearity.svg, which needs matplotlib.

Texts from 1 kB to 10 MB: news (our French gold, repeated), and hard ones: one paragraph without a stop, unclosed quotation marks,
nothing but quotation marks, cue words alone. Seconds are the processor's. The slope is of log time over log length: 1 is linear, 2 square.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

from dipdata.statements import segment

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from gold import marked  # noqa: E402

PLOT = ROOT / "docs" / "img" / "linearity.svg"
LENGTHS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
PIECES = {
    "news": "\n\n".join(document["text"] for document in marked.load("fr")) + "\n\n",
    "one sentence without end": "le ministre des affaires de la ville ",
    "quotations without end": "Il a dit « que ",
    "quotation marks alone": "\" « “ ' ” » ",
    "cue words alone": "a dit que a déclaré selon il ",
    "commas": "a, dit, ",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--longest", type=int, default=LENGTHS[-1], metavar="N", help="code points of the longest text")
    parser.add_argument("--no-plot", action="store_true", help="leave the plot as it is")
    given = parser.parse_args()
    segment(PIECES["news"], "fr")  # loads the pack
    found = {}
    for name, piece in PIECES.items():
        found[name] = [(length, seconds(piece, length)) for length in LENGTHS if length <= given.longest]
        slope = [math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in zip(found[name], found[name][1:], strict=False)][-1]
        print(f"{name:<26}", *(f"{length:>9}: {spent:8.3f} s" for length, spent in found[name]), f"last slope {slope:.2f}", flush=True)
    if not given.no_plot:
        plot(found)


def seconds(piece: str, length: int) -> float:
    text = (piece * (length // len(piece) + 1))[:length]
    best = math.inf
    for _ in range(3 if length <= 100_000 else 1):
        started = time.process_time()
        segment(text, "fr")
        best = min(best, time.process_time() - started)
    return best


def plot(found: dict[str, list[tuple[int, float]]]) -> None:
    try:
        import matplotlib as mpl
    except ImportError:
        sys.exit("the plot needs matplotlib: pip install matplotlib, or --no-plot")
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dipdata"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 5))
    for name, points in found.items():
        axes.loglog(*zip(*points, strict=True), marker="o", label=name)
    first = found["news"][0]
    axes.loglog(LENGTHS, [first[1] * length / first[0] for length in LENGTHS], color="grey", linestyle=":", label="linear")
    axes.set(xlabel="length, code points", ylabel="processor seconds", title="segment: time over length")
    axes.legend(fontsize="small")
    figure.tight_layout()
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})
    print(f"{PLOT} written", file=sys.stderr)


if __name__ == "__main__":
    main()
