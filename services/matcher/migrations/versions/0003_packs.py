"""A photo may have a template of each pack in use, and which packs those are is written down.

Revision ID: 0003
Revises: 0002
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.drop_constraint("one_template_per_photo", type_="unique")
        templates.create_unique_constraint(
            "one_template_per_photo_and_pack", ["case_key", "photo_id", "pack", "pack_version"]
        )
    op.create_index("ix_templates_pack", "templates", ["pack", "pack_version", "case_key"])
    op.create_table("packs_in_use", sa.Column("role", sa.String(8), primary_key=True), *_pack(), *_round())
    op.create_table("answered", sa.Column("case_key", sa.String(64), primary_key=True), *_pack(primary_key=True))
    op.execute("INSERT INTO answered SELECT DISTINCT case_key, pack, pack_version FROM templates")


def downgrade() -> None:
    op.drop_table("answered")
    op.drop_table("packs_in_use")
    op.drop_index("ix_templates_pack", "templates")
    with op.batch_alter_table("templates") as templates:
        templates.drop_constraint("one_template_per_photo_and_pack", type_="unique")
        templates.create_unique_constraint("one_template_per_photo", ["case_key", "photo_id"])


def _pack(*, primary_key: bool = False) -> list[sa.Column[str]]:
    return [
        sa.Column("pack", sa.String(40), nullable=False, primary_key=primary_key),
        sa.Column("pack_version", sa.String(40), nullable=False, primary_key=primary_key),
    ]


def _round() -> list[sa.Column[Any]]:
    return [
        sa.Column("round_id", sa.String(26), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
    ]
