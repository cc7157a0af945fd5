"""views.*: modals and the Home tab, and how the answer to a submission changes them.

Source: docs.slack.dev/surfaces/modals (stack of three views, race conditions, response actions).
"""

import secrets
from typing import Any, Final, Literal

from tests.slack_blocks import too_large, view_findings
from tests.slack_given import Given, SlackError
from tests.slack_payloads import view_object
from tests.slack_records import Member
from tests.slack_shapes import Json, finding
from tests.slack_surfaces import View, completed
from tests.slack_workspace import Workspace

MOST_VIEWS: Final = 3
Kind = Literal["modal", "home"]


def _checked(slack: Workspace, raw: Any, kind: Kind) -> Json:
    if not isinstance(raw, dict):
        raise SlackError("invalid_arguments", [finding("must provide an object", "/view")])
    if found := view_findings(raw, kind, slack.unique_action_ids):
        raise SlackError("invalid_arguments", found)
    if too_large(raw):
        raise SlackError("view_too_large")
    return raw


def _view_in(slack: Workspace, given: Given, kind: Kind) -> Json:
    given.need("view")
    return _checked(slack, given.parsed("view", "invalid_arguments"), kind)


def _all(slack: Workspace) -> list[View]:
    return [
        view
        for member in slack.people.values()
        for view in [*member.modals, *([member.home] if member.home else [])]
    ]


def _fill(slack: Workspace, view: View, raw: Json) -> View:
    """Puts this into the view. What was entered stays where ids of block and action stay."""
    external = raw.get("external_id")
    if external and any(
        v is not view and v.raw.get("external_id") == external for v in _all(slack)
    ):
        raise SlackError("duplicate_external_id")
    view.raw, view.errors = raw, {}
    view.blocks = completed(raw["blocks"], lambda: secrets.token_urlsafe(4))
    kept = {(control.block_id, control.action_id) for control in view.controls}
    view.values = {key: value for key, value in view.values.items() if key in kept}
    view.hash = f"{int(slack.now())}.{secrets.token_hex(4)}"
    slack.changed(view)
    return view


def _new(slack: Workspace, raw: Json, below: View | None = None) -> View:
    ident = slack.new_id("V")
    root = below.root if below else ident
    view = View(slack.bot_user, slack.names, id=ident, root=root)
    view.previous = below.id if below else None
    return _fill(slack, view, raw)


def _exchange(slack: Workspace, given: Given) -> tuple[Member, str | None]:
    """Whose trigger_id this is, and in which modal it arose; it works once, for three seconds."""
    given.need("trigger_id")
    trigger = slack.triggers.get(given.text("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if slack.now() > trigger.expires:
        raise SlackError("expired_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    trigger.used = True
    return slack.member(trigger.owner), trigger.view


def open_view(slack: Workspace, given: Given) -> Json:
    raw = _view_in(slack, given, "modal")
    member, _ = _exchange(slack, given)
    view = _new(slack, raw)
    member.modals[:] = [view]
    slack.tell()
    return {"view": view_object(slack, view)}


def push(slack: Workspace, given: Given) -> Json:
    raw = _view_in(slack, given, "modal")
    member, inside = _exchange(slack, given)
    if inside is None or not member.modals:
        raise SlackError("not_found")
    return {"view": view_object(slack, _push(slack, member, raw))}


def _push(slack: Workspace, member: Member, raw: Json) -> View:
    if len(member.modals) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    view = _new(slack, raw, member.modals[-1])
    member.modals.append(view)
    slack.tell()
    return view


def update(slack: Workspace, given: Given) -> Json:
    if "view_id" not in given and "external_id" not in given:
        given.need("view_id")
    view = _found(slack, given)
    raw = _view_in(slack, given, "modal" if view.is_modal else "home")
    if "hash" in given and given.text("hash") != view.hash:
        raise SlackError("hash_conflict")
    return {"view": view_object(slack, _fill(slack, view, raw))}


def _found(slack: Workspace, given: Given) -> View:
    """The view to update. One that was closed can't be found any more."""
    for view in _all(slack):
        if view.id == given.text("view_id") or (
            "external_id" in given and view.raw.get("external_id") == given.text("external_id")
        ):
            return view
    raise SlackError("not_found")


def publish(slack: Workspace, given: Given) -> Json:
    """The Home tab of one person; it keeps its id, and gets a new hash each time."""
    given.need("user_id")
    member = slack.people.get(given.text("user_id"))
    if member is None or member.gone or member.is_bot:
        raise SlackError("invalid_arguments", [finding("invalid `user_id`", "/user_id")])
    if not slack.home_tab:
        raise SlackError("not_enabled")
    raw = _view_in(slack, given, "home")
    if "hash" in given and given.text("hash") != (member.home.hash if member.home else None):
        raise SlackError("hash_conflict")
    if member.home:
        return {"view": view_object(slack, _fill(slack, member.home, raw))}
    member.home = _new(slack, raw)
    slack.tell()
    return {"view": view_object(slack, member.home)}


def answered(slack: Workspace, member: Member, view: View, payload: Any) -> None:
    """What the answer to a submission does to the modal; a wrong answer is a problem."""
    if view not in member.modals:
        return
    answer: Json = payload or {}
    try:
        _answer(slack, member, view, answer)
    except SlackError as refusal:
        said = "; ".join(refusal.more.get("errors", []))
        slack.problem(f"answer to view_submission: {refusal.error} {said}".rstrip())
        view.errors = {"": "We had some trouble connecting. Try again?"}
    slack.changed(view)


def _answer(slack: Workspace, member: Member, view: View, answer: Json) -> None:
    match answer.get("response_action"):
        case None if not answer:
            member.modals.remove(view)
        case "clear":
            member.modals.clear()
        case "errors":
            _show_errors(slack, view, answer.get("errors"))
        case "update":
            _fill(slack, view, _checked(slack, answer.get("view"), "modal"))
        case "push":
            _push(slack, member, _checked(slack, answer.get("view"), "modal"))
        case other:
            raise SlackError(f"unknown response_action {other!r} in {answer}")


def _show_errors(slack: Workspace, view: View, errors: Any) -> None:
    """Errors belong to input blocks; Slack shows none for other ids, so it is a problem."""
    if not isinstance(errors, dict) or not errors:
        raise SlackError("response_action errors without errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    for unknown in [key for key in errors if key not in inputs]:
        slack.problem(f"answer to view_submission: no input block {unknown!r} for an error")
    view.errors = {key: str(text) for key, text in errors.items()}
