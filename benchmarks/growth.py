"""The picture of how the time of a round grows, from the table in ``docs/matching.md``."""

import re
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

DOCS = Path(__file__).parent.parent / "docs"
ROW = re.compile(
    r"\| whole round, ([\d,]+) people.*?\| floor ([\d.]+) s .*?\| ([\d.]+) s ", re.MULTILINE
)
SIZES = (1_000, 10_000, 100_000)


def draw() -> None:
    """Writes ``docs/matching-growth.svg``; its words are paths, so that it needs no font."""
    rows = ROW.findall((DOCS / "matching.md").read_text("utf-8"))
    people = [int(count.replace(",", "")) for count, _, _ in rows]
    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.loglog(people, [float(ours) for *_, ours in rows], "o-", label="whole round")
    axes.loglog(people, [float(floor) for _, floor, _ in rows], "s--", label="only read and write")
    axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.set_xlabel("people")
    axes.set_ylabel("seconds")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(DOCS / "matching-growth.svg", metadata={"Date": None})
