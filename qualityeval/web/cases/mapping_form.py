"""The mapping page's form: one choice a column, fixed values, dates, words; it gives the mapping file's content."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from itertools import starmap
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from qualityeval.adapters.tables import Table
from qualityeval.core.case_fields import FIELDS
from qualityeval.core.dates import DEFAULT_FORMS
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping import Mapping
from qualityeval.core.mapping_parts import code_of
from qualityeval.core.mapping_suggest import Suggestion
from qualityeval.queries.institutions import InstitutionRow
from qualityeval.web.forms import Form
from qualityeval.web.locale import choose_locale
from qualityeval.words.cases import CODES, GROUPS

EXTRA = "extra"
FIXED = ("case_type", "aid_form", "stage")
TWICE = msg("“%(label)s”选了两列（%(first)s、%(second)s）。请只留一列。")


class MappingForm(Form):
    """What doesn't depend on the table; columns and words are added by `form_for`."""

    institution = SelectField(_l("全部案件属于"), description=_l("表格里没有机构代码列时选这一项。"))
    fixed_case_type = SelectField(_l("案件类型"), description=_l("表格里没有这一列时，给全部案件一个值。"))
    fixed_aid_form = SelectField(_l("援助方式"))
    fixed_stage = SelectField(_l("办案阶段"))
    dates = SelectMultipleField(
        _l("日期写法"),
        description=_l("勾选这份台账里出现的写法；同时勾选“月/日/年”和“日/月/年”时，分不清的日期会被拒收。"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    create_institutions = BooleanField(
        _l("自动建立台账里的新机构"), description=_l("按行政区划代码放在本机构之下。")
    )
    remember = BooleanField(_l("保存为本机构的映射，下次直接使用"), default=True)
    mapping_text = TextAreaField(
        _l("映射文件（YAML）"), description=_l("与命令行使用的文件相同。改过以后请按“按文本检查”。")
    )


def date_choices() -> list[SelectChoice]:
    """The forms of dates in words."""
    words = {
        "iso": "2026-03-01",
        "ymd": _("2026/3/1、2026.3.1、20260301"),
        "mdy": _("3/1/2026（月/日/年）"),
        "dmy": _("1/3/2026（日/月/年）"),
        "cn": _("中文年月日"),
        "excel": _("Excel 日期序号"),
    }
    return list(starmap(SelectChoice, words.items()))


def field_choices() -> list[SelectChoice]:
    """What a column may be, by group."""
    none, place = _("不作案件字段"), _("机构")
    choices = [
        SelectChoice("", _("不导入"), optgroup=none),
        SelectChoice(EXTRA, _("附加列，原样保留"), optgroup=none),
        SelectChoice("institution_code", _("机构代码"), optgroup=place),
        SelectChoice("institution_name", _("机构名称"), optgroup=place),
    ]
    for group, label in GROUPS.items():
        title = label.text(choose_locale())
        choices += [SelectChoice(f.name, _(f.label), optgroup=title) for f in FIELDS if f.group == group]
    return choices


def form_for(
    table: Table, suggestion: Suggestion, places: Sequence[InstitutionRow], saved: Mapping | None
) -> MappingForm:
    """The form of one table, filled from the saved mapping where it fits, else from what the headings say."""
    chosen = _from_mapping(saved) if saved else _from_suggestion(suggestion)
    grouped = field_choices()

    class TableForm(MappingForm):
        pass

    for index, heading in enumerate(headings_of(table)):
        default = chosen.get(heading, "")
        setattr(TableForm, f"column_{index}", SelectField(heading, choices=grouped, default=default))
    for name, place, word in unknown_words(suggestion):
        codes = [SelectChoice("", _("请选择")), *_code_choices(name)]
        setattr(TableForm, f"word_{name}_{place}", SelectField(word, choices=codes))
    form = TableForm()
    _set_choices(form, places)
    if not form.is_submitted():
        _fill(form, suggestion, saved)
    return form


def _set_choices(form: MappingForm, places: Sequence[InstitutionRow]) -> None:
    form.institution.choices = [
        SelectChoice("", _("见机构代码列")),
        *(SelectChoice(p.code, "\u3000" * p.depth + p.name) for p in places),
    ]
    for name in FIXED:
        form[f"fixed_{name}"].choices = [SelectChoice("", _("见对应的列")), *_code_choices(name)]
    form.dates.choices = date_choices()


def _code_choices(name: str) -> list[SelectChoice]:
    return [SelectChoice(code, label.text(choose_locale())) for code, label in CODES[name].items()]


def _fill(form: MappingForm, suggestion: Suggestion, saved: Mapping | None) -> None:
    form.dates.data = list(saved.dates if saved else suggestion.dates or DEFAULT_FORMS)
    if saved is None:
        return
    form.institution.data = saved.institution_code.value or ""
    for name in FIXED:
        source = saved.columns.get(name)
        form[f"fixed_{name}"].data = source.value if source and source.value else ""


def headings_of(table: Table) -> list[str]:
    """Headings as a mapping names them: the second of the same name is `name#2`."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for heading in table.header:
        seen[heading] = seen.get(heading, 0) + 1
        many = heading and table.header.count(heading) > 1
        names.append(f"{heading}#{seen[heading]}" if many else heading)
    return names


def unknown_words(suggestion: Suggestion) -> list[tuple[str, int, str]]:
    """Words of code columns that nobody knows: field, place, word."""
    return [
        (name, place, word) for name, words in suggestion.unknown.items() for place, word in enumerate(words)
    ]


def node_of(
    form: MappingForm, table: Table, suggestion: Suggestion, kept: MappingType[str, Any]
) -> dict[str, Any]:
    """The mapping file's content that the form says; `kept` are sheet, header row and encoding."""
    columns: dict[str, Any] = {}
    place: dict[str, Any] = {}
    extra: list[str] = []
    labels = {field.name: field.label for field in FIELDS}
    for index, heading in enumerate(headings_of(table)):
        target = form[f"column_{index}"].data
        if not heading or not target:
            continue
        if target == EXTRA:
            extra.append(heading)
            continue
        into, key = (place, target.removeprefix("institution_")) if target.startswith("institution_") else (columns, target)  # fmt: skip
        if key in into:
            raise InvalidInput(
                "mapping.two_columns", TWICE, where=f"column_{index}", label=_(labels.get(key, key)), first=into[key],
                second=heading,
            )  # fmt: skip
        into[key] = heading
    for name in FIXED:
        if name not in columns and form[f"fixed_{name}"].data:
            columns[name] = {"value": form[f"fixed_{name}"].data}
    if "code" not in place and form.institution.data:
        place["code"] = {"value": form.institution.data}
    elif "code" not in place and "name" in place:
        place["code"] = place["name"]
    if place:
        columns["institution"] = place
    node: dict[str, Any] = {**kept, "columns": columns, "dates": list(form.dates.data or DEFAULT_FORMS)}
    if words := _words(form, suggestion, columns):
        node["values"] = words
    return {**node, "extra": extra} if extra else node


def _words(
    form: MappingForm, suggestion: Suggestion, columns: MappingType[str, Any]
) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {}
    for name, place, word in unknown_words(suggestion):
        code = form[f"word_{name}_{place}"].data
        if code and name in columns and code_of(name, word, {}) is None:
            words.setdefault(name, {})[word] = code
    return words


def _from_suggestion(suggestion: Suggestion) -> dict[str, str]:
    chosen = {heading: name for name, heading in suggestion.sources.items()}
    return {h: "institution_name" if n == "institution" else n for h, n in chosen.items()}


def _from_mapping(saved: Mapping) -> dict[str, str]:
    chosen = {source.column: name for name, source in saved.columns.items() if source.column}
    chosen |= dict.fromkeys(saved.extra, EXTRA)
    if saved.institution_name and saved.institution_name.column:
        chosen[saved.institution_name.column] = "institution_name"
    if saved.institution_code.column:
        chosen[saved.institution_code.column] = "institution_code"
    return chosen
