"""Runs the revisions on the connection that ``store.upgrade`` hands over, inside its transaction."""

from alembic import context

from desktop.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
