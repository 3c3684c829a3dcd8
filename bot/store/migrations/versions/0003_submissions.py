"""Contacts by invitation, submissions step by step, the ledger of messages, the audit log."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of people, of submissions and of what is told and noted."""
    _people()
    _submissions()


def _people() -> None:
    op.create_table(
        "coordinators",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_coordinators")),
    )
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("touched_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_touched_at"), "drafts", ["touched_at"])
    op.create_table(
        "invitations",
        sa.Column("id", RowId, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("replaces", sa.BigInteger),
        sa.Column("invited_name", sa.Text),
        sa.CheckConstraint("used >= 0 AND used <= uses AND uses >= 1", name=op.f("ck_invitations_used_at_most_uses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_code_hash"), "invitations", ["code_hash"], unique=True)
    op.create_table(
        "roster_agencies",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_agencies")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_wrong_codes")),
    )
    op.add_column("contacts", sa.Column("name", sa.Text))
    op.create_index(op.f("ix_contacts_agency"), "contacts", ["agency"])


def _submissions() -> None:
    op.create_table(
        "audit",
        sa.Column("id", RowId, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.Text),
        sa.Column("agency", sa.String(64)),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.CheckConstraint(
            "act IN ('invited', 'revoked', 'linked', 'unlinked', 'handed-over', "
            "'coordinator-added', 'confirmed', 'recorded', 'amended', 'accepted', "
            "'acceptance-undone', 'returned', 'withdrawn', 'waived', 'waiver-lifted', 'extended', "
            "'forgotten', 'roster-imported')",
            name=op.f("ck_audit_act_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_agency"), "audit", ["agency"])
    op.create_table(
        "extensions",
        sa.Column("id", RowId, nullable=False),
        sa.Column("agency", sa.String(64)),
        sa.Column("before", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_agency"), "extensions", ["agency"])
    op.create_table(
        "outgoing",
        sa.Column("id", RowId, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("replaces", sa.BigInteger),
        sa.Column("subject", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("claimed_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("message_id", sa.BigInteger),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_outgoing_ends_once")),
        sa.CheckConstraint(
            "(state IN ('waiting', 'sent')) = (reason IS NULL)", name=op.f("ck_outgoing_has_its_reason")
        ),
        sa.CheckConstraint(
            "reason IN ('blocked', 'unreachable', 'refused', 'timed-out', 'interrupted', 'outdated')",
            name=op.f("ck_outgoing_reason_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'uncertain', 'skipped')", name=op.f("ck_outgoing_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
    )
    op.create_index(op.f("ix_outgoing_state_chat_id"), "outgoing", ["state", "chat_id"])
    op.create_index(op.f("ix_outgoing_subject"), "outgoing", ["subject"])
    op.create_table(
        "versions",
        sa.Column("id", RowId, nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("document_number", sa.Text),
        sa.Column("document_day", sa.Date),
        sa.Column("confirmed_at", UtcDateTime, nullable=False),
        sa.Column("due_before", sa.Date),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.Text),
        sa.Column("recorded_by", sa.BigInteger),
        sa.Column("recorded_by_name", sa.Text),
        sa.Column("on_behalf", sa.Boolean, nullable=False),
        sa.CheckConstraint("way IN ('network', 'email', 'paper', 'files')", name=op.f("ck_versions_way_is_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_versions_version_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("agency", "version", name=op.f("uq_versions_agency_version")),
    )
    op.create_table(
        "steps",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.Text),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint(
            "(number = 1 AND previous IS NULL AND before = 'not-opened') OR (number > 1 AND "
            "previous IS NOT NULL AND previous = number - 1)",
            name=op.f("ck_steps_follows_the_one_before"),
        ),
        sa.CheckConstraint(
            "after IN ('not-opened', 'waived') OR version IS NOT NULL", name=op.f("ck_steps_is_about_a_version")
        ),
        sa.CheckConstraint(
            "after NOT IN ('returned', 'waived') OR reason IS NOT NULL", name=op.f("ck_steps_has_its_reason")
        ),
        sa.CheckConstraint(
            "before || '>' || after IN ('not-opened>confirmed', 'not-opened>waived', "
            "'confirmed>accepted', 'confirmed>amended', 'confirmed>returned', "
            "'confirmed>withdrawn', 'amended>accepted', 'amended>amended', 'amended>returned', "
            "'amended>withdrawn', 'returned>amended', 'returned>waived', 'returned>withdrawn', "
            "'accepted>amended', 'accepted>confirmed', 'withdrawn>amended', 'withdrawn>waived', "
            "'waived>not-opened')",
            name=op.f("ck_steps_may_follow"),
        ),
        sa.ForeignKeyConstraint(
            ["agency", "previous", "before"],
            ["steps.agency", "steps.number", "steps.after"],
            name=op.f("fk_steps_agency_previous_before_steps"),
        ),
        sa.ForeignKeyConstraint(
            ["agency", "version"],
            ["versions.agency", "versions.version"],
            name=op.f("fk_steps_agency_version_versions"),
        ),
        sa.PrimaryKeyConstraint("agency", "number", name=op.f("pk_steps")),
        sa.UniqueConstraint("agency", "number", "after", name=op.f("uq_steps_agency_number_after")),
    )
    op.create_table(
        "version_files",
        sa.Column("version_id", RowId, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_version_files_version_id_versions")),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_version_files")),
    )
    op.create_index(op.f("ix_version_files_sha256"), "version_files", ["sha256"])
