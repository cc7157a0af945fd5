"""Two versions beside each other, line by line."""

from collections.abc import Iterator

from bot.conversation.answers import Answer
from bot.domain.agreements.agreement import Content


def changed(before: Content, after: Content) -> tuple[str, ...]:
    """The lines that read differently; a term counted from another day is another term."""
    gone = {"milestones"} - after.keys()  # once it holds they go their own way
    names = [name for name in dict.fromkeys([*before, *after]) if name not in gone]
    new = [name for name in names if before.get(name) != after.get(name)]
    return tuple(dict.fromkeys("months" if name == "since" else name for name in new))


def merged(base: Content, theirs: Content, mine: Content) -> tuple[Content, tuple[str, ...]]:
    """Two changes of one version, line by line: what only one of them changed is taken over.

    Where both did, theirs stands, and the line is named in what is returned beside.
    """
    both, conflicts = dict[str, Answer](), list[str]()
    for name, line in _lines(base, theirs, mine):
        was, their, my = line
        if their not in (was, my) and my != was:
            conflicts.append(name)
        kept = my if their == was else their
        if kept is not None:
            both[name] = kept
    return both, tuple(conflicts)


def _lines(
    base: Content, theirs: Content, mine: Content
) -> Iterator[tuple[str, tuple[Answer | None, Answer | None, Answer | None]]]:
    for name in dict.fromkeys([*base, *theirs, *mine]):
        yield name, (base.get(name), theirs.get(name), mine.get(name))
