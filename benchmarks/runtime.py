"""The running bot against what there is to compare it with: ``python -m benchmarks.runtime``; with
``full`` sending takes as long as ten thousand reminders do. Draws the picture of its growth.
"""

import asyncio
import sys

from benchmarks import delivery, due, events, members, start, traffic
from benchmarks.measuring import table


async def main() -> None:
    rows = start.measure()
    rows += await events.measure()
    rows += await traffic.measure()
    rows += await due.measure()
    rows += await delivery.measure(delivery.FULL if "full" in sys.argv else delivery.SHORT)
    rows += members.measure()
    print(table(rows))


if __name__ == "__main__":
    asyncio.run(main())
