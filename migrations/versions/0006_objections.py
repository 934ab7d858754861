"""Objections to notified preliminary grades."""

import sqlalchemy as sa
from alembic import op

revision = "c81e4f07d9b3"
down_revision = "3f9a1c62d07e"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('objection',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('sampled_case_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('raised_by_id', sa.Integer(), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_objection_decided')),
    sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f('ck_objection_settled')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'rejected', 'settled')", name=op.f('ck_objection_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_objection_decided_by_id_account')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['account.id'], name=op.f('fk_objection_raised_by_id_account')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_objection_round_id_round')),
    sa.ForeignKeyConstraint(
        ['sampled_case_id'], ['sampled_case.id'], name=op.f('fk_objection_sampled_case_id_sampled_case')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection')),
    sa.UniqueConstraint('public_id', name=op.f('uq_objection_public_id')),
    sa.UniqueConstraint('sampled_case_id', name=op.f('uq_objection_sampled_case_id'))
    )
    with op.batch_alter_table('objection', schema=None) as batch_op:
        batch_op.create_index('ix_objection_round_id_state', ['round_id', 'state'], unique=False)


def downgrade():
    with op.batch_alter_table('objection', schema=None) as batch_op:
        batch_op.drop_index('ix_objection_round_id_state')
    op.drop_table('objection')
