"""When a tandem meets next, and where."""

from bot.conversation.fields.texts import Text
from bot.conversation.fields.times import Moment
from bot.conversation.forms import Form, Page

SESSION = Form("meeting", (Page("when", (Moment("when"),)),))
PLACE = Form("place", (Page("place", (Text("place", limit=200),)),))
