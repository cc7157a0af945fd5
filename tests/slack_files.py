"""Files: uploads in three steps, as files_upload_v2 of the official client does them.

Source: docs.slack.dev/messaging/working-with-files (uploading files).
"""

from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.slack_chat import content, reachable, writable
from tests.slack_given import Given, SlackError
from tests.slack_payloads import message_event
from tests.slack_records import Channel
from tests.slack_shapes import Json, finding
from tests.slack_surfaces import Message
from tests.slack_workspace import Workspace


def file_object(slack: Workspace, name: str, owner: str, data: bytes) -> Json:
    """The file object (docs.slack.dev/reference/objects/file-object), and its content."""
    ident = slack.new_id("F")
    file: Json = {
        "id": ident,
        "created": int(slack.now()),
        "name": name,
        "title": name,
        "mimetype": "application/octet-stream",
        "filetype": name.rpartition(".")[2],
        "user": owner,
        "size": len(data),
        "mode": "hosted",
        "url_private": f"{slack.origin}/files/{ident}",
    }
    slack.files[ident] = {"file": file, "data": data, "length": len(data)}
    return file


def get_upload_url(slack: Workspace, given: Given) -> Json:
    given.need("filename", "length")
    file = file_object(slack, given.text("filename"), slack.bot_user, b"")
    slack.files[file["id"]] |= {"length": int(given.text("length")), "data": None}
    return {"upload_url": f"{slack.origin}/upload/v1/{file['id']}", "file_id": file["id"]}


async def upload(slack: Workspace, request: web.Request) -> web.Response:
    """Takes the content, as the body or as a part of a form; other lengths than said are wrong."""
    kept = slack.files.get(request.match_info["file"])
    if kept is None:
        return web.Response(status=HTTPStatus.NOT_FOUND, text="404 - no such upload")
    data = await request.read()
    if request.content_type.startswith("multipart/"):
        parts = [part for part in (await request.post()).values() if isinstance(part, FileField)]
        data = parts[0].file.read() if parts else b""
    if len(data) != kept["length"]:
        slack.problem(f"upload: {len(data)} bytes instead of the {kept['length']} announced")
    kept["data"] = data
    kept["file"]["size"] = len(data)
    return web.Response(text=f"OK - {len(data)}")


def complete_upload(slack: Workspace, given: Given) -> Json:
    """Shares uploaded files. ``channel_id`` takes channels only, ``channels`` users as well."""
    given.need("files")
    listed: Any = given.parsed("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise SlackError("invalid_arguments", [finding("must provide an array", "/files")])
    files = [_uploaded(slack, entry) for entry in listed]
    for channel in _places(slack, given):
        _share(slack, channel, given, files)
    return {"files": files}


def _uploaded(slack: Workspace, entry: Json) -> Json:
    kept = slack.files.get(entry.get("id", ""))
    if kept is None or kept["data"] is None:
        raise SlackError("file_not_found")
    file: Json = kept["file"]
    file["title"] = entry.get("title", file["name"])
    return file


def _places(slack: Workspace, given: Given) -> list[Channel]:
    if "channel_id" in given:
        return [writable(slack, given.text("channel_id"))]
    idents = [ident for ident in given.text("channels").split(",") if ident]
    for user in [ident for ident in idents if ident in slack.people]:
        reachable(slack, slack.people[user])
    opened = [slack.open([one])[0].id if one in slack.people else one for one in idents]
    return [writable(slack, ident) for ident in opened]


def _share(slack: Workspace, channel: Channel, given: Given, files: list[Json]) -> Message:
    comment = given.text("initial_comment")
    text, blocks = content(slack, given, "files", 40_000) if "blocks" in given else (comment, [])
    message = slack.add(channel, slack.bot_user, comment or text, blocks)
    message.files = files
    if slack.echoes:
        slack.socket.event(message_event(slack, message))
    return message
