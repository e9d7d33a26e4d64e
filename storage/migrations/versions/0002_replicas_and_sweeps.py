"""replicas and sweeps"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job'))
    )
    op.add_column('workspace', sa.Column('lookup_blocked_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('delivery', sa.Column('sweep_at', sa.DateTime(timezone=True), nullable=True))
    swept = sa.text('sweep_at IS NOT NULL')
    op.create_index(
        'ix_delivery_workspace_id_sweep_at',
        'delivery',
        ['workspace_id', 'sweep_at'],
        sqlite_where=swept,
        postgresql_where=swept,
    )
    op.drop_index('ix_delivery_state_kind_not_before_id', table_name='delivery')
    op.create_index(
        'ix_delivery_workspace_id_state_kind_not_before_id',
        'delivery',
        ['workspace_id', 'state', 'kind', 'not_before', 'id'],
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_workspace_id_state_kind_not_before_id', table_name='delivery')
    op.create_index('ix_delivery_state_kind_not_before_id', 'delivery', ['state', 'kind', 'not_before', 'id'])
    op.drop_index('ix_delivery_workspace_id_sweep_at', table_name='delivery')
    op.drop_column('delivery', 'sweep_at')
    op.drop_column('workspace', 'lookup_blocked_until')
    op.drop_table('job')
