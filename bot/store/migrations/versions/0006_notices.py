"""Notices: what they say, to whom, who has read them; a second lane in the ledger; people who want news."""

import re

import sqlalchemy as sa
from alembic import op

from bot.store.columns import RowId, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of notices and let the ledger carry them."""
    _notices()
    _people()
    _ledger()
    _more_words("outgoing", "reason", "stopped", "too-old")
    _more_words(
        "audit", "act", "notice-scheduled", "notice-sent", "notice-paused", "notice-resumed", "notice-stopped",
        "notice-repeated", "notice-corrected", "notice-recalled",
    )  # fmt: skip


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", RowId, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("agencies", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("scheduled_for", UtcDateTime),
        sa.CheckConstraint(
            "audience IN ('all', 'onsite', 'dossier', 'owing', 'returned', 'chosen', 'subscribers')",
            name=op.f("ck_notices_audience_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'scheduled' OR scheduled_for IS NOT NULL", name=op.f("ck_notices_scheduled_has_its_moment")
        ),
        sa.CheckConstraint(
            "state IN ('scheduled', 'sending', 'paused', 'stopped', 'done', 'recalled')",
            name=op.f("ck_notices_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_state"), "notices", ["state"])
    op.create_table(
        "notice_texts",
        sa.Column("notice_id", RowId, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("file_id", sa.Text),
        sa.Column("file_kind", sa.String(16)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.BigInteger),
        sa.CheckConstraint("(file_id IS NULL) = (file_kind IS NULL)", name=op.f("ck_notice_texts_file_has_its_kind")),
        sa.CheckConstraint("file_kind IN ('photo', 'document')", name=op.f("ck_notice_texts_file_kind_is_known")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_texts_notice_id_notices")),
        sa.PrimaryKeyConstraint("notice_id", "version", name=op.f("pk_notice_texts")),
    )


def _people() -> None:
    op.create_table(
        "notice_recipients",
        sa.Column("id", RowId, nullable=False),
        sa.Column("notice_id", RowId, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("name", sa.Text),
        sa.Column("agencies", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_recipients_notice_id_notices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_recipients")),
    )
    op.create_index(op.f("ix_notice_recipients_notice_id_person_id"), "notice_recipients", ["notice_id", "person_id"])
    op.create_index(op.f("ix_notice_recipients_person_id"), "notice_recipients", ["person_id"])
    op.create_table(
        "acknowledgements",
        sa.Column("recipient_id", RowId, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["notice_recipients.id"], name=op.f("fk_acknowledgements_recipient_id_notice_recipients")
        ),
        sa.PrimaryKeyConstraint("recipient_id", "version", name=op.f("pk_acknowledgements")),
    )
    op.create_table(
        "notice_cards",
        sa.Column("notice_id", RowId, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("is_final", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_cards_notice_id_notices")),
        sa.PrimaryKeyConstraint("notice_id", "chat_id", name=op.f("pk_notice_cards")),
    )
    op.create_table(
        "subscribers",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_subscribers")),
    )


def _ledger() -> None:
    op.drop_index(op.f("ix_outgoing_state_chat_id"), "outgoing")
    with op.batch_alter_table("outgoing") as table:
        table.add_column(sa.Column("lane", sa.String(16), nullable=False, server_default="reply"))
        table.add_column(sa.Column("action", sa.String(16), nullable=False, server_default="send"))
        table.add_column(sa.Column("file_id", sa.Text))
        table.add_column(sa.Column("file_kind", sa.String(16)))
        table.add_column(sa.Column("notice_id", RowId))
        table.add_column(sa.Column("notice_version", sa.Integer))
        table.add_column(sa.Column("recipient_id", RowId))
        table.add_column(sa.Column("is_repeat", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE outgoing SET action = 'edit' WHERE replaces IS NOT NULL")
    with op.batch_alter_table("outgoing") as table:
        for column in ("lane", "action", "is_repeat"):
            table.alter_column(column, server_default=None)
        table.create_check_constraint(op.f("ck_outgoing_action_is_known"), "action IN ('send', 'edit', 'delete')")
        table.create_check_constraint(
            op.f("ck_outgoing_changes_what_is_there"), "(action = 'send') = (replaces IS NULL)"
        )
        table.create_check_constraint(op.f("ck_outgoing_file_has_its_kind"), "(file_id IS NULL) = (file_kind IS NULL)")
        table.create_check_constraint(op.f("ck_outgoing_file_kind_is_known"), "file_kind IN ('photo', 'document')")
        table.create_check_constraint(op.f("ck_outgoing_lane_is_known"), "lane IN ('reply', 'bulk')")
        table.create_foreign_key(op.f("fk_outgoing_notice_id_notices"), "notices", ["notice_id"], ["id"])
        table.create_foreign_key(
            op.f("fk_outgoing_recipient_id_notice_recipients"), "notice_recipients", ["recipient_id"], ["id"]
        )
    op.create_index(op.f("ix_outgoing_lane_state_chat_id"), "outgoing", ["lane", "state", "chat_id"])
    op.create_index(op.f("ix_outgoing_chat_id"), "outgoing", ["chat_id"])
    op.create_index(op.f("ix_outgoing_notice_id_notice_version"), "outgoing", ["notice_id", "notice_version"])
    op.create_index(
        "uq_outgoing_recipient_id_notice_version", "outgoing", ["recipient_id", "notice_version"], unique=True,
        sqlite_where=sa.text("action <> 'delete'"), postgresql_where=sa.text("action <> 'delete'"),
    )  # fmt: skip


def _more_words(table: str, column: str, *words: str) -> None:
    """Let a column hold more words than it does so far."""
    name = f"ck_{table}_{column}_is_known"
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    known = next(re.findall("'([^']+)'", str(check["sqltext"])) for check in checks if check["name"] == name)
    listed = ", ".join(f"'{word}'" for word in (*known, *words))
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(name), type_="check")
        changed.create_check_constraint(op.f(name), f"{column} IN ({listed})")
