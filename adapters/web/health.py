"""Whether the bot lives and works, for a probe, and its figures for Prometheus.

Neither says anything of anybody. Figures are kept from the public: they have an address of their
own, see ``TANDEM_METRICS``.
"""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus

from aiohttp import web
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from bot.domain.gauges import Gauge
from bot.service import Service

FRESH = {"Cache-Control": "no-store"}


def probes(service: Service) -> list[web.RouteDef]:
    """``/healthz``: is a restart the cure? ``/readyz``: can it take in and give out now?"""

    async def healthz(_request: web.Request) -> web.Response:
        return _told(await service.alive())

    async def readyz(_request: web.Request) -> web.Response:
        return _told(await service.ready())

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


def figures(service: Service) -> list[web.RouteDef]:
    async def metrics(_request: web.Request) -> web.Response:
        asked = CollectorRegistry()
        asked.register(_Asked(await service.gauges()))
        body = generate_latest(service.meters.registry) + generate_latest(asked)
        return web.Response(body=body, headers={**FRESH, "Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/metrics", metrics)]


def _told(parts: Mapping[str, bool]) -> web.Response:
    status = HTTPStatus.OK if all(parts.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    said = {part: "ok" if fine else "failing" for part, fine in parts.items()}
    return web.json_response(said, status=status, headers=FRESH)


class _Asked(Collector):
    """What was read from the database for this one answer."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for one in self._gauges:
            name = f"tandem_{one.name}"
            new = GaugeMetricFamily(name, one.words, labels=list(one.labels))
            families.setdefault(name, new).add_metric(list(one.labels.values()), one.value)
        yield from families.values()
