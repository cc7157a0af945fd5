"""Which contact a tandem's others may see, when it is neither a username nor a profile."""

from bot.conversation.fields import Text
from bot.conversation.forms import Form, Page

CONTACT = Form("contact", (Page("contact", (Text("contact", limit=120),)),))
