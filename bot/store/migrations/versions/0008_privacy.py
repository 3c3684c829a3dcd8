"""Privacy: finding what is to be forgotten without reading whole tables, and a row on when the bot ran last."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_HAS_AUTHOR = sa.text("person_id IS NOT NULL")
_HAS_TEXT = sa.text("html <> ''")


def upgrade() -> None:
    """Create the indexes and the table."""
    op.create_index(
        "ix_questions_author_asked_at", "questions", ["asked_at"], sqlite_where=_HAS_AUTHOR,
        postgresql_where=_HAS_AUTHOR,
    )  # fmt: skip
    op.create_index(
        "ix_outgoing_text_ended_at", "outgoing", ["ended_at"], sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT
    )
    op.create_table(
        "running",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("told_at", UtcDateTime),
        sa.Column("untold", sa.JSON, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_running_is_the_only_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_running")),
    )
