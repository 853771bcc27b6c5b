"""Write the failures of a run as records of a custom module, as integrators' error logs do.

One call a failure, after all else was sent. The journal knows each before its call leaves, so
that none is written twice; one whose answer was lost is left. It never fails the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from zbbulk.errors import ZbbulkError
from zbbulk.jobs.follow_up import DONE
from zbbulk.jobs.outcomes import Outcomes
from zbbulk.jobs.run import Run
from zbbulk.jobs.target import open_client
from zbbulk.journal.records import RunRecords
from zbbulk.mapping.load_endings import ErrorLog
from zbbulk.model import Action, JsonObject, Outcome, Record, Status
from zbbulk.resources import resource
from zbbulk.zoho.sender import Sender

NAME = "error_log"
"""What the journal calls it."""

_SENDING = "sending"
_ALIKE = 3
"""After so many refusals one after the other the next ones would be refused too."""


@dataclass(slots=True)
class Logged:
    """What became of the error log of one run.

    Attributes:
        module: The custom module.
        written: Failures that are in it, by this try and those before.
        doubtful: Failures of which it is not known; they are not written again.
        left: Failures that are not in it.
        why: Why not, in Zoho's words or ours; "" when none is left.
    """

    module: str
    written: int = 0
    doubtful: int = 0
    left: int = 0
    why: str = ""

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def log_failures(run: Run, *, is_stopped: bool) -> Logged | None:
    """Write what failed in *run* to its error log; None when it has none.

    *is_stopped*: the run can't ask Zoho Books for more now, so all is left. Never raises a
    ZbbulkError, and nothing for Ctrl-C.
    """
    log = run.prepared.mapping.error_log
    if log is None:
        return None
    logged = Logged(log.module)
    try:
        _log_all(run, log, logged, is_stopped=is_stopped)
    except ZbbulkError as error:
        logged.why = error.message
    except KeyboardInterrupt:
        logged.why = "you stopped it"
    logged.left = _n_due(run, log) - logged.written - logged.doubtful
    return logged


def _log_all(run: Run, log: ErrorLog, logged: Logged, *, is_stopped: bool) -> None:
    alike = 0
    with open_client(run.target, log=run.log, pace=run.pace) as client:
        sender = Sender(client, resource=resource("custommodules"), action=Action.CREATE)
        for lead, outcome in _due(run, log):
            state = run.journal.status_calls(lead).get(NAME)
            logged.written += state == DONE
            logged.doubtful += state == _SENDING
            if state in (DONE, _SENDING) or alike >= _ALIKE or is_stopped:
                continue
            told = _sent(run, sender, lead, _record(run, log, lead, outcome))
            logged.written += told.status is Status.CREATED
            logged.doubtful += told.status is Status.UNKNOWN
            alike = alike + 1 if told.status is Status.FAILED else 0
            logged.why = told.message if told.status is Status.FAILED else logged.why
    if is_stopped:
        logged.why = "the run was stopped"


def _sent(run: Run, sender: Sender, lead: int, record: Record) -> Outcome:
    """Send one record of the log; the journal knows before, and afterwards how it ended."""
    run.log.check()
    try:
        told = sender.send(record, leaving=lambda: run.journal.acting([lead], NAME))
    except ZbbulkError as error:  # it was surely not processed
        run.journal.acting([lead], NAME, error.code)
        raise
    if told.status is not Status.UNKNOWN:
        run.journal.acting([lead], NAME, DONE if told.status is Status.CREATED else told.code)
    return told


def _n_due(run: Run, log: ErrorLog) -> int:
    return sum(1 for _ in _due(run, log))


def _due(run: Run, log: ErrorLog) -> Iterator[tuple[int, Outcome]]:
    """Yield the first row of each record that failed, and what became of it."""
    wanted = {Status.FAILED, Status.UNKNOWN}
    wanted |= {Status.REJECTED} if log.has_rejected else set()
    records = RunRecords(run.journal)
    for row, outcome in Outcomes(run.journal, unwritten={}):
        if outcome.status in wanted and records.lead_of(row) == row:
            yield row, outcome


def _record(run: Run, log: ErrorLog, lead: int, outcome: Outcome) -> Record:
    planned = RunRecords(run.journal).find(lead)
    facts = {
        "title": f"{run.folder.path.name} row {lead}",
        "run": run.folder.path.name,
        "row": str(lead),
        "file": run.prepared.sheet.file,
        "resource": run.prepared.resource.name,
        "key": planned.match_key if planned else "",
        "status": outcome.status.value,
        "code": outcome.code,
        "message": outcome.message,
        "fix": outcome.fix,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    values = {name: facts[word] for name, word in log.fields.items() if facts[word]}
    return {"module_name": log.module, **values}
