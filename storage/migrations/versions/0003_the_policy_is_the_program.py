"""the policy is the program"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Only added: to change a column, SQLite's table would be made anew, and rows of others refer to it.
    for column in (
        sa.Column('language', sa.String(), nullable=False, server_default='en'),
        sa.Column('notice_days', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('changes', sa.JSON(), nullable=False, server_default='[]'),
        sa.Column('source', sa.String(), nullable=True),
        sa.Column('clauses', sa.JSON(), nullable=False, server_default='[]'),
        sa.Column('publisher', sa.String(), nullable=False, server_default='first start'),
        sa.Column('in_force_from', sa.DateTime(timezone=True), nullable=False, server_default='1970-01-01 00:00:00'),
        sa.Column('chain', sa.String(), nullable=False, server_default=''),
    ):
        op.add_column('policy_version', column)
    # A version that says it takes effect later than it was published did not bind anybody before that.
    sqlite = op.get_bind().dialect.name == 'sqlite'
    effective = "effective || ' 00:00:00.000000'" if sqlite else "effective::timestamp AT TIME ZONE 'UTC'"
    latest = 'max' if sqlite else 'greatest'
    op.execute(f'UPDATE policy_version SET in_force_from = {latest}(published_at, {effective})')
    op.add_column('consent', sa.Column('noticed', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('consent', sa.Column('told', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('consent', sa.Column('read_version', sa.Integer(), nullable=True))
    op.add_column('consent', sa.Column('read_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('policy_draft',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('base_hash', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.String(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_draft'))
    )
    op.create_table('channel_post',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('ts', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_channel_post'))
    )
    op.create_table('open_question',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('released', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_question')),
    sqlite_with_rowid=False
    )
    op.create_table('section_feedback',
    sa.Column('policy_hash', sa.String(), nullable=False),
    sa.Column('heading', sa.String(), nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['policy_hash'], ['policy_version.hash'], name=op.f('fk_section_feedback_policy_hash_policy_version')),
    sa.PrimaryKeyConstraint('policy_hash', 'heading', 'helpful', name=op.f('pk_section_feedback'))
    )


def downgrade() -> None:
    for table in ('section_feedback', 'open_question', 'channel_post', 'policy_draft'):
        op.drop_table(table)
    for name in ('read_at', 'read_version', 'told', 'noticed'):
        op.drop_column('consent', name)
    for name in ('chain', 'in_force_from', 'publisher', 'clauses', 'source', 'changes', 'notice_days', 'language'):
        op.drop_column('policy_version', name)
