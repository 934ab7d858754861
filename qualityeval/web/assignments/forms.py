"""Forms of dealing."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange

from qualityeval.services.answers import LONGEST
from qualityeval.web.forms import Form
from qualityeval.web.locale import choose_locale
from qualityeval.words import interests as words
from qualityeval.words.calibration import SOURCES


class PressForm(Form):
    """A button: nothing but the token."""


class ReturnForm(Form):
    """Why a sheet is given back; the expert reads it."""

    reason = TextAreaField(
        _l("退回的理由"),
        [DataRequired(_l("请填写这一项。")), Length(max=400)],
        description=_l("专家会看到这段话。请写明哪一项要补或要改，不要写别人的评分。"),
    )


class MoveForm(Form):
    """Why a file is taken from its reader."""

    reason = TextAreaField(_l("换人的理由"), [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)])


class SignForm(Form):
    """The own name under the undertaking."""

    name = StringField(
        _l("本人姓名"),
        [DataRequired(_l("请填写这一项。")), Length(max=100)],
        description=_l("填写姓名就是签署。"),
    )


class TrainedForm(Form):
    """Who attended the training; the ticks stand in the table."""

    trained = SelectMultipleField(_l("参加过评前培训"), validate_choice=False)


class AnchorForm(Form):
    """A case that becomes an anchor."""

    case = StringField(
        _l("案件"),
        [DataRequired(_l("请填写这一项。")), Length(max=300)],
        description=_l("写“机构编码:案号”。用以前批次的案件，或不在样本里的案件。"),
    )


class RepeatsForm(Form):
    """The share of files that come back to their reader, and when."""

    rate = StringField(_l("复评比例"), [Length(max=20)], description=_l("例如 2%；空着就是没有隐性复评。"))
    days = IntegerField(
        _l("隔几天"),
        [NumberRange(min=0, max=365, message=_l("请写0到365之间的整数。"))],
        default=7,
        description=_l("评分表提交满这么多天以后，才会再派给同一位专家。"),
    )


class ReferenceForm(Form):
    """Where a reference answer comes from; its marks are fields of the rubric."""

    source = RadioField(_l("由谁确定"), [DataRequired(_l("请选择一项。"))])
    reason = TextAreaField(_l("依据"), [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)])

    def offer(self) -> None:
        """Fill the list in the language of the page."""
        self.source.choices = [
            SelectChoice(code, label.text(choose_locale())) for code, label in SOURCES.items()
        ]


class AnswerForm(Form):
    """What an expert says to a file dealt to them."""

    answer = RadioField(
        _l("答复"),
        [DataRequired(_l("请选择一项。"))],
        choices=[
            SelectChoice("accepted", _l("接受：我来评这件")),
            SelectChoice("interest", _l("申报利害关系：我应当回避")),
            SelectChoice("declined", _l("谢绝：我不能评这件")),
        ],
    )
    kind = SelectField(_l("利害关系的类型"), description=_l("只在申报利害关系时选。"))
    reason = TextAreaField(
        _l("理由"),
        [Length(max=LONGEST)],
        description=_l("接受时可以空着。谢绝或申报以后，这件案件不会再派给您。"),
    )

    def offer(self) -> None:
        """Fill the list in the language of the page."""
        self.kind.choices = [
            SelectChoice(code, label.text(choose_locale())) for code, label in words.KINDS.items()
        ]
