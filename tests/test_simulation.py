"""Communities in virtual time, each from a seed: whatever happens, what was promised holds.

A few small ones always. With ``--soak 1000`` so many, each of 40 tandems for 26 weeks; what one
of them found is looked at again with ``--seed N``, and with ``--soak 1`` at its full size.
"""

import pytest
from structlog.testing import capture_logs

from tests import invariants
from tests.simulation import World

pytestmark = [pytest.mark.file, pytest.mark.whole]

SMALL, WHOLE = (3, 8), (40, 26)
"""Tandems and weeks."""
SEEDS = (2, 7)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each seed is a test of its own, so that several run beside each other."""
    if "seed" in metafunc.fixturenames:
        count, one = (metafunc.config.getoption(name) for name in ("--soak", "--seed"))
        seeds = [one] if one is not None else range(count) if count else SEEDS
        metafunc.parametrize("seed", seeds)


def test_whatever_happens_what_was_promised_holds(
    seed: int, request: pytest.FixtureRequest
) -> None:
    soaking = bool(request.config.getoption("--soak"))
    world = World(seed, *(WHOLE if soaking else SMALL))
    with capture_logs():
        found = world.run(invariants.ALL)
    again = f"pytest tests/test_simulation.py --seed {seed}{' --soak 1' if soaking else ''}"
    assert not found, "\n".join([*found[:20], f"Once more: {again}"])
    assert world.happened["turns"] > 100, "too little happened to show anything"


def test_every_rule_is_asked_for() -> None:
    """One that is written down and left out of the list would never find anything."""
    rules = {
        rule
        for name, rule in vars(invariants).items()
        if not name.startswith("_") and getattr(rule, "__module__", "") == invariants.__name__
    }
    assert rules == set(invariants.ALL)
    assert all(rule.__doc__ for rule in rules)
