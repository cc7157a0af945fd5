"""How fast and how good matching is: ``python -m benchmarks.matching [quick|full|whole|draw]``.

All figures of a table come from one run, and are told as ratios: against a peer on the same graph
with the same whole numbers, against the bound no matching can pass, or against only reading the
people and writing the pairs. Whole rounds run in a process of their own each; ``whole`` runs only
them, and ``draw`` puts those that are written in ``docs/matching.md`` into a picture.
"""

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

import networkx as nx
import numpy as np
import rustworkx as rx

from benchmarks import growth
from benchmarks.communities import as_file, community
from bot.matching.candidates import candidates
from bot.matching.cover import bound, cover
from bot.matching.exact import best_pairs, solved
from bot.matching.pairing import weights
from bot.matching.people import Outcome
from bot.matching.pool import Pool, compiled
from bot.matching.reading import read
from bot.matching.rounds import run
from bot.matching.score import Scored, joined, picked, score
from bot.matching.writing import as_json

T = TypeVar("T")
QUICK = {"peers": (1_000, 5_000), "dense": (2_000, 5_000), "whole": (1_000, 10_000)}
FULL = {
    "peers": (2_000, 10_000),
    "dense": (2_000, 5_000, 20_000),
    "whole": (1_000, 3_000, 10_000, 30_000, 100_000),
}
BEST = 60
"""Of all who may meet each one's best so many stand for all of them: the rest is never chosen."""


def main() -> None:
    match sys.argv[1:]:
        case ["whole", size]:
            _whole(int(size))
        case ["draw"]:
            growth.draw()
        case asked:
            sizes = FULL if asked in (["full"], ["whole"]) else QUICK
            _row("what", "peer or bound", "ours", "ratio", "goal")
            _row(*5 * ["---"])
            if asked != ["whole"]:
                _compared(sizes)
            for count in sizes["whole"]:
                done = [sys.executable, "-m", "benchmarks.matching", "whole", str(count)]
                found = subprocess.run(done, check=True, capture_output=True, text=True)  # noqa: S603
                print(found.stdout, end="", flush=True)


def _compared(sizes: Mapping[str, tuple[int, ...]]) -> None:
    _peers(*sizes["peers"])
    for count in sizes["dense"]:
        _dense(count)


def _timed(do: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    found = do()
    return perf_counter() - start, found


def _row(what: str, peer: str, ours: str, ratio: str, goal: str) -> None:
    print(f"| {what} | {peer} | {ours} | {ratio} | {goal} |", flush=True)


def _graph(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pool = compiled(community(count))
    found = candidates(pool, np.arange(count), 1)
    return found.left, found.right, weights(pool, found, 1)


def _peers(small: int, large: int) -> None:
    left, right, weight = _graph(small)
    edges = list(zip(left.tolist(), right.tolist(), weight.tolist(), strict=True))
    ours, found = _timed(lambda: solved(small, left, right, weight))
    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    theirs, pairs = _timed(lambda: nx.max_weight_matching(graph))
    assert weight[found].sum() == sum(graph.edges[pair]["weight"] for pair in pairs)
    what = f"exact, {small:,} people, {len(edges):,} pairs"
    _row(what, f"networkx {theirs:.2f} s", f"{ours:.3f} s", f"{theirs / ours:.0f} ×", "≥ 200 ×")
    left, right, weight = _graph(large)
    edges = list(zip(left.tolist(), right.tolist(), weight.tolist(), strict=True))
    ours, found = _timed(lambda: solved(large, left, right, weight))
    other = rx.PyGraph()
    other.add_nodes_from(range(large))
    other.add_edges_from(edges)
    theirs, pairs_ = _timed(lambda: rx.max_weight_matching(other, weight_fn=int))
    worth = {(a, b): w for a, b, w in edges}
    total = sum(worth.get((a, b)) or worth[b, a] for a, b in pairs_)
    assert weight[found].sum() == total
    what = f"exact, {large:,} people, {len(edges):,} pairs"
    _row(what, f"rustworkx {theirs:.2f} s", f"{ours:.2f} s", f"{theirs / ours:.0f} ×", "≥ 20 ×")
    most = bound(large, left, right, weight)
    share = weight[found].sum() / most
    _row("exact / bound of the linear programme", "1", f"{share:.6f}", "", "≥ 0.9995")
    share = weight[cover(large, left, right, weight)].sum() / most
    _row("the fallback / that bound", "1", f"{share:.6f}", "", "≥ 0.997")


def _dense(count: int) -> None:
    pool = compiled(community(count))
    rows = np.arange(count)

    def total(found: Scored) -> int:
        weight = weights(pool, found, 1)
        return int(weight[best_pairs(count, found.left, found.right, weight, 600)].sum())

    ours = total(candidates(pool, rows, 1))
    whole = total(_everybodys_best(pool, count))
    what = f"candidates, {count:,} people: value / that of all pairs"
    _row(what, "1", f"{ours / whole:.4f}", "", "≥ 0.99")


def _everybodys_best(pool: Pool, count: int) -> Scored:
    kept = []
    for one in range(0, count, 200):
        some = np.arange(one, min(one + 200, count))
        found = score(pool, np.repeat(some, count), np.tile(np.arange(count), len(some)))
        order = np.lexsort((-found.score, found.left))
        rank = np.arange(len(order)) - np.searchsorted(found.left[order], found.left[order])
        kept.append(picked(found, order[rank < BEST]))
    whole = joined(*kept)
    _, once = np.unique(pool.keys(whole.left, whole.right), return_index=True)
    return picked(whole, once)


def _whole(count: int) -> None:
    """From a file to reasons; and what only reading people and writing pairs takes."""
    content = as_file(community(count))
    start = _cpu()
    floor = _floor(content)
    plainly = _cpu() - start
    read("people.json", as_file(community(10)), datetime.now(UTC))  # what is loaded only once
    start = _cpu()

    def match() -> Outcome:
        sheet = read("people.json", content, datetime.now(UTC))
        outcome = run(sheet.request)
        as_json(sheet, outcome)
        return outcome

    took, outcome = _timed(match)
    ours = _cpu() - start
    goal = {10_000: "≤ 10 s", 100_000: "≤ 90 s, ≤ 30 ×, ≤ 2 GiB"}.get(count, "")
    whom = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    peak, beside = (resource.getrusage(who).ru_maxrss / 2**20 for who in whom)
    _row(
        f"whole round, {count:,} people ({outcome.stats['placed']:,} have a place)",
        f"floor {floor:.2f} s (CPU {plainly:.2f} s)",
        f"{took:.1f} s (CPU {ours:.1f} s), {peak:.2f} GiB and {beside:.2f} GiB in the exact step",
        f"{took / floor:.0f} × (CPU {ours / plainly:.0f} ×)",
        goal,
    )


def _cpu() -> float:
    """Seconds of all cores so far, here and in processes that have ended: others don't matter."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _floor(content: bytes) -> float:
    members = json.loads(content)["members"]
    with TemporaryDirectory() as folder, sqlite3.connect(f"{folder}/floor.db") as base:
        base.execute("CREATE TABLE person (id TEXT PRIMARY KEY, profile TEXT)")
        base.execute("CREATE TABLE pair (one TEXT, other TEXT)")
        rows = [(member["id"], json.dumps(member)) for member in members]
        base.executemany("INSERT INTO person VALUES (?, ?)", rows)
        base.commit()
        begin = perf_counter()
        people = [json.loads(row[0]) for row in base.execute("SELECT profile FROM person")]
        ids = [person["id"] for person in people]
        pairs = list(zip(ids[::2], ids[1::2], strict=False))
        base.executemany("INSERT INTO pair VALUES (?, ?)", pairs)
        base.commit()
        return perf_counter() - begin


if __name__ == "__main__":
    main()
