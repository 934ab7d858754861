"""The base of every form: Chinese or English messages, and fields that appear everywhere."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from qualityeval.web.locale import choose_locale


class Form(FlaskForm):
    """A form in the reader's language; its token lives as long as the session."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            """WTForms' own messages: Chinese unless the page is English."""
            self.locales = ["zh"] if choose_locale() == "zh" else ["en"]
            return super().get_translations(form)


class TicksField(SelectMultipleField):
    """Several of a few: a tick each. What the choices don't hold is refused by the rules, by name."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    validate_choice = False


def required_text(label: Any, *, longest: int = 200, description: Any = "") -> StringField:
    """A text field that may not be empty."""
    return StringField(
        label, [DataRequired(_l("请填写这一项。")), Length(max=longest)], description=description
    )
