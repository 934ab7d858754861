"""Where the seed comes from: our secret, whose digest was in the plan, and a public value typed by two.

    SeedSource(kind, name="", day=None)                     dice | lottery | machine
    check_source(source, frozen_on=)                        at the freeze: a lottery must lie after it
    check_typing_day(source, today=)                        a lottery number is refused before its date
    public_value(text) -> str                               NFC, trimmed, without control characters
    take_typing(standing, typing, source=, today=) -> Typed first | agreed | differ, as two_people has it
    secret_digest(secret) -> str                            over the 64 ASCII hex digits
    check_secret(secret, digest)                            the opened secret is the committed one
    is_weak(source, public) -> bool                         to be marked on the page, never refused

Random secrets are the caller's (`secrets.token_hex(32)`); nothing here throws. The seed itself is `core.sampling.seed_from`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualityeval.core.digests import HEX64, content_digest, normal
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.two_people import Agreement, TwoPeople, Word

ENOUGH_DIGITS = 20
LONGEST = 400
TYPED_BY_TWO = TwoPeople(
    "seed.same_account", msg("您已经录入过一次。第二次须由另一位管理员录入。"), where="public"
)


class SeedKind(StrEnum):
    """The three sources; `machine` is marked weaker, since only our word says nobody tried twice."""

    DICE = "dice"
    LOTTERY = "lottery"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class SeedSource:
    """The source as the plan holds it; `name` and `day` belong to a lottery."""

    kind: SeedKind
    name: str = ""
    day: date | None = None

    def as_plan(self) -> dict[str, str]:
        """The plan's `seed_source`."""
        if self.kind is not SeedKind.LOTTERY or self.day is None:
            return {"kind": self.kind.value}
        return {"kind": self.kind.value, "name": self.name, "date": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class Typed:
    """The outcome of a typing; `public` is the value to hash once two agree (a machine's at once)."""

    agreement: Agreement
    public: str | None = None


class TooEarly(RuleViolation):
    """The lottery's date hasn't come."""

    code = "seed.too_early"
    text = msg("方案写明的开奖日期是 %(date)s，在这一天之前不能录入号码。")


def check_source(source: SeedSource, *, frozen_on: date) -> None:
    """At the freeze: a lottery has a name and a date after the (office) day of the freeze."""
    if source.kind is not SeedKind.LOTTERY:
        return
    if not source.name.strip() or source.day is None:
        raise InvalidInput(
            "seed.lottery_incomplete",
            msg("用彩票号码作种子时，须写明彩票名称（name）和开奖日期（date）。"),
            where="seed",
        )
    if source.day <= frozen_on:
        raise InvalidInput(
            "seed.lottery_past",
            msg("开奖日期 %(date)s 须在冻结日之后，否则冻结时号码可能已经知道。请改用以后的一期。"),
            where="seed.date",
            date=source.day.isoformat(),
        )


def check_typing_day(source: SeedSource, *, today: date) -> None:
    """A lottery number may be typed from its date on; `TooEarly` before."""
    if source.kind is SeedKind.LOTTERY and source.day is not None and today < source.day:
        raise TooEarly(where="public", date=source.day.isoformat())


def public_value(text: str) -> str:
    """The public value as it is compared, stored and hashed: NFC and trimmed.

    Empty, longer than 400 characters or holding a control character is `InvalidInput`.
    """
    value = normal(text.strip(), where="public")
    if not value:
        raise InvalidInput("seed.empty", msg("请录入骰子点数或开奖号码。"), where="public")
    if len(value) > LONGEST:
        raise InvalidInput("seed.too_long", msg("公开值最多 400 个字符。"), where="public")
    return value


def take_typing(standing: Word | None, typing: Word, *, source: SeedSource, today: date) -> Typed:
    """Compare a typing with the one that stands.

    `FIRST`: keep it, another account types next. `AGREED`: `public` makes the seed. `DIFFER`: discard
    both, both type again. A machine's value needs one account and agrees at once. The second typing is
    compared, never hashed with the first. Refuses: before the lottery's date, the same account twice.
    """
    check_typing_day(source, today=today)
    value = public_value(typing.text)
    if source.kind is SeedKind.MACHINE:
        return Typed(Agreement.AGREED, _machine_value(value))
    first = Word(standing.by, public_value(standing.text)) if standing else None
    outcome = TYPED_BY_TWO.heard(first, Word(typing.by, value))
    return Typed(outcome, value if outcome is Agreement.AGREED else None)


def _machine_value(value: str) -> str:
    if not HEX64.fullmatch(value):
        raise InvalidInput(
            "seed.machine_value",
            msg("方案写明种子由机器产生：不要录入号码，直接执行即可。"),
            where="public",
        )
    return value


def secret_digest(secret: str) -> str:
    """SHA-256 over the secret's 64 ASCII hex digits; anything else is `InvalidInput`."""
    if not HEX64.fullmatch(secret):
        raise InvalidInput("seed.secret_form", msg("密值须是 64 位小写十六进制数。"), where="secret")
    return content_digest(secret.encode("ascii"))


def check_secret(secret: str, committed: str) -> None:
    """The opened secret is the one whose digest was published; `InvalidInput` otherwise."""
    if secret_digest(secret) != committed:
        raise InvalidInput(
            "seed.secret_differs", msg("密值与方案里公布的摘要不符：不是冻结时的那一个。"), where="secret"
        )


def is_weak(source: SeedSource, public: str) -> bool:
    """A machine's seed, or fewer than 20 decimal digits from dice: shown as weaker, not refused."""
    digits = sum(character.isdecimal() for character in public)
    return source.kind is SeedKind.MACHINE or (source.kind is SeedKind.DICE and digits < ENOUGH_DIGITS)
