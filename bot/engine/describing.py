"""What a proposal shows each of its members of the others: no surname, no contact."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain import tandems
from bot.domain.members import Member, Profile, called
from bot.domain.sessions import slower
from bot.engine import places
from bot.engine.desk import Desk
from bot.matching.people import Match


def described(
    desk: Desk, reader: Member, people: Sequence[Member], match: Match
) -> Mapping[str, object]:
    profiles = [member.profile for member in people if member.profile]
    others = [m.profile for m in people if m.profile and m.id != reader.id]
    assert reader.profile is not None, "whoever is proposed to has a profile"
    gets, gives = list(match.gets[str(reader.id)]), list(match.gives[str(reader.id)])
    return {
        "partner": places.partner(desk, reader, people),
        "many": len(people) > tandems.PAIR,
        "people": [_shown(m, called(people)[m.id]) for m in people if m.id != reader.id],
        "offers": _all(profile.offers for profile in others),
        "seeks": _all(profile.seeks for profile in others),
        "goal": others[0].goal if len(others) == 1 else "",
        "rhythm": slower(profile.rhythm for profile in profiles),
        "languages": _common_languages(reader.profile, others),
        "gets": gets,
        "gives": gives,
        "shared": _common(match, profiles, (*gets, *gives)),
        "hours": match.minutes // 60,
    }


def _shown(member: Member, name: str) -> Mapping[str, object]:
    assert member.profile is not None, "whoever is proposed has a profile"
    profile = member.profile
    topics = {"offers": list(profile.offers), "seeks": list(profile.seeks)}
    return {"name": name, "goal": profile.goal, **topics}


def _all(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(topic for topics in lists for topic in topics))


def _common_languages(mine: Profile, others: Sequence[Profile]) -> list[str]:
    return [one for one in mine.languages if all(one in other.languages for other in others)]


def _common(match: Match, profiles: Sequence[Profile], said: Sequence[str]) -> list[str]:
    """What else they share. What was only read out of their goals may be wrong, and is shown where
    there is nothing better to say."""
    found = next((r.facts["topics"] for r in match.reasons if r.code == "shared"), ())
    assert isinstance(found, tuple), "topics"
    told = {topic for profile in profiles for topic in (*profile.offers, *profile.seeks)}
    named = [topic for topic in found if topic in told and topic not in said]
    return named if named or said else list(found)
