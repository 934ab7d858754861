"""Forms of the call-in."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from qualityeval.core.disposition import LONGEST_NOTE, MOST_PAGES
from qualityeval.services.file_loans import LONGEST
from qualityeval.web.forms import Form, required_text
from qualityeval.web.locale import choose_locale
from qualityeval.words.call_in import OUT_OF_SCOPE

FILL = _l("请填写这一项。")


class HandInForm(Form):
    """What an institution says of its file."""

    pages = IntegerField(
        _l("页数"),
        [InputRequired(FILL), NumberRange(1, MOST_PAGES)],
        description=_l("案卷编号的最后一页；正卷、副卷分开编号的写两卷之和。"),
    )
    digest = StringField(
        _l("电子卷的 SHA-256 摘要"),
        [Length(max=64)],
        description=_l("可以不填。系统内已有材料的，按材料计算，以计算结果为准。"),
    )
    note = TextAreaField(_l("备注"), [Length(max=LONGEST_NOTE)])


class ReceiveForm(HandInForm):
    """What the owning body writes down of a file that it received."""

    handed_in_on = DateField(_l("交卷日期"), [Optional()], description=_l("空着就是今天。"))


class GiveBackForm(Form):
    """Why a file goes back."""

    note = TextAreaField(
        _l("退回的理由"),
        [DataRequired(FILL), Length(max=LONGEST_NOTE)],
        description=_l("机构会看到。请写明缺哪些材料、哪几页。"),
    )


class ReplaceForm(Form):
    """Why a file is out of scope."""

    reason = RadioField(_l("不在范围内的理由"), [DataRequired(_l("请选择一项。"))])

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        locale = choose_locale()
        self.reason.choices = [SelectChoice(code, label.text(locale)) for code, label in OUT_OF_SCOPE.items()]


class LoanForm(Form):
    """Who takes a paper file."""

    taken_by = required_text(_l("借走的人"), longest=LONGEST)
    place = StringField(_l("阅卷地点"), [Length(max=LONGEST)])


class SupplementForm(Form):
    """Up to which ticket a stratum is opened."""

    stratum = RadioField(_l("层"), [DataRequired(_l("请选择一项。"))])
    size = IntegerField(
        _l("增补到第几号签"),
        [InputRequired(FILL), NumberRange(min=1)],
        description=_l("抽签号从小到大编号；已经开到的号数见上表。"),
    )
    reason = required_text(_l("增补的理由"), longest=400)


class PressForm(Form):
    """A button: nothing but the token."""
