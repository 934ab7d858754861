"""Words of objections: states, and the steps of a result."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

STATES: Mapping[str, Label] = {
    "open": Label("待决定", "Waiting for a decision"),
    "accepted": Label("已受理，复核中", "Accepted, being read anew"),
    "rejected": Label("不受理", "Rejected"),
    "settled": Label("复核完成", "Read anew"),
}
GROUNDS: Mapping[str, Label] = {
    "no_facts": Label("没有写明具体的事实和依据", "No facts or grounds are stated"),
    "outside": Label(
        "不是评分的问题（如对评分标准本身有意见）", "Not about the scoring (but about the rubric itself)"
    ),
    "repeated": Label("同一理由已经答复过", "The same grounds were answered before"),
    "other": Label("其他", "Other"),
}
OUTCOMES: Mapping[str, Label] = {
    "grade": Label("等次改变", "Grade changed"),
    "total": Label("得分改变，等次不变", "Points changed, grade unchanged"),
    "upheld": Label("维持原结果", "Upheld"),
}
REVIEW_BASES: Mapping[str, Label] = {
    "complaint": Label("投诉查实", "A complaint was borne out"),
    "error": Label("评分或录入有错", "An error in scoring or entry"),
    "late": Label("机构在异议期后提出", "The institution came after the window"),
    "judgment": Label("再审、复议等改变了事实", "A later ruling changed the facts"),
    "other": Label("其他", "Other"),
}
REVIEW_STATES: Mapping[str, Label] = {
    "open": Label("等待复查评分", "Waiting for the sheet"),
    "read": Label("结果有变，待更正", "Changed, to be restated"),
    "upheld": Label("维持原结果", "Upheld"),
    "restated": Label("已更正", "Restated"),
}
MODEL_STATES: Mapping[str, Label] = {
    "listed": Label("已收录", "Listed"),
    "nominated": Label("待决定", "To be decided"),
    "refused": Label("不收录", "Not listed"),
    "withdrawn": Label("已撤下", "Withdrawn"),
}
RESULT_STEPS: Mapping[str, Label] = {
    "first": Label("首轮", "First round"),
    "arbitrated": Label("复评后", "After arbitration"),
    "objected": Label("异议复核后", "After objections"),
    "restated": Label("更正后", "Restated"),
}
