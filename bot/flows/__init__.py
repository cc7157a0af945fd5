"""What people are asked, one form a file. ``FORMS`` is the only list of them."""

from bot.conversation.forms import Form
from bot.flows.contact import CONTACT
from bot.flows.diary import DIARY
from bot.flows.onboarding import ONBOARDING
from bot.flows.question import QUESTION, REPLY
from bot.flows.reason import REASON
from bot.flows.reflection import REFLECTION
from bot.flows.report import REPORT
from bot.flows.session import PLACE, SESSION
from bot.flows.strengths import STRENGTHS

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        ONBOARDING,
        STRENGTHS,
        CONTACT,
        SESSION,
        PLACE,
        REFLECTION,
        DIARY,
        REPORT,
        QUESTION,
        REPLY,
        REASON,
    )
}
