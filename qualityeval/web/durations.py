"""Expected minutes in words."""

from flask_babel import gettext as _

from qualityeval.words.moments import number


def time_words(minutes: int) -> str:
    """Hours and minutes: 135 is “2 小时 15 分钟”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s 分钟", minutes=rest)
    if not rest:
        return _("%(hours)s 小时", hours=number(hours))
    return _("%(hours)s 小时 %(minutes)s 分钟", hours=number(hours), minutes=rest)
