"""Something to keep for oneself."""

from bot.conversation.fields import Text
from bot.conversation.forms import Form, Page

DIARY = Form("diary", (Page("entry", (Text("entry", limit=2000, lines=True),)),))
