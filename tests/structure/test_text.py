"""What no file and no commit message may say: a machine's paths, a registry's host, an open promise."""

import re

import pytest

from tests.structure.sources import files, git, name_of, text_of

# Written in pieces, so that this file passes its own test.
PATHS = "|".join(
    (
        "/" + "work/",
        "/" + "farm/",
        "/" + "tmp/",
        "/" + "root/",
        r"/home/\w+/",
        r"/Users/\w+/",
        "/" + "opt/wheels",
    )
)
HOSTS = "|".join(
    (
        r"pypi" + r"\.org",
        r"pythonhosted" + r"\.org",
        r"npmjs" + r"\.(?:org|com)",
        r"yarnpkg" + r"\.com",
        r"deb\." + r"debian\.org",
        r"mirrors?\." + r"\w+",
    )
)
PROMISES = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))
FORBIDDEN = {
    "a machine's path": re.compile(rf"(?<![\w.~-])(?:{PATHS})"),
    "a registry's host": re.compile(HOSTS, re.IGNORECASE),
    "an open promise": re.compile(rf"\b(?:{PROMISES})\b"),
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}|\"integrity\": \"sha512-[\w+/=]+\"")


def found_in(text, pattern):
    return [
        f"{number}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(HASH.sub("", line))
    ]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_file_says(name):
    faults = [
        f"{name_of(path)}:{hit}"
        for path in files()
        if (text := text_of(path)) is not None
        for hit in found_in(text, FORBIDDEN[name])
    ]
    assert faults == []


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_commit_message_says(name):
    assert found_in(git("log", "--format=%h %B"), FORBIDDEN[name]) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a machine's path", 'open("/' + 'tmp/x")'),
        ("a machine's path", "cd /" + "work/main"),
        ("a registry's host", "https://registry.npm" + "js.org/x"),
        ("an open promise", "# TO" + "DO: later"),
    ],
)
def test_the_patterns_bite(name, text):
    assert found_in(text, FORBIDDEN[name])


def test_addresses_of_web_pages_and_relative_paths_are_fine():
    text = "see ../shared/realdata, /assets/tmp/x, href=/rounds, https://example.org/work/x, tests/work/y"
    assert all(not found_in(text, pattern) for pattern in FORBIDDEN.values())


def test_every_file_of_text_is_utf8_with_plain_line_ends():
    faults = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content[:8_192] or name_of(path).startswith("tests/data/"):
            continue
        if b"\r" in content or "\ufffd" in content.decode("utf-8", errors="replace"):
            faults.append(name_of(path))
        elif content and not content.endswith(b"\n"):
            faults.append(f"{name_of(path)}: no newline at the end")
    assert faults == []
