"""Words of interests and answers."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

KINDS: Mapping[str, Label] = {
    "past_provider": Label("曾在该单位执业", "Former place of practice"),
    "same_case": Label("办过同一案件", "Worked on the same case"),
    "opposite": Label("案件的对方", "The opposite side"),
    "co_counsel": Label("合办过案件", "Co-counsel"),
    "kinship": Label("亲属关系", "Kinship"),
    "declared": Label("本人申报", "Own declaration"),
    "objected": Label("机构申请回避", "Objection by the institution"),
    "conflict": Label("其他利害关系", "Another conflict of interest"),
}
SOURCES: Mapping[str, Label] = {
    "own": Label("本人", "The expert"),
    "manager": Label("管理员", "A manager"),
    "institution": Label("机构", "The institution"),
    "import": Label("导入", "Import"),
}
ABOUT: Mapping[str, Label] = {
    "provider": Label("承办单位", "Provider"),
    "case": Label("案件", "Case"),
    "institution": Label("机构及其下级", "Institution and all below it"),
    "practitioner": Label("承办人", "Practitioner"),
}
ANSWERS: Mapping[str, Label] = {
    "accepted": Label("已接受", "Accepted"),
    "declined": Label("谢绝", "Declined"),
    "interest": Label("申报利害关系", "Declared an interest"),
    "recused": Label("管理员换人", "Moved by a manager"),
    "idle": Label("未开始，调匀", "Idle, moved to even the loads"),
}
