"""Send Records with several at once, and write down what becomes of each.

The journal holds ``sending`` before a request leaves and the outcome before the
next decision. One error that stops the job stops all senders; requests on their
way are waited for. Does not know HTTP, and does not print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from threading import Lock

from zbbulk.errors import ZbbulkError, ZohoError
from zbbulk.jobs.event_log import EventLog
from zbbulk.jobs.follow_up import FollowUp
from zbbulk.jobs.parcels import Parcel, record_hash
from zbbulk.jobs.progress import Progress
from zbbulk.journal.journal import Journal
from zbbulk.journal.records import RunRecords
from zbbulk.model import Action, Outcome, Record, Status
from zbbulk.zoho.pace import Pace, Stopped
from zbbulk.zoho.sender import Sender

ALIKE = {Status.UNKNOWN: 10, Status.FAILED: 25}
"""After so many calls in a row with the same code and words the job stops."""


class Delivery:
    """Sends parcels, several at once, until they end or something stops it.

    Attributes:
        stopped: Why it ended before the last parcel, None when it did not.
        unwritten: Outcomes that the journal could not take, by row.
    """

    def __init__(  # noqa: PLR0913 - what goes before and after a call is given by name
        self,
        sender: Sender,
        *,
        pace: Pace,
        journal: Journal,
        log: EventLog,
        told: Callable[[Outcome], Outcome],
        before: Callable[[Parcel], Record | Outcome] | None = None,
        follow_up: FollowUp | None = None,
        known: Callable[[Parcel, Outcome], None] | None = None,
    ) -> None:
        """Send nothing yet.

        Args:
            sender: Sends one record.
            pace: Stops those who wait.
            journal: Knows what leaves, and what becomes of it.
            log: Must be writable before anything leaves.
            told: May add to an outcome what only the caller knows.
            before: Returns the Record to send for a parcel, or why it is not sent.
            follow_up: What is called after a create.
            known: Is told what became of a record once the journal knows it.
        """
        self.stopped: ZbbulkError | None = None
        self.unwritten: dict[int, Outcome] = {}
        self._sender, self._pace = sender, pace
        self._journal, self._log = journal, log
        self._told = told
        self._before = before
        self._follow_up = follow_up
        self._known = known
        self._lock = Lock()
        self._alike = 0
        self._last_words: tuple[str, str] | None = None

    def run(
        self, parcels: Iterable[Parcel], *, workers: int, total: int, progress: Progress
    ) -> None:
        """Send all *parcels*, which hold *total* rows, with *workers* at once.

        Ends early, with ``stopped`` set, when the job can't go on or the user stops it.
        """
        with ThreadPoolExecutor(workers) as pool:
            try:
                settled = self._settled(parcels, pool, waiting=2 * workers)
                for _ in progress(settled, label="sending", total=total):
                    pass
            except KeyboardInterrupt:
                self._stop(ZohoError("You stopped the run.", code="ZB414"))
                for _ in progress((), label="stopping: waiting for the last answers"):
                    pass
            except ZbbulkError as error:
                self._stop(error)
            except BaseException:
                self._pace.stop()  # else the senders that wait would never end
                raise

    def attempt(self, step: Callable[[], None]) -> None:
        """Do *step*; ``stopped`` is set when it can't be done or the user stops it."""
        try:
            step()
        except KeyboardInterrupt:
            self._stop(ZohoError("You stopped the run.", code="ZB414"))
        except ZbbulkError as error:
            self._stop(error)

    def repeat(self, parcel: Parcel, action: Action) -> Outcome:
        """Send an update or a delete of which it is not known whether it arrived.

        Raises:
            ZohoError: the run must stop.
        """
        return self._told(self._sender.send_again(parcel.record, action))

    def adopt(self, parcel: Parcel, outcome: Outcome) -> None:
        """Write that the record of *parcel* was created, and make the calls that follow.

        What the journal can't take is in ``unwritten``.
        """
        self._conclude(parcel, outcome)

    def _settled(
        self, parcels: Iterable[Parcel], pool: ThreadPoolExecutor, *, waiting: int
    ) -> Iterator[int]:
        """Yield each row when its parcel is settled; *waiting* parcels at most are not yet."""
        open_ones: set[Future[tuple[int, ...]]] = set()
        for parcel in parcels:
            if self.stopped:
                break
            open_ones.add(pool.submit(self._deliver, parcel))
            if len(open_ones) >= waiting:
                done, open_ones = wait(open_ones, return_when=FIRST_COMPLETED)
                yield from _rows_of(done)
        yield from _rows_of(as_completed(open_ones))

    def _deliver(self, parcel: Parcel) -> tuple[int, ...]:
        """Send the parcel, write down what becomes of its rows, and return them."""
        if self.stopped:
            return parcel.rows
        outcome = self._outcome(parcel)
        if outcome is None:
            self._put_back(parcel)
            return parcel.rows
        self._watch(self._conclude(parcel, self._told(outcome)))
        return parcel.rows

    def _conclude(self, parcel: Parcel, outcome: Outcome) -> Outcome:
        """Write *outcome*, make the calls that follow it, and return how it ended."""
        self._write(parcel, outcome)
        if self._follow_up and self._follow_up.is_due(outcome):
            outcome, error = self._follow_up.after(parcel, outcome)
            if outcome.code:
                self._write(parcel, outcome)
            if error:
                self._stop(error)
        return outcome

    def _put_back(self, parcel: Parcel) -> None:
        """Write that the parcel was surely not processed: it stays to be sent."""
        try:
            RunRecords(self._journal).again([parcel.rows[0]])
        except ZbbulkError as error:
            self._stop(error)

    def _write(self, parcel: Parcel, outcome: Outcome) -> None:
        try:
            self._journal.outcome(parcel.rows, outcome, zoho_time=self._sender.client.zoho_time)
        except ZbbulkError as error:
            self.unwritten.update(dict.fromkeys(parcel.rows, outcome))
            self._stop(error)
        else:
            self._tell(parcel, outcome)

    def _tell(self, parcel: Parcel, outcome: Outcome) -> None:
        try:
            if self._known:
                self._known(parcel, outcome)
        except ZbbulkError as error:
            self._stop(error)

    def _outcome(self, parcel: Parcel) -> Outcome | None:
        """Return what became of the parcel; None when the job stops before it was processed."""
        try:
            record = self._before(parcel) if self._before else parcel.record
            if isinstance(record, Outcome):
                return record
            return self._sender.send(
                record, leaving=lambda: self._leave(parcel), action=parcel.action
            )
        except Stopped:
            return None
        except ZbbulkError as error:
            self._stop(error)
            return None

    def _leave(self, parcel: Parcel) -> None:
        """Write that the request leaves now; what this raises keeps it here."""
        self._log.check()
        self._journal.sending(parcel.rows, key=parcel.key, record_hash=record_hash(parcel.record))

    def _watch(self, outcome: Outcome) -> None:
        """Stop when many calls in a row end alike: the next ones would too."""
        is_unfinished = outcome.status is Status.CREATED and outcome.code
        limit = ALIKE.get(Status.FAILED if is_unfinished else outcome.status)
        words = (outcome.code, outcome.message) if limit else None
        with self._lock:
            self._alike = self._alike + 1 if words == self._last_words else 1
            self._last_words = words
            if limit and self._alike >= limit:
                self._stop(_in_a_row(self._alike, outcome))

    def _stop(self, error: ZbbulkError) -> None:
        self.stopped = self.stopped or error
        self._pace.stop()


def _in_a_row(number: int, outcome: Outcome) -> ZohoError:
    return ZohoError(
        f"{number} calls one after the other ended alike: {outcome.code} {outcome.message}",
        fix=f"{outcome.fix} Mend the cause, then go on with `zbbulk resume`.",
        code="ZB416",
        zoho_code=outcome.code,
        zoho_message=outcome.message,
    )


def _rows_of(settled: Iterable[Future[tuple[int, ...]]]) -> Iterator[int]:
    """Yield the rows of *settled* parcels; what one raised and nobody expected is raised here."""
    for future in settled:
        yield from future.result()
