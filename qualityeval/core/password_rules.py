"""Which passwords are refused: short, endless, or what a guesser tries first. No rule about kinds of characters."""

import unicodedata

from qualityeval.core.errors import InvalidInput, msg

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 256
FEWEST_DIFFERENT = 5
SHORTEST_RUN = 4
LONGEST_NUMBER = 18  # dates, phone and ID numbers are known to others
RUNS = (
    "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
WORDS = (
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "letmein", "welcome", "iloveyou", "woaini", "admin",
    "administrator", "qualityeval", "changeme", "default", "secret", "dragon", "monkey", "football",
    "baseball", "sunshine", "princess", "superman", "master", "login", "test", "user", "guest", "root",
    "michael", "computer", "internet", "starwars", "mima", "nihao", "zhongguo", "falvyuanzhu",
)  # fmt: skip


def normal(password: str) -> str:
    """The form that is hashed: NFC, so that é typed on two keyboards is one password. Nothing is cut off."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, name: str) -> None:
    """Refuse a password at field `new`; `name` is the sign-in name.

    Length counts characters after normalising. What is left after common words, keyboard runs, the name
    and repetitions are taken out must still be four characters, else a list would find it.
    """
    text = normal(password)
    if len(text) < MINIMUM_LENGTH:
        raise InvalidInput(
            "password.short",
            msg("密码至少要%(least)s个字符。一句话最好记。"),
            where="new",
            least=MINIMUM_LENGTH,
        )
    if len(text) > MAXIMUM_LENGTH:
        raise InvalidInput("password.long", msg("密码最多%(most)s个字符。"), where="new", most=MAXIMUM_LENGTH)
    if len(set(text)) < FEWEST_DIFFERENT or len(_remainder(text.casefold(), name.casefold())) < SHORTEST_RUN:
        raise InvalidInput(
            "password.guessable",
            msg("密码太容易被猜到。请不要用账号名、常见词、键盘顺序或重复的字符。"),
            where="new",
        )


def _remainder(text: str, name: str) -> str:
    """The different characters that no list explains."""
    for known in sorted((name, *WORDS), key=len, reverse=True):
        text = text.replace(known, " ") if known else text
    for run in RUNS:
        text = _without_run(_without_run(text, run), run[::-1])
    rest = text.replace(" ", "")
    if rest.isdigit() and len(rest) <= LONGEST_NUMBER:
        return ""
    return "".join(dict.fromkeys(rest))


def _without_run(text: str, run: str) -> str:
    kept, at = [], 0
    while at < len(text):
        length = SHORTEST_RUN
        while at + length <= len(text) and text[at : at + length] in run:
            length += 1
        if length > SHORTEST_RUN:
            at += length - 1
            kept.append(" ")
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)
