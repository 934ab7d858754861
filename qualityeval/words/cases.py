"""Words of the register: groups of fields, how importing chose, what happened to a case."""

from collections.abc import Mapping

from qualityeval.core.case_fields import CLOSING, HANDLING, IDENTITY, MATTER, RECIPIENT
from qualityeval.words.labels import Label
from qualityeval.words.rounds import AID_FORMS, CASE_TYPES, STAGES

GROUPS: Mapping[str, Label] = {
    IDENTITY: Label("案件", "Case"),
    RECIPIENT: Label("受援人", "Recipient"),
    MATTER: Label("案情", "Matter"),
    HANDLING: Label("承办", "Handling"),
    CLOSING: Label("结案", "Closing"),
}
CODES: Mapping[str, Mapping[str, Label]] = {"case_type": CASE_TYPES, "aid_form": AID_FORMS, "stage": STAGES}
YES_NO: Mapping[bool, Label] = {True: Label("是", "Yes"), False: Label("否", "No")}
EVENTS: Mapping[str, Label] = {
    "register.imported": Label("导入台账", "Register imported"),
    "case.revealed": Label("查看加密号码", "Sealed number shown"),
    "case.created": Label("登记", "Registered"),
}


def yuan(cents: int | None) -> str:
    """`12,345.60` from whole cents; empty for none."""
    if cents is None:
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
