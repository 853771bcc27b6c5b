"""Count the calls of a run by what they were: read from its log."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from zbbulk.model import JsonObject
from zbbulk.resources import Resource

READ, CREATE, UPDATE, DELETE = "read", "create", "update", "delete"


def calls_by_kind(log: Path, resource: Resource) -> Counter[str]:
    """Return how many requests of a run left, by kind: ``read``, ``create``, ``mark_sent`` ...

    Args:
        log: The run's log; the tries of all its processes are in it.
        resource: What the run sent.
    """
    if not log.is_file():
        return Counter()
    with log.open(encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines if line.endswith("\n")]
    requests = (each for each in events if each.get("event") == "zoho.request")
    return Counter(_kind(each, resource) for each in requests if each["failure"] != "NotSent")


def _kind(event: JsonObject, resource: Resource) -> str:
    method, path = str(event["method"]), str(event["path"])
    if method == "GET":
        return READ
    if method == "DELETE":
        return DELETE
    if method == "PUT":
        return UPDATE
    own = f"{resource.record_path('update')}/"
    names = (name for name, tail in resource.actions.items() if path == own + tail)
    return next(names, CREATE)
