"""Every component on one page, so that a change of the style sheet is seen before users see it."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound
from qualityeval.web.forms import Form
from qualityeval.web.guards import requires

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")
DIGEST = "89f9bb869d29b119df3262d98d790152ed8d3afa993559c7cc001a45d8610238"


class SampleForm(Form):
    """One field of each kind."""

    title = StringField(_l("批次名称"), [DataRequired()], description=_l("写在通报和证书上。"))
    rate = StringField(_l("默认抽取率"), [DataRequired()])
    cost = StringField(_l("办案补贴"))
    frozen_on = DateField(_l("计划冻结日期"))
    kind = SelectField(
        _l("评估种类"), choices=[SelectChoice("peer", _l("同行评估")), SelectChoice("self", _l("自评"))]
    )
    missing_file = RadioField(
        _l("未提交案卷"),
        choices=[SelectChoice("fail", _l("计为不合格")), SelectChoice("nonresponse", _l("不计入"))],
    )
    password = PasswordField(_l("密码"), [DataRequired()])
    register = FileField(_l("台账文件"), description=_l("Excel 或 CSV，最大 64 MB。"))
    update = BooleanField(_l("更新已有案件"), description=_l("不勾选时，与库中不同的行会被退回。"))
    reason = TextAreaField(_l("理由"))


def _filled() -> SampleForm:
    form = SampleForm(formdata=None)
    form.title.data, form.rate.data = _("2026年第三季度同行评估"), "277"
    form.missing_file.data = "fail"
    form.rate.errors = [_("抽取率须在 0.1% 至 100% 之间，现填 277%。")]
    return form


def _grades() -> list[tuple[str, int]]:
    return [(_("优秀"), 1), (_("良好"), 2), (_("合格"), 3), (_("不合格"), 4)]


def _strata() -> list[dict[str, Any]]:
    return [
        {"label": _("刑事·侦查"), "N": "3,184", "rate": "27.7%", "n": 882, "done": 58.2},
        {"label": _("刑事·审判"), "N": "5,472", "rate": "30.0%", "n": 1642, "done": 66.1},
        {"label": _("民事诉讼"), "N": "6,318", "rate": "27.7%", "n": 1751, "done": 60.4},
        {"label": _("行政诉讼"), "N": "214", "rate": "50.0%", "n": 107, "done": 71.5},
    ]


def _rounds() -> list[dict[str, str]]:
    names = [
        _("草稿"),
        _("冻结"),
        _("抽取"),
        _("调卷"),
        _("派案"),
        _("评分"),
        _("复评"),
        _("异议"),
        _("发布"),
    ]
    at = 5
    return [
        {"label": name, "note": "", "state": "done" if i < at else "now" if i == at else "later"}
        for i, name in enumerate(names)
    ]


@bp.get("/")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """The page."""
    return render_template(
        "styleguide/index.html",
        form=_filled(), grades=_grades(), strata=_strata(), states=_rounds(), value=DIGEST,
    )  # fmt: skip


@bp.get("/layouts/<name>")
@requires(Permission.SIGNED_IN)
def layout(name: str) -> str:
    """A page in one of the other layouts."""
    template = {
        "bare": "styleguide/bare.html",
        "wide": "styleguide/wide.html",
        "print": "styleguide/print.html",
    }.get(name)
    if template is None:
        raise NotFound
    return render_template(template, value=DIGEST, strata=_strata())
