"""The Web API over HTTP: calls are noted, held back or broken on demand, and answered."""

import math
from http import HTTPStatus
from typing import Final

from aiohttp import web

from tests.slack_given import Given, SlackError, given_in
from tests.slack_limits import Fault, Limits
from tests.slack_methods import METHODS, answer
from tests.slack_records import Call
from tests.slack_workspace import Workspace

_DEFAULT_RATE: Final = 100


class Front:
    """Answers calls; ``faults`` are what a test wants to happen, ``limits`` the rate limits."""

    def __init__(self, slack: Workspace) -> None:
        self.slack = slack
        self.faults: list[Fault] = []
        self.limits = Limits(lambda: slack.offset)

    async def api(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        try:
            given = await given_in(request)
        except SlackError as refusal:
            self.slack.problem(f"{name}: {refusal.error}")
            return web.json_response(refusal.answer)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        call = Call(name, given.values)
        self.slack.calls.append(call)
        self.slack.tell()
        place, names = self._places(given)
        if early := self.limits.early(name, place):
            self.slack.problem(f"{name}: called {early:.1f} s before Retry-After was over")
            return _ratelimited(math.ceil(early))
        fault = self._fault(name, names)
        if wait := self._wait(name, place, fault):
            self.limits.close(name, place, wait)
            return _ratelimited(wait)
        broken = self._broken(request, fault)
        if broken is not None:
            return broken
        return await self._answered(request, call, token or given.text("token"), fault)

    def _places(self, given: Given) -> tuple[str, set[str]]:
        """The place a call is about, and all names for it: direct messages go by their user."""
        ident = given.text("channel")
        for channel in self.slack.channels.values():
            if channel.kind == "im" and ident in (channel.id, *channel.members):
                return channel.members[0], {channel.id, *channel.members}
        return ident, {ident}

    def _fault(self, name: str, places: set[str]) -> Fault | None:
        for fault in self.faults:
            if fault.concerns(name, places):
                fault.strike()
                return fault
        return None

    def _wait(self, name: str, place: str, fault: Fault | None) -> int:
        """How long this call is held back, because it is one too many or shall seem so."""
        if fault and fault.kind == "ratelimited":
            return fault.retry_after
        method = METHODS.get(name)
        return self.limits.wait(name, place, method.per_minute if method else _DEFAULT_RATE)

    def _broken(self, request: web.Request, fault: Fault | None) -> web.Response | None:
        match fault.kind if fault else None:
            case "http_500":
                status = HTTPStatus.INTERNAL_SERVER_ERROR
                return web.Response(status=status, text="<html>", content_type="text/html")
            case "error" if fault:
                return web.json_response(SlackError(fault.error).answer)
            case "drop_before":
                return _dropped(request)
            case _:
                return None

    async def _answered(
        self, request: web.Request, call: Call, token: str, fault: Fault | None
    ) -> web.Response:
        call.answer = answer(self.slack, call.method, token, Given(call.params))
        self.slack.tell()
        if fault and fault.kind == "hold":
            await fault.release.wait()
        if fault and fault.kind == "drop_after":
            return _dropped(request)
        scopes = ",".join(sorted(self.slack.scopes))
        return web.json_response(call.answer, headers={"x-oauth-scopes": scopes})


def _ratelimited(seconds: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(seconds)},
    )


def _dropped(request: web.Request) -> web.Response:
    """Breaks the connection; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
