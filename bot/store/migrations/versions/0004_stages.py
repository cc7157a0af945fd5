"""What a paused tandem goes back to"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A tandem of before went on as it was: with all contacts it was under way."""
    op.add_column(
        "tandem", sa.Column("resumes", sa.String(), nullable=False, server_default="active")
    )
    op.execute(
        "UPDATE tandem SET resumes = 'contacts' WHERE id IN"
        " (SELECT tandem FROM tandem_member WHERE contact_kind = '')"
    )
