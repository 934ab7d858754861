"""Short messages by an HTTP gateway, and a chat group's robot: four JSON shapes, no SDK."""

import base64
import hashlib
import hmac
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 20
LONGEST_ANSWER = 64 * 1024
PLACE = re.compile(r"\{(recipient|text|key)\}")


class NotAccepted(Exception):
    """The gateway answered, and its answer isn't a yes."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The address in the file is the only one that is asked, wherever its answer points."""

    def redirect_request(self, *_: Any) -> None:
        """No second address."""


# no proxy from the environment either: the office's gateway is where its file says
_OPENER = urllib.request.build_opener(_StayHere, urllib.request.ProxyHandler({}))


def ask(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """POST and return the answer's text; anything but 2xx within 20 seconds raises."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 -- https and http only, see gateway_file
    with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
        return str(answer.read(LONGEST_ANSWER).decode("utf-8", "replace"))


@dataclass(frozen=True)
class Sms:
    """A gateway of the office's choice: `body` is its JSON with `{recipient}`, `{text}` and `{key}` in it.

    Each place stands for a whole JSON string. `accepted` is what a yes must contain.
    """

    url: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: str = ""

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Hand one message over; the key lets a gateway recognise a repeat."""
        values = {"recipient": recipient, "text": str(body.get("text", "")), "key": key}
        content = PLACE.sub(lambda place: json.dumps(values[place[1]], ensure_ascii=False), self.body)
        headers = {"Content-Type": "application/json; charset=utf-8", **self.headers}
        answer = ask(self.url, content.encode(), headers)
        if self.accepted not in answer:
            raise NotAccepted(answer[:200])


@dataclass(frozen=True)
class Robot:
    """The robot of one chat group: `kind` is wecom, dingtalk, feishu or generic."""

    kind: str
    url: str
    secret: str = ""
    seconds: Callable[[], float] = time.time

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Say it in the group; the recipient is the group, so none is named."""
        del recipient
        text = str(body.get("text", ""))
        url, content = getattr(self, f"_{self.kind}")(text, key)
        answer = ask(
            url, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
        )
        if self.kind != "generic" and not _is_yes(answer):
            raise NotAccepted(answer[:200])

    def _wecom(self, text: str, _key: str) -> tuple[str, dict[str, Any]]:
        return self.url, {"msgtype": "text", "text": {"content": text}}

    def _dingtalk(self, text: str, _key: str) -> tuple[str, dict[str, Any]]:
        content = {"msgtype": "text", "text": {"content": text}}
        if not self.secret:
            return self.url, content
        moment = str(int(self.seconds() * 1000))
        sign = _signature(self.secret, f"{moment}\n{self.secret}")
        query = urllib.parse.urlencode({"timestamp": moment, "sign": sign})
        return f"{self.url}{'&' if '?' in self.url else '?'}{query}", content

    def _feishu(self, text: str, _key: str) -> tuple[str, dict[str, Any]]:
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            moment = str(int(self.seconds()))
            content |= {"timestamp": moment, "sign": _signature(f"{moment}\n{self.secret}", "")}
        return self.url, content

    def _generic(self, text: str, key: str) -> tuple[str, dict[str, Any]]:
        return self.url, {"key": key, "text": text}


def _signature(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _is_yes(answer: str) -> bool:
    """WeCom and DingTalk say `errcode: 0`, Feishu `code: 0` (older: `StatusCode: 0`)."""
    try:
        content = json.loads(answer)
    except ValueError:
        return False
    codes = [content[name] for name in ("errcode", "code", "StatusCode") if name in content]
    return bool(codes) and all(code == 0 for code in codes)
