"""The pace of every account, what is wrong with it, its managers at Meta, and who follows an order.

Comes after: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_pace",
        sa.Column("channel", sa.String(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "what", name=op.f("pk_channel_pace")),
    )
    op.add_column("conversation", sa.Column("paced_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    open_ones, untold = sa.text("over_at IS NULL"), sa.text("over_told_at IS NULL")
    op.create_index("uq_alarm_open", "alarm", ["channel", "account", "kind"], unique=True, postgresql_where=open_ones)
    op.create_index("ix_alarm_untold", "alarm", ["due_at"], unique=False, postgresql_where=untold)
    op.create_table(
        "follower",
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_follower_conversation_id")),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_follower_customer")),
        sa.PrimaryKeyConstraint("customer", "channel", name=op.f("pk_follower")),
    )
    op.create_index(op.f("ix_follower_conversation_id"), "follower", ["conversation_id"], unique=False)
    op.create_table(
        "meta_persona",
        sa.Column("account", sa.String(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), autoincrement=False, nullable=False),
        sa.Column("picture", sa.String(), autoincrement=False, nullable=False),
        sa.Column("persona", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", "picture", name=op.f("pk_meta_persona")),
    )
    op.add_column("channel_state", sa.Column("waiting", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("channel_state", "waiting", server_default=None)
    op.add_column("outbox", sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True))
