#!/usr/bin/env python3
"""Repeat a draw from its certificate and frame file, and compare every figure.

    python3 verify_draw.py CERT.json FRAME.csv [--json] [--sample] [--case KEY]

Needs Python 3.8 or later and nothing else; opens no network. Exit 0: everything agrees; 1: something
doesn't, or a file can't be read; 2: wrong usage. --sample also lists the drawn cases, --case tells
one case's ticket and place, --json prints one object.

What it repeats (H is SHA-256 in lower-case hex over UTF-8, fields in NFC joined by U+001F):

    frame digest   SHA-256 of the frame file's bytes: lines "case_key,stratum" by the bytes of case_key
    plan digest    SHA-256 of the plan string's bytes; the plan, published before the draw, holds the
                   frame digest, N and n of each stratum and the SHA-256 of the secret
    seed           H(plan digest, secret, public value)
    ticket         H(seed, "draw", case_key); the n smallest tickets of a stratum are drawn

Written from the published rules alone: it shares no line with the program that made the draw.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

KEYS = {
    "version", "plan", "plan_digest", "frame_digest", "secret", "public", "seed", "strata", "earlier_rounds",
}  # fmt: skip
HEXADECIMAL = set("0123456789abcdef")
ENTRY = ("code", "state", "plan_digest", "frame_digest", "shared", "of")


class Wrong(Exception):
    """A check that failed; says what and where."""


class Unknown(Exception):
    """A check that can't be made, since an earlier one failed."""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def joined_hash(*fields: object) -> str:
    return sha("\u001f".join(unicodedata.normalize("NFC", str(field)) for field in fields).encode())


def is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= HEXADECIMAL


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def without_twins(pairs: list) -> dict:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands twice")
    return dict(pairs)


def load(text: str, what: str) -> dict:
    """A JSON object without a key that stands twice."""
    try:
        found = json.loads(text, object_pairs_hook=without_twins)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"the {what} isn't whole JSON: {error}") from None
    if not isinstance(found, dict):
        raise Wrong(f"the {what} isn't a JSON object")
    if any("\ud800" <= character <= "\udfff" for character in json.dumps(found, ensure_ascii=False)):
        raise Wrong(f"the {what} holds half a character")
    return found


def usual_writings(found: dict) -> set:
    """The ways in which programs write this object; another one means that a byte was changed."""
    writings = set()
    for ascii_only in (True, False):
        for keys_sorted in (True, False):
            for indent in (None, 1, 2, 3, 4, "\t"):
                for separators in ((",", ":"), (", ", ": ")) if indent is None else ((",", ": "),):
                    text = json.dumps(
                        found,
                        ensure_ascii=ascii_only,
                        sort_keys=keys_sorted,
                        indent=indent,
                        separators=separators,
                    )
                    writings.update((text, text + "\n"))
    return writings


class Inspection:
    """One certificate beside one frame file, checked step by step."""

    def __init__(self, certificate_file: bytes, frame_file: bytes) -> None:
        self.certificate_file, self.frame_file = certificate_file, frame_file
        self.certificate: dict | None = None
        self.plan: dict | None = None
        self.rows: list | None = None
        self.frame_digest: str | None = None
        self.orders: dict | None = None

    def run(self) -> list:
        """(name, ok, detail) of every check, in order."""
        results = []
        for name in (
            "certificate", "plan_digest", "plan", "frame", "frame_digest", "secret", "seed", "sizes", "tickets",
            "earlier_rounds",
        ):  # fmt: skip
            try:
                detail = getattr(self, "check_" + name)()
            except Wrong as wrong:
                results.append((name, False, str(wrong)))
            except RecursionError:
                results.append((name, False, "nested too deep to be a certificate"))
            except Unknown:
                results.append((name, False, "can't be checked, since an earlier check failed"))
            else:
                results.append((name, True, detail))
        return results

    def known(self, name: str) -> Any:
        found = getattr(self, name)
        if found is None:
            raise Unknown
        return found

    def check_certificate(self) -> str:
        try:
            text = self.certificate_file.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Wrong(f"the certificate isn't UTF-8 at byte {error.start}") from None
        found = load(text, "certificate")
        for key in sorted(KEYS ^ set(found)):
            raise Wrong(f"the certificate's key {key} is {'missing' if key in KEYS else 'unknown'}")
        if found["version"] != 1 or not is_count(found["version"]):
            raise Wrong("the certificate's version isn't 1: get the verifier that belongs to it")
        for key in ("plan_digest", "frame_digest", "secret", "seed"):
            if not is_digest(found[key]):
                raise Wrong(f"{key} isn't 64 lower-case hex digits")
        for key, kind in (("plan", str), ("public", str), ("strata", list), ("earlier_rounds", list)):
            if not isinstance(found[key], kind):
                raise Wrong(f"{key} is of the wrong kind")
        for number, stratum in enumerate(found["strata"]):
            check_stratum(stratum, f"strata[{number}]", {"key", "N", "n", "last_ticket"})
        self.certificate = found
        if text not in usual_writings(found):
            raise Wrong("the certificate's spaces or escapes were changed: download it again")
        return "whole, version 1"

    def check_plan_digest(self) -> str:
        certificate = self.known("certificate")
        digest = sha(certificate["plan"].encode("utf-8", "surrogatepass"))
        if digest != certificate["plan_digest"]:
            raise Wrong(f"the plan's digest is {digest}, the certificate says {certificate['plan_digest']}")
        return digest

    def check_plan(self) -> str:
        text = self.known("certificate")["plan"]
        plan = load(text, "plan")
        if text != json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")):
            raise Wrong("the plan isn't written with sorted keys and without spaces")
        if holds_float(plan):
            raise Wrong("the plan holds a floating-point number")
        for key in ("frame_digest", "secret_digest", "deal_secret_digest"):
            if not is_digest(plan.get(key)):
                raise Wrong(f"the plan's {key} is missing or isn't a digest")
        if not isinstance(plan.get("strata"), list) or not plan["strata"]:
            raise Wrong("the plan's strata are missing")
        for number, stratum in enumerate(plan["strata"]):
            check_stratum(stratum, f"plan.strata[{number}]", {"key", "N", "n"})
        labels = [stratum["key"].encode() for stratum in plan["strata"]]
        if labels != sorted(set(labels)):
            raise Wrong("the plan's strata aren't in the order of their bytes, or one stands twice")
        self.plan = plan
        return f"{len(labels)} strata, seed from {json.dumps(plan.get('seed_source'), ensure_ascii=False)}"

    def check_frame(self) -> str:
        content = self.frame_file
        first, _, body = content.partition(b"\n")
        if first != b"case_key,stratum":
            raise Wrong("line 1 of the frame file isn't case_key,stratum")
        if not body.endswith(b"\n"):
            raise Wrong("the frame file's last line has no end: was it downloaded whole?")
        lines = body[:-1].split(b"\n")
        rows = [frame_row(line, number) for number, line in enumerate(lines, start=2)]
        twins = len(rows) - len({key for key, _ in rows})
        if twins:
            raise Wrong(f"{twins} case keys stand twice in the frame file")
        self.rows = rows
        self.frame_digest = sha(b"\n".join([first, *sorted_lines(lines, rows), b""]))
        if self.frame_digest != sha(content):
            return f"{len(rows)} cases; the rows were in another order and have been sorted"
        return f"{len(rows)} cases"

    def check_frame_digest(self) -> str:
        self.known("rows")
        for where, digest in (
            ("certificate", self.known("certificate")["frame_digest"]),
            ("plan", self.known("plan")["frame_digest"]),
        ):
            if digest != self.frame_digest:
                raise Wrong(f"the frame file's digest is {self.frame_digest}, the {where} says {digest}")
        return self.frame_digest

    def check_secret(self) -> str:
        digest = sha(self.known("certificate")["secret"].encode())
        if digest != self.known("plan")["secret_digest"]:
            raise Wrong(f"the secret's digest is {digest}: not the one that the plan had published")
        return "the secret is the one that the plan had committed to"

    def check_seed(self) -> str:
        certificate = self.known("certificate")
        public = certificate["public"]
        if not public or public != unicodedata.normalize("NFC", public.strip()):
            raise Wrong("the public value isn't in NFC, is empty, or has spaces around it")
        seed = joined_hash(sha(certificate["plan"].encode()), certificate["secret"], public)
        if seed != certificate["seed"]:
            raise Wrong(f"plan, secret and public value give the seed {seed}, not {certificate['seed']}")
        return seed

    def check_sizes(self) -> str:
        counted: dict = {}
        for _, label in self.known("rows"):
            counted[label] = counted.get(label, 0) + 1
        planned = {s["key"]: (s["N"], s["n"]) for s in self.known("plan")["strata"]}
        certified = {s["key"]: (s["N"], s["n"]) for s in self.known("certificate")["strata"]}
        for label in sorted({*counted, *planned, *certified}):
            size, drawn = planned.get(label, (0, 0))
            if counted.get(label) != size or certified.get(label) != (size, drawn) or not drawn <= size:
                raise Wrong(
                    f"stratum {label}: {counted.get(label)} cases in the frame; N and n are {planned.get(label)} "
                    f"in the plan, {certified.get(label)} in the certificate"
                )
        if [s["key"] for s in self.certificate["strata"]] != list(planned):
            raise Wrong("the certificate's strata aren't in the plan's order, or one stands twice")
        return f"{len(planned)} strata, {sum(n for _, n in planned.values())} cases to draw"

    def check_tickets(self) -> str:
        certificate = self.known("certificate")
        orders: dict = {}
        for key, label in self.known("rows"):
            orders.setdefault(label, []).append(
                (joined_hash(certificate["seed"], "draw", key), key.encode(), key)
            )
        for order in orders.values():
            order.sort()
        for stratum in certificate["strata"]:
            order = orders.get(stratum["key"], [])
            if stratum["n"] > len(order):
                raise Unknown
            last = order[stratum["n"] - 1][0] if stratum["n"] else None
            if last != stratum["last_ticket"]:
                raise Wrong(
                    f"stratum {stratum['key']}: the last ticket drawn is {last}, the certificate says "
                    f"{stratum['last_ticket']}"
                )
        self.orders = orders
        return "the draw was repeated and agrees"

    def check_earlier_rounds(self) -> str:
        certificate = self.known("certificate")
        for number, entry in enumerate(certificate["earlier_rounds"]):
            if not isinstance(entry, dict) or set(entry) != {*ENTRY, "digest"}:
                raise Wrong(f"earlier_rounds[{number}] hasn't the right keys")
            if entry["digest"] != joined_hash(certificate["plan_digest"], *(entry[key] for key in ENTRY)):
                raise Wrong(f"earlier_rounds[{number}] ({entry['code']}) was changed")
        return f"{len(certificate['earlier_rounds'])} earlier rounds share half of the cases"

    def sample(self) -> list:
        """(stratum, place, case key, ticket) of every drawn case."""
        return [
            (stratum["key"], place, key, ticket)
            for stratum in self.certificate["strata"]
            for place, (ticket, _, key) in enumerate(self.orders[stratum["key"]][: stratum["n"]], start=1)
        ]

    def case(self, wanted: str) -> dict | None:
        """One case's ticket, its place in its stratum and whether it was drawn."""
        wanted = unicodedata.normalize("NFC", wanted)
        sizes = {stratum["key"]: stratum["n"] for stratum in self.certificate["strata"]}
        for label, order in self.orders.items():
            for place, (ticket, _, key) in enumerate(order, start=1):
                if key == wanted:
                    drawn = place <= sizes[label]
                    return {"case": key, "stratum": label, "ticket": ticket, "place": place, "drawn": drawn}
        return None


def check_stratum(stratum: object, where: str, keys: set) -> None:
    if not isinstance(stratum, dict) or set(stratum) != keys or not isinstance(stratum["key"], str):
        raise Wrong(f"{where} hasn't the right keys")
    if not is_count(stratum["N"]) or not is_count(stratum["n"]):
        raise Wrong(f"{where}: N and n aren't whole numbers")


def holds_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(holds_float(inner) for inner in value.values())
    if isinstance(value, list):
        return any(holds_float(inner) for inner in value)
    return isinstance(value, float)


def frame_row(line: bytes, number: int) -> tuple:
    """Case key and stratum of a line that is written exactly as the rules say."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Wrong(f"line {number} of the frame file isn't UTF-8") from None
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise Wrong(f"line {number} of the frame file holds a control character")
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise Wrong(f"line {number} of the frame file: {error}") from None
    if len(cells) != 2 or not all(cells):
        raise Wrong(f"line {number} of the frame file hasn't a case key and a stratum")
    if text != unicodedata.normalize("NFC", text):
        raise Wrong(f"line {number} of the frame file isn't in NFC")
    if text != ",".join(written(cell) for cell in cells):
        raise Wrong(f"line {number} of the frame file is quoted where it needn't be, or badly")
    return cells[0], cells[1]


def written(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell


def sorted_lines(lines: list, rows: list) -> list:
    order = sorted(range(len(rows)), key=lambda index: rows[index][0].encode())
    return [lines[index] for index in order]


def arguments(given: list | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Repeat a draw from its certificate and frame file, and compare every figure."
    )
    parser.add_argument("certificate", metavar="CERT.json")
    parser.add_argument("frame", metavar="FRAME.csv")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sample", action="store_true", help="also list the drawn cases")
    parser.add_argument("--case", metavar="KEY", help="also tell this case's ticket and place")
    return parser.parse_args(given)


def main(given: list | None = None) -> int:
    chosen = arguments(given)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    try:
        inspection = Inspection(Path(chosen.certificate).read_bytes(), Path(chosen.frame).read_bytes())
    except OSError as error:
        show(
            {"ok": False, "checks": [{"name": "files", "ok": False, "detail": str(error)}]},
            as_json=chosen.json,
        )
        return 1
    checks = inspection.run()
    ok = all(passed for _, passed, _ in checks)
    found = {"ok": ok, "checks": [{"name": n, "ok": passed, "detail": d} for n, passed, d in checks]}
    if ok and chosen.sample:
        names = ("stratum", "place", "case", "ticket")
        found["sample"] = [dict(zip(names, row)) for row in inspection.sample()]  # noqa: B905 -- Python 3.8
    if ok and chosen.case:
        found["case"] = inspection.case(chosen.case)
    show(found, as_json=chosen.json)
    missing = ok and chosen.case and found["case"] is None
    return 0 if ok and not missing else 1


def show(found: dict, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for check in found["checks"]:
        print(f"{'ok    ' if check['ok'] else 'FAILED'}  {check['name']}: {check['detail']}")
    for row in found.get("sample", ()):
        print(f"{row['stratum']}\t{row['place']}\t{row['case']}\t{row['ticket']}")
    if "case" in found:
        print(
            json.dumps(found["case"], ensure_ascii=False) if found["case"] else "no such case in this frame"
        )
    print(
        "The draw is what its certificate says. 核验通过。" if found["ok"] else "NOT VERIFIED. 核验未通过。"
    )


if __name__ == "__main__":
    sys.exit(main())
