"""Make the folder of a run and name the files in it.

``zbbulk-runs/<date>-<time>-<resource>/`` holds the result file, the journal and
the log of one run, and only its owner may look into it. Knows names only, not what is
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from zbbulk.errors import ResultError, UsageError
from zbbulk.journal.fetched import NAME as EXPORT
from zbbulk.private import FOLDER, make_folder


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def journal(self) -> Path:
        """Return the path of the run's durable memory."""
        return self.path / "journal.sqlite"

    @property
    def export(self) -> Path:
        """Return the path of the durable memory of an export."""
        return self.path / EXPORT

    @property
    def is_export(self) -> bool:
        """Tell whether the folder is that of an export."""
        return self.export.is_file()

    @property
    def log(self) -> Path:
        """Return the path of the run's log: one JSON object a line, no cell values."""
        return self.path / "log.jsonl"

    @contextmanager
    def unless_empty(self) -> Iterator[None]:
        """Delete the folder when the block fails and left nothing in it."""
        try:
            yield
        except BaseException:
            with suppress(OSError):
                self.path.rmdir()
            raise

    def input(self, suffix: str) -> Path:
        """Return the path of the copy of the user's file; *suffix* with its dot."""
        return self.path / f"input{suffix}"

    @property
    def mapping(self) -> Path:
        """Return the path of the copy of the mapping."""
        return self.path / "mapping.yml"

    @property
    def reduced(self) -> Path:
        """Return the path of the sheet with what was changed in a mirror: it is what is sent."""
        return self.path / "reduced.csv"

    @property
    def changes(self) -> Path:
        """Return the path of the list of what was changed in a mirror, for people."""
        return self.path / "changes.csv"

    @property
    def plan(self) -> Path:
        """Return the path of what is about to be sent."""
        return self.path / "plan.json"

    def other(self, number: int, suffix: str) -> Path:
        """Return the path of the copy of another sheet, the mapping's *number*-th from 0."""
        return self.path / f"other-{number}{suffix.lower()}"

    @property
    def lock(self) -> Path:
        """Return the path of the file that keeps other processes out."""
        return self.path / "lock"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out of the folder; the lock ends with this process too.

        Raises:
            UsageError: another process is at work in it (ZB513).
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only who sends pays

        lock = FileLock(self.lock, mode=0o600)
        try:
            with lock.acquire(timeout=0):
                yield
        except Timeout as error:
            message = f"Another zbbulk is at work in {str(self.path)!r}."
            raise UsageError(message, code="ZB513") from error


def make_run_folder(runs: Path, *, resource: str, now: datetime) -> RunFolder:
    """Make a new folder below *runs*, never one that is there already.

    Raises:
        UsageError: the folder can't be made.
    """
    name = f"{now:%Y-%m-%d-%H%M%S}-{resource}"
    try:
        make_folder(runs)
        return RunFolder(_fresh(runs, name))
    except OSError as error:
        raise UsageError(
            f"The folder {str(runs / name)!r} can't be made: {error.strerror}.", code="ZB503"
        ) from error


def _fresh(runs: Path, name: str) -> Path:
    number = 1
    while True:
        path = runs / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir(mode=FOLDER)
        except FileExistsError:
            number += 1
        else:
            return path


@contextmanager
def work_folder(folder: RunFolder) -> Iterator[Path]:
    """Make a folder for spool files inside *folder*; it is gone afterwards.

    Raises:
        ResultError: it can't be made.
    """
    try:
        made = TemporaryDirectory(prefix=".work-", dir=folder.path)
    except OSError as error:
        raise ResultError(f"No room to work in {str(folder.path)!r}: {error.strerror}.") from error
    with made as name:
        yield Path(name)
