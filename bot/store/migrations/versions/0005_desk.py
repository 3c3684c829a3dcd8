"""Missed questions answered by a person, and when the epidemic plan was in force."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the two tables take the new words, and create the table of switches."""
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint(op.f("ck_audit_act_is_known"), type_="check")
        audit.create_check_constraint(
            op.f("ck_audit_act_is_known"),
            "act IN ('invited', 'revoked', 'linked', 'unlinked', 'handed-over', "
            "'coordinator-added', 'confirmed', 'recorded', 'amended', 'accepted', "
            "'acceptance-undone', 'returned', 'withdrawn', 'waived', 'waiver-lifted', 'extended', "
            "'forgotten', 'roster-imported', 'muted', 'unmuted', 'answered', 'contingency-on', 'contingency-off')",
        )
    with op.batch_alter_table("settlements") as settlements:
        settlements.add_column(sa.Column("answer", sa.Text))
        settlements.drop_constraint(op.f("ck_settlements_how_is_known"), type_="check")
        settlements.create_check_constraint(
            op.f("ck_settlements_how_is_known"), "how IN ('learned', 'dismissed', 'answered')"
        )
        settlements.create_check_constraint(
            op.f("ck_settlements_answered_has_an_answer"), "(how = 'answered') = (answer IS NOT NULL)"
        )
    op.create_table(
        "switches",
        sa.Column("id", RowId, nullable=False),
        sa.Column("contingency", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switches")),
    )
