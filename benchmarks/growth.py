"""Pictures of growth: of a round, by the table in ``docs/matching.md``, and of the running bot."""

import re
from collections.abc import Sequence
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


def draw_members(costs: Sequence[tuple[int, float, float, float, float]]) -> None:
    """Writes ``docs/runtime-growth.svg``: members, half and most of the times in ms, MiB of memory,
    and of the file."""
    members, half, most, memory, file = zip(*costs, strict=True)
    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    times, sizes = figure.subplots(1, 2)
    times.loglog(members, half, "o-", label="half of all")
    times.loglog(members, most, "s--", label="99 of 100")
    times.set_ylim(0.1, 1000)
    times.set_ylabel("milliseconds for a press")
    sizes.semilogx(members, memory, "o-", label="memory")
    sizes.semilogx(members, file, "s--", label="file")
    sizes.set_ylim(0)
    sizes.set_ylabel("MiB")
    for axes in (times, sizes):
        axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
        axes.set_xlabel("members")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(DOCS / "runtime-growth.svg", metadata={"Date": None})
