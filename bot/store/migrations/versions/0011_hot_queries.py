"""Indexes for what is asked each minute, so that it costs what there is to do and not what there ever was."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    of_deadline = ["due_before", "agency", "milestone"]
    op.create_index(op.f("ix_reminders_due_before_agency_milestone"), "reminders", of_deadline)
    op.create_index(op.f("ix_reminders_at"), "reminders", ["at"])
    op.create_index(op.f("ix_audit_act"), "audit", ["act"])
