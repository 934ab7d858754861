"""The fields of a closed case (the ministry's register, in our words), in the order people read them.

One list feeds the mapping of a register, the columns of the case table, the case page and the fields
that a round may filter by or use as strata.
"""

from dataclasses import dataclass
from enum import StrEnum

from qualityeval.core.errors import msg


class Kind(StrEnum):
    """How a field's text is read."""

    TEXT = "text"
    CODE = "code"  # one of the enumerations of core.codes
    DATE = "date"
    MONEY = "money"  # stored as whole cents (fen)
    YES_NO = "yes_no"
    TAGS = "tags"  # several words separated by ; or 、
    SECRET = "secret"  # noqa: S105 -- sealed in the database, masked on the page


@dataclass(frozen=True)
class Field:
    """One field: its name in every layer, how it is read, its Chinese label and its group on the page."""

    name: str
    kind: Kind
    label: str
    group: str


IDENTITY, RECIPIENT, MATTER, HANDLING, CLOSING = "identity", "recipient", "matter", "handling", "closing"

FIELDS = (
    Field("number", Kind.TEXT, msg("援助案号"), IDENTITY),
    Field("case_type", Kind.CODE, msg("案件类型"), IDENTITY),
    Field("aid_form", Kind.CODE, msg("援助方式"), IDENTITY),
    Field("stage", Kind.CODE, msg("办案阶段"), IDENTITY),
    Field("status", Kind.TEXT, msg("案件状态"), IDENTITY),
    Field("source", Kind.TEXT, msg("案件来源"), IDENTITY),
    Field("notice_number", Kind.TEXT, msg("通知函号"), IDENTITY),
    Field("series", Kind.TEXT, msg("系列案"), IDENTITY),
    Field("station", Kind.TEXT, msg("受理站点"), IDENTITY),
    Field("sealed", Kind.YES_NO, msg("未成年人封存"), IDENTITY),
    Field("recipient_name", Kind.TEXT, msg("受援人"), RECIPIENT),
    Field("recipient_sex", Kind.TEXT, msg("性别"), RECIPIENT),
    Field("recipient_born_on", Kind.DATE, msg("出生日期"), RECIPIENT),
    Field("recipient_tags", Kind.TAGS, msg("受援人类别"), RECIPIENT),
    Field("recipient_id_number", Kind.SECRET, msg("身份证件号码"), RECIPIENT),
    Field("recipient_phone", Kind.SECRET, msg("联系电话"), RECIPIENT),
    Field("cause", Kind.TEXT, msg("案由"), MATTER),
    Field("position", Kind.TEXT, msg("诉讼地位"), MATTER),
    Field("organ", Kind.TEXT, msg("办案机关"), MATTER),
    Field("officer", Kind.TEXT, msg("办案人员"), MATTER),
    Field("court_number", Kind.TEXT, msg("办案机关案号"), MATTER),
    Field("risk", Kind.TEXT, msg("风险等级"), MATTER),
    Field("provider", Kind.TEXT, msg("承办单位"), HANDLING),
    Field("practitioner", Kind.TEXT, msg("承办人"), HANDLING),
    Field("practitioner_licence", Kind.TEXT, msg("执业证号"), HANDLING),
    Field("second_provider", Kind.TEXT, msg("第二承办单位"), HANDLING),
    Field("second_practitioner", Kind.TEXT, msg("第二承办人"), HANDLING),
    Field("second_licence", Kind.TEXT, msg("第二承办人执业证号"), HANDLING),
    Field("assigned_by", Kind.TEXT, msg("指派方式"), HANDLING),
    Field("applied_on", Kind.DATE, msg("申请日期"), HANDLING),
    Field("accepted_on", Kind.DATE, msg("受理日期"), HANDLING),
    Field("decided_on", Kind.DATE, msg("决定日期"), HANDLING),
    Field("noticed_on", Kind.DATE, msg("通知函收到日期"), HANDLING),
    Field("assigned_on", Kind.DATE, msg("指派日期"), HANDLING),
    Field("named_on", Kind.DATE, msg("确定承办人日期"), HANDLING),
    Field("engaged_on", Kind.DATE, msg("签委托协议日期"), HANDLING),
    Field("met_on", Kind.DATE, msg("首次会见日期"), HANDLING),
    Field("files_read_on", Kind.DATE, msg("阅卷日期"), HANDLING),
    Field("hearing_on", Kind.DATE, msg("开庭日期"), HANDLING),
    Field("closed_on", Kind.DATE, msg("结案日期"), CLOSING),
    Field("closing_paper_on", Kind.DATE, msg("结案文书收到日期"), CLOSING),
    Field("submitted_on", Kind.DATE, msg("交卷日期"), CLOSING),
    Field("archived_on", Kind.DATE, msg("归档日期"), CLOSING),
    Field("closing_method", Kind.TEXT, msg("结案方式"), CLOSING),
    Field("effect", Kind.TEXT, msg("办案效果"), CLOSING),
    Field("opinion_adopted", Kind.TEXT, msg("意见采纳"), CLOSING),
    Field("hearing_held", Kind.YES_NO, msg("是否开庭"), CLOSING),
    Field("loss_recovered", Kind.MONEY, msg("挽回损失"), CLOSING),
    Field("subsidy", Kind.MONEY, msg("补贴金额"), CLOSING),
    Field("subsidy_on", Kind.DATE, msg("补贴发放日期"), CLOSING),
)
SECOND = ("second_provider", "second_practitioner", "second_licence")  # of the second practitioner
BY_NAME = {field.name: field for field in FIELDS}
