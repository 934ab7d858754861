"""Who may open what, written by hand and compared with the URL map: a route without a row fails.

`who` is ANYONE, or the roles that get in (NO_ROLE stands for an account that waits for its role). `over`
names the kind of object in the address: such a route is also tried with objects of others, which must be
404. `arguments` fills an address that names no object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualityeval.core.codes import Role

NO_ROLE = "no role"
ANONYMOUS = "anonymous"
EVERYONE = frozenset({*Role, NO_ROLE})
ANYONE = EVERYONE | {ANONYMOUS}
MANAGER = frozenset({Role.MANAGER})
LIAISON = frozenset({Role.LIAISON})
RESULT_READERS = frozenset({Role.MANAGER, Role.LIAISON, Role.VIEWER})
OBSERVER = frozenset({Role.OBSERVER})
CALLER = frozenset({Role.CALLER})
SYSTEM = frozenset({Role.SYSTEM})
SECURITY = frozenset({Role.SECURITY})
AUDIT = frozenset({Role.AUDIT})
KEEPERS = frozenset({Role.MANAGER, Role.LIAISON})
RUBRIC_READERS = frozenset({Role.MANAGER, Role.EXPERT, Role.LIAISON, Role.VIEWER})
PERSONAS = (ANONYMOUS, NO_ROLE, *Role)


@dataclass(frozen=True)
class Access:
    """The expected answer of one endpoint."""

    who: frozenset[str]
    over: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    later: bool = False


ROUTES: dict[str, Access] = {
    "account.end_session": Access(EVERYONE, over="session"),
    "account.language": Access(ANYONE),
    "account.large_print": Access(ANYONE),
    "account.notices": Access(EVERYONE),
    "account.own": Access(EVERYONE),
    "account.password": Access(EVERYONE),
    "account.sign_in": Access(ANYONE),
    "account.sign_out": Access(ANYONE),
    "account.totp": Access(ANYONE),
    "admin.account": Access(SYSTEM, over="account"),
    "admin.accounts": Access(SYSTEM),
    "admin.audit_log": Access(AUDIT),
    "admin.edit_account": Access(SYSTEM, over="account"),
    "admin.end_sessions": Access(SYSTEM, over="account"),
    "admin.export_accounts": Access(SYSTEM),
    "admin.export_audit": Access(AUDIT),
    "admin.new_account": Access(SYSTEM),
    "admin.reset_access": Access(SYSTEM, over="account"),
    "admin.role": Access(SECURITY, over="account"),
    "admin.roles": Access(SECURITY),
    "admin.set_active": Access(SYSTEM, over="account"),
    "admin.settings": Access(SYSTEM),
    "admin.unlock": Access(SYSTEM, over="account"),
    "admin.verify_audit": Access(AUDIT),
    "assets.file": Access(ANYONE, arguments={"name": "app.css"}),
    "case_files.detail": Access(KEEPERS, over="kept_case"),
    "case_files.page": Access(KEEPERS, over="paper"),
    "case_files.paper": Access(KEEPERS, over="paper"),
    "case_files.store": Access(KEEPERS),
    "case_files.upload": Access(KEEPERS),
    "cases.detail": Access(MANAGER, over="case"),
    "cases.export": Access(MANAGER, arguments={"kind": "csv"}),
    "cases.import_mapping": Access(MANAGER, over="upload"),
    "cases.import_register": Access(MANAGER),
    "cases.import_result": Access(MANAGER, over="import"),
    "cases.import_store": Access(MANAGER, over="import"),
    "cases.list": Access(MANAGER),
    "cases.mapping_file": Access(MANAGER, over="import"),
    "cases.reveal": Access(MANAGER, over="case", arguments={"field": "recipient_phone"}),
    "jobs.cancel": Access(EVERYONE, over="job"),
    "jobs.detail": Access(EVERYONE, over="job"),
    "jobs.file": Access(EVERYONE, over="job", later=True),
    "jobs.list": Access(EVERYONE),
    "jobs.state": Access(EVERYONE, over="job"),
    "assignments.assign": Access(MANAGER, over="round"),
    "assignments.bring": Access(MANAGER, over="round"),
    "assignments.check": Access(MANAGER, over="round", arguments={"file": "0" * 20}, later=True),
    "assignments.export": Access(MANAGER, over="round"),
    "assignments.give_back": Access(MANAGER, over="dealt"),
    "assignments.list": Access(MANAGER, over="round"),
    "experts.bring": Access(MANAGER),
    "experts.check": Access(MANAGER, over="table"),
    "experts.detail": Access(MANAGER, over="expert"),
    "experts.export": Access(MANAGER),
    "experts.list": Access(MANAGER),
    "results.circular": Access(MANAGER, over="round"),
    "results.circular_file": Access(MANAGER, over="round", arguments={"kind": "docx"}),
    "results.close": Access(MANAGER, over="round"),
    "results.csv": Access(RESULT_READERS),
    "results.detail": Access(RESULT_READERS, over="released"),
    "results.items": Access(RESULT_READERS, over="released"),
    "results.items_workbook": Access(RESULT_READERS),
    "results.list": Access(RESULT_READERS),
    "results.notify": Access(MANAGER, over="round"),
    "results.period": Access(RESULT_READERS),
    "results.release": Access(MANAGER, over="round"),
    "results.workbook": Access(RESULT_READERS),
    "rounds.check_subsidies": Access(MANAGER, over="round"),
    "rounds.completeness": Access(MANAGER, over="round"),
    "rounds.concordance": Access(MANAGER, over="round"),
    "rounds.export_completeness": Access(MANAGER, over="round"),
    "rounds.bring_subsidies": Access(MANAGER, over="round"),
    "rounds.detail": Access(MANAGER, over="round"),
    "rounds.edit": Access(MANAGER, over="round"),
    "rounds.freeze": Access(MANAGER, over="round"),
    "rounds.list": Access(MANAGER),
    "rounds.new": Access(MANAGER),
    "rounds.plan": Access(MANAGER, over="round"),
    "rounds.rubric": Access(RUBRIC_READERS, arguments={"key": "criminal-trial@1"}),
    "rounds.rubrics": Access(RUBRIC_READERS),
    "rounds.targeted": Access(MANAGER, over="round"),
    "rounds.targeted_by_rules": Access(MANAGER, over="round"),
    "rounds.mark_targeted": Access(MANAGER, over="round"),
    "rounds.unmark_targeted": Access(MANAGER, over="round"),
    "rounds.withdraw": Access(MANAGER, over="round"),
    "sampling.announcement": Access(MANAGER, over="round", later=True),
    "sampling.certificate": Access(MANAGER, over="round", later=True),
    "sampling.certificate_pdf": Access(MANAGER, over="round", later=True),
    "sampling.check": Access(MANAGER, over="round", later=True),
    "sampling.detail": Access(MANAGER, over="round", later=True),
    "sampling.draw": Access(MANAGER, over="round"),
    "sampling.frame": Access(MANAGER, over="round", later=True),
    "sampling.room": Access(MANAGER, over="round", later=True),
    "sampling.seed": Access(MANAGER, over="round"),
    "sampling.verifier": Access(MANAGER),
    "help.index": Access(ANYONE),
    "help.page": Access(ANYONE, arguments={"slug": "sign-in"}),
    "styleguide.index": Access(EVERYONE),
    "styleguide.layout": Access(EVERYONE, arguments={"name": "print"}),
    "call_in.bring": Access(MANAGER, over="round"),
    "call_in.call": Access(MANAGER, over="round"),
    "call_in.check": Access(MANAGER, over="round", arguments={"file": "0" * 20}, later=True),
    "call_in.file": Access(MANAGER, over="drawn"),
    "call_in.hand_in": Access(MANAGER | LIAISON, over="called"),
    "call_in.handover_list": Access(MANAGER, over="round"),
    "call_in.of_round": Access(MANAGER, over="round"),
    "call_in.overdue": Access(MANAGER, over="round"),
    "call_in.own": Access(MANAGER | LIAISON),
    "call_in.own_handover": Access(MANAGER | LIAISON, later=True),
    "call_in.own_pdf": Access(MANAGER | LIAISON, later=True),
    "call_in.own_workbook": Access(MANAGER | LIAISON, later=True),
    "call_in.pdf": Access(MANAGER, over="round"),
    "call_in.supplement": Access(MANAGER, over="round"),
    "call_in.workbook": Access(MANAGER, over="round"),
    "callbacks.desk": Access(CALLER),
    "callbacks.dial": Access(CALLER, over="callback"),
    "callbacks.lists": Access(MANAGER),
    "callbacks.outcome": Access(CALLER, over="callback"),
    "coverage.apart": Access(MANAGER),
    "coverage.export_apart": Access(MANAGER),
    "coverage.index": Access(MANAGER),
    "follow_ups.answer": Access(MANAGER | LIAISON, over="follow_up"),
    "follow_ups.ask": Access(MANAGER, over="case"),
    "follow_ups.close": Access(MANAGER, over="kept_follow_up"),
    "follow_ups.detail": Access(MANAGER | LIAISON, over="follow_up"),
    "follow_ups.list": Access(MANAGER | LIAISON),
    "follow_ups.send_back": Access(MANAGER, over="kept_follow_up"),
    "objections.decide": Access(MANAGER, over="objection"),
    "objections.grade": Access(MANAGER | LIAISON, over="notified"),
    "objections.index": Access(MANAGER | LIAISON),
    "objections.of_round": Access(MANAGER, over="round"),
    "observations.closed": Access(OBSERVER, over="observation"),
    "observations.detail": Access(OBSERVER | MANAGER, over="observation"),
    "observations.hand_in": Access(OBSERVER, over="observation"),
    "observations.hearing": Access(OBSERVER, over="observation"),
    "observations.list": Access(OBSERVER | MANAGER),
    "observations.plan": Access(MANAGER),
    "observations.question": Access(OBSERVER, over="observation", arguments={"code": "attended"}),
    "observations.submit": Access(OBSERVER, over="observation"),
    "observations.whole": Access(OBSERVER, over="observation"),
    "observations.worker": Access(ANYONE),
    "opinions.ask": Access(MANAGER),
    "opinions.detail": Access(MANAGER, over="opinion"),
    "opinions.form": Access(ANYONE),
    "opinions.knock": Access(ANYONE, arguments={"token": "A" * 32}),
    "opinions.letter": Access(MANAGER, over="opinion"),
    "opinions.list": Access(MANAGER),
    "opinions.open_link": Access(ANYONE),
    "opinions.revoke": Access(MANAGER, over="opinion"),
    "verify.certificate": Access(ANYONE, over="round", later=True),
    "verify.detail": Access(ANYONE, over="round", later=True),
    "verify.frame": Access(ANYONE, over="round", later=True),
    "verify.index": Access(ANYONE),
    "verify.verifier": Access(ANYONE),
    "todo.index": Access(EVERYONE),
    "scoring.draft": Access(frozenset({Role.EXPERT}), over="assignment"),
    "scoring.find": Access(frozenset({Role.EXPERT}), over="assignment"),
    "scoring.list": Access(frozenset({Role.EXPERT})),
    "scoring.page": Access(frozenset({Role.EXPERT}), over="assignment"),
    "scoring.sheet": Access(frozenset({Role.EXPERT}), over="assignment"),
    "scoring.total": Access(frozenset({Role.EXPERT}), over="assignment"),
}
