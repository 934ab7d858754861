"""`gateways.yaml`: what it makes, and how it is refused."""

from datetime import time

import pytest

from qualityeval.adapters.gateway_file import NAME, read_gateways
from qualityeval.adapters.http_gateways import Robot, Sms
from qualityeval.adapters.outgoing import Folder, Smtp
from qualityeval.core.errors import InvalidInput
from qualityeval.core.quiet_hours import QuietHours

WHOLE = """
mail: {server: "smtp://u:p@mail.example:25", sender: quality@example.gov.cn}
sms:
  url: https://sms.example/send
  headers: {Authorization: secret}
  body: '{"to": {recipient}, "content": {text}}'
  accepted: '"code":0'
robot: {kind: dingtalk, url: "https://robot.example/send?token=1", secret: SEC}
quiet: {from: "21:00", until: "08:30"}
"""


def test_without_a_file_letters_lie_in_a_folder(tmp_path):
    present = read_gateways(tmp_path)
    assert present.channels == {"mail": Folder(tmp_path / "outgoing")}
    assert present.quiet == QuietHours(time(22), time(7))


def test_a_whole_file(tmp_path):
    (tmp_path / NAME).write_text(WHOLE)
    present = read_gateways(tmp_path)
    assert present.channels["mail"] == Smtp("smtp://u:p@mail.example:25", "quality@example.gov.cn")
    sms, robot = present.channels["sms"], present.channels["robot"]
    assert isinstance(sms, Sms)
    assert isinstance(robot, Robot)
    assert (sms.headers, sms.accepted) == ({"Authorization": "secret"}, '"code":0')
    assert (robot.kind, robot.secret) == ("dingtalk", "SEC")
    assert present.quiet == QuietHours(time(21), time(8, 30))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("mail: {server: mail.example}", "gateways.address", "mail.server"),
        ("mail: {sender: a@b.cn}", "gateways.key", "mail"),
        ("sms: {url: 'file:///etc/passwd', body: x}", "gateways.address", "sms.url"),
        ("robot: {kind: slack, url: 'https://x.example'}", "gateways.kind", "robot.kind"),
        ("pager: {url: 'https://x.example'}", "gateways.key", "pager"),
        ("quiet: {from: '25:00', until: '07:00'}", "quiet.time", "quiet"),
        ("- mail", "gateways.shape", ""),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, text, code, where):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InvalidInput) as refused:
        read_gateways(tmp_path)
    assert (refused.value.code, refused.value.where) == (code, where)
