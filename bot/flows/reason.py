"""Why not: for the matching of whoever said no, and seen by nobody else."""

from bot.conversation.fields.choices import Choice
from bot.conversation.forms import Form, Page
from bot.domain.reasons import NONE, REASONS

REASON = Form("reason", (Page("reason", (Choice("reason", (*REASONS, NONE)),), counted=False),))
