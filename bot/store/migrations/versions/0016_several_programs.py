"""Several programs on one database: who has what in hand, and seeds as large as they are made"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("due") as table:
        table.add_column(sa.Column("lease_until", Instant(), nullable=True))
    with op.batch_alter_table("round") as table:
        table.alter_column(
            "seed", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False
        )
