"""Words and figures of results: methods, reasons, shares in percent."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from qualityeval.words.labels import Label

METHODS: Mapping[str, Label] = {
    "wilson": Label("Wilson 区间", "Wilson"),
    "clopper_pearson": Label("Clopper-Pearson 区间", "Clopper-Pearson"),
    "hypergeometric": Label("超几何", "Hypergeometric"),
    "hypergeometric_unweighted": Label("超几何（未加权件数）", "Hypergeometric (unweighted counts)"),
    "stratified": Label("分层比率估计", "Stratified ratio"),
}
REASONS: Mapping[str, Label] = {
    "suppressed": Label("样本不足 5 件，不列", "Fewer than 5 cases, not shown"),
    "none_drawn": Label("本期未抽中案件", "No case drawn"),
    "no_results": Label("还没有结果", "No results yet"),
    "no_good_grade": Label("这套标准没有良好以上的等次", "These rubrics have no grade that counts as good"),
    "rubric_sets_differ": Label("评分标准不同，不合并计算", "Different rubric sets, not put together"),
    "no_pairs": Label("没有两份首轮评分表的案件", "No case has two first-round sheets"),
    "no_shared_experts": Label("没有专家评过两件以上", "No expert read two cases"),
    "no_variance": Label("各份评分表结论相同", "Every sheet says the same"),
    "complementary": Label(
        "为防止推算出件数太少的组，不列", "Withheld so that a small group can't be worked out"
    ),
    "too_few_sheets": Label(
        "评分表太少，分不开案件、专家和误差", "Too few sheets to tell cases, experts and error apart"
    ),
    "too_many_experts": Label("专家太多，一次算不了", "Too many experts for one computation"),
    "no_points": Label("按指标定等，没有分数", "Grades by indicator, no marks"),
    "alone": Label("没有与别人评过同一件", "Read no case together with anybody"),
    "no_rate": Label("没有优良率", "No good-or-better rate"),
    "too_few_cases": Label("样本不足 10 件，不分档", "Fewer than 10 cases, no band"),
    "too_few_groups": Label("可比的组不足 3 个，不分档", "Fewer than 3 groups to compare, no band"),
    "not_ranked": Label("评分标准不同，不分档", "Rubrics differ, no band"),
    "not_computed": Label("暂未计算", "Not computed yet"),
    "no_spread": Label(
        "各组的差别不超过抽样本身的波动，全部收缩到总体，不能分高低",
        "Groups differ no more than samples do: all are drawn to the whole, none is better",
    ),
    "one_group": Label("只有一组可列，没有可收缩的总体", "Only one group is shown, nothing to draw it to"),
    "one_kind": Label("只有一类案件，不需要标准化", "Only one kind of case, nothing to standardise"),
    "unknown_cell": Label("有总体里没有的案件类别", "A kind of case that the whole doesn't hold"),
    "no_earlier": Label("上期没有可比的数字", "Nothing to compare with in the earlier period"),
    "not_owner": Label("只有发起批次的机构可以看", "For the body that owns the round alone"),
}
STANDINGS: Mapping[str, Label] = {
    "very_high": Label("显著高于", "Clearly above"),
    "high": Label("略高（提示）", "Rather high (a hint)"),
    "inside": Label("与全部相当", "As the whole"),
    "low": Label("略低（提示）", "Rather low (a hint)"),
    "very_low": Label("显著低于", "Clearly below"),
}
CHANGES: Mapping[str, Label] = {
    "up": Label("有提高", "Clearly up"),
    "down": Label("有下降", "Clearly down"),
    "open": Label("样本分不出变化", "No change can be told by these samples"),
}
LESS = Label("扣分少了", "Cut less often")
MORE = Label("扣分多了", "Cut more often")
BANDS: Mapping[str, Label] = {
    "top": Label("可以判定在前三分之一", "Surely in the best third"),
    "middle": Label("可以判定在中间三分之一", "Surely in the middle third"),
    "bottom": Label("可以判定在后三分之一", "Surely in the last third"),
    "open": Label("样本分不出高低", "Can't be told apart by this sample"),
}
DIMENSIONS: Mapping[str, Label] = {
    "place": Label("地区", "Region"),
    "institution": Label("机构", "Institution"),
    "provider": Label("承办单位", "Provider"),
    "case_type": Label("案件类型", "Case type"),
}
STATES: Mapping[str, Label] = {
    "preliminary": Label("初步结果，未发布", "Preliminary, not released"),
    "released": Label("已发布", "Released"),
}
NO_PROVIDER = Label("未写承办单位", "Provider not stated")


def percent(share: float | None) -> str:
    """`77.9%`, half up on the shortest decimal that names the float; a dash for none."""
    return "—" if share is None else f"{tenths(share)}%"


def tenths(share: float) -> str:
    """`77.9` of a share."""
    return str((Decimal(repr(share)) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def points(shift: float) -> str:
    """`+2.4` of a difference of shares, in percentage points with its sign."""
    said = tenths(shift)
    return said if said.startswith("-") or not float(said) else f"+{said}"


def between(interval: tuple[float, float] | list[float] | None, locale: str) -> str:
    """`76.7—79.1` (English: `76.7–79.1`) in percent; empty for none."""
    if interval is None:
        return ""
    dash = "–" if locale == "en" else "—"
    return f"{tenths(interval[0])}{dash}{tenths(interval[1])}"


def figure(value: float | None, places: int) -> str:
    """A plain figure, half up; a dash for none."""
    if value is None:
        return "—"
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def marks(value: float | None) -> str:
    """`+2.37` or `-0.40` in points; a dash for none."""
    said = figure(value, 2)
    return f"+{said}" if value is not None and float(said) > 0 else said
