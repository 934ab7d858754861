"""What stands on the demonstration's scanned-looking papers; every name and matter is invented."""

from typing import Any

from qualityeval.core.demo_register import Chooser

INVENTED = "演示材料，所写的人和事都是虚构的。"


def page_of(title: str, *, key: tuple[str, int], seed: int) -> dict[str, Any]:
    """Title, number, lines, signature, date and stamp of one original; the same key and seed give the same page."""
    choose = Chooser(seed, f"paper {key}")
    person, officer = choose.person(), choose.person()
    month, day = choose.between(3, 9), choose.between(1, 28)
    return {
        "title": title, "number": f"澜援〔2026〕{choose.between(1, 900)}号",
        "lines": [
            f"受援人{person}，因有关事项申请法律援助，本机构于2026年{month}月{day}日受理。",
            f"经审查，符合法律援助条件，由{officer}律师承办。办理情况记入本卷，随案归档。",
            f"承办人已向受援人说明权利义务。受援人{person}对以上内容没有异议。",
            INVENTED,
        ],
        "signed": f"经办人：{officer}", "day": f"2026年{month}月{day}日", "stamp": "澜川省法律援助中心\n演示专用",
    }  # fmt: skip
