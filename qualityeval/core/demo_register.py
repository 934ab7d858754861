"""The demonstration register: the same seed makes the same cases, on every machine and version."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from qualityeval.core import demo_words as words

RELEASED = (date(2026, 1, 5), date(2026, 6, 30))  # closing dates of the three periods
SCORING = (date(2026, 7, 1), date(2026, 9, 30))
OPEN = (date(2026, 10, 1), date(2026, 10, 30))
PERIODS = {"released": RELEASED, "scoring": SCORING, "open": OPEN}
SHARES = (("released", 60), ("scoring", 25), ("open", 15))
SMALL = 2_000  # fewer cases than that would leave most of ninety counties without a figure
LAWYERS, CASES_A_LAWYER = 16, 400
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_CHECKS = "10X98765432"


class Chooser:
    """Choices from SHA-256 of seed and position: no library generator, so nothing changes with a version."""

    def __init__(self, seed: int, label: str) -> None:
        self._start = f"{seed}\x1f{label}\x1f"
        self._step = 0

    def below(self, limit: int) -> int:
        """A number from 0 to limit − 1."""
        self._step += 1
        digest = hashlib.sha256(f"{self._start}{self._step}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def between(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred."""
        return self.below(100) < percent

    def pick(self, items: Sequence[Any]) -> Any:
        """One of the items, all alike."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[str, int]]) -> str:
        """One of the items by weight."""
        place = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            place -= weight
            if place < 0:
                return item
        return items[-1][0]

    def person(self) -> str:
        """An invented name."""
        return f"{self.pick(words.SURNAMES)}{self.pick(words.GIVEN)}"


@dataclass(frozen=True)
class DemoCase:
    """One case: where it belongs, who handled it, and its fields as the case table names them."""

    institution: str
    practitioner: tuple[str, str, str]  # name, licence, provider
    fields: dict[str, Any] = field(default_factory=dict)


def cities(size: int) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Code, name and counties of the cities over which a register of so many cases is spread."""
    if size >= SMALL:
        return words.CITIES
    few = zip(words.CITIES, words.SMALL_CITIES, strict=False)
    return tuple((code, name, below[:count]) for (code, name, below), count in few)


def institutions(size: int) -> list[tuple[str, str, str, str | None]]:
    """Code, name, level and parent of every institution, parents first."""
    code, province = words.PROVINCE
    rows: list[tuple[str, str, str, str | None]] = [(code, f"{province}法律援助中心", "province", None)]
    for city, name, below in cities(size):
        rows.append((city, f"{name}法律援助中心", "city", code))
        for number, county in enumerate(below, 1):
            rows.append((f"{int(city) + number}", f"{county}法律援助中心", "county", city))
    return rows


def counties(size: int) -> list[tuple[str, str, str]]:
    """Code and name of every county and the name of its city, county seats first."""
    ranked = sorted(
        (number, city, county, name)
        for city, name, below in cities(size)
        for number, county in enumerate(below, 1)
    )
    return [(f"{int(city) + number}", county, name) for number, city, county, name in ranked]


def practitioners(size: int, seed: int) -> dict[str, list[tuple[str, str, str]]]:
    """Name, licence and firm of the lawyers of each city, by the city's name."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    count = max(LAWYERS, size // CASES_A_LAWYER)
    for number, (_, city, _below) in enumerate(cities(size)):
        choose = Chooser(seed, f"lawyers {number}")
        firms = [f"澜川{word}律师事务所" for word in words.FIRM_WORDS[number * 4 : number * 4 + 4]]
        found[city] = [
            (choose.person(), f"199{number:02d}2020{serial:07d}{choose.below(10)}", firms[serial % 4])
            for serial in range(1, count + 1)
        ]
    return found


def cases(count: int, seed: int) -> Iterator[DemoCase]:
    """So many cases, spread unevenly over the counties and over the three periods."""
    places = counties(count)
    lawyers = practitioners(count, seed)
    serials = dict.fromkeys((code for code, _, _ in places), 0)
    for position in range(count):
        choose = Chooser(seed, f"case {position}")
        # the lesser of two places: earlier counties are busier, as county seats are
        code, county, city = places[min(choose.below(len(places)), choose.below(len(places)))]
        serials[code] += 1
        yield _case(choose, (code, county, city), choose.pick(lawyers[city]), serials[code])


def _case(
    choose: Chooser, place: tuple[str, str, str], practitioner: tuple[str, str, str], serial: int
) -> DemoCase:
    code, county, city = place
    case_type = choose.weighted((("criminal", 58), ("civil", 38), ("administrative", 4)))
    matter = MATTERS[case_type](choose, county, city)
    letter = {"criminal": "刑", "civil": "民", "administrative": "行"}[case_type]
    dates = _dates(choose, matter.pop("hearing"))
    fields = {
        "number": f"{county[0]}援{letter}字〔2026〕{serial:04d}号", "case_type": case_type, "status": "closed",
        "station": choose.pick(("", *words.STATIONS)), "risk": choose.weighted((("低", 84), ("中", 13), ("高", 3))),
        "assigned_by": choose.weighted((("轮流指派", 62), ("专业匹配", 24), ("受援人选定", 8), ("值班律师转", 6))),
        "subsidy": choose.pick((120_000, 150_000, 180_000, 200_000, 240_000)), **dates, **matter,
    }  # fmt: skip
    return DemoCase(code, practitioner, {**_recipient(choose, fields), **fields})


def _criminal(choose: Chooser, county: str, city: str) -> dict[str, Any]:
    stage = choose.weighted(words.CRIMINAL_STAGES)
    victim = choose.chance(7)
    court = f"{city}中级人民法院" if stage in {"appeal", "retrial"} else f"{county}人民法院"
    organ = {"investigation": f"{county}公安局", "prosecution": f"{county}人民检察院"}.get(stage, court)
    return {
        "aid_form": "representation" if victim else "defence", "stage": stage, "cause": choose.weighted(words.CRIMES),
        "position": "被害人" if victim else "被告人" if organ == court else "犯罪嫌疑人", "organ": organ,
        "source": choose.weighted((("办案机关通知", 80), ("本人申请", 20))), "officer": choose.person(),
        "notice_number": f"{county[0]}通援〔2026〕{choose.between(1, 900)}号",
        "court_number": f"（2026）澜{choose.between(101, 399)}刑初{choose.between(1, 800)}号" if organ == court else "",
        "hearing": organ == court, "closing_method": "判决" if organ == court else "阶段办结",
        "effect": choose.weighted(words.CRIMINAL_EFFECTS), "opinion_adopted": choose.weighted(words.ADOPTED),
    }  # fmt: skip


def _civil(choose: Chooser, county: str, city: str) -> dict[str, Any]:
    cause = choose.weighted(words.CLAIMS)
    labour = "劳动" in cause or "工伤" in cause
    arbitration = labour and choose.chance(55)
    series = labour and choose.chance(18)
    return {
        "aid_form": "arbitration" if arbitration else "representation", "stage": "arbitration" if arbitration else "trial",
        "cause": cause, "position": "申请人" if arbitration else "原告", "source": "本人申请",
        "series": f"{county}{choose.pick(('汀岸花园', '鹭洲物流', '砚山制衣'))}欠薪案" if series else "",
        "organ": f"{city}劳动人事争议仲裁委员会" if arbitration else f"{county}人民法院", "officer": choose.person(),
        "court_number": f"（2026）澜{choose.between(101, 399)}民初{choose.between(1, 3000)}号", "hearing": choose.chance(80),
        "closing_method": "裁决" if arbitration else choose.pick(("判决", "调解")),
        "effect": choose.weighted(words.CIVIL_EFFECTS), "loss_recovered": choose.between(3, 900) * 10_000,
    }  # fmt: skip


def _administrative(choose: Chooser, county: str, city: str) -> dict[str, Any]:
    del city
    return {
        "aid_form": "representation", "stage": "trial", "cause": choose.weighted(words.ADMINISTRATIVE),
        "position": "原告", "source": "本人申请", "organ": f"{county}人民法院", "officer": choose.person(),
        "court_number": f"（2026）澜{choose.between(101, 399)}行初{choose.between(1, 200)}号", "hearing": True,
        "closing_method": "判决", "effect": choose.weighted(words.CIVIL_EFFECTS),
    }  # fmt: skip


MATTERS = {"criminal": _criminal, "civil": _civil, "administrative": _administrative}


def _dates(choose: Chooser, hearing: bool) -> dict[str, Any]:
    first, last = PERIODS[choose.weighted(SHARES)]
    closed = first + timedelta(days=choose.below((last - first).days + 1))
    accepted = closed - timedelta(days=choose.between(35, 160))
    assigned = accepted + timedelta(days=choose.pick((0, 1, 1, 1, 2, 2, 3, 5)))
    met = assigned + timedelta(days=choose.between(1, 9))
    archived = closed + timedelta(days=choose.between(12, 40))
    return {
        "applied_on": accepted - timedelta(days=choose.below(4)), "accepted_on": accepted, "decided_on": accepted,
        "noticed_on": accepted, "assigned_on": assigned, "named_on": assigned + timedelta(days=assigned.day % 3),
        "engaged_on": met, "met_on": met, "files_read_on": met + timedelta(days=choose.between(1, 6)),
        "hearing_on": closed - timedelta(days=choose.between(5, 20)) if hearing else None, "hearing_held": hearing,
        "closed_on": closed, "closing_paper_on": closed - timedelta(days=closed.day % 10 // 9), "submitted_on": closed + timedelta(days=choose.between(3, 34)),
        "archived_on": archived if archived <= date(2026, 11, 20) else None,
    }  # fmt: skip


def _recipient(choose: Chooser, fields: dict[str, Any]) -> dict[str, Any]:
    tag = choose.weighted(words.TAGS)
    criminal = fields["case_type"] == "criminal"
    age = (
        choose.between(15, 17)
        if tag == "未成年人"
        else choose.between(63, 84)
        if tag == "老年人"
        else choose.between(19, 58)
    )
    born = fields["accepted_on"] - timedelta(days=age * 365 + choose.below(300))
    female = tag == "妇女" or choose.chance(16 if criminal else 42)
    return {
        "recipient_name": choose.person(), "recipient_sex": "女" if female else "男", "recipient_born_on": born,
        "recipient_tags": tag, "recipient_id_number": id_number(choose, born, female=female),
        "recipient_phone": f"10000{choose.below(1_000_000):06d}", "sealed": criminal and tag == "未成年人",
    }  # fmt: skip


def id_number(choose: Chooser, born: date, *, female: bool) -> str:
    """Eighteen characters with a right check digit, of a district that doesn't exist."""
    serial = choose.below(499) * 2 + (0 if female else 1)
    body = f"99{choose.between(1, 3):02d}{choose.between(1, 4):02d}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]
