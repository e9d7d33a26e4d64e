"""the anonymous pulse"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('invited', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('person', sa.Column('reminded', sa.Integer(), nullable=False, server_default='0'))
    op.create_table('wave',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminder_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('policy_number', sa.Integer(), nullable=False),
    sa.Column('smallest_group', sa.Integer(), nullable=False),
    sa.Column('smallest_group_comments', sa.Integer(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('public_key', sa.String(), nullable=False),
    sa.Column('key_mark', sa.String(), nullable=False),
    sa.Column('trustee', sa.String(), nullable=True),
    sa.Column('export_mark', sa.String(), nullable=True),
    sa.Column('export_proof', sa.String(), nullable=True),
    sa.Column('keys_lost', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave')),
    sa.UniqueConstraint('number', name=op.f('uq_wave_number'))
    )
    op.create_table('ballot',
    sa.Column('tag', sa.LargeBinary(), nullable=False),
    sa.Column('wave', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.id'], name=op.f('fk_ballot_wave_wave')),
    sa.PrimaryKeyConstraint('tag', name=op.f('pk_ballot')),
    sqlite_with_rowid=False
    )
    op.create_table('tally',
    sa.Column('wave', sa.String(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('segment', sa.String(), nullable=False),
    sa.Column('share', sa.Integer(), nullable=True),
    sa.Column('unsure', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['wave'], ['wave.id'], name=op.f('fk_tally_wave_wave')),
    sa.PrimaryKeyConstraint('wave', 'question', 'segment', name=op.f('pk_tally')),
    sqlite_with_rowid=False
    )
    op.create_table('pulse_comment',
    sa.Column('wave', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.id'], name=op.f('fk_pulse_comment_wave_wave')),
    sa.PrimaryKeyConstraint('wave', 'id', name=op.f('pk_pulse_comment')),
    sqlite_with_rowid=False
    )
    op.create_table('clause_reply',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('clause', sa.String(), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('written_by', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clause_reply'))
    )


def downgrade() -> None:
    for table in ('clause_reply', 'pulse_comment', 'tally', 'ballot', 'wave'):
        op.drop_table(table)
    for name in ('reminded', 'invited'):
        op.drop_column('person', name)
