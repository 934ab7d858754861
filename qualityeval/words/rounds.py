"""Words of rounds, draws and strata."""

from collections.abc import Mapping, Sequence

from qualityeval.words.labels import Label

STATES: Mapping[str, Label] = {
    "draft": Label("草稿", "Draft"),
    "frozen": Label("已冻结", "Frozen"),
    "drawn": Label("已抽取", "Drawn"),
    "called_in": Label("已调卷", "Called in"),
    "assigned": Label("已派案", "Assigned"),
    "scoring": Label("评分中", "Scoring"),
    "arbitration": Label("复评中", "Arbitration"),
    "objection": Label("异议期", "Objection"),
    "released": Label("已发布", "Released"),
    "closed": Label("已办结", "Closed"),
    "withdrawn": Label("已撤回", "Withdrawn"),
}
STEPS: Mapping[str, Label] = {
    "draft": Label("草稿", "Draft"),
    "frozen": Label("冻结", "Freeze"),
    "drawn": Label("抽取", "Draw"),
    "called_in": Label("调卷", "Call-in"),
    "assigned": Label("派案", "Assign"),
    "scoring": Label("评分", "Score"),
    "arbitration": Label("复评", "Arbitrate"),
    "objection": Label("异议", "Object"),
    "released": Label("发布", "Release"),
    "closed": Label("办结", "Close"),
}
KINDS: Mapping[str, Label] = {
    "peer": Label("同行评估", "Peer review"),
    "self": Label("机构自评", "Self-review"),
    "recheck": Label("复查", "Recheck"),
}
BASES: Mapping[str, Label] = {
    "closed": Label("结案", "Closed"),
    "archived": Label("归档", "Archived"),
    "accepted": Label("受理", "Accepted"),
}
SEED_SOURCES: Mapping[str, Label] = {
    "dice": Label("现场掷骰", "Dice thrown in the room"),
    "lottery": Label("开奖号码", "Lottery number"),
    "machine": Label("机器产生（较弱）", "Machine (weaker)"),
}
SERIES: Mapping[str, Label] = {
    "each": Label("每件分别抽取", "Each case by itself"),
    "one_per_series": Label("每个系列一件", "One case a series"),
}
CALL_INS: Mapping[str, Label] = {
    "required": Label("需要调卷", "Files are called in"),
    "none": Label("不调卷（案卷已在或现场阅卷）", "No call-in (files are here, or read on site)"),
}
MISSING_FILES: Mapping[str, Label] = {
    "fail": Label("计为不合格，单列", "Counts as failing, shown apart"),
    "nonresponse": Label("计为无应答，不入样本", "Counts as non-response, outside the sample"),
}
BLINDNESS: Mapping[str, Label] = {
    "metadata": Label("界面不显示姓名", "No names in lists and addresses"),
    "pseudonym": Label("使用化名", "Pseudonyms"),
    "full": Label("全盲", "Full"),
}
CONSENSUS_RULES: Mapping[str, Label] = {
    "mean": Label("平均分", "Mean"),
    "median": Label("中位数", "Median"),
    "majority": Label("多数等次", "Majority grade"),
    "agreed": Label("商议一致", "Agreed after discussion"),
}
TRIGGERS: Mapping[str, Label] = {
    "gap": Label("分差过大", "Gap between marks"),
    "veto": Label("否决有争议", "Veto in dispute"),
    "ask": Label("专家提出", "An expert asks"),
    "boundary": Label("等次跨档", "Grade boundary crossed"),
    "extremes": Label("分居界线两侧", "Both sides of a cut-off"),
}
NEEDS: Mapping[str, Label] = {  # why a case needs a third reader: what the sheets meet, or can't come to
    **TRIGGERS,
    "indicators": Label("各项指标的等次不一致", "Indicators graded differently"),
    "no_majority": Label("没有多数等次", "No majority grade"),
    "discussed": Label("商议后仍不一致", "Discussed and still apart"),
    "not_agreed": Label("没有商议一致", "Not agreed after discussion"),
}
ASKS: Mapping[str, Label] = {
    "rate": Label("按比例", "By rate"),
    "fixed": Label("每层固定件数", "So many a stratum"),
    "total": Label("总件数，按层大小分配", "So many in all, shared by size"),
    "neyman": Label("总件数，按上次的差异分配", "So many in all, shared by last time's spread"),
}
YES_NO: Mapping[str, Label] = {"true": Label("是", "Yes"), "false": Label("否", "No")}
RESOLVES: Mapping[str, Label] = {
    "mean_of_three": Label("三份平均", "Mean of three"),
    "decides": Label("以复评为准", "The arbitrator decides"),
    "median": Label("取中位数", "Median"),
}
REGIONS: Mapping[str, Label] = {
    "county": Label("同县回避", "Same county"),
    "city": Label("同市回避", "Same city"),
    "none": Label("不按地区回避", "Not by region"),
}
SPECIALTIES: Mapping[str, Label] = {
    "ignore": Label("不看专长", "Ignored"),
    "preferred": Label("专长相符的优先", "Preferred"),
    "required": Label("专长必须相符", "Required"),
}
WORKLOADS: Mapping[str, Label] = {
    "files": Label("件数", "Files"),
    "minutes": Label("预计用时", "Expected minutes"),
}
METHODS: Mapping[str, Label] = {
    "points": Label("逐项扣分", "Points"),
    "five_mark": Label("五级评分", "Five marks"),
    "indicator": Label("按指标定等", "Grades by indicator"),
}
CASE_TYPES: Mapping[str, Label] = {
    "criminal": Label("刑事", "Criminal"),
    "civil": Label("民事", "Civil"),
    "administrative": Label("行政", "Administrative"),
}
AID_FORMS: Mapping[str, Label] = {
    "defence": Label("辩护", "Defence"),
    "representation": Label("代理", "Representation"),
    "arbitration": Label("仲裁代理", "Arbitration"),
    "nonlitigation": Label("非诉讼", "Non-litigation"),
    "duty": Label("值班律师法律帮助", "Duty lawyer"),
}
STAGES: Mapping[str, Label] = {
    "investigation": Label("侦查", "Investigation"),
    "prosecution": Label("审查起诉", "Prosecution"),
    "trial": Label("审判", "Trial"),
    "appeal": Label("二审", "Appeal"),
    "retrial": Label("再审", "Retrial"),
    "arbitration": Label("仲裁", "Arbitration"),
    "enforcement": Label("执行", "Enforcement"),
    "none": Label("不分阶段", "No stage"),
}
CODED_FIELDS: Mapping[str, Mapping[str, Label]] = {
    "case_type": CASE_TYPES,
    "aid_form": AID_FORMS,
    "stage": STAGES,
    "sealed": {"yes": Label("封存", "Sealed"), "no": Label("非封存", "Not sealed")},
    "first_case": {"yes": Label("首件", "First case"), "no": Label("非首件", "Later case")},
}
ALL = Label("全部案件", "All cases")
EMPTY = Label("空", "Empty")


def stratum(
    label: str, fields: Sequence[str], locale: str, *, places: Mapping[str, str] | None = None
) -> str:
    """A stratum's label for people: codes in words, free text as it is, parts joined by a middle dot.

    `places` are the names of institutions by code.
    """
    if not fields:
        return ALL.text(locale)
    parts = label.split("|")
    if len(parts) != len(fields):
        return label
    named = places or {}
    return "·".join(_part(part, field, locale, named) for part, field in zip(parts, fields, strict=True))


def _part(part: str, field: str, locale: str, places: Mapping[str, str]) -> str:
    if part == "-":
        return EMPTY.text(locale)
    if field == "institution":
        return places.get(part, part)
    word = CODED_FIELDS.get(field, {}).get(part)
    return word.text(locale) if word else part
