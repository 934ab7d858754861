"""Experts and sheets of the demonstration: how good an institution is, how severe an expert, what a reader marks.

    experts(size, seed) -> lines as `import experts` reads them
    sheet(rubric, seed=, case=, institution=, expert=) -> lines as `import sheets` reads them

The same seed gives the same people, the same severity and the same marks. Institutions lie between 73 and
94 points, experts are up to 6 points stricter or milder than the average, so that statistics find both. A few files call for a veto, which not every reader sees.
"""

from collections.abc import Iterator

from qualityeval.core import demo_words as words
from qualityeval.core.demo_register import Chooser, cities
from qualityeval.core.rubric_parts import Item, Rubric, Veto

FEWEST_EXPERTS, CASES_AN_EXPERT = 12, 100
WORST, BEST = 7_300, 9_400  # hundredths of a point
SEVERITY = 600
POOR = 4  # of a hundred files are far below the rest
GRAVE, SEEN = 2, 75  # of a hundred files call for a veto; of a hundred readers see it
STEP = 50
SPECIALTIES = ("刑事", "民事", "劳动", "行政", "刑事;未成年人", "民事;劳动")
COUNTY_SHARE = 40  # of a hundred
TITLES = {
    "LC2026H1": "2026年上半年案件质量同行评估",
    "LC2026Q3": "2026年第三季度案件质量同行评估",
    "LC2026M10": "2026年10月案件质量同行评估",
}
HALF_READ = "上半部分已看完，庭审部分待看。"


def experts(size: int, seed: int, *, count: int | None = None) -> list[dict[str, str]]:
    """So many experts (one for every hundred cases), from firms of all cities, some seated in a county."""
    wanted = count or max(FEWEST_EXPERTS, size // CASES_AN_EXPERT)
    return [_expert(number, size, seed) for number in range(1, wanted + 1)]


def _expert(number: int, size: int, seed: int) -> dict[str, str]:
    choose = Chooser(seed, f"expert {number}")
    places = cities(size)
    place = (number - 1) % len(places)
    city, _name, below = places[place]
    firms = words.FIRM_WORDS[place * 4 : place * 4 + 4]
    county = str(int(city) + choose.between(1, len(below)))
    return {
        "code": f"E{number:04d}", "name": choose.person(), "provider": f"澜川{choose.pick(firms)}律师事务所",
        "region": county if choose.chance(COUNTY_SHARE) else city, "specialties": choose.pick(SPECIALTIES),
        "practice_years": str(choose.between(6, 32)),
    }  # fmt: skip


def quality(seed: int, institution: str) -> int:
    """What an average file of the institution earns with an average expert, in hundredths."""
    return Chooser(seed, f"quality {institution}").between(WORST, BEST)


def severity(seed: int, expert: str) -> int:
    """How many hundredths the expert gives above the average; negative for a strict one."""
    choose = Chooser(seed, f"severity {expert}")
    return (choose.between(-SEVERITY, SEVERITY) + choose.between(-SEVERITY, SEVERITY)) // 2


def aim(*, seed: int, case: str, institution: str, expert: str) -> int:
    """The total that this reader has in mind for this file, in hundredths."""
    choose = Chooser(seed, f"file {case}")
    file = _noise(choose, 900) - (choose.between(1_500, 3_000) if choose.chance(POOR) else 0)
    reading = _noise(Chooser(seed, f"reading {case} {expert}"), 550)
    return max(3_000, min(10_000, quality(seed, institution) + severity(seed, expert) + file + reading))


def _noise(choose: Chooser, width: int) -> int:
    """Around nought, up to 1.5 widths away, near it more often."""
    return sum(choose.between(-width, width) for _ in range(3)) // 2


def sheet(rubric: Rubric, *, seed: int, case: str, institution: str, expert: str) -> Iterator[dict[str, str]]:
    """A complete sheet: one line an item, deductions with a reason and a page until the aim is met."""
    choose = Chooser(seed, f"sheet {case} {expert}")
    lost = _lost(rubric, 10_000 - aim(seed=seed, case=case, institution=institution, expert=expert), choose)
    for code, item in rubric.by_item.items():
        line = {"case": case, "expert": expert, "item": code}
        if gone := lost.get(code, 0):
            yield {
                **line,
                "deduct": _points(gone),
                "reason": _reason(item, choose),
                "page": str(choose.between(2, 140)),
            }
        else:
            yield {**line, "mark": _points(item.points)}
    if grave := _veto(rubric, seed=seed, case=case, choose=choose):
        yield {
            "case": case,
            "expert": expert,
            "item": f"veto:{grave.code}",
            "reason": f"{grave.title.zh}，见卷内记录。",
        }
    yield {"case": case, "expert": expert, "item": "overall", "reason": choose.pick(REMARKS)}


def _veto(rubric: Rubric, *, seed: int, case: str, choose: Chooser) -> Veto | None:
    """The same ground for every reader who sees it."""
    file = Chooser(seed, f"grave {case}")
    grounds = [veto for veto in rubric.vetoes if veto.kind == "file"]
    if not grounds or not file.chance(GRAVE) or not choose.chance(SEEN):
        return None
    return grounds[file.below(len(grounds))]


def _lost(rubric: Rubric, points: int, choose: Chooser) -> dict[str, int]:
    """Points taken from items drawn at random, in halves, at most half an item at a time."""
    items = list(rubric.by_item.values())
    lost: dict[str, int] = {}
    left = points // STEP * STEP
    while left:
        item = choose.pick(items)
        room = item.points - lost.get(item.code, 0)
        most = min(left, room, max(STEP, item.points // 2)) // STEP
        if most:
            taken = choose.between(1, most) * STEP
            lost[item.code] = lost.get(item.code, 0) + taken
            left -= taken
    return lost


def _reason(item: Item, choose: Chooser) -> str:
    return str(choose.pick(item.phrases).text) if item.phrases else "卷内材料不全"


def _points(points: int) -> str:
    return f"{points // 100}.{points % 100:02d}"


REMARKS = (
    "办理程序规范，材料较完整。", "会见和阅卷有记录，辩护意见可以更具体。", "归档材料有缺漏，请补正。",
    "承办人尽职，与受援人沟通充分。", "文书说理不足，证据分析较少。", "按时办结，回访情况良好。",
)  # fmt: skip
