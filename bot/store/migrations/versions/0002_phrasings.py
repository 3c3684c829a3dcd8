"""Phrasings that coordinators added, and which missed questions are settled."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "phrasings",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("added_by", sa.BigInteger),
        sa.Column("written_at", UtcDateTime),
        sa.Column("in_pack_at", UtcDateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settlements",
        sa.Column("question_id", RowId, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("phrasing_id", RowId, sa.ForeignKey("phrasings.id", ondelete="CASCADE")),
        sa.Column("settled_at", UtcDateTime, nullable=False),
        sa.Column("settled_by", sa.BigInteger),
        sa.CheckConstraint("how IN ('learned', 'dismissed')", name=op.f("ck_settlements_how_is_known")),
        sa.CheckConstraint(
            "(how = 'learned') = (phrasing_id IS NOT NULL)", name=op.f("ck_settlements_learned_has_a_phrasing")
        ),
    )
    op.create_index(op.f("ix_settlements_entry"), "settlements", ["entry"])
    op.create_index(op.f("ix_settlements_phrasing_id"), "settlements", ["phrasing_id"])
