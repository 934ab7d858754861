"""Forms of dealing."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from qualityeval.web.forms import Form


class PressForm(Form):
    """A button: nothing but the token."""


class ReturnForm(Form):
    """Why a sheet is given back; the expert reads it."""

    reason = TextAreaField(
        _l("退回的理由"),
        [DataRequired(_l("请填写这一项。")), Length(max=400)],
        description=_l("专家会看到这段话。请写明哪一项要补或要改，不要写别人的评分。"),
    )
