"""Forms of objections."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
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
    answer = TextAreaField(
        _l("答复"), [Length(max=LONGEST)], description=_l("机构会看到这段话。不受理时必须写明理由。")
    )
