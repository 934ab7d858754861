"""The ground floor: accounts, institutions, the register, rounds and draws, jobs, the audit log."""

import sqlalchemy as sa
from alembic import op


revision = '991b9fdf03e2'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('audit_event',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('object_type', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=120), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_event')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_event_hash'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_audit_event_action', ['action'], unique=False)
        batch_op.create_index('ix_audit_event_actor', ['actor'], unique=False)
        batch_op.create_index('ix_audit_event_at', ['at'], unique=False)
        batch_op.create_index('ix_audit_event_object', ['object_type', 'object_id'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('institution',
    sa.Column('code', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('mapping', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("level IN ('province', 'city', 'county', 'station')", name=op.f('ck_institution_level')),
    sa.ForeignKeyConstraint(['parent_id'], ['institution.id'], name=op.f('fk_institution_parent_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution')),
    sa.UniqueConstraint('code', name=op.f('uq_institution_code')),
    sa.UniqueConstraint('public_id', name=op.f('uq_institution_public_id'))
    )
    with op.batch_alter_table('institution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_institution_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_institution_path'), ['path'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_sent_at', ['sent_at'], unique=False)

    op.create_table('provider',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider')),
    sa.UniqueConstraint('name', name=op.f('uq_provider_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_provider_public_id'))
    )
    op.create_table('rubric_version',
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rubric_version')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_rubric_version_code_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_rubric_version_public_id'))
    )
    op.create_table('setting',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_name_at', ['name', 'at'], unique=False)

    op.create_table('account',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('display_name', sa.String(length=100), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('expert_code', sa.String(length=64), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('totp_secret', sa.Text(), nullable=True),
    sa.Column('totp_last_step', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('unlocked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locale', sa.String(length=5), nullable=False),
    sa.Column('large_print', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("role IN ('manager', 'expert', 'observer', 'caller', 'liaison', 'viewer', 'system', 'security', 'audit')", name=op.f('ck_account_role')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_account_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_public_id'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_institution_id'), ['institution_id'], unique=False)

    op.create_table('practitioner',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('licence', sa.String(length=40), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_practitioner_provider_id_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practitioner')),
    sa.UniqueConstraint('name', 'licence', 'provider_id', name=op.f('uq_practitioner_name_licence_provider_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_practitioner_public_id'))
    )
    with op.batch_alter_table('practitioner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practitioner_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_practitioner_provider_id'), ['provider_id'], unique=False)

    op.create_table('round',
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('spec', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('plan_digest', sa.String(length=64), nullable=True),
    sa.Column('frame_digest', sa.String(length=64), nullable=True),
    sa.Column('frame_size', sa.Integer(), nullable=True),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=True),
    sa.Column('deal_secret', sa.Text(), nullable=True),
    sa.Column('salt', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_because', sa.String(length=400), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("kind IN ('peer', 'self', 'recheck')", name=op.f('ck_round_kind')),
    sa.CheckConstraint("state IN ('draft', 'frozen', 'drawn', 'called_in', 'assigned', 'scoring', 'arbitration', 'objection', 'released', 'closed', 'withdrawn')", name=op.f('ck_round_state')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_round_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('code', name=op.f('uq_round_code')),
    sa.UniqueConstraint('public_id', name=op.f('uq_round_public_id'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_institution_id'), ['institution_id'], unique=False)

    op.create_table('account_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_because', sa.String(length=40), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_session_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_session_token_hash'))
    )
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_session_account_id'), ['account_id'], unique=False)

    op.create_table('draw',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('certificate', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_draw_account_id_account')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_draw_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw')),
    sa.UniqueConstraint('public_id', name=op.f('uq_draw_public_id')),
    sa.UniqueConstraint('round_id', name=op.f('uq_draw_round_id'))
    )
    op.create_table('idempotency_key',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('location', sa.String(length=400), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_idempotency_key_account_id_account')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_idempotency_key'))
    )
    with op.batch_alter_table('idempotency_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotency_key_account_id'), ['account_id'], unique=False)

    op.create_table('job',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('stage', sa.String(length=80), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_job_state')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_job_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('public_id', name=op.f('uq_job_public_id'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_job_state_lease', ['state', 'lease_until'], unique=False)

    op.create_table('legal_case',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=120), nullable=False),
    sa.Column('case_type', sa.String(length=20), nullable=False),
    sa.Column('aid_form', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=40), server_default='', nullable=False),
    sa.Column('source', sa.String(length=80), server_default='', nullable=False),
    sa.Column('notice_number', sa.String(length=120), server_default='', nullable=False),
    sa.Column('series', sa.String(length=120), server_default='', nullable=False),
    sa.Column('station', sa.String(length=200), server_default='', nullable=False),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('recipient_name', sa.String(length=200), server_default='', nullable=False),
    sa.Column('recipient_sex', sa.String(length=20), server_default='', nullable=False),
    sa.Column('recipient_born_on', sa.Date(), nullable=True),
    sa.Column('recipient_tags', sa.String(length=400), server_default='', nullable=False),
    sa.Column('recipient_id_number', sa.Text(), nullable=True),
    sa.Column('recipient_id_index', sa.String(length=64), nullable=True),
    sa.Column('recipient_phone', sa.Text(), nullable=True),
    sa.Column('recipient_phone_index', sa.String(length=64), nullable=True),
    sa.Column('cause', sa.String(length=400), server_default='', nullable=False),
    sa.Column('position', sa.String(length=80), server_default='', nullable=False),
    sa.Column('organ', sa.String(length=200), server_default='', nullable=False),
    sa.Column('officer', sa.String(length=200), server_default='', nullable=False),
    sa.Column('court_number', sa.String(length=120), server_default='', nullable=False),
    sa.Column('risk', sa.String(length=40), server_default='', nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=True),
    sa.Column('practitioner_id', sa.Integer(), nullable=True),
    sa.Column('assigned_by', sa.String(length=80), server_default='', nullable=False),
    sa.Column('applied_on', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('assigned_on', sa.Date(), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('files_read_on', sa.Date(), nullable=True),
    sa.Column('hearing_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('archived_on', sa.Date(), nullable=True),
    sa.Column('closing_method', sa.String(length=80), server_default='', nullable=False),
    sa.Column('effect', sa.String(length=200), server_default='', nullable=False),
    sa.Column('opinion_adopted', sa.String(length=80), server_default='', nullable=False),
    sa.Column('hearing_held', sa.Boolean(), nullable=True),
    sa.Column('loss_recovered', sa.BigInteger(), nullable=True),
    sa.Column('subsidy', sa.BigInteger(), nullable=True),
    sa.Column('subsidy_on', sa.Date(), nullable=True),
    sa.Column('extra', sa.JSON(), nullable=False),
    sa.Column('defaulted', sa.JSON(), nullable=False),
    sa.Column('search_text', sa.Text(), server_default='', nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.CheckConstraint("case_type IN ('criminal', 'civil', 'administrative')", name=op.f('ck_legal_case_case_type')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_legal_case_institution_id_institution')),
    sa.ForeignKeyConstraint(['practitioner_id'], ['practitioner.id'], name=op.f('fk_legal_case_practitioner_id_practitioner')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_legal_case_provider_id_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_case')),
    sa.UniqueConstraint('institution_id', 'number', name=op.f('uq_legal_case_institution_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_legal_case_public_id'))
    )
    with op.batch_alter_table('legal_case', schema=None) as batch_op:
        batch_op.create_index('ix_legal_case_closed_on', ['closed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_case_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_case_practitioner_id'), ['practitioner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_case_provider_id'), ['provider_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_case_recipient_id_index'), ['recipient_id_index'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_case_recipient_phone_index'), ['recipient_phone_index'], unique=False)
        batch_op.create_index('ix_legal_case_series', ['series'], unique=False)

    op.create_table('round_seed',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('public', sa.Text(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_seed_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', name=op.f('pk_round_seed'))
    )
    op.create_table('round_stratum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=400), nullable=False),
    sa.Column('frame_size', sa.Integer(), nullable=False),
    sa.Column('sample_size', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_stratum_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_stratum')),
    sa.UniqueConstraint('round_id', 'label', name=op.f('uq_round_stratum_round_id_label'))
    )
    op.create_table('saying',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saying_account_id_account')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_saying_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saying')),
    sa.UniqueConstraint('round_id', 'act', 'account_id', name=op.f('uq_saying_round_id_act_account_id'))
    )
    op.create_table('seed_typing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('typed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('discarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_seed_typing_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seed_typing'))
    )
    with op.batch_alter_table('seed_typing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seed_typing_round_id'), ['round_id'], unique=False)

    op.create_table('stored_file',
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_stored_file_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('public_id', name=op.f('uq_stored_file_public_id'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_account_id'), ['account_id'], unique=False)

    op.create_table('frame_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('rubric', sa.String(length=80), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_frame_case_case_id_legal_case')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_frame_case_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frame_case')),
    sa.UniqueConstraint('round_id', 'case_id', name=op.f('uq_frame_case_round_id_case_id')),
    sa.UniqueConstraint('round_id', 'key', name=op.f('uq_frame_case_round_id_key'))
    )
    with op.batch_alter_table('frame_case', schema=None) as batch_op:
        batch_op.create_index('ix_frame_case_case_id', ['case_id'], unique=False)

    op.create_table('live_frame_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['legal_case.id'], name=op.f('fk_live_frame_case_case_id_legal_case')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_live_frame_case_institution_id_institution')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_live_frame_case_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_frame_case')),
    sa.UniqueConstraint('institution_id', 'kind', 'case_id', name=op.f('uq_live_frame_case_institution_id_kind_case_id'))
    )
    with op.batch_alter_table('live_frame_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_live_frame_case_round_id'), ['round_id'], unique=False)

    op.create_table('sampled_case',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('frame_case_id', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(length=64), nullable=False),
    sa.Column('weight_numerator', sa.Integer(), nullable=False),
    sa.Column('weight_denominator', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['frame_case_id'], ['frame_case.id'], name=op.f('fk_sampled_case_frame_case_id_frame_case')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_sampled_case_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sampled_case')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sampled_case_public_id')),
    sa.UniqueConstraint('round_id', 'frame_case_id', name=op.f('uq_sampled_case_round_id_frame_case_id')),
    sa.UniqueConstraint('round_id', 'stratum', 'place', name=op.f('uq_sampled_case_round_id_stratum_place'))
    )
    op.execute("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '" + "0" * 64 + "')")


def downgrade():
    op.drop_table('sampled_case')
    with op.batch_alter_table('live_frame_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_live_frame_case_round_id'))

    op.drop_table('live_frame_case')
    with op.batch_alter_table('frame_case', schema=None) as batch_op:
        batch_op.drop_index('ix_frame_case_case_id')

    op.drop_table('frame_case')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_account_id'))

    op.drop_table('stored_file')
    with op.batch_alter_table('seed_typing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seed_typing_round_id'))

    op.drop_table('seed_typing')
    op.drop_table('saying')
    op.drop_table('round_stratum')
    op.drop_table('round_seed')
    with op.batch_alter_table('legal_case', schema=None) as batch_op:
        batch_op.drop_index('ix_legal_case_series')
        batch_op.drop_index(batch_op.f('ix_legal_case_recipient_phone_index'))
        batch_op.drop_index(batch_op.f('ix_legal_case_recipient_id_index'))
        batch_op.drop_index(batch_op.f('ix_legal_case_provider_id'))
        batch_op.drop_index(batch_op.f('ix_legal_case_practitioner_id'))
        batch_op.drop_index(batch_op.f('ix_legal_case_institution_id'))
        batch_op.drop_index('ix_legal_case_closed_on')

    op.drop_table('legal_case')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_state_lease')
        batch_op.drop_index(batch_op.f('ix_job_account_id'))

    op.drop_table('job')
    with op.batch_alter_table('idempotency_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotency_key_account_id'))

    op.drop_table('idempotency_key')
    op.drop_table('draw')
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_session_account_id'))

    op.drop_table('account_session')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_institution_id'))

    op.drop_table('round')
    with op.batch_alter_table('practitioner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practitioner_provider_id'))
        batch_op.drop_index(batch_op.f('ix_practitioner_name'))

    op.drop_table('practitioner')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_institution_id'))

    op.drop_table('account')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_name_at')

    op.drop_table('sign_in_attempt')
    op.drop_table('setting')
    op.drop_table('rubric_version')
    op.drop_table('provider')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_sent_at')

    op.drop_table('outbox')
    with op.batch_alter_table('institution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_institution_path'))
        batch_op.drop_index(batch_op.f('ix_institution_parent_id'))

    op.drop_table('institution')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_event_object')
        batch_op.drop_index('ix_audit_event_at')
        batch_op.drop_index('ix_audit_event_actor')
        batch_op.drop_index('ix_audit_event_action')

    op.drop_table('audit_event')
