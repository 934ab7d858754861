"""The other channels: hearing observations, callbacks with their calls, organs' opinions."""

import sqlalchemy as sa
from alembic import op

revision = "b45a226a2f68"
down_revision = "5d0c7be1a2f4"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('callback',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('caller_id', sa.Integer(), nullable=True),
    sa.Column('form', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('means', sa.String(length=12), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dialled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('alarms', sa.JSON(), nullable=False),
    sa.Column('listed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("(state = 'done') = (answered_at IS NOT NULL)", name=op.f('ck_callback_answered')),
    sa.CheckConstraint("means IN ('phone', 'visit', 'letter', 'online')", name=op.f('ck_callback_means')),
    sa.CheckConstraint("state IN ('open', 'done', 'refused', 'unreached')", name=op.f('ck_callback_state')),
    sa.ForeignKeyConstraint(['caller_id'], ['account.id'], name=op.f('fk_callback_caller_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_callback_case_id_legal_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback')),
    sa.UniqueConstraint('case_id', 'form', name=op.f('uq_callback_case_id_form')),
    sa.UniqueConstraint('public_id', name=op.f('uq_callback_public_id'))
    )
    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.create_index('ix_callback_caller_id_state', ['caller_id', 'state'], unique=False)

    op.create_table('observation',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('observer_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('hearing_on', sa.Date(), nullable=False),
    sa.Column('court', sa.String(length=200), server_default='', nullable=False),
    sa.Column('mode', sa.String(length=12), nullable=False),
    sa.Column('closed_reason', sa.String(length=20), server_default='', nullable=False),
    sa.Column('arrived_at', sa.Time(), nullable=True),
    sa.Column('left_at', sa.Time(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('score_reason', sa.String(length=20), server_default='', nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("(state = 'planned') = (submitted_at IS NULL)", name=op.f('ck_observation_submitted')),
    sa.CheckConstraint("mode IN ('on_site', 'live', 'recording')", name=op.f('ck_observation_mode')),
    sa.CheckConstraint("state IN ('planned', 'submitted', 'closed_hearing')", name=op.f('ck_observation_state')),
    sa.CheckConstraint('score IS NULL OR (score >= 0 AND score <= 10000)', name=op.f('ck_observation_score')),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_observation_case_id_legal_case')),
    sa.ForeignKeyConstraint(['observer_id'], ['account.id'], name=op.f('fk_observation_observer_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
    sa.UniqueConstraint('case_id', 'observer_id', 'hearing_on', name=op.f('uq_observation_case_id_observer_id_hearing_on')),
    sa.UniqueConstraint('public_id', name=op.f('uq_observation_public_id'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_observer_id'), ['observer_id'], unique=False)

    op.create_table('organ_opinion',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=80), nullable=False),
    sa.Column('organ', sa.String(length=200), server_default='', nullable=False),
    sa.Column('officer', sa.String(length=200), server_default='', nullable=False),
    sa.Column('via', sa.String(length=8), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('session_hash', sa.String(length=64), nullable=True),
    sa.Column('session_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.String(length=100), server_default='', nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('entered_by', sa.String(length=100), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("via IN ('link', 'letter')", name=op.f('ck_organ_opinion_via')),
    sa.CheckConstraint('token_hash IS NULL OR length(token_hash) = 64', name=op.f('ck_organ_opinion_token_hash')),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_organ_opinion_case_id_legal_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organ_opinion')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organ_opinion_public_id')),
    sa.UniqueConstraint('session_hash', name=op.f('uq_organ_opinion_session_hash')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_organ_opinion_token_hash'))
    )
    with op.batch_alter_table('organ_opinion', schema=None) as batch_op:
        batch_op.create_index('ix_organ_opinion_case_id', ['case_id'], unique=False)

    op.create_table('call_attempt',
    sa.Column('callback_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('note', sa.String(length=400), server_default='', nullable=False),
    sa.Column('caller', sa.String(length=100), server_default='', nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("outcome IN ('reached', 'no_answer', 'dead', 'suspended', 'refused', 'rescheduled', 'wrong_number', 'third_party')", name=op.f('ck_call_attempt_outcome')),
    sa.ForeignKeyConstraint(['callback_id'], ['callback.id'], name=op.f('fk_call_attempt_callback_id_callback')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_attempt')),
    sa.UniqueConstraint('callback_id', 'number', name=op.f('uq_call_attempt_callback_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_attempt_public_id'))
    )


def downgrade():
    op.drop_table('call_attempt')
    with op.batch_alter_table('organ_opinion', schema=None) as batch_op:
        batch_op.drop_index('ix_organ_opinion_case_id')

    op.drop_table('organ_opinion')
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_observation_observer_id'))

    op.drop_table('observation')
    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.drop_index('ix_callback_caller_id_state')

    op.drop_table('callback')
