"""Reminders, muting them, and the coordinators' morning digests."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables; note who muted reminders, and that muting is an act."""
    op.create_table(
        "reminders",
        sa.Column("id", RowId, nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("milestone", sa.String(16), nullable=False),
        sa.Column("due_before", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("why", sa.String(16)),
        sa.CheckConstraint(
            "milestone IN ('14-before', '7-before', '3-before', '1-before', 'last-day', '1-after', '5-after')",
            name=op.f("ck_reminders_milestone_is_known"),
        ),
        sa.CheckConstraint("outcome IN ('sent', 'missed', 'skipped')", name=op.f("ck_reminders_outcome_is_known")),
        sa.CheckConstraint("why IN ('settled', 'unreachable', 'muted')", name=op.f("ck_reminders_why_is_known")),
        sa.CheckConstraint("(outcome = 'skipped') = (why IS NOT NULL)", name=op.f("ck_reminders_skipped_has_its_why")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("agency", "milestone", "due_before", name=op.f("uq_reminders_agency_milestone_due_before")),
    )
    op.create_table(
        "digests",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digests")),
    )
    op.add_column("contacts", sa.Column("muted_at", UtcDateTime))
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint(op.f("ck_audit_act_is_known"), type_="check")
        audit.create_check_constraint(
            op.f("ck_audit_act_is_known"),
            "act IN ('invited', 'revoked', 'linked', 'unlinked', 'handed-over', "
            "'coordinator-added', 'confirmed', 'recorded', 'amended', 'accepted', "
            "'acceptance-undone', 'returned', 'withdrawn', 'waived', 'waiver-lifted', 'extended', "
            "'forgotten', 'roster-imported', 'muted', 'unmuted')",
        )
