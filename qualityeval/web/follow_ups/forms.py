"""Forms of follow-ups."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import SelectMultipleField, TextAreaField, widgets
from wtforms.validators import DataRequired, Length

from qualityeval.core.follow_up import LONGEST
from qualityeval.web.forms import Form

NEEDED = DataRequired(_l("请填写这一项。"))


class AnswerForm(Form):
    """What was found, and where the proof is."""

    answer = TextAreaField(
        _l("核查情况和处理结果"), [NEEDED, Length(max=LONGEST)],
        description=_l("查了什么、问了谁、认定什么、怎样处理。"),
    )  # fmt: skip
    proof = TextAreaField(
        _l("佐证材料的说明"), [Length(max=LONGEST)],
        description=_l("写明材料名称和存放位置。下面上传了材料的可以不写。"),
    )  # fmt: skip
    files = MultipleFileField(
        _l("佐证材料"), description=_l("最多 5 份：PDF、Word（.docx）或 JPEG、PNG、TIFF 图片。")
    )


class SendBackForm(Form):
    """Why the answer isn't enough."""

    reason = TextAreaField(_l("退回的理由"), [NEEDED, Length(max=LONGEST)])


class PapersForm(Form):
    """Which papers the file lacks."""

    lines = SelectMultipleField(
        _l("缺少的材料"), option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False)
    )
    note = TextAreaField(
        _l("说明"), [Length(max=LONGEST)], description=_l("写明哪里不合要求，怎样补。已勾选材料的可以不写。")
    )
