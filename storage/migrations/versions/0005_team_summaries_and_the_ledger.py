"""team summaries and the ledger"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('summary_messages', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column('consent', sa.Column('in_summaries', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table('season',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('first_week', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('viewers', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_season')),
    sa.UniqueConstraint('first_week', name=op.f('uq_season_first_week'))
    )
    op.create_table('season_team',
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('parent', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('smallest_group', sa.Integer(), nullable=False),
    sa.Column('planned', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['season'], ['season.number'], name=op.f('fk_season_team_season_season')),
    sa.PrimaryKeyConstraint('season', 'number', name=op.f('pk_season_team')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_season_team_season_parent', 'season_team', ['season', 'parent'])
    op.create_index(op.f('ix_season_team_team_id'), 'season_team', ['team_id'])
    op.create_table('cohort',
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('team', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cohort_person_id_person')),
    sa.ForeignKeyConstraint(['season'], ['season.number'], name=op.f('fk_cohort_season_season')),
    sa.PrimaryKeyConstraint('person_id', 'season', name=op.f('pk_cohort'))
    )
    op.create_index('ix_cohort_season_team', 'cohort', ['season', 'team'])
    op.create_table('release',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('usage', sa.Integer(), nullable=True),
    sa.Column('hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['season'], ['season.number'], name=op.f('fk_release_season_season')),
    sa.PrimaryKeyConstraint('week', name=op.f('pk_release'))
    )
    op.create_index(op.f('ix_release_season'), 'release', ['season'])
    op.create_table('release_cell',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('team', sa.Integer(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('saved', sa.Integer(), nullable=False),
    sa.Column('rework', sa.Integer(), nullable=False),
    sa.Column('helped', sa.Integer(), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('half_reported', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['season', 'team'], ['season_team.season', 'season_team.number'],
                            name=op.f('fk_release_cell_season_season_team')),
    sa.ForeignKeyConstraint(['week'], ['release.week'], name=op.f('fk_release_cell_week_release')),
    sa.PrimaryKeyConstraint('week', 'team', name=op.f('pk_release_cell'))
    )
    op.create_index('ix_release_cell_season_team_week', 'release_cell', ['season', 'team', 'week'])
    op.create_table('summary_viewer',
    sa.Column('viewer', sa.String(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('team', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['season', 'team'], ['season_team.season', 'season_team.number'],
                            name=op.f('fk_summary_viewer_season_season_team')),
    sa.PrimaryKeyConstraint('viewer', name=op.f('pk_summary_viewer')),
    sqlite_with_rowid=False
    )
    op.create_table('ledger_entry',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=True),
    sa.Column('teams', sa.JSON(), nullable=False),
    sa.Column('previous', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_ledger_entry'))
    )
    op.create_index(op.f('ix_ledger_entry_at'), 'ledger_entry', ['at'])
    op.create_table('ledger_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_head'))
    )
    op.create_table('ledger_checkpoint',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_key', sa.String(), nullable=False),
    sa.Column('signature', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_ledger_checkpoint'))
    )


def downgrade() -> None:
    for table in (
        'ledger_checkpoint', 'ledger_head', 'ledger_entry', 'summary_viewer', 'release_cell', 'release', 'cohort',
        'season_team', 'season',
    ):
        op.drop_table(table)
    op.drop_column('consent', 'in_summaries')
    op.drop_column('person', 'summary_messages')
