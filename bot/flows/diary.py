"""Something to keep for oneself, and something to look for in it."""

from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Page

LONGEST = 3000
"""Characters of an entry: as many as a sheet in Slack takes, and fewer than a message may have."""
LONGEST_WORD = 60

DIARY = Form("diary", (Page("entry", (Text("entry", limit=LONGEST, lines=True),)),))
SEARCH = Form("diary_search", (Page("word", (Text("word", limit=LONGEST_WORD),)),))
