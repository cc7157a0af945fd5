"""A question on a proposal, why somebody said no, and getting to know each other"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed, SealedJson
from bot.store.tables import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A tandem of before is under way and stays so: its members know each other."""
    op.create_table(
        "question",
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("text", Sealed(), nullable=False),
        sa.PrimaryKeyConstraint("proposal", "member"),
    )
    op.create_index(op.f("ix_question_member"), "question", ["member"])
    op.create_table(
        "reply",
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("asker", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("proposal", "asker", "member"),
    )
    op.create_index(op.f("ix_reply_member"), "reply", ["member"])
    op.create_table(
        "reason",
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("code", Sealed(), nullable=False),
        sa.Column("topics", SealedJson(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("proposal", "member"),
    )
    op.create_index(op.f("ix_reason_member"), "reason", ["member"])
    op.create_table(
        "acquainting",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("talk", sa.Integer(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("tandem"),
    )
    op.create_table(
        "word",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("word", Sealed(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "member"),
    )
    op.create_index(op.f("ix_word_member"), "word", ["member"])
