"""From a mapping of texts (a form's YAML file) to a checked `Questionnaire`."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.questionnaire import NOT_APPLICABLE, Option, Question, Questionnaire
from qualityeval.core.rubric_parts import FULL, Title, points_of

Node = Mapping[str, object]
_TOP = {"code", "version", "title", "title_en", "covered", "overall", "scales", "groups"}
_GROUP = {"title", "title_en", "questions"}
_QUESTION = {
    "code",
    "title",
    "title_en",
    "hint",
    "hint_en",
    "points",
    "required",
    "na",
    "many",
    "unless",
    "scale",
    "options",
}
_OPTION = {"code", "title", "title_en", "share", "good", "alarm", "alone", "hint", "hint_en"}
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
RESERVED = frozenset(
    {NOT_APPLICABLE, "outcome", "note", "again_day", "again_at", "token", "csrf_token"}
)  # other fields of the pages
_SHARE = re.compile(r"(\d{1,3})%")


def parse_questionnaire(node: object) -> Questionnaire:
    """A checked form. Question codes are unique, every `unless` names an earlier question and its options,
    points (where there are any) sum to 100.00; `InvalidInput` says where the file is wrong.
    """
    top = _node(node, "", _TOP)
    scales = {
        name: _options(options, f"scales.{name}")
        for name, options in _node(top.get("scales", {}), "scales", None).items()
    }
    questions: list[Question] = []
    for index, part in enumerate(_list(top.get("groups"), "groups")):
        where = f"groups[{index}]"
        group = _node(part, where, _GROUP)
        title = _title(group, "title", where)
        for place, one in enumerate(_list(group.get("questions"), f"{where}.questions")):
            questions.append(_question(one, title, scales, f"{where}.questions[{place}]"))
    form = Questionnaire(
        code=_code(top, ""), version=_version(top), title=_title(top, "title", ""), questions=tuple(questions),
        covered=_share(top["covered"], "covered") if "covered" in top else Fraction(7, 10),
        overall=str(top.get("overall", "")),
    )  # fmt: skip
    _check(form)
    return form


def _question(node: object, group: Title, scales: Mapping[str, tuple[Option, ...]], where: str) -> Question:
    one = _node(node, where, _QUESTION)
    if "options" in one and "scale" in one:
        raise _fault(where, msg("“%(place)s”的 scale 和 options 只能写一个。"))
    options: tuple[Option, ...] = ()
    if "options" in one:
        options = _options(one["options"], f"{where}.options")
    elif "scale" in one:
        if one["scale"] not in scales:
            raise _fault(f"{where}.scale", msg("“%(place)s”写的等级没有在 scales 里定义。"))
        options = scales[str(one["scale"])]
    return Question(
        code=_code(one, where), title=_title(one, "title", where), group=group, options=options,
        points=points_of(one["points"], f"{where}.points") if "points" in one else 0,
        required=_flag(one, "required", where, default=bool(options)), na=_flag(one, "na", where),
        unless=_unless(one.get("unless"), f"{where}.unless"), hint=_hint(one, where),
        many=_flag(one, "many", where),
    )  # fmt: skip


def _options(node: object, where: str) -> tuple[Option, ...]:
    options = []
    for index, part in enumerate(_list(node, where)):
        place = f"{where}[{index}]"
        one = _node(part, place, _OPTION)
        options.append(
            Option(
                code=_code(one, place),
                title=_title(one, "title", place),
                share=_share(one["share"], f"{place}.share") if "share" in one else None,
                good=_flag(one, "good", place) if "good" in one else None,
                alarm=_flag(one, "alarm", place),
                alone=_flag(one, "alone", place),
                hint=_hint(one, place),
            )
        )
    codes = [one.code for one in options]
    if len(set(codes)) < len(codes) or NOT_APPLICABLE in codes or len(codes) < 2:
        raise _fault(where, msg("“%(place)s”至少要有两个选项，代码不能重复，也不能叫 na。"))
    return tuple(options)


def _check(form: Questionnaire) -> None:
    codes = [one.code for one in form.questions]
    if not codes or len(set(codes)) < len(codes) or RESERVED & set(codes):
        raise _fault(
            "groups",
            msg("“%(place)s”里要有题目，题目代码不能重复，也不能用 note、outcome 等页面自己的名称。"),
        )
    for place, one in enumerate(form.questions):
        if one.unless is not None:
            earlier = next(
                (before for before in form.questions[:place] if before.code == one.unless[0]), None
            )
            if earlier is None or any(earlier.option(code) is None for code in one.unless[1]):
                raise _fault(f"{one.code}.unless", msg("“%(place)s”要指前面一题和它的选项。"))
        if one.many and (one.points or not one.options or one.code == form.overall):
            raise _fault(f"{one.code}.many", msg("“%(place)s”：多选题要有选项，没有分值，也不能作总体评价。"))
        if one.points and any(option.share is None for option in one.options):
            raise _fault(f"{one.code}.points", msg("“%(place)s”有分值，选项就都要写 share。"))
    total = sum(one.points for one in form.questions)
    if total not in (0, FULL):
        raise _fault("points", msg("“%(place)s”：各题分值之和应为 100。"))
    if form.overall and form.overall not in codes:
        raise _fault("overall", msg("“%(place)s”指的题目不存在。"))


def _node(node: object, where: str, known: set[str] | None) -> Node:
    if not isinstance(node, Mapping):
        raise _fault(where, msg("“%(place)s”应是“名称: 内容”的列表。"))
    for name in node:
        if known is not None and name not in known:
            raise _fault(f"{where}.{name}".strip("."), msg("“%(place)s”不认识。"))
    return node


def _list(node: object, where: str) -> Sequence[object]:
    if not isinstance(node, list) or not node:
        raise _fault(where, msg("“%(place)s”应是不空的列表。"))
    return node


def _title(node: Node, name: str, where: str) -> Title:
    texts = (node.get(name), node.get(f"{name}_en"))
    if not all(isinstance(text, str) and text for text in texts):
        raise _fault(f"{where}.{name}".strip("."), msg("“%(place)s”的中文和英文都要写。"))
    return Title(str(texts[0]), str(texts[1]))


def _hint(node: Node, where: str) -> Title | None:
    return _title(node, "hint", where) if "hint" in node else None


def _code(node: Node, where: str) -> str:
    text = str(node.get("code", ""))
    if not _CODE.fullmatch(text):
        raise _fault(f"{where}.code".strip("."), msg("“%(place)s”应由小写字母、数字和连字符组成。"))
    return text


def _version(node: Node) -> int:
    text = str(node.get("version", ""))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 9_999):
        raise _fault("version", msg("“%(place)s”应是从 1 开始的整数。"))
    return int(text)


def _share(value: object, where: str) -> Fraction:
    found = _SHARE.fullmatch(str(value))
    if found is None or int(found[1]) > 100:
        raise _fault(where, msg("“%(place)s”应是 0 至 100 的百分数，如 85%%。"))
    return Fraction(int(found[1]), 100)


def _flag(node: Node, name: str, where: str, *, default: bool = False) -> bool:
    value = node.get(name, default)
    if not isinstance(value, bool):
        raise _fault(f"{where}.{name}", msg("“%(place)s”应是 true 或 false。"))
    return value


def _unless(node: object, where: str) -> tuple[str, tuple[str, ...]] | None:
    if node is None:
        return None
    pairs = list(_node(node, where, None).items())
    if len(pairs) != 1 or not isinstance(pairs[0][1], list):
        raise _fault(where, msg("“%(place)s”应写成 {题目: [选项, …]}。"))
    return str(pairs[0][0]), tuple(str(code) for code in pairs[0][1])


def _fault(where: str, text: str) -> InvalidInput:
    return InvalidInput("form.invalid", text, where=where, place=where or "/")
