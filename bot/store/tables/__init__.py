"""The schema, a module for each noun; here the tables by the names that statements use.

The ORM is not used on the way of an event: statements are SQLAlchemy Core on these tables,
a quarter of the cost.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from bot.store.tables import (  # noqa: F401 -- each fills the metadata
    conversations,
    diaries,
    members,
    proposals,
    queues,
    sessions,
    tandems,
    workspaces,
)
from bot.store.tables.columns import Instant as Instant


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


meta, member, consent = _table("meta"), _table("member"), _table("consent")
account, code, block = _table("account"), _table("code"), _table("block")
report, diary, share = _table("report"), _table("diary"), _table("share")
conversation, button = _table("conversation"), _table("button")
proposal, proposal_member = _table("proposal"), _table("proposal_member")
question, reply, reason = _table("question"), _table("reply"), _table("reason")
acquainting, word = _table("acquainting"), _table("word")
tandem, tandem_member = _table("tandem"), _table("tandem_member")
session, reflection = _table("session"), _table("reflection")
step, cue, feed = _table("step"), _table("cue"), _table("feed")
agreement, agreement_yes = _table("agreement"), _table("agreement_yes")
milestone = _table("milestone")
lapse, silence = _table("lapse"), _table("silence")
round_ = _table("round")
group_chat = _table("group_chat")
workspace, install = _table("workspace"), _table("install")
inbox, outbox, hold, due = _table("inbox"), _table("outbox"), _table("hold"), _table("due")
lease = _table("lease")
