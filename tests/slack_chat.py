"""chat.*: posting, editing and deleting messages (docs.slack.dev/reference/methods)."""

from typing import Any, Final

from tests.slack_blocks import message_findings, too_long
from tests.slack_given import Given, SlackError
from tests.slack_payloads import bot_message, message_changed, message_deleted, message_event
from tests.slack_records import Channel, Member
from tests.slack_shapes import Json
from tests.slack_surfaces import Message
from tests.slack_workspace import Workspace

# chat.postMessage: "messages containing more than 40,000 characters" are too long; chat.update:
# "the text field cannot exceed 4,000 characters".
MOST_TEXT: Final = 40_000
MOST_EDITED_TEXT: Final = 4_000
_UNKNOWN_HERE: Final = ("attachments", "markdown_text", "username", "icon_emoji", "icon_url")


def checked_blocks(slack: Workspace, given: Given) -> list[Json]:
    """The blocks in a call, [] without; refuses those that Slack would refuse."""
    if "blocks" not in given:
        return []
    blocks: Any = given.parsed("blocks", "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if found := message_findings(blocks, slack.unique_action_ids):
        raise SlackError("invalid_blocks", found)
    return blocks


def content(slack: Workspace, given: Given, place: str, most: int) -> tuple[str, list[Json]]:
    """Text and blocks of a message; no text beside blocks is a problem, not an error."""
    for name in _UNKNOWN_HERE:
        if name in given:
            slack.problem(f"{place}: the stand-in doesn't know {name!r}")
    text = given.text("text")
    blocks = checked_blocks(slack, given)
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > most:
        raise SlackError("msg_too_long")
    if blocks and not text.strip():
        slack.problem(f"{place}: no fallback text beside the blocks")
    return text, blocks


def reachable(slack: Workspace, member: Member) -> None:
    """Refuses to write to bots and to accounts that are gone.

    Slack doesn't document what posting to a deactivated account does: some see it succeed
    (slackapi/python-slack-sdk issue 1156). ``Workspace.disabled_dm`` says what happens here.
    """
    if member.gone or not member.is_visible:
        raise SlackError("channel_not_found")
    if member.is_bot:
        raise SlackError("cannot_dm_bot")
    if member.deleted and slack.disabled_dm:
        raise SlackError(slack.disabled_dm)


def writable(slack: Workspace, ident: str) -> Channel:
    """The channel with this id, where the bot can write."""
    channel = slack.channels.get(ident)
    if channel is None:
        raise SlackError("channel_not_found")
    if not channel.bot_in:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind == "im":
        if not slack.messages_tab:
            raise SlackError("messages_tab_disabled")
        reachable(slack, slack.people[channel.members[0]])
    return channel


def _addressed(slack: Workspace, given: Given) -> Channel:
    """A channel, or the direct messages of a user; posting opens them."""
    given.need("channel")
    ident = given.text("channel")
    if not ident.startswith(("U", "W")):
        return writable(slack, ident)
    member = slack.people.get(ident)
    if member is None:
        raise SlackError("channel_not_found")
    reachable(slack, member)
    return writable(slack, slack.open([ident])[0].id)


def post_message(slack: Workspace, given: Given) -> Json:
    channel = _addressed(slack, given)
    text, blocks = content(slack, given, "chat.postMessage", MOST_TEXT)
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    message = slack.add(channel, slack.bot_user, text, blocks)
    message.extra = {
        name: given.values[name] for name in ("metadata", "thread_ts") if name in given
    }
    if slack.echoes:
        slack.socket.event(message_event(slack, message))
    posted = bot_message(slack, message)
    return {"channel": channel.id, "ts": message.ts, "message": posted}


def _existing(slack: Workspace, given: Given, not_mine: str) -> tuple[Channel, Message]:
    """The message to change. The channel must be its id: here a user's id is none."""
    given.need("channel", "ts")
    channel = slack.channels.get(given.text("channel"))
    if channel is None or not channel.bot_in:
        raise SlackError("channel_not_found")
    for message in channel.messages:
        if message.ts == given.text("ts"):
            if message.author != slack.bot_user:
                raise SlackError(not_mine)
            return channel, message
    raise SlackError("message_not_found")


def update(slack: Workspace, given: Given) -> Json:
    """Text without blocks removes the blocks, as the documentation says since 2024."""
    channel, message = _existing(slack, given, "cant_update_message")
    text, blocks = content(slack, given, "chat.update", MOST_EDITED_TEXT)
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    before = bot_message(slack, message)
    slack.edit(message, text, blocks)
    if slack.echoes:
        slack.socket.event(message_changed(slack, message, before))
    updated = bot_message(slack, message)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": updated}


def delete(slack: Workspace, given: Given) -> Json:
    channel, message = _existing(slack, given, "cant_delete_message")
    channel.messages.remove(message)
    slack.tell()
    if slack.echoes:
        slack.socket.event(message_deleted(slack, message))
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: Workspace, given: Given) -> Json:
    given.need("channel", "user")
    channel = writable(slack, given.text("channel"))
    if given.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(slack, given, "chat.postEphemeral", MOST_TEXT)
    message = slack.whisper(channel, slack.member(given.text("user")), text, blocks)
    return {"message_ts": message.ts}
