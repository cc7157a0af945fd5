"""What somebody wants to do until the next session. All members of the tandem read it."""

from bot.conversation.fields.texts import Text
from bot.conversation.forms import Form, Page

STEP = Form("step", (Page("step", (Text("step", limit=300),)),))
