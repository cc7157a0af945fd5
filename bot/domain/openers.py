"""Openers: questions to begin a first talk with. Their words are in ``openers.j2``, by these ids.

What is common to people comes first, then what anybody likes to answer; none comes twice.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256

GENERAL = (
    "best_teacher",
    "learned_late",
    "learning_way",
    "proud_of",
    "half_a_year",
    "helped_me",
    "advice_kept",
    "advice_ignored",
    "failed_well",
    "changed_mind",
    "small_step",
    "tried_alone",
    "good_day",
    "energy",
    "underestimated",
    "as_a_child",
    "first_job",
    "hardest_start",
    "asked_for_help",
    "good_question",
    "feedback_wish",
    "silence",
    "never_asked",
    "promise",
    "curious",
    "without_fear",
    "gave_up",
    "long_way",
    "role_model",
    "works_with_me",
    "three_wishes",
    "this_week",
)
BY_GROUP: dict[str, tuple[str, ...]] = {
    "career": ("career_turn", "career_dream", "career_praise"),
    "writing": ("writing_reader", "writing_blank", "writing_sentence"),
    "languages": ("languages_word", "languages_mistake", "languages_place"),
    "computers": ("computers_fun", "computers_broken", "computers_chore"),
    "design": ("design_object", "design_unfinished"),
    "business": ("business_idea", "business_buyer", "business_no"),
    "money": ("money_home", "money_paperwork"),
    "science": ("science_wonder", "science_simple"),
    "hands": ("hands_made", "hands_tool"),
    "leading": ("leading_boss", "leading_talk", "leading_team"),
    "projects": ("projects_late", "projects_list"),
    "speaking": ("speaking_heart", "speaking_listen", "speaking_row"),
    "learning": ("learning_stuck", "learning_passing_on"),
    "growth": ("growth_courage", "growth_habit", "growth_strength"),
    "balance": ("balance_stop", "balance_morning"),
    "family": ("family_evening", "family_rule"),
    "sports": ("sports_off", "sports_first"),
    "music": ("music_song", "music_stage"),
    "cooking": ("cooking_taste", "cooking_disaster"),
    "games": ("games_evening", "games_losing"),
    "community": ("community_place", "community_start"),
    "world": ("world_stranger", "world_trip"),
}
GROUPS = {
    "administration": "money",
    "agile": "projects",
    "arts": "design",
    "communication": "speaking",
    "data": "computers",
    "engineering": "science",
    "entrepreneurship": "business",
    "finance": "money",
    "home": "hands",
    "human resources": "leading",
    "it": "computers",
    "law": "money",
    "leadership": "leading",
    "marketing": "business",
    "more it": "computers",
    "more of life": "growth",
    "more trades": "hands",
    "office": "computers",
    "organisation": "projects",
    "sales": "business",
    "sustainability": "community",
    "teamwork": "leading",
    "trades": "hands",
}
"""Areas of the catalogue of topics whose openers go by another name."""
ALL = (*GENERAL, *(name for group in BY_GROUP.values() for name in group))


def pick(areas: Iterable[str], used: Collection[str], seed: str) -> str:
    """The next opener for people with topics of these areas; "" once all were used.

    The same for the same seed: whoever asks again is shown no other by chance.
    """
    fitting = [name for area in areas for name in BY_GROUP.get(GROUPS.get(area, area), ())]
    for names in (fitting, GENERAL):
        left = set(names) - set(used)
        if left:
            return min(left, key=lambda name: sha256(f"{seed} {name}".encode()).digest())
    return ""
