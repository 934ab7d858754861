"""What hearing, organ and recipient said of a case, each in a word."""

from qualityeval.core.four_channels import Heard
from qualityeval.core.rubric_parts import show_points
from qualityeval.words.labels import Label

HEARING, ORGAN, RECIPIENT = (
    Label("庭审旁听", "Hearing"), Label("办案机关", "Organ"), Label("受援人", "Recipient"),
)  # fmt: skip
NONE = Label("没有", "None")
GOOD, BAD = Label("多为肯定", "Mostly good"), Label("多为否定", "Mostly not good")
CONTENT, NOT_CONTENT = Label("满意", "Satisfied"), Label("不满意", "Not satisfied")
ALARMED = Label("有严重反映", "Grave facts told")


def voices(heard: Heard, locale: str) -> tuple[tuple[str, str], ...]:
    """(channel, its word), in the order hearing, organ, recipient."""
    hearing = NONE.text(locale) if heard.hearing is None else show_points(heard.hearing)
    recipient = [_either(heard.satisfied, CONTENT, NOT_CONTENT, locale)]
    if heard.alarms:
        recipient = [ALARMED.text(locale)] + recipient * (heard.satisfied is not None)
    return (
        (HEARING.text(locale), hearing),
        (ORGAN.text(locale), _either(heard.organ, GOOD, BAD, locale)),
        (RECIPIENT.text(locale), " · ".join(recipient)),
    )


def _either(value: bool | None, yes: Label, no: Label, locale: str) -> str:
    return NONE.text(locale) if value is None else (yes if value else no).text(locale)
