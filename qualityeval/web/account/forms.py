"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, NumberRange

from qualityeval.core.api_access import LONGEST_TITLE, MOST_DAYS, ApiScope
from qualityeval.web.forms import Form, required_text


class SignInForm(Form):
    """Name and password; `carried` holds a form that met an ended session."""

    name = required_text(_l("账号"), longest=64)
    password = PasswordField(_l("密码"), [DataRequired(_l("请填写这一项。")), Length(max=1024)])
    next = HiddenField()
    carried = HiddenField()


class CodeForm(Form):
    """The second factor."""

    code = StringField(_l("动态验证码"), [DataRequired(_l("请填写这一项。")), Length(max=20)])
    carried = HiddenField()


class PasswordForm(Form):
    """Changing one's own password."""

    old = PasswordField(_l("现在的密码"), [DataRequired(_l("请填写这一项。"))])
    new = PasswordField(
        _l("新密码"), [DataRequired(_l("请填写这一项。"))], description=_l("至少10个字符。一句话最好记。")
    )
    carried = HiddenField()
    again = PasswordField(_l("再输一次新密码"), [EqualTo("new", _l("两次输入的新密码不一样。"))])


class NoticesForm(Form):
    """Where notices go beside the list of tasks."""

    email = StringField(_l("邮箱"), [Length(max=254)])
    mobile = StringField(_l("手机号码"), [Length(max=30)])
    by_mail = BooleanField(_l("用邮件通知我"))
    by_sms = BooleanField(_l("用短信通知我"))


class TokenForm(Form):
    """A token for a program of this account."""

    title = required_text(_l("给哪个系统用"), longest=LONGEST_TITLE)
    registers = BooleanField(_l("送入台账"))
    results = BooleanField(_l("读取评估结果"))
    days = IntegerField(
        _l("有效天数"), [NumberRange(1, MOST_DAYS, _l("有效天数应为 1 至 366 天。"))], default=180
    )

    def scopes(self) -> list[str]:
        """What was ticked."""
        return [name for name in ApiScope if name in self and self[name].data]
