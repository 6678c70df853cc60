"""Messages, what happened to them, and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql")
_CONTENT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql")


def upgrade() -> None:
    """Create the three tables."""
    _create_messages()
    _create_message_events()
    _create_outbox()


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", _exact(64), nullable=False),
        sa.Column("idempotency_key", _exact(255), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(320), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(998), nullable=False),
        sa.Column("text", _CONTENT, nullable=True),
        sa.Column("html", _CONTENT, nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("client_id", "idempotency_key", name="uq_messages_client_id_idempotency_key"),
    )
    op.create_index("ix_messages_client_id_id", "messages", ["client_id", "id"])


def _create_message_events() -> None:
    op.create_table(
        "message_events",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_events"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_events_message_id_messages", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("message_id", "kind", name="uq_message_events_message_id_kind"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_outbox_message_id_messages", ondelete="CASCADE"),
    )
    op.create_index("ix_outbox_queue_id", "outbox", ["queue", "id"])


def downgrade() -> None:
    """Drop them; for development only, a release never goes back."""
    op.drop_table("outbox")
    op.drop_table("message_events")
    op.drop_table("messages")
