"""Forms of the hearing itself, of planning one, of a closed one."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from qualityeval.web.forms import Form, required_text
from qualityeval.web.idempotency import OnceMixin
from qualityeval.web.locale import choose_locale
from qualityeval.words.channels import CLOSED_REASONS, MODES
from qualityeval.words.labels import Label


def choices(table: dict[str, Label]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, label.text(choose_locale())) for code, label in table.items()]


class PlanForm(OnceMixin, Form):
    """Which case, who goes, when and where."""

    case_key = required_text(
        _l("案件"), description=_l("机构代码:援助案号，如 330102:2026-00001；案号不重复时只写案号。")
    )
    observer = SelectField(_l("旁听员"))
    hearing_on = DateField(_l("开庭日期"), [DataRequired(_l("请选择日期。"))])
    court = StringField(_l("法庭"), [Length(max=200)], description=_l("如 临州市中级人民法院第三法庭。"))


class HearingForm(Form):
    """What the observer notes of the hearing."""

    court = StringField(_l("法庭"), [Length(max=200)])
    mode = RadioField(_l("旁听方式"), [InputRequired(_l("请选择一项。"))])
    arrived_at = StringField(_l("到达时间"), [Length(max=8)], description=_l("24 小时制，如 14:05。"))
    left_at = StringField(_l("离开时间"), [Length(max=8)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.mode.choices = choices(dict(MODES))


class ClosedForm(Form):
    """Why nobody may listen."""

    reason = RadioField(_l("理由"), [InputRequired(_l("请选择一项。"))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = choices(dict(CLOSED_REASONS))


class PhotoForm(Form):
    """One picture."""

    photo = FileField(
        _l("照片"),
        description=_l("开庭公告、法庭门牌等；庭审中不要拍照。存入时缩小，并去掉拍摄地点等信息。"),
    )
