"""What may be changed of an expert by hand; all else comes by import."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qualityeval.services.expert_import import MOST
from qualityeval.services.interests import LONGEST
from qualityeval.web.forms import Form
from qualityeval.web.locale import choose_locale
from qualityeval.words import interests as words


def _whole(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class ExpertForm(Form):
    """Ceiling, target and whether new files are dealt."""

    cap = IntegerField(
        _l("件数上限"),
        [Optional(), NumberRange(min=0, max=MOST)],
        description=_l("一个批次最多派几件，空着不限。"),
    )
    quota = IntegerField(
        _l("目标件数"), [Optional(), NumberRange(min=0, max=MOST)], description=_l("空着则与其他专家平均。")
    )
    active = BooleanField(_l("可以派案"), description=_l("停用后不再派新案件，已派的照常评完。"))
    version = HiddenField(filters=[_whole])


class InterestForm(Form):
    """What keeps an expert from cases; recorded at once, lifted by two."""

    kind = SelectField(_l("类型"), [DataRequired(_l("请选择一项。"))])
    source = SelectField(_l("来源"), [DataRequired(_l("请选择一项。"))])
    about = SelectField(_l("涉及"), [DataRequired(_l("请选择一项。"))])
    whom = StringField(
        _l("名称或编号"),
        [DataRequired(_l("请填写这一项。")), Length(max=200)],
        description=_l("案件写“机构编码:案号”，承办单位写全称，机构写编码，承办人写执业证号。"),
    )
    since = DateField(_l("开始日期"), [Optional()])
    until = DateField(_l("结束日期"), [Optional()], description=_l("只作记录；解除以前一直回避。"))
    reason = TextAreaField(_l("理由"), [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)])

    def offer(self) -> None:
        """Fill the lists in the language of the page."""
        locale = choose_locale()
        for field, labels in ((self.kind, words.KINDS), (self.about, words.ABOUT)):
            field.choices = [SelectChoice(code, label.text(locale)) for code, label in labels.items()]
        asked = ("manager", "institution", "own")
        self.source.choices = [SelectChoice(code, words.SOURCES[code].text(locale)) for code in asked]


class LiftForm(Form):
    """Why the expert may read such cases after all."""

    interest = HiddenField()
    lift_reason = StringField(_l("解除的理由"), [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)])
