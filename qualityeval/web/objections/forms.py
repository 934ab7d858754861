"""Forms of objections."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from qualityeval.services.objections import LONGEST
from qualityeval.web.forms import Form


class ObjectionForm(Form):
    """Why the institution objects."""

    reason = TextAreaField(
        _l("异议的理由"),
        [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)],
        description=_l("写明不同意哪一项扣分，依据在案卷第几页。每件案件只能提一次，提交后不能改。"),
    )
    files = MultipleFileField(
        _l("佐证材料"),
        description=_l(
            "可选，最多 5 份：PDF、Word（.docx）或 JPEG、PNG、TIFF 图片。评估单位看到的是画出来的页面。"
        ),
    )


class DecisionForm(Form):
    """What the owning body decides."""

    decision = RadioField(
        _l("决定"),
        [DataRequired(_l("请选择一项。"))],
        choices=[
            SelectChoice("accept", _l("受理：抽取一名没有评过这件案件的专家重新评分")),
            SelectChoice("reject", _l("不受理：初评等次不变")),
        ],
    )
    ground = SelectField(
        _l("不受理的情形"), choices=[], validate_choice=False, description=_l("只在不受理时填写。")
    )
    answer = TextAreaField(
        _l("答复"), [Length(max=LONGEST)], description=_l("机构会看到这段话。不受理时必须写明理由。")
    )


class RulingForm(Form):
    """What the institution is told after its file was read anew."""

    ruling = TextAreaField(
        _l("复核答复"),
        [DataRequired(_l("请填写这一项。")), Length(max=LONGEST)],
        description=_l("写明复核后维持或改变了哪几项扣分、依据是什么。机构会看到，只答复一次。"),
    )
