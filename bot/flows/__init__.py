"""What people are asked, one form a file. ``FORMS`` is the only list of them."""

from bot.conversation.forms import Form
from bot.flows.contact import CONTACT
from bot.flows.onboarding import ONBOARDING
from bot.flows.reflection import REFLECTION
from bot.flows.session import PLACE, SESSION

FORMS: dict[str, Form] = {
    form.name: form for form in (ONBOARDING, CONTACT, SESSION, PLACE, REFLECTION)
}
