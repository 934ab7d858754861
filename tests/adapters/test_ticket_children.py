"""Tickets hashed by several processes are those hashed by one."""

import os

from qualityeval.adapters import ticket_children
from qualityeval.core.frame import build_frame
from qualityeval.core.tickets import digests_of


def test_many_processes_give_the_same_tickets(monkeypatch) -> None:
    monkeypatch.setattr(ticket_children, "WORTH_IT", 10)
    monkeypatch.setattr(ticket_children, "ROWS", 30)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    frame = build_frame((f"33:案{number:04d}", "甲") for number in range(299))
    assert (ticket_children.hashed_by_all(frame, b"p\x1f") == digests_of(frame, b"p\x1f")).all()
