"""What may be changed of an expert by hand; all else comes by import."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from qualityeval.services.expert_import import MOST
from qualityeval.web.forms import Form


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
