"""How long what is kept is kept, in days. The notice says it; tidying up does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    signup: int = 30
    """A sign-up that was not finished."""
    inputs: int = 1
    """What came in and could not be handled; everything else goes once it had its effect."""
    messages: int = 14
    """What the bot said, after it was sent."""
    tandems: int = 90
    """The details of a tandem after its end."""
    diary: int = 90
    """A diary after the last tandem's end; its owner is told before."""
    reports: int = 180
    workspace: int = 30
    """Who can be reached in one workspace only, after it took the bot out."""
    consents: int = 1095
    """The proof of a consent, with a pseudonym, after somebody is gone."""
