"""Names that the papers of a case give away: behind a label such as 承办律师：, before a title, firms by their ending."""

import re
from collections.abc import Collection, Iterable, Sequence

from qualityeval.core.pseudonyms import FIRM, GAP, PERSON, PROVIDER, WIDE, Name, firm_in, numbered, squeezed
from qualityeval.core.surnames import FOLLOWERS, SURNAMES

_LABELS = (
    "姓名|申请人|被申请人|受援人|被告人|犯罪嫌疑人|嫌疑人|上诉人|被上诉人|原告人?|被告|第三人|辩护人|承办律师|援助律师|"
    "指派律师|代理律师|辩护律师|律师|委托代理人|诉讼代理人|法定代理人|代理人|委托人|受托人|承办人|审判长|审判员|"
    "人民陪审员|陪审员|书记员|记录人|询问人|被询问人|会见人|被会见人|法官助理|法官|检察员|检察官|侦查员|联系人|经办人|"
    "证人|被害人|监护人|父亲|母亲|妻子|丈夫|签名|签字"
)
_LABELLED = re.compile(
    rf"(?:{_LABELS})(?P<mark>[ \t]*(?:[(（][^()（）\n]{{0,12}}[)）])?[ \t]*[：:][ \t\n]*|[ \t]*)(?P<rest>[\u4e00-\u9fff·](?:{GAP}[\u4e00-\u9fff·]){{1,5}})"
)

_TITLED = re.compile(r"(?P<rest>[\u4e00-\u9fff]{2,4})(?:律师(?!事务所)|法官|检察官|警官|审判员)")


def learned(
    texts: Iterable[str], known: Sequence[tuple[str, str]], added: Sequence[tuple[str, str]] = ()
) -> tuple[Name, ...]:
    """The known names, those that the texts give away (behind a label, firms by their ending), those people added.

    In the order in which they first appear, so that a paper or a name added last changes no earlier token.
    """
    seen = {squeezed(text) for _kind, text in known}
    more: list[tuple[str, str]] = []
    whole = list(texts)
    joined = squeezed("\n".join(whole)) if whole else ""
    for text in whole:
        for kind, said in _given_away(text):
            name = _settled(said, joined, seen) if kind == PERSON else said
            if name not in seen and not any(name in one for one in seen):
                seen.add(name)
                more.append((kind, name))
    return numbered([*known, *more, *added])


def _given_away(text: str) -> list[tuple[str, str]]:
    flat = text.translate(WIDE)
    found = [(hit.start(), PROVIDER, squeezed(firm_in(hit.group()))) for hit in FIRM.finditer(flat)]
    for hit in _LABELLED.finditer(flat):
        name = _person(squeezed(hit["rest"]), marked="：" in hit["mark"] or ":" in hit["mark"])
        if name:
            found.append((hit.start("rest"), PERSON, name))
    for hit in _TITLED.finditer(flat):
        name = _titled(hit["rest"])
        if name:
            found.append((hit.start("rest"), PERSON, name))
    return [(kind, name) for _at, kind, name in sorted(found)]


def _settled(name: str, joined: str, seen: Collection[str]) -> str:
    """A name of three characters, or of two where the shorter one stands more often than the longer: 黄霞 of 黄霞陈."""
    short = name[:-1]
    if len(name) < 3 or short in SURNAMES or short in seen:
        return name
    return short if joined.count(short) > joined.count(name) else name


def _titled(run: str) -> str:
    """The name that ends a run of characters before a title: the shortest of three or two that begins as one."""
    for size in (3, 2):
        name = run[-size:]
        if (
            len(name) == size
            and (name[0] in SURNAMES or name[:2] in SURNAMES)
            and not FOLLOWERS & set(name[1:])
        ):
            return name
    return ""


def _person(rest: str, *, marked: bool) -> str:
    """The name at the beginning of a run of characters; "" where none begins there.

    Behind a colon a whole short run is the name; elsewhere a third character counts unless it is one that
    usually goes on with the sentence (在, 因, 与 …).
    """
    family = next((rest[:size] for size in (2, 1) if rest[:size] in SURNAMES), "")
    if not family or len(rest) <= len(family):
        return ""
    given = rest[len(family) :]
    if given[0] in FOLLOWERS:
        return ""
    if marked and len(given) <= 2:
        return family + given
    return family + given[:1] + ("" if len(given) < 2 or given[1] in FOLLOWERS else given[1])
