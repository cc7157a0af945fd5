"""Sessions: when a tandem meets, as it was agreed on and as it came."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.domain.sessions import NEAR, Session, is_near
from bot.domain.sessions import State as SessionState
from bot.domain.tandems import Tandem
from bot.store.database import inserted
from bot.store.pairs import get_tandem
from bot.store.tables import reflection, session, tandem_member


def add_session(connection: Connection, new: Session) -> Session:
    named = replace(new, uid=secrets.token_hex(16))
    fixed = {"tandem": new.tandem, "number": new.number, "zone": new.zone, "uid": named.uid}
    return replace(named, id=inserted(connection, session, {**fixed, **_session_values(named)}))


def get_session(connection: Connection, number: int) -> Session:
    row = connection.execute(select(session).where(session.c.id == number)).one()
    return _session(connection, row)


def save_session(connection: Connection, known: Session) -> None:
    connection.execute(
        update(session).where(session.c.id == known.id).values(**_session_values(known))
    )


def open_session(connection: Connection, tandem_number: int) -> Session | None:
    """The tandem's next session, with or without a time; none that is beside the series."""
    found = open_sessions(connection, tandem_number)
    return next((known for known in found if not known.extra), None)


def last_met(connection: Connection, tandem_number: int) -> Session | None:
    """The newest one whose time is over."""
    here = session.c.tandem == tandem_number, session.c.state == SessionState.PAST
    newest = select(session).where(*here).order_by(session.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return _session(connection, row) if row else None


def open_sessions(connection: Connection, tandem_number: int) -> list[Session]:
    """The tandem's next session, and those beside the series."""
    rows = connection.execute(
        select(session)
        .where(session.c.tandem == tandem_number, session.c.state == SessionState.OPEN)
        .order_by(session.c.extra, session.c.starts_at, session.c.id)
    ).all()
    return [_session(connection, row) for row in rows]


def tandem_of(connection: Connection, subject: str) -> Tandem:
    """The tandem that a card about it, or about one of its sessions, speaks of."""
    kind, number = subject.split(":")[:2]
    return get_tandem(
        connection,
        get_session(connection, int(number)).tandem if kind == "session" else int(number),
    )


def sessions_of(connection: Connection, number: int) -> list[Session]:
    """All sessions of a member's tandems that are planned or took place."""
    rows = connection.execute(
        select(session)
        .join(tandem_member, tandem_member.c.tandem == session.c.tandem)
        .where(tandem_member.c.member == number, session.c.starts_at.is_not(None))
        .where(
            or_(
                tandem_member.c.left_at.is_(None),
                session.c.starts_at < tandem_member.c.left_at,
            )
        )
        .where(session.c.state != SessionState.OFF)
        .order_by(session.c.starts_at, session.c.id)
    ).all()
    return [_session(connection, row) for row in rows]


def has_near(connection: Connection, number: int, now: datetime) -> bool:
    """Whether a member has a part in a session that is, was or would be within hours."""
    rows = connection.execute(
        select(session.c.planned, session.c.was, session.c.wish, session.c.zone)
        .join(tandem_member, tandem_member.c.tandem == session.c.tandem)
        .where(tandem_member.c.member == number)
        .where(or_(session.c.state != SessionState.PAST, session.c.starts_at > now - NEAR))
    )
    return any(is_near(map(_wall, walls), zone, now) for *walls, zone in rows)


def numbers_of_sessions(connection: Connection, tandem_number: int) -> list[int]:
    """By which all sessions of a tandem are known."""
    rows = connection.execute(select(session.c.id).where(session.c.tandem == tandem_number))
    return list(rows.scalars())


def next_number(connection: Connection, tandem_number: int) -> int:
    """Under which a tandem's newest session is counted."""
    newest = select(func.max(session.c.number)).where(session.c.tandem == tandem_number)
    return (connection.execute(newest).scalar_one() or 0) + 1


def shifted_sessions(connection: Connection) -> list[Session]:
    """Those whose wall time has become another instant: the rules of their zone have changed."""
    rows = connection.execute(
        select(session).where(
            session.c.state == SessionState.OPEN, session.c.starts_at.is_not(None)
        )
    ).all()
    found = [(row.starts_at, _session(connection, row)) for row in rows]
    return [known for stored, known in found if known.starts_at != stored]


def _session_values(known: Session) -> dict[str, object]:
    return {
        "state": known.state.value,
        "planned": _written(known.planned),
        "minutes": known.minutes,
        "was": _written(known.was),
        "sequence": known.sequence,
        "starts_at": known.starts_at,
        "wish": _written(known.wish),
        "wished_by": known.wished_by,
        "agreed": sorted(known.agreed),
        "place": known.place,
        "notice": known.notice,
        "slot": _written(known.slot),
        "skipped": [_written(wall) for wall in known.skipped],
        "extra": known.extra,
    }


def _session(connection: Connection, row: Row[tuple[object, ...]]) -> Session:
    pair = get_tandem(connection, row.tandem)
    reflected = connection.execute(
        select(reflection.c.member).where(reflection.c.session == row.id)
    ).scalars()
    return Session(
        id=row.id,
        tandem=row.tandem,
        number=row.number,
        members=pair.members,
        zone=row.zone,
        about=pair.about,
        state=SessionState(row.state),
        minutes=row.minutes,
        planned=_wall(row.planned),
        was=_wall(row.was),
        sequence=row.sequence,
        uid=row.uid,
        wish=_wall(row.wish),
        wished_by=row.wished_by,
        agreed=frozenset(row.agreed),
        place=row.place,
        notice=row.notice,
        reflected=frozenset(reflected),
        slot=_wall(row.slot),
        skipped=tuple(map(datetime.fromisoformat, row.skipped)),
        extra=row.extra,
        turn=row.turn,
    )


def _wall(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _written(wall: datetime | None) -> str | None:
    return wall.isoformat(timespec="minutes") if wall else None
