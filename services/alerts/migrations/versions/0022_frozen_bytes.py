"""The bytes of an ended alert's CAP messages are wiped some time after its end."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    with op.batch_alter_table("cap_messages") as messages:
        messages.alter_column("document", existing_type=sa.LargeBinary(), nullable=True)
