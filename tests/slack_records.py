"""What the workspace keeps of people, channels, calls and what interactions hand out."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from tests.slack_shapes import Json
from tests.slack_surfaces import Message, View


@dataclass
class Call:
    """One call of the Web API as it arrived, and its answer if there was one."""

    method: str
    params: Json
    answer: Json | None = None


@dataclass
class Channel:
    """Direct messages (``im``), a group (``mpim``) or a channel where the bot is not."""

    id: str
    kind: Literal["im", "mpim", "channel"]
    members: tuple[str, ...]
    name: str
    messages: list[Message] = field(default_factory=list)
    archived: bool = False
    bot_in: bool = True


@dataclass
class Trigger:
    owner: str
    expires: float
    view: str | None
    used: bool = False


@dataclass
class ResponseUrl:
    owner: str
    channel: str
    expires: float
    original: Message | None
    uses: int = 0


@dataclass(eq=False)
class Member:
    """Someone in the workspace, as users.info knows them, with what only they see."""

    id: str
    name: str
    username: str
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    display_name: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_external: bool = False
    is_visible: bool = True
    deleted: bool = False
    gone: bool = False
    home: View | None = None
    modals: list[View] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def profile(self, team: str, *, locale: bool) -> Json:
        """The user object (docs.slack.dev/reference/objects/user-object)."""
        first, _, last = self.name.partition(" ")
        offset = datetime.now(UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        user: Json = {
            "id": self.id,
            "team_id": team,
            "name": self.username,
            "deleted": self.deleted or self.gone,
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": self.tz.rpartition("/")[2],
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {
                "real_name": self.name,
                "real_name_normalized": self.name,
                "display_name": self.display_name,
                "display_name_normalized": self.display_name,
                "first_name": first,
                "last_name": last,
                "team": team,
            },
            "is_admin": False,
            "is_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_stranger": self.is_external,
            "is_app_user": False,
            "updated": 0,
        }
        return {**user, "locale": self.locale} if locale else user
