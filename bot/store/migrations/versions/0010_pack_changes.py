"""Reloaded and refused packs in the log, each written down once by whichever process comes first."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the log take the new acts, and keep it from taking one twice."""
    name = "ck_audit_act_is_known"
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit")
    known = next(re.findall("'([^']+)'", str(check["sqltext"])) for check in checks if check["name"] == name)
    listed = ", ".join(f"'{word}'" for word in (*known, "pack-reloaded", "pack-refused"))
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("once", sa.String(64)))
        audit.drop_constraint(op.f(name), type_="check")
        audit.create_check_constraint(op.f(name), f"act IN ({listed})")
    op.create_index(op.f("ix_audit_once"), "audit", ["once"], unique=True)
