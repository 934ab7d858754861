"""Papers of a case file, by volume and catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "9e07c3a5b812"
down_revision = "5d2b80e1f46a"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('case_file',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('volume', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), server_default='', nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('has_text_layer', sa.Boolean(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_after_draw', sa.Boolean(), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_by_id', sa.Integer(), nullable=True),
    sa.Column('removed_because', sa.String(length=200), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("kind IN ('pdf', 'image')", name=op.f('ck_case_file_kind')),
    sa.CheckConstraint("volume IN ('institution', 'undertaker')", name=op.f('ck_case_file_volume')),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_case_file_added_by_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_case_file_case_id_legal_case')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_case_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['removed_by_id'], ['account.id'], name=op.f('fk_case_file_removed_by_id_account')),
    sa.ForeignKeyConstraint(['replaces_id'], ['case_file.id'], name=op.f('fk_case_file_replaces_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('public_id', name=op.f('uq_case_file_public_id')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_case_file_replaces_id'))
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('ix_case_file_case_id', ['case_id'], unique=False)
        batch_op.create_index('ix_case_file_sha256', ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_file_file_id'), ['file_id'], unique=False)


def downgrade():
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_file_file_id'))
        batch_op.drop_index('ix_case_file_sha256')
        batch_op.drop_index('ix_case_file_case_id')
    op.drop_table('case_file')
