"""Forms of a call for experts: publishing, applying, deciding."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qualityeval.core.specialties import Specialty
from qualityeval.services import expert_calls as services
from qualityeval.web.forms import Form, TicksField, required_text
from qualityeval.web.locale import choose_locale
from qualityeval.words import appointments as words

NEEDED = _l("请填写这一项。")


class CallForm(Form):
    """A new call."""

    title = required_text(_l("公告标题"), longest=services.LONGEST_TITLE)
    terms = TextAreaField(
        _l("条件和办法"), [DataRequired(NEEDED), Length(max=services.LONGEST_TEXT)],
        description=_l("写明执业年限、专长、工作量和报酬；任何人都能看到。"),
    )  # fmt: skip
    opens_on = DateField(_l("开始日期"), [DataRequired(NEEDED)])
    closes_on = DateField(_l("截止日期"), [DataRequired(NEEDED)])


class ApplicationForm(Form):
    """What an applicant says; the page is open to everybody."""

    name = required_text(_l("姓名"), longest=100)
    provider = StringField(
        _l("执业单位"), [Length(max=200)], description=_l("律师事务所或法律援助机构的全称。")
    )
    licence = StringField(_l("执业证号"), [Length(max=40)])
    id_number = StringField(
        _l("证件号码"), [Length(max=20)], description=_l("只用来辨认是否同一人，加密保存；不聘任就删除。")
    )
    phone = StringField(_l("电话"), [Length(max=services.LONGEST_PHONE)])
    email = StringField(_l("邮箱"), [Length(max=200)])
    practice_years = IntegerField(_l("执业年限"), [Optional(), NumberRange(0, 80)])
    specialties = TicksField(_l("专长"), validate_choice=True)
    statement = TextAreaField(_l("自我介绍"), [Length(max=services.LONGEST_TEXT)])

    def offer(self) -> None:
        """The known specialties in the language of the page."""
        locale = choose_locale()
        self.specialties.choices = [
            SelectChoice(one, words.SPECIALTIES[one].text(locale)) for one in Specialty
        ]

    def cells(self) -> dict[str, str]:
        """The answers as the columns of an import."""
        said = {name: str(value or "") for name, value in self.data.items() if name != "specialties"}
        years = self.practice_years.data
        return {
            **said,
            "practice_years": "" if years is None else str(years),
            "specialties": ";".join(self.specialties.data or ()),
        }


class DecisionForm(Form):
    """Appointed with code and term, or refused; a reason either way."""

    application = HiddenField()
    decision = RadioField(_l("决定"), [DataRequired(_l("请选择一项。"))])
    code = StringField(_l("专家编号"), [Length(max=64)], description=_l("聘任时必填，专家库里还没有的编号。"))
    since = DateField(_l("聘期起"), [Optional()])
    until = DateField(_l("聘期止"), [Optional()])
    reason = TextAreaField(_l("理由"), [DataRequired(NEEDED), Length(max=services.LONGEST_REASON)])

    def offer(self) -> None:
        """Both ways in the language of the page."""
        locale = choose_locale()
        self.decision.choices = [
            SelectChoice(code, words.APPLICATION_STATES[code].text(locale))
            for code in (services.APPOINTED, services.REFUSED)
        ]
