"""The English catalogue: gather what the source says in Chinese, merge the parts, compile.

`python -m tools.catalogue compile` writes messages.po and messages.mo (not committed);
`check` lists every fault and fails on one; `missing` prints the entries that still need English.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = Path("qualityeval") / "translations" / "en"
SOURCES = (
    ("qualityeval", "**.py", "python"),
    ("templates", "**.html", "jinja2"),
    ("templates", "**.txt", "jinja2"),
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "msg": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HAN = re.compile(r"[\u3400-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)")

Key = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the catalogue, and where to look."""

    kind: str
    text: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text!r} ({self.where})"


@dataclass(frozen=True)
class Part:
    """The entries of one file of translations."""

    name: str
    messages: tuple[Message, ...]


def first_id(message: Message) -> str:
    """The msgid, the singular one where there are two."""
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def key_of(message: Message) -> Key:
    """Context and msgid: what must be unique."""
    return (message.context or "", first_id(message))


@cache
def extracted(root: Path = ROOT) -> Catalog:
    """Everything the source wants translated, read once. A template that can't be parsed raises."""
    catalog = Catalog(locale="en")
    for folder, pattern, method in SOURCES:
        found = extract_from_dir(
            root / folder,
            method_map=[(pattern, method)],
            options_map={pattern: {"silent": "false", "trimmed": "true"}},
            keywords=KEYWORDS,
        )
        for name, line, message, _comments, context in found:
            catalog.add(message, locations=[(f"{folder}/{name}", line)], context=context)
    return catalog


def parts(root: Path = ROOT) -> list[Part]:
    """The committed translations, one file an area."""
    read = []
    for path in sorted((root / ENGLISH / "parts").glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale="en", abort_invalid=True)
        read.append(Part(path.name, tuple(message for message in catalog if message.id)))
    return read


def translations_of(message: Message) -> tuple[str, ...]:
    """The English forms; one, or two for a plural."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def merged(given: Iterable[Part]) -> tuple[Catalog, list[Fault]]:
    """One catalogue of all parts, and the entries that two parts translate differently."""
    catalog, faults, home = Catalog(locale="en", fuzzy=False), [], {}
    for part in given:
        for message in part.messages:
            key = key_of(message)
            if key in home:
                other, known = home[key]
                if translations_of(known) != translations_of(message):
                    faults.append(Fault("translated twice, differently", key[1], f"{other}, {part.name}"))
                continue
            home[key] = (part.name, message)
            catalog.add(message.id, message.string, flags=message.flags, context=message.context)
    return catalog, faults


def _entry_faults(message: Message, where: str) -> Iterator[Fault]:
    text = first_id(message)
    if "fuzzy" in message.flags:
        yield Fault("fuzzy", text, where)
    for english in translations_of(message):
        if not english:
            yield Fault("empty", text, where)
        elif set(PLACE.findall(english)) - set(PLACE.findall(text)):
            yield Fault("unknown place in the translation", text, where)
        elif isinstance(message.id, str) and set(PLACE.findall(text)) != set(PLACE.findall(english)):
            yield Fault("place lost in the translation", text, where)
        elif HAN.search(english):
            yield Fault("Chinese left in the English", text, where)


def faults(root: Path = ROOT) -> list[Fault]:
    """Missing, unused, conflicting, fuzzy or damaged entries; empty when English is complete."""
    source, given = extracted(root), parts(root)
    catalog, found = merged(given)
    wanted = {key_of(message): message for message in source if message.id}
    held = {key_of(message) for message in catalog if message.id}
    for key, message in sorted(wanted.items(), key=lambda pair: pair[0]):
        where = ", ".join(f"{name}:{line}" for name, line in message.locations[:3])
        if key not in held:
            found.append(Fault("no English", key[1], where))
        if not HAN.search(key[1]) and re.search(r"[a-z]{3,} [a-z]{2,}", key[1]):
            found.append(Fault("the source is not Chinese", key[1], where))
    for part in given:
        for message in part.messages:
            if key_of(message) not in wanted:
                found.append(Fault("translated but nowhere said", first_id(message), part.name))
            found.extend(_entry_faults(message, part.name))
    return found


def compile_catalogue(root: Path = ROOT) -> int:
    """Write messages.po and messages.mo; returns the number of entries."""
    catalog, conflicts = merged(parts(root))
    if conflicts:
        raise SystemExit("\n".join(str(fault) for fault in conflicts))
    target = root / ENGLISH / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    with (target / "messages.po").open("wb") as file:
        write_po(file, catalog, sort_output=True, omit_header=False)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    return len(catalog)


def missing(root: Path = ROOT) -> str:
    """Entries without English, as text to paste into a part."""
    held = {key_of(message) for part in parts(root) for message in part.messages}
    lines = []
    for message in extracted(root):
        if message.id and key_of(message) not in held:
            lines.extend(f"#: {name}:{line}" for name, line in message.locations[:1])
            lines.append(f'msgid "{first_id(message)}"\nmsgstr ""\n')
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line of this tool."""
    verb = arguments[0] if arguments else "compile"
    if verb == "check":
        found = faults()
        print("\n".join(str(fault) for fault in found) or "English is complete.")
        return 1 if found else 0
    if verb == "missing":
        print(missing())
        return 0
    if verb != "compile":
        print(__doc__, file=sys.stderr)
        return 2
    print(f"English catalogue: {compile_catalogue()} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
