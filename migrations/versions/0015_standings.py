"""Declared weights of the index of five parts."""

import sqlalchemy as sa
from alembic import op

revision = "175a5e3b85f4"
down_revision = "fb48eaa8389a"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('composite_weights',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('process', sa.Integer(), nullable=False),
    sa.Column('hearing', sa.Integer(), nullable=False),
    sa.Column('satisfaction', sa.Integer(), nullable=False),
    sa.Column('archive', sa.Integer(), nullable=False),
    sa.Column('peer', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('declared_by', sa.String(length=100), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint(
        'process + hearing + satisfaction + archive + peer = 100', name=op.f('ck_composite_weights_whole')
    ),
    sa.CheckConstraint(
        'process >= 0 AND hearing >= 0 AND satisfaction >= 0 AND archive >= 0 AND peer >= 0',
        name=op.f('ck_composite_weights_positive')
    ),
    sa.ForeignKeyConstraint(
        ['institution_id'], ['institution.id'], name=op.f('fk_composite_weights_institution_id_institution')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_composite_weights')),
    sa.UniqueConstraint('institution_id', 'since', name=op.f('uq_composite_weights_institution_id_since')),
    sa.UniqueConstraint('institution_id', 'version', name=op.f('uq_composite_weights_institution_id_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_composite_weights_public_id'))
    )


def downgrade():
    op.drop_table('composite_weights')
