import json

from zbbulk.jobs.call_kinds import calls_by_kind
from zbbulk.resources import resource

EVENTS = [
    ("GET", "/contacts", None),
    ("POST", "/invoices", None),
    ("POST", "/invoices", "NotSent"),
    ("POST", "/invoices/{id}/status/sent", None),
    ("PUT", "/invoices/{id}", None),
    ("POST", "/invoices/{id}/submit", None),
]


def test_calls_are_told_apart_and_what_never_left_is_none(tmp_path):
    log = tmp_path / "log.jsonl"
    lines = [
        json.dumps({"event": "zoho.request", "method": method, "path": path, "failure": failure})
        for method, path, failure in EVENTS
    ]
    lines.append('{"event": "run.waits", "for_s": 5}')
    log.write_text("\n".join(lines) + '\n{"event": "zoho.requ')
    assert calls_by_kind(log, resource("invoices")) == {
        "read": 1,
        "create": 1,
        "mark_sent": 1,
        "update": 1,
        "submit": 1,
    }


def test_without_a_log_there_were_no_calls(tmp_path):
    assert calls_by_kind(tmp_path / "none", resource("invoices")) == {}
