"""List the runs in a folder and tell how each stands, from their journals alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from zbbulk.errors import ResultError
from zbbulk.jobs.export_job import ENDED, REQUEST
from zbbulk.jobs.export_request import ExportRequest
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.row_outcomes import ROWS, outcomes_of_run
from zbbulk.jobs.run_facts import PLANNED
from zbbulk.jobs.run_folder import RunFolder
from zbbulk.journal.fetched import NAME as EXPORT
from zbbulk.journal.fetched import Fetched
from zbbulk.journal.journal import Journal
from zbbulk.model import JsonObject, Outcome, Status

NOTHING_LEFT = "nothing is left to do"
_UNREADABLE = "unreadable"
_OPEN = (Status.READY, Status.PENDING, Status.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """How one run stands.

    Attributes:
        path: Its folder.
        file, mapping: As the user typed them.
        resource, action: What a row became.
        target: Where it went.
        started, ended: ISO 8601; ``ended`` is "" when it was broken off.
        ending: ``done``, the code of what stopped it, or ``broken off``.
        counts: Rows by status.
        fetched: Records that an export has read, None for what is no export.
        result: The result file, None when there is none.
        next_step: What the user may do.
    """

    path: Path
    file: str = ""
    mapping: str = ""
    resource: str = ""
    action: str = ""
    target: str = ""
    started: str = ""
    ended: str = ""
    ending: str
    counts: Mapping[Status, int]
    fetched: int | None = None
    result: Path | None = None
    next_step: str

    @property
    def name(self) -> str:
        """Return the name of its folder."""
        return self.path.name

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield row number and outcome of every row below the header, in order, one by one.

        Raises:
            ResultError: the journal can't be read, or it is an export, which has none.
        """
        return outcomes_of_run(RunFolder(self.path))

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "run": self.name,
            "path": str(self.path),
            "file": self.file,
            "mapping": self.mapping,
            "resource": self.resource,
            "action": self.action,
            "target": self.target,
            "started": self.started,
            "ended": self.ended,
            "ending": self.ending,
            "counts": {status.value: number for status, number in self.counts.items()},
            "fetched": self.fetched,
            "result": str(self.result) if self.result else None,
            "next": self.next_step,
        }


def known_runs(runs: Path) -> list[RunSummary]:
    """Return all runs below *runs*, the last one first; one that can't be read says so."""
    paths = [*runs.glob("*/journal.sqlite"), *runs.glob(f"*/{EXPORT}")]
    found = [run_summary(RunFolder(path.parent)) for path in paths]
    return sorted(found, key=lambda run: (run.started, run.name), reverse=True)


def run_summary(folder: RunFolder) -> RunSummary:
    """Return how the run of *folder* stands."""
    try:
        return _export_summary(folder) if folder.is_export else _summary(folder)
    except ResultError as error:
        return RunSummary(
            path=folder.path,
            ending=_UNREADABLE,
            counts={},
            next_step=f"{error.message} {error.fix}",
        )


def _summary(folder: RunFolder) -> RunSummary:
    with Journal.open(folder.journal) as journal:
        facts = journal.facts()
        rows = int(facts.get(ROWS, 0))
        counts = Outcomes(journal, unwritten={}).counts(
            rows=max(rows, sum(journal.count().values()))
        )
        is_real = facts.get("is_real") != "no"
        return RunSummary(
            path=folder.path,
            file=facts.get("file_as_typed", facts.get("file", "")),
            mapping=facts.get("mapping_as_typed", facts.get("mapping", "")),
            resource=facts.get("resource", ""),
            action=facts.get("action", ""),
            target=f"organization {facts['organization_id']}" if is_real else "the sandbox",
            started=facts.get("started", ""),
            ended=facts.get("finished", ""),
            ending=facts.get("reason", "broken off"),
            counts=counts,
            result=next(folder.path.glob("result.*"), None),
            next_step=_planned_step(folder)
            if facts.get("reason") == "planned"
            else next_step(folder.path.name, counts, is_planned=facts.get(PLANNED) == "yes"),
        )


def _export_summary(folder: RunFolder) -> RunSummary:
    with Fetched.open(folder.export) as store:
        facts, records = store.facts(), store.count()
    is_real, ending = facts["is_real"] != "no", facts.get(ENDED, "broken off")
    output = ExportRequest.from_text(facts[REQUEST]).output
    return RunSummary(
        path=folder.path,
        file=str(output),
        resource=facts["resource"],
        action="export",
        target=f"organization {facts['organization_id']}" if is_real else "the sandbox",
        started=facts["started"],
        ending=ending,
        counts={},
        fetched=records,
        result=output if ending == "done" else None,
        next_step=NOTHING_LEFT if ending == "done" else f"zbbulk resume {folder.path.name}",
    )


def _planned_step(folder: RunFolder) -> str:
    return f"zbbulk apply {folder.plan}"


def next_step(name: str, counts: Mapping[Status, int], *, is_planned: bool = True) -> str:
    """Return what the user may do about a run, "nothing is left to do" if that is so."""
    if not is_planned or any(counts.get(status) for status in _OPEN):
        return f"zbbulk resume {name}"
    if counts.get(Status.UNKNOWN):
        return f"zbbulk resume {name}   (looks once more for what is unknown)"
    if counts.get(Status.FAILED):
        return f"zbbulk retry {name}   (or mend the rows in the result file and import that)"
    return NOTHING_LEFT
