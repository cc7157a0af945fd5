"""What people are asked, one form a file. ``FORMS`` is the only list of them."""

from bot.conversation.forms import Form
from bot.flows.agreement import AGREEMENT, GOAL
from bot.flows.contact import CONTACT, EMAIL, INVITE, LINK, PHONE
from bot.flows.diary import DIARY, SEARCH
from bot.flows.milestone import MILESTONE
from bot.flows.onboarding import ONBOARDING
from bot.flows.question import QUESTION, REPLY
from bot.flows.reason import REASON
from bot.flows.reflection import REFLECTION
from bot.flows.report import REPORT
from bot.flows.session import PLACE, SESSION
from bot.flows.step import STEP
from bot.flows.strengths import STRENGTHS

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        ONBOARDING,
        STRENGTHS,
        CONTACT,
        EMAIL,
        LINK,
        PHONE,
        INVITE,
        SESSION,
        PLACE,
        MILESTONE,
        STEP,
        REFLECTION,
        DIARY,
        SEARCH,
        REPORT,
        AGREEMENT,
        GOAL,
        MILESTONE,
        QUESTION,
        REPLY,
        REASON,
    )
}
