"""Forms of an expert's terms, of pairs who may be one person, of the watch lists."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from qualityeval.authz import Actor, Permission
from qualityeval.queries import institutions
from qualityeval.queries.terms import Shown
from qualityeval.services.appointments import listed
from qualityeval.web.forms import Form
from qualityeval.web.locale import choose_locale
from qualityeval.words import appointments as words

NEEDED = _l("请填写这一项。")


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(code, label.text(choose_locale())) for code, label in labels.items()]


class TermsForm(Form):
    """The whole appointment."""

    kind = SelectField(_l("类别"))
    since = DateField(_l("聘期起"), [Optional()])
    until = DateField(
        _l("聘期止"), [Optional()], description=_l("过了这一天不再派案；外请专家和第三方的登录同时结束。")
    )
    station = SelectField(_l("驻点机构"), description=_l("这个机构的案件一律回避。"))
    head_of = SelectField(_l("担任负责人的机构"), description=_l("这个机构和它下级的案件一律回避。"))
    languages = StringField(_l("语言"), [Length(max=200)], description=_l("用分号隔开，例如 维吾尔语;手语。"))
    contract = StringField(
        _l("合同"), [Length(max=200)], description=_l("第三方评估人必填：合同名称或编号。")
    )
    only_round = StringField(
        _l("只用于批次"), [Length(max=60)], description=_l("批次代码；第三方评估人必填。")
    )

    def offer(self, actor: Actor) -> None:
        """Fill the lists in the language of the page."""
        self.kind.choices = _choices(words.KINDS)
        rows = institutions.list_for(actor, Permission.EXPERTS_MANAGE)
        places = [SelectChoice("", "—"), *(SelectChoice(one.code, f"{one.code} {one.name}") for one in rows)]
        self.station.choices = self.head_of.choices = places

    def show(self, known: Shown) -> None:
        """Fill in what is stored."""
        self.kind.data, self.since.data, self.until.data = known.kind, known.since, known.until
        self.station.data, self.head_of.data = known.station, known.head_of
        self.languages.data, self.contract.data = ";".join(known.languages), known.contract
        self.only_round.data = known.only_round

    def said(self) -> dict[str, Any]:
        """The values as the service takes them, without round and places."""
        return {
            "kind": self.kind.data, "since": self.since.data, "until": self.until.data,
            "languages": listed(self.languages.data or ""), "contract": self.contract.data or "",
        }  # fmt: skip


class LeaveForm(Form):
    """Days on which nothing is dealt."""

    since = DateField(_l("请假起"), [DataRequired(NEEDED)])
    until = DateField(_l("请假止"), [DataRequired(NEEDED)])
    reason = StringField(_l("事由"), [Length(max=200)])


class PairForm(Form):
    """Same person or not."""

    proposal = HiddenField()
    decision = RadioField(_l("判定"), [Optional()], choices=[], validate_choice=False)
    reason = StringField(_l("理由"), [DataRequired(NEEDED), Length(max=400)])


class WatchForm(Form):
    """Whom to admit, warn or withdraw."""

    about = SelectField(_l("对象"))
    whom = StringField(
        _l("编号"), [DataRequired(NEEDED), Length(max=64)], description=_l("专家写编号，承办人写执业证号。")
    )
    act = SelectField(_l("提议"))
    reason = TextAreaField(_l("理由"), [DataRequired(NEEDED), Length(max=400)])

    def offer(self) -> None:
        """Fill the lists in the language of the page."""
        self.about.choices, self.act.choices = _choices(words.WATCH_ABOUT), _choices(words.WATCH_ACTS)


class WatchDecisionForm(Form):
    """Why it is agreed to or not."""

    proposal = HiddenField()
    decision_reason = StringField(_l("决定的理由"), [DataRequired(NEEDED), Length(max=400)])
