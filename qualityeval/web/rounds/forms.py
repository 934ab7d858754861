"""Forms of a round: its everyday fields, its YAML, and the confirmations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from qualityeval.core import spec_reading as spec
from qualityeval.core.appointments import REQUIREMENTS
from qualityeval.core.case_fields import FIELDS, Kind
from qualityeval.core.consensus import RESOLVES, RULES, TRIGGERS
from qualityeval.core.spec_parts import REGIONS
from qualityeval.core.specialties import MODES
from qualityeval.core.workload import FILES, LONGEST_FILE, MOST_PAGES
from qualityeval.web.forms import Form, TicksField, required_text
from qualityeval.web.idempotency import OnceMixin
from qualityeval.web.locale import choose_locale
from qualityeval.words import appointments
from qualityeval.words import rounds as words

LONGEST_SPEC = 200_000
STRATA = (
    "institution", "case_type", "aid_form", "stage", "month", "provider", "station", "risk", "sealed", "first_case",
)  # fmt: skip
RULE_FIELDS = (*STRATA, "status", "source", "cause")
BLANK_OVERRIDES, BLANK_EXCLUSIONS, BLANK_FLOORS = 2, 2, 1
ASKS = ("rate", "fixed", "total", "neyman")


def choices(labels: Any, codes: Any = None) -> list[tuple[str, str]]:
    """Codes with their words, in the reader's language."""
    locale = choose_locale()
    return [(code, labels[code].text(locale)) for code in (codes or labels)]


def field_choices(*, empty: str = "") -> list[tuple[str, str]]:
    """Register fields that rules may read, with the words of the register."""
    from flask_babel import gettext

    labels = {field.name: gettext(field.label) for field in FIELDS if field.kind is not Kind.SECRET}
    labels |= {
        "institution": gettext("机构"), "month": gettext("月份"), "first_case": gettext("承办人首件"),
    }  # fmt: skip
    return [("", empty), *((name, labels[name]) for name in RULE_FIELDS)]


class OverrideForm(PlainForm):
    """Another rate for the cases whose field has this value."""

    field = SelectField(_l("字段"), validate_choice=False)
    value = StringField(_l("取值"), [Length(max=200)])
    rate = StringField(_l("抽取率"), [Length(max=40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field.choices = field_choices()


class ExclusionForm(PlainForm):
    """Cases left out, with the reason that is published."""

    field = SelectField(_l("字段"), validate_choice=False)
    value = StringField(_l("取值"), [Length(max=200)])
    reason = StringField(_l("理由"), [Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field.choices = field_choices()


class FloorForm(PlainForm):
    """At least so many for each value of a field of the strata."""

    field = SelectField(_l("字段"), validate_choice=False)
    count = StringField(_l("至少几件"), [Length(max=9)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field.choices = field_choices()


class SpecForm(OnceMixin, Form):
    """The everyday fields of a specification; what the form can't say is said in YAML."""

    code = required_text(
        _l("批次代码"), longest=60, description=_l("以后不能改。只用文字、数字、点、下划线和连字符。")
    )
    title = required_text(_l("名称"), description=_l("写进通知、证书和报告。"))
    kind = SelectField(_l("类别"))
    rounds = StringField(
        _l("被复查的批次"), [Length(max=400)], description=_l("只有复查要填。多个代码用逗号分开。")
    )
    by = SelectField(_l("以哪个日期为准"))
    since = DateField(_l("从"), [InputRequired(_l("请填写这一项。"))])
    until = DateField(_l("到"), [InputRequired(_l("请填写这一项。"))], description=_l("首尾两天都算在内。"))
    case_types = TicksField(_l("案件类型"), validate_choice=False, description=_l("都不选就是全部类型。"))
    exclusions = FieldList(FormField(ExclusionForm))
    strata = TicksField(
        _l("分层字段"), validate_choice=False, description=_l("每种组合是一层，各层分别抽取。")
    )
    more_strata = StringField(
        _l("其他分层字段"), [Length(max=400)], description=_l("登记表或导入时附加的字段名，用逗号分开。")
    )
    ask = SelectField(_l("抽取方式"))
    default = required_text(
        _l("默认抽取率"), longest=40, description=_l("如 27.7%，也可写 0.277 或 277/1000。")
    )
    neyman = StringField(
        _l("参照批次"), [Length(max=60)], description=_l("只有按差异分配要填：一个已有结果的批次的代码。")
    )
    floors = FieldList(FormField(FloorForm))
    minimum = IntegerField(_l("每层最少件数"), [Optional(), NumberRange(0, 999_999)])
    maximum = IntegerField(
        _l("每层最多件数"), [Optional(), NumberRange(1, 999_999)], description=_l("留空就是不限。")
    )
    take_all_below = IntegerField(_l("不超过几件的层全部抽取"), [Optional(), NumberRange(0, 999_999)])
    overrides = FieldList(FormField(OverrideForm))
    series = SelectField(_l("系列案"))
    source = SelectField(_l("种子来源"), description=_l("冻结以后不能改。"))
    lottery_name = StringField(
        _l("彩票名称和期号"), [Length(max=200)], description=_l("只有用开奖号码时要填。")
    )
    lottery_date = DateField(_l("开奖日期"), [Optional()], description=_l("须在冻结之后。"))
    call_in = SelectField(_l("调卷"))
    missing_file = SelectField(_l("未提交的案卷"))
    reviewers = IntegerField(
        _l("每案专家数"), [InputRequired(_l("请填写这一项。")), NumberRange(1, spec.MOST_REVIEWERS)]
    )
    specialty = SelectField(_l("专长"), default="ignore", description=_l("专家的专长与案件类型是否要相符。"))
    region = SelectField(_l("地区回避"))
    provider = SelectField(_l("同一单位回避"))
    blind = SelectField(_l("盲评"))
    rule = SelectField(_l("合议规则"))
    gap = required_text(_l("分差超过几分时复评"), longest=6)
    triggers = TicksField(_l("何时复评"), validate_choice=False)
    band = StringField(
        _l("界线上下几分"), [Length(max=6)], description=_l("只用于“分居界线两侧”；空着就是 3 分。")
    )
    resolve = SelectField(_l("复评以后"))
    sees = SelectField(_l("复评专家看前面的评分"), default="false", description=_l("不显示姓名。"))
    require = TicksField(_l("打开案卷以前要有"), description=_l("不勾就是派出以后立即可以打开。"))
    meet_practitioner = IntegerField(
        _l("同一承办人一年最多"),
        [Optional(), NumberRange(1, 999)],
        description=_l("同一专家一年内最多评几件；空着就是不限。"),
    )
    meet_institution = IntegerField(
        _l("同一机构一年最多"),
        [Optional(), NumberRange(1, 9_999)],
        description=_l("同一专家一年内最多评几件；空着就是不限。"),
    )
    rubrics = TextAreaField(
        _l("评分标准"),
        [DataRequired(_l("请填写这一项。")), Length(max=4_000)],
        description=_l("每行一条：案件类型/援助方式/阶段: 标准@版本。星号代替任一段，写得最具体的优先。"),
    )
    hand_in = DateField(_l("交卷期限"), [Optional()])
    score = DateField(_l("评分期限"), [Optional()])
    grace = IntegerField(
        _l("评分宽限"), [Optional(), NumberRange(0, 60)], description=_l("评分期限过后几天以内不算逾期。")
    )
    objection_days = IntegerField(
        _l("异议期（工作日）"), [Optional(), NumberRange(0, 365)], description=_l("0 就是没有异议期。")
    )
    unit = SelectField(
        _l("工作量按"), default=FILES, description=_l("各专家的件数总是匀的；按用时还把分钟数调匀。")
    )
    minutes_base = IntegerField(_l("每件用时"), [Optional(), NumberRange(0, LONGEST_FILE)])
    minutes_page = StringField(_l("每页用时"), [Length(max=6)])
    minutes_pages = IntegerField(
        _l("没有存卷的按几页"), [Optional(), NumberRange(1, MOST_PAGES)], description=_l("空着就是 60 页。")
    )
    minutes_criminal = IntegerField(_l("刑事案件另加"), [Optional(), NumberRange(0, LONGEST_FILE)])
    minutes_civil = IntegerField(_l("民事案件另加"), [Optional(), NumberRange(0, LONGEST_FILE)])
    minutes_administrative = IntegerField(_l("行政案件另加"), [Optional(), NumberRange(0, LONGEST_FILE)])
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(words.KINDS, spec.KINDS)
        self.by.choices = choices(words.BASES, spec.BASES)
        self.case_types.choices = choices(words.CASE_TYPES)
        self.strata.choices = [pair for pair in field_choices() if pair[0] in STRATA]
        self.ask.choices = choices(words.ASKS, ASKS)
        self.series.choices = choices(words.SERIES, spec.SERIES)
        self.source.choices = choices(words.SEED_SOURCES)
        self.call_in.choices = choices(words.CALL_INS, spec.CALL_INS)
        self.missing_file.choices = choices(words.MISSING_FILES, spec.MISSING_FILES)
        self.specialty.choices = choices(words.SPECIALTIES, MODES)
        self.require.choices = choices(appointments.ASKED, REQUIREMENTS)
        self.region.choices = choices(words.REGIONS, REGIONS)
        self.provider.choices = choices(words.YES_NO)
        self.blind.choices = choices(words.BLINDNESS, spec.BLINDNESS)
        self.rule.choices = choices(words.CONSENSUS_RULES, RULES)
        self.triggers.choices = choices(words.TRIGGERS, TRIGGERS)
        self.unit.choices = choices(words.WORKLOADS)
        self.sees.choices = choices(words.YES_NO)
        self.resolve.choices = choices(words.RESOLVES, RESOLVES)


class YamlForm(OnceMixin, Form):
    """The whole specification as text."""

    spec = TextAreaField(_l("方案（YAML）"), [DataRequired(_l("请填写这一项。")), Length(max=LONGEST_SPEC)])
    version = HiddenField()


class WithdrawForm(Form):
    """Why a round is taken back; its code is typed beside it."""

    reason = TextAreaField(
        _l("理由"),
        [DataRequired(_l("请填写这一项。")), Length(max=400)],
        description=_l("写入审计日志，并一直显示在批次页上。"),
    )
