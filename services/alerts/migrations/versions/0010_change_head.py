"""The newest change's number, which whoever notes a change takes first."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0002"

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_head"),
    )
    op.execute("INSERT INTO change_head (id, seq) SELECT 1, max(seq) FROM changes HAVING max(seq) IS NOT NULL")
