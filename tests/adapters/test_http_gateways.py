"""Gateways against a server on this machine: what is sent, and which answers are no."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qualityeval.adapters.http_gateways import NotAccepted, Robot, Sms


class Server(HTTPServer):
    """Remembers what it was asked; answers as told."""

    answer, status, location = '{"code":0,"errcode":0}', 200, ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/send?token=t"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.answer.encode())

    def log_message(self, *_):
        """Silence."""


@pytest.fixture
def server():
    one = Server()
    thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    one.shutdown()
    thread.join()
    one.server_close()


# as openssl prints them: printf '%s' MESSAGE | openssl dgst -sha256 -hmac KEY -binary | base64
DINGTALK_SIGN = "gr4PvsdR5VWsd%2FSeS6HzgM4%2B8vxCvVNXpWN3iKyplmI%3D"
FEISHU_SIGN = "s3Va4ru9IQUY6HTJcYx7OEVyXl0V0S/y32v4ZbfOHCI="
BODY = {"text": '批次"R1"有新任务 https://q.example/todo\n'}


def test_a_short_message_fills_its_places_as_json(server):
    gateway = Sms(
        server.address, '{"to": {recipient}, "content": {text}, "id": {key}}', {"X-Key": "s"}, '"code":0'
    )
    gateway.send(key="k1", recipient="13800001234", body=BODY)
    ((path, headers, body),) = server.asked
    assert json.loads(body) == {"to": "13800001234", "content": BODY["text"], "id": "k1"}
    assert (path, headers["X-Key"]) == ("/send?token=t", "s")


def test_an_answer_without_the_yes_is_no(server):
    server.answer = '{"code":17,"message":"no credit"}'
    with pytest.raises(NotAccepted, match="no credit"):
        Sms(server.address, "{text}", accepted='"code":0').send(key="k", recipient="1", body=BODY)


def test_a_redirect_is_not_followed(server):
    server.status, server.location = 302, server.address
    with pytest.raises(OSError, match="302"):
        Sms(server.address, "{text}").send(key="k", recipient="1", body=BODY)
    assert len(server.asked) == 1


def test_dingtalk_signs_in_the_address(server):
    Robot("dingtalk", server.address, "SEC1", lambda: 1_700_000_000.5).send(key="k", recipient="", body=BODY)
    ((path, _headers, body),) = server.asked
    assert path == "/send?token=t&timestamp=1700000000500&sign=" + DINGTALK_SIGN
    assert json.loads(body) == {"msgtype": "text", "text": {"content": BODY["text"]}}


def test_feishu_signs_in_the_body(server):
    Robot("feishu", server.address, "SEC1", lambda: 1_700_000_000.5).send(key="k", recipient="", body=BODY)
    assert json.loads(server.asked[0][2]) == {
        "msg_type": "text", "content": {"text": BODY["text"]}, "timestamp": "1700000000", "sign": FEISHU_SIGN,
    }  # fmt: skip


def test_wecom_and_generic(server):
    Robot("wecom", server.address).send(key="k", recipient="", body=BODY)
    Robot("generic", server.address).send(key="k", recipient="", body=BODY)
    wecom, generic = (json.loads(body) for _path, _headers, body in server.asked)
    assert wecom == {"msgtype": "text", "text": {"content": BODY["text"]}}
    assert generic == {"key": "k", "text": BODY["text"]}


@pytest.mark.parametrize("answer", ['{"errcode":310000}', '{"code":9499}', "", "not json", '{"ok":true}'])
def test_a_robot_that_says_no(server, answer):
    server.answer = answer
    with pytest.raises(NotAccepted):
        Robot("wecom", server.address).send(key="k", recipient="", body=BODY)
