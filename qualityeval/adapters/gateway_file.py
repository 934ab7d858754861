"""`gateways.yaml` in the instance folder: where letters, short messages and the group's robot go.

It holds passwords, so it lies beside the keys and never in the database; no page shows or changes it.

    mail:  {server: "smtp://name:password@host:25", sender: quality@example.gov.cn}
    sms:   {url: "https://…", body: '{"to": {recipient}, "content": {text}}', headers: {…}, accepted: '"code":0'}
    robot: {kind: wecom, url: "https://…", secret: "…"}          wecom, dingtalk, feishu, generic
    quiet: {from: "22:00", until: "07:00"}                       no short message, no robot in these hours
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qualityeval.adapters.http_gateways import Robot, Sms
from qualityeval.adapters.outgoing import SENDER, Folder, Gateway, Smtp
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.quiet_hours import QuietHours, read_quiet_hours

NAME = "gateways.yaml"
KINDS = ("wecom", "dingtalk", "feishu", "generic")
KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {  # section: needed, allowed beside them
    "mail": (frozenset({"server"}), frozenset({"sender"})),
    "sms": (frozenset({"url", "body"}), frozenset({"headers", "accepted"})),
    "robot": (frozenset({"kind", "url"}), frozenset({"secret"})),
    "quiet": (frozenset({"from", "until"}), frozenset()),
}


@dataclass(frozen=True)
class Gateways:
    """The channels that exist here, by name, and the hours in which telephones stay silent."""

    channels: Mapping[str, Gateway]
    quiet: QuietHours = field(default_factory=QuietHours)


def read_gateways(folder: Path) -> Gateways:
    """What the file in this folder says; without it letters lie in `outgoing`, and there are no other channels.

    InvalidInput names the section and the key that can't be used.
    """
    path = folder / NAME
    content = load_text(path.read_bytes()) if path.is_file() else {}
    if not isinstance(content, dict):
        raise InvalidInput("gateways.shape", msg("gateways.yaml应写成mail、sms、robot、quiet几节。"))
    for name, section in content.items():
        _check_keys(str(name), section)
    channels: dict[str, Gateway] = {"mail": Folder(folder / "outgoing")}
    if "mail" in content:
        mail = content["mail"]
        channels["mail"] = Smtp(_address(mail, "mail.server", ("smtp", "smtps")), mail.get("sender", SENDER))
    if "sms" in content:
        sms = content["sms"]
        channels["sms"] = Sms(
            _address(sms, "sms.url", ("https", "http")),
            sms["body"],
            sms.get("headers") or {},
            sms.get("accepted", ""),
        )
    if "robot" in content:
        channels["robot"] = _robot(content["robot"])
    quiet = content.get("quiet")
    return Gateways(channels, read_quiet_hours(quiet["from"], quiet["until"]) if quiet else QuietHours())


def _check_keys(name: str, section: Any) -> None:
    needed, allowed = KEYS.get(name, (frozenset(), frozenset()))
    given = set(section) if isinstance(section, dict) else set()
    if name not in KEYS or not needed <= given or given - needed - allowed:
        wrong = sorted((needed - given) | (given - needed - allowed)) or [name]
        raise InvalidInput(
            "gateways.key", msg("gateways.yaml的“%(section)s”一节写得不对：%(keys)s。"), where=name,
            section=name, keys="、".join(wrong),
        )  # fmt: skip


def _address(section: Mapping[str, Any], place: str, schemes: tuple[str, ...]) -> str:
    address = str(section[place.rpartition(".")[2]])
    parts = urlsplit(address)
    if parts.scheme not in schemes or not parts.hostname:
        raise InvalidInput(
            "gateways.address", msg("gateways.yaml的%(place)s不是可用的地址，应以%(schemes)s开头。"), where=place,
            place=place, schemes="、".join(f"{scheme}://" for scheme in schemes),
        )  # fmt: skip
    return address


def _robot(section: Mapping[str, Any]) -> Robot:
    if section["kind"] not in KINDS:
        raise InvalidInput(
            "gateways.kind", msg("gateways.yaml的robot.kind只能是%(kinds)s。"), where="robot.kind",
            kinds="、".join(KINDS),
        )  # fmt: skip
    return Robot(
        section["kind"], _address(section, "robot.url", ("https", "http")), section.get("secret") or ""
    )
