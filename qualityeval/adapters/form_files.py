"""The forms of the other channels that come with the product, read from the package's own files once."""

from functools import cache
from importlib.resources import files

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import NotFound, msg
from qualityeval.core.questionnaire import Questionnaire
from qualityeval.core.questionnaire_reading import parse_questionnaire

OBSERVATION, OPINION, CALLBACK = "hearing-observation@1", "organ-opinion@1", "callback@1"
CHECK = "callback-check@1"  # the second call about a callback
CODES = ("hearing-observation", "organ-opinion", "callback", "callback-check")


@cache
def shipped_forms() -> tuple[Questionnaire, ...]:
    """All shipped forms."""
    folder = files("qualityeval") / "forms"
    return tuple(parse_questionnaire(load_text((folder / f"{code}.yaml").read_bytes())) for code in CODES)


def shipped_form(key: str) -> Questionnaire:
    """The form named `code@version`; `NotFound` when there is none."""
    for form in shipped_forms():
        if form.key == key:
            return form
    raise NotFound("form.not_found", msg("没有问卷“%(key)s”。"), where="form", key=key)
