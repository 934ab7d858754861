"""Forms of the ceremony."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional

from qualityeval.core.ceremony import LONGEST
from qualityeval.web.forms import Form


class SeedForm(Form):
    """The public value as it was thrown or published; empty where the machine throws."""

    public = StringField(_l("公开值"), [Optional(), Length(max=LONGEST)])


class PressForm(Form):
    """A button: nothing but the token."""
