"""The peer: a bot as it is usually written, an AsyncSession and objects for each event.

It keeps what came in, reads and changes a conversation, and notes its answer: less than ours does,
which also says the question anew in words, with a secret behind each button, and seals all of it.
As a program it polls as python-telegram-bot does by itself: ``python -m benchmarks.conventional``.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
Context = ContextTypes.DEFAULT_TYPE


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON, int: BigInteger}  # noqa: RUF012 -- SQLAlchemy's way to say it


class Seen(Base):
    __tablename__ = "seen"
    key: Mapped[str] = mapped_column(primary_key=True)


class Talk(Base):
    __tablename__ = "talk"
    user: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]]


class Answer(Base):
    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user: Mapped[int]
    body: Mapped[dict[str, Any]]


class Bot:
    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    async def begin(self) -> None:
        if self.engine.dialect.name == "sqlite":
            _as_safe_as_ours(self.engine)
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    async def answer(self, key: str, user: int, day: str) -> dict[str, Any]:
        """One event, in one transaction."""
        async with self._sessions() as session, session.begin():
            if await session.get(Seen, key) is not None:
                return {}
            session.add(Seen(key=key))
            talk = await self._talk(session, user)
            talk.answers = {**talk.answers, day: not talk.answers.get(day)}
            chosen = ", ".join(name for name, on in talk.answers.items() if on)
            body = {"text": f"An welchen Tagen hast du Zeit? {chosen}", "days": DAYS}
            session.add(Answer(user=user, body=body))
            return body

    async def _talk(self, session: AsyncSession, user: int) -> Talk:
        talk = await session.get(Talk, user)
        if talk is None:
            talk = Talk(user=user, answers={})
            session.add(talk)
        return talk

    async def start(self, update: Update, _context: Context) -> None:
        assert update.message is not None, "a command is one"
        await update.message.reply_text("An welchen Tagen hast du Zeit?", reply_markup=_keyboard())

    async def press(self, update: Update, _context: Context) -> None:
        query = update.callback_query
        assert query is not None, "only those come here"
        await query.answer()
        body = await self.answer(str(update.update_id), query.from_user.id, query.data or "")
        if body:
            await query.edit_message_text(
                f"{body['text']} {update.update_id}", reply_markup=_keyboard()
            )


def _keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(day, callback_data=day)] for day in DAYS])


def _as_safe_as_ours(engine: AsyncEngine) -> None:
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)


def main() -> None:
    bot = Bot(f"sqlite+aiosqlite:///{Path(os.environ['DATABASE']).resolve()}")
    token, url = os.environ["TELEGRAM_BOT_TOKEN"], os.environ["TELEGRAM_API_URL"]
    builder = Application.builder().token(token).base_url(f"{url}/bot")

    async def begin(_application: object) -> None:
        await bot.begin()

    application = builder.post_init(begin).build()
    application.add_handler(CommandHandler("start", bot.start))
    application.add_handler(CallbackQueryHandler(bot.press))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
