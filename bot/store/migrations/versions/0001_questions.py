"""Questions and how they ended, who acts for an agency, what a chat was about."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "questions",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("text", sa.Text),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("agency", sa.String(64)),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("rating", sa.String(16)),
        sa.Column("passed_on_at", UtcDateTime),
        sa.CheckConstraint("outcome IN ('answer', 'choose', 'decline')", name=op.f("ck_questions_outcome_is_known")),
        sa.CheckConstraint("via IN ('text', 'button', 'command')", name=op.f("ck_questions_via_is_known")),
        sa.CheckConstraint("rating IN ('helpful', 'wrong')", name=op.f("ck_questions_rating_is_known")),
    )
    op.create_index(op.f("ix_questions_asked_at"), "questions", ["asked_at"])
    op.create_index(op.f("ix_questions_passed_on_at"), "questions", ["passed_on_at"])
    op.create_table(
        "contacts",
        sa.Column("person_id", sa.BigInteger, primary_key=True),
        sa.Column("agency", sa.String(64), primary_key=True),
        sa.Column("linked_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("chat_id", sa.BigInteger, primary_key=True),
        sa.Column("person_id", sa.BigInteger, primary_key=True),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64)),
        sa.Column("at", UtcDateTime, nullable=False),
    )
