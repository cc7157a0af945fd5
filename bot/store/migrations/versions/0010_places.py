"""Several tandems at once, as many as somebody has places for"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now everybody had one at most. Who is looked for is known; the rest is counted."""
    with op.batch_alter_table("tandem_member") as table:
        table.add_column(sa.Column("place", sa.Integer()))
        table.create_unique_constraint("uq_tandem_member_place", ["member", "place"])
    op.execute(
        "UPDATE tandem_member SET place = 1 WHERE tandem = (SELECT MAX(t.id) FROM tandem t"
        " JOIN tandem_member m ON m.tandem = t.id"
        " WHERE t.state != 'ended' AND m.member = tandem_member.member)"
    )
    op.execute("UPDATE member SET standing = 'seeking' WHERE standing = 'proposed'")
    op.execute("UPDATE member SET standing = 'resting' WHERE standing = 'paired'")
