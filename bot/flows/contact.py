"""Which contact a tandem's others may see, when it has to be asked for: one question each."""

from bot.conversation.fields.texts import Phone, Text
from bot.conversation.forms import Form, Page

CONTACT = Form("contact", (Page("contact", (Text("contact", limit=120),)),))
EMAIL = Form("email", (Page("email", (Text("email", limit=254, shape="email"),)),))
LINK = Form("link", (Page("link", (Text("link", limit=300, shape="link"),)),))
PHONE = Form("phone", (Page("phone", (Phone("phone", optional=True),)),))
INVITE = Form("invite", (Page("invite", (Text("invite", limit=200, shape="invite"),)),))
"""The way into a group that one of them opened for all."""
