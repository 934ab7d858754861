"""Peer review: experts, assignments, sheets, results."""

import sqlalchemy as sa
from alembic import op


revision = '7d7889cf533b'
down_revision = '991b9fdf03e2'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('expert',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('provider', sa.String(length=200), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('specialties', sa.JSON(), nullable=False),
    sa.Column('practice_years', sa.Integer(), nullable=True),
    sa.Column('cap', sa.Integer(), nullable=True),
    sa.Column('quota', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('licence', sa.String(length=40), nullable=False),
    sa.Column('id_number', sa.Text(), nullable=True),
    sa.Column('id_index', sa.String(length=64), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint('cap IS NULL OR cap >= 0', name=op.f('ck_expert_cap')),
    sa.CheckConstraint('quota IS NULL OR quota >= 0', name=op.f('ck_expert_quota')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_expert_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert')),
    sa.UniqueConstraint('code', name=op.f('uq_expert_code')),
    sa.UniqueConstraint('public_id', name=op.f('uq_expert_public_id'))
    )
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expert_id_index'), ['id_index'], unique=False)
        batch_op.create_index(batch_op.f('ix_expert_institution_id'), ['institution_id'], unique=False)

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('released_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('arbitration_need',
    sa.Column('sampled_case_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('arisen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_arbitration_need_round_id_round')),
    sa.ForeignKeyConstraint(['sampled_case_id'], ['sampled_case.id'], name=op.f('fk_arbitration_need_sampled_case_id_sampled_case')),
    sa.PrimaryKeyConstraint('sampled_case_id', name=op.f('pk_arbitration_need'))
    )
    with op.batch_alter_table('arbitration_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arbitration_need_round_id'), ['round_id'], unique=False)

    op.create_table('assignment',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('sampled_case_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('dealt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('returned_because', sa.String(length=400), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("state IN ('dealt', 'submitted', 'returned')", name=op.f('ck_assignment_state')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_assignment_expert_id_expert')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_assignment_round_id_round')),
    sa.ForeignKeyConstraint(['sampled_case_id'], ['sampled_case.id'], name=op.f('fk_assignment_sampled_case_id_sampled_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assignment_public_id')),
    sa.UniqueConstraint('sampled_case_id', 'expert_id', name=op.f('uq_assignment_sampled_case_id_expert_id')),
    sa.UniqueConstraint('sampled_case_id', 'slot', name=op.f('uq_assignment_sampled_case_id_slot'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_expert_id'), ['expert_id'], unique=False)
        batch_op.create_index('ix_assignment_round_id_expert_id', ['round_id', 'expert_id'], unique=False)

    op.create_table('case_result',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('sampled_case_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=False),
    sa.Column('vetoes', sa.JSON(), nullable=False),
    sa.Column('by', sa.String(length=20), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("step IN ('first', 'arbitrated', 'objected')", name=op.f('ck_case_result_step')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_case_result_round_id_round')),
    sa.ForeignKeyConstraint(['sampled_case_id'], ['sampled_case.id'], name=op.f('fk_case_result_sampled_case_id_sampled_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_result')),
    sa.UniqueConstraint('public_id', name=op.f('uq_case_result_public_id')),
    sa.UniqueConstraint('sampled_case_id', 'step', name=op.f('uq_case_result_sampled_case_id_step'))
    )
    with op.batch_alter_table('case_result', schema=None) as batch_op:
        batch_op.create_index('ix_case_result_round_id', ['round_id'], unique=False)

    op.create_table('sheet',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('rubric', sa.String(length=80), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=False),
    sa.Column('vetoes', sa.JSON(), nullable=False),
    sa.Column('asks', sa.Boolean(), nullable=False),
    sa.Column('overall', sa.Text(), server_default='', nullable=False),
    sa.Column('by_proxy', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_sheet_assignment_id_assignment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet')),
    sa.UniqueConstraint('assignment_id', 'revision', name=op.f('uq_sheet_assignment_id_revision')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sheet_public_id'))
    )
    op.create_table('sheet_draft',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_sheet_draft_assignment_id_assignment')),
    sa.PrimaryKeyConstraint('assignment_id', name=op.f('pk_sheet_draft'))
    )


def downgrade():
    op.drop_table('sheet_draft')
    op.drop_table('sheet')
    with op.batch_alter_table('case_result', schema=None) as batch_op:
        batch_op.drop_index('ix_case_result_round_id')

    op.drop_table('case_result')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_round_id_expert_id')
        batch_op.drop_index(batch_op.f('ix_assignment_expert_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('arbitration_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_arbitration_need_round_id'))

    op.drop_table('arbitration_need')
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expert_institution_id'))
        batch_op.drop_index(batch_op.f('ix_expert_id_index'))

    op.drop_table('expert')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_column('released_at')
        batch_op.drop_column('notified_at')
