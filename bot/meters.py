"""What is counted while the bot works, for whoever watches over it.

Labels are platforms and outcomes: no person, chat or tandem can be told from a number.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Bounds in seconds; Slack waits for three."""
LONG = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


class Meters:
    """Of one running program, from its start."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.kept = self._seconds("kept", "From receiving input until it is committed", "platform")
        self.turns = self._seconds("turn", "Of one turn, with the wait for it", "platform")
        self.sends = self._count(
            "sends", "Of parcels, by what became of them", "platform", "outcome"
        )
        self.held = self._count("held_seconds", "For which a platform asked to wait", "platform")
        self.rounds = self._seconds("round", "Of computing and closing a round", buckets=LONG)

    def _count(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"tandem_{name}", words, labels, registry=self.registry)

    def _seconds(
        self, name: str, words: str, *labels: str, buckets: tuple[float, ...] = QUICK
    ) -> Histogram:
        name = f"tandem_{name}_seconds"
        return Histogram(name, words, labels, buckets=buckets, registry=self.registry)
