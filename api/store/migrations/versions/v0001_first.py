"""Events, the last picture, reports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "events",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("origin", "number", name="events_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picture", sa.Text, nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.UniqueConstraint("origin", "number", name="reports_once"),
        sqlite_autoincrement=True,
    )
