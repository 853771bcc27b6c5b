"""Where an import sends to: a real organization, or the embedded sandbox.

Both are reached by the same client over a real socket; only address, token and
clock differ. Does not know what is sent.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zbbulk.jobs.event_log import EventLog
from zbbulk.mapping import load_mapping
from zbbulk.model import Action
from zbbulk.resources import Resource
from zbbulk.sandbox import Sandbox
from zbbulk.settings import OAuthClient, state_folder
from zbbulk.zoho.auth import RefreshedToken, TokenSource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.clock import Clock, RealClock
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.sender import Sender
from zbbulk.zoho.shared_window import SharedWindow
from zbbulk.zoho.wire import READ_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One organization, and how fast it may be asked.

    Attributes:
        name: For people, e.g. ``organization 10234``.
        is_real: Somebody's books, not a sandbox.
        api_root, organization_id: Its address.
        token: Where the access token comes from.
        clock: What a second is there.
        edition: Its country edition, None when only the mapping can tell.
        scopes: What the token may do, between commas; "" when nobody told.
        store: The file that keeps a sandbox's books, None for a real organization.
        limits_in: Folder where all processes count what they send to it; None counts alone.
        speed: Seconds of its clock in a real one.
        answer_s: So many real seconds an answer is waited for.
        reserve: Calls of each day that are left to other apps.
        preflight: The organization is looked at before an import.
        per_minute, at_once: Zoho's limits (https://www.zoho.com/books/api/v3/introduction/).
    """

    name: str
    is_real: bool
    api_root: str
    organization_id: str
    token: TokenSource
    clock: Clock
    edition: str | None = None
    scopes: str = ""
    store: Path | None = None
    limits_in: Path | None = None
    speed: float = 1.0
    answer_s: float = READ_S
    reserve: int = 0
    preflight: bool = True
    per_minute: int = 100
    at_once: int = 10


def real_target(
    api_root: str,
    organization_id: str,
    *,
    token: TokenSource,
    edition: str | None = None,
    scopes: str = "",
    known_as: str = "",
) -> Target:
    """Return a real organization.

    Args:
        api_root: Root of its API.
        organization_id: "" for none.
        token: Where access tokens come from.
        edition: What the user says it is.
        scopes: What the token may do, between commas; "" when nobody told.
        known_as: What else people know it by.
    """
    beside = f" ({known_as})" if known_as else ""
    return Target(
        name=f"organization {organization_id}{beside} at {api_root}",
        is_real=True,
        api_root=api_root,
        organization_id=organization_id,
        token=token,
        clock=RealClock(),
        edition=edition,
        scopes=scopes,
        limits_in=state_folder(os.environ),
    )


def sandbox_edition(mapping: Path | None, *, edition: str | None) -> str:
    """Return the edition that a sandbox plays for *mapping*: *edition*, else the mapping's own.

    Without a mapping it is *edition*, or what a sandbox is unless told.

    Raises:
        MappingError: the mapping is wrong.
        UsageError: there is no such *edition*.
    """
    if mapping is None:
        return edition or Sandbox.edition
    return load_mapping(mapping, edition=edition).edition or Sandbox.edition


def sandbox_target(sandbox: Sandbox, *, edition: str | None = None) -> Target:
    """Return the organization of a running *sandbox*; its clock is kept.

    *edition* is what the user asked for: without it, and without one in the mapping, the
    fields of every edition are let through.
    """
    clock = RealClock(speed=sandbox.speed)
    client = OAuthClient(
        accounts_url=sandbox.accounts_url,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
        refresh_token=sandbox.refresh_token,
    )
    return Target(
        name="the sandbox",
        is_real=False,
        api_root=sandbox.api_root,
        organization_id=sandbox.organization_id,
        token=RefreshedToken(client, clock=clock),
        clock=clock,
        edition=edition,
        store=sandbox.store,
        speed=sandbox.speed,
    )


def pace_of(target: Target) -> Pace:
    """Return a new gate for what is sent to *target*; nothing was sent yet.

    Raises:
        ResultError: the file that all processes share can't be opened.
    """
    per_minute, at_once = target.per_minute, target.at_once
    if target.limits_in is None:
        return Pace(clock=target.clock, per_minute=per_minute, at_once=at_once)
    mark = hashlib.sha256(f"{target.api_root} {target.speed}".encode()).hexdigest()[:8]
    path = target.limits_in / f"limits-{target.organization_id}-{mark}.sqlite"
    window = SharedWindow(path, per_minute=per_minute, at_once=at_once, speed=target.speed)
    return Pace(clock=target.clock, window=window)


@contextmanager
def open_client(target: Target, *, log: EventLog, pace: Pace | None = None) -> Iterator[ZohoClient]:
    """Open a connection to *target*; every request is told to *log*.

    All connections of a run share one *pace*.
    """
    client = ZohoClient(
        api_root=target.api_root,
        organization_id=target.organization_id,
        token=target.token,
        pace=pace or pace_of(target),
        clock=target.clock,
        answer_s=target.answer_s,
        reserve=target.reserve,
        on_request=log.request,
    )
    with client:
        yield client


@contextmanager
def open_sender(
    target: Target,
    *,
    resource: Resource,
    action: Action,
    log: EventLog,
    pace: Pace | None = None,
    upsert_by: str = "",
) -> Iterator[tuple[Sender, Pace]]:
    """Open a connection to *target* and its pace; every request is told to *log*.

    *upsert_by* is the unique custom field by which Zoho finds what is to be updated.
    """
    with open_client(target, log=log, pace=pace) as client:
        yield Sender(client, resource=resource, action=action, upsert_by=upsert_by), client.pace
