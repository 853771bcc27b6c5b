"""A plan in a file: what was planned for each record, so that exactly that can be carried out.

Holds hashes of file, mapping and records, no cell values but the control totals. Tells
what has changed when another plan of the same file is not the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from zbbulk.errors import UsageError
from zbbulk.jobs.plan import VERSION, Plan
from zbbulk.jobs.run import Run
from zbbulk.jobs.run_facts import sha256_of
from zbbulk.journal.records import Planned, RunRecords
from zbbulk.model import JsonObject, Status
from zbbulk.private import make_file

_NAMED = 10
_LENGTH = 16
"""So many hex digits of a hash tell one record from another well enough."""

Entry = tuple[int, str, str, str, str]
"""First row, action, Zoho's id, hash of what is sent, hash of what it replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What a plan file says.

    Attributes:
        path: Of the plan file.
        file, mapping: The paths of sheet and mapping.
        file_sha256, mapping_sha256: Their hashes.
        organization_id: Where it is to be sent.
        edition: Country edition it was made for, "" for none.
        is_real: Somebody's books, not a sandbox.
        store: The file that keeps the sandbox's books, "" for none.
        digest: Of the plan.
        entries: Each record.
    """

    path: Path
    file: Path
    mapping: Path
    file_sha256: str
    mapping_sha256: str
    organization_id: str
    edition: str
    is_real: bool
    store: str
    digest: str
    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the plan in *path*.

        Raises:
            UsageError: it is no plan, or a newer zbbulk's (ZB517).
        """
        import simplejson  # noqa: PLC0415 - heavy: only who reads JSON pays

        try:
            told = simplejson.loads(path.read_text(encoding="utf-8"), use_decimal=True)
            if told["zbbulk_plan"] != VERSION:
                raise UsageError(f"{path} is a plan of another zbbulk.", code="ZB517")
            return cls(
                path=path,
                file=Path(told["file"]),
                mapping=Path(told["mapping"]),
                file_sha256=told["file_sha256"],
                mapping_sha256=told["mapping_sha256"],
                organization_id=told["organization_id"],
                edition=told["edition"],
                is_real=told["is_real"],
                store=told["store"],
                digest=told["plan"]["digest"],
                entries=tuple((*entry,) for entry in told["records"]),
            )
        except OSError as error:
            message = f"The plan {path} can't be read: {error.strerror}."
            raise UsageError(message, code="ZB517") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path} is not a plan of zbbulk.", code="ZB517") from error

    def refuse_changed_files(self) -> None:
        """Raise UsageError (ZB518) when sheet or mapping are not what they were."""
        known = ((self.file, self.file_sha256), (self.mapping, self.mapping_sha256))
        changed = [path for path, was in known if not path.is_file() or sha256_of(path) != was]
        if changed:
            words = " and ".join(
                f"{path} {'was changed' if path.is_file() else 'is gone'}" for path in changed
            )
            raise UsageError(f"Nothing was sent: {words} since the plan was made.", code="ZB518")

    def refuse_organization(self, organization_id: str) -> None:
        """Raise UsageError (ZB516) when the plan is for another organization."""
        if organization_id != self.organization_id:
            raise UsageError(
                f"Nothing was sent: the plan is for organization {self.organization_id}; "
                f"this is organization {organization_id}.",
                code="ZB516",
            )

    def refuse_other(self, run: Run, plan: Plan) -> None:
        """Raise UsageError (ZB518) when *plan*, made anew for *run*, is not this one."""
        if plan.digest == self.digest:
            return
        told = list(_differences(self.entries, tuple(entries_of(run))))
        more = f"; and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        what = "; ".join(told[:_NAMED]) + more
        raise UsageError(
            f"Nothing was sent: Zoho Books is not what it was when the plan was made: {what}.",
            code="ZB518",
        )


def entries_of(run: Run) -> Iterator[Entry]:
    """Yield what the journal of *run* has planned for each record."""
    records = RunRecords(run.journal)
    for each in records.with_status(Status.PENDING):
        yield _entry(each, records.before(each.lead))


def _entry(planned: Planned, before: str) -> Entry:
    old = hashlib.sha256(before.encode()).hexdigest()[:_LENGTH] if before else ""
    mark = planned.record_hash[:_LENGTH]
    return (planned.lead, planned.action.value, planned.zb_id, mark, old)


def save_plan(run: Run, plan: Plan, path: Path) -> None:
    """Write the plan of *run* to *path*, whole or not at all.

    Raises:
        UsageError: it can't be written (ZB503).
    """
    import simplejson  # noqa: PLC0415 - heavy: only who writes JSON pays

    facts = run.journal.facts()
    told: JsonObject = {
        "zbbulk_plan": VERSION,
        **{name: facts[name] for name in _FACTS},
        "is_real": facts["is_real"] == "yes",
        "run": run.folder.path.name,
        "plan": plan.to_json(),
        "records": list(entries_of(run)),
    }
    beside = path.with_name(f".{path.name}.part")
    try:
        make_file(beside)
        beside.write_text(simplejson.dumps(told, use_decimal=True, ensure_ascii=False, indent=1))
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"The plan {path} can't be written: {error.strerror}."
        raise UsageError(message, code="ZB503") from error


_FACTS = (
    "file",
    "file_sha256",
    "mapping",
    "mapping_sha256",
    "organization_id",
    "api_root",
    "edition",
    "store",
    "started",
)


def _differences(was: tuple[Entry, ...], now: tuple[Entry, ...]) -> Iterator[str]:
    """Yield in words what is planned otherwise now."""
    before, after = ({entry[0]: entry for entry in entries} for entries in (was, now))
    for lead in sorted({*before, *after}):
        old, new = before.get(lead), after.get(lead)
        if old != new:
            yield f"row {lead} {_difference(old, new)}"


def _difference(old: Entry | None, new: Entry | None) -> str:
    if old is None or new is None:
        return "was not to be sent" if old is None else "would not be sent now"
    if old[1:3] != new[1:3]:
        was, now = (" ".join(filter(None, entry[1:3])) for entry in (old, new))
        return f"was to {was}, and would {now} now"
    if old[3] != new[3]:
        return "would send other values now: something it looks up has changed"
    return f"would take the place of other values now: the record {new[2]} was changed"
