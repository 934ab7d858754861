"""Forms of the papers pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import SelectField, StringField
from wtforms.validators import Length

from qualityeval.web.forms import Form, required_text


class PaperForm(Form):
    """One paper of the case on the page."""

    code = SelectField(_l("目录项"))
    file = FileField(
        _l("文件"),
        [FileRequired(_l("请选择文件。"))],
        description=_l("PDF、Word（.docx），或 JPEG、PNG、TIFF 图片。"),
    )
    title = StringField(_l("备注"), [Length(max=200)], description=_l("只有管理案卷的人看得到。"))


class ReplaceForm(Form):
    """A new version of a paper."""

    file = FileField(
        _l("新的文件"), [FileRequired(_l("请选择文件。"))], description=_l("原来的一份保留并注明已更换。")
    )
    reason = required_text(_l("更换的理由"))


class RemoveForm(Form):
    """Taking a paper out."""

    reason = required_text(_l("撤出的理由"))


class IntakeForm(Form):
    """Many files at once."""

    files = MultipleFileField(_l("文件"), description=_l("一次可选多个，合计不超过 64 MB。"))
