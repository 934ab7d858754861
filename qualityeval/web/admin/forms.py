"""Forms of the three administrators."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import Length

from qualityeval.core.codes import Role
from qualityeval.core.settings import LONGEST_TEXT, NAMES, NUMBERS
from qualityeval.web.forms import Form, required_text
from qualityeval.web.locale import choose_locale
from qualityeval.words.people import NO_ROLE, ROLES, SETTINGS

LONGEST_NAME = 64


class AccountForm(Form):
    """Who it is and where; the role is the security administrator's to give."""

    display_name = required_text(
        _l("姓名"), longest=100, description=_l("同事称呼本人的名字；三员以姓名辨认是否同一人。")
    )
    institution = StringField(
        _l("机构编码"),
        [Length(max=64)],
        description=_l("质量管理员、旁听员、回访员、联络员和查看者必填，例如 330000。"),
    )
    expert = StringField(_l("专家编号"), [Length(max=64)], description=_l("只有评估专家需要。"))


class NewAccountForm(AccountForm):
    """The same with the name to sign in by."""

    name = required_text(
        _l("账号名"), longest=LONGEST_NAME, description=_l("3至64个小写字母、数字、点、下划线、@或连字符。")
    )


class RoleForm(Form):
    """One role or none."""

    role = RadioField(_l("角色"), validate_choice=True)

    def offer(self) -> "RoleForm":
        """Fill the choices in the reader's language."""
        locale = choose_locale()
        self.role.choices = [
            *((role.value, ROLES[role].text(locale)) for role in Role),
            ("none", NO_ROLE.text(locale)),
        ]
        return self


class VerifyForm(Form):
    """A head that was noted elsewhere."""

    head = StringField(
        _l("别处记下的链尾"),
        [Length(max=100)],
        description=_l("报告上印的或另外保存的64位摘要；不填只查链条本身。"),
    )


def settings_form() -> type[Form]:
    """One text field a setting; bounds are checked where they are kept, in core."""
    fields = {
        name: StringField(
            SETTINGS[name].text(choose_locale()), [Length(max=LONGEST_TEXT)], description=_bounds(name)
        )
        for name in NAMES
    }
    return type("SettingsForm", (Form,), fields)


def _bounds(name: str) -> object:
    bounds = NUMBERS.get(name)
    if bounds is None:
        return _l("写在页面顶端和扫码登录里。")
    return _l("%(least)s至%(most)s。", least=bounds.least, most=bounds.most)
