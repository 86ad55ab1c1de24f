"""What a probe says of itself, beside an event's reason."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; events of before have none."""
    op.add_column("events", sa.Column("cause", sa.Text, nullable=False, server_default=""))
