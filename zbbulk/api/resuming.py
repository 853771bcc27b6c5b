"""Go on with a run."""

from __future__ import annotations

import os
from pathlib import Path

from zbbulk.api.given import PathLike, in_order, yes
from zbbulk.api.targets import target_or
from zbbulk.jobs import import_job, resume_job
from zbbulk.jobs.import_job import Agreed
from zbbulk.jobs.notifying import declared, notified
from zbbulk.jobs.open_run import LAST, find_run, mapping_of
from zbbulk.jobs.opening import where_it_went
from zbbulk.jobs.progress import Progress, no_progress
from zbbulk.jobs.reports import ImportReport
from zbbulk.jobs.target import Target
from zbbulk.jobs.waiting import Waits
from zbbulk.model import Status
from zbbulk.settings import RUNS


def resume_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Go on with a run where it stood: its folder, the name of it, or ``last``.

    What is in doubt is looked up first; nothing is sent twice.

    Args:
        run: The run.
        target: Where it went to; None opens that again.
        runs: Folder of all runs.
        agreed: Shown what is left to send before anything is sent; False ends the job.
        notify: Address of a webhook that is told how it ended; "" as the mapping says.
        waits: Told before the run waits for the calls of the next day; None stops it then.
        progress: Shows how far it is.

    Raises:
        UsageError: there is no such run (ZB514), it is an export (ZB536), is in use, was changed,
            or went to another organization; or its embedded books are gone (ZB010).
        ResultError: its journal can't be read or written.
        ZohoError: a list that is needed can't be read; nothing was sent.
    """
    folder = find_run(Path(runs), os.fspath(run))
    url = notify or declared(folder.mapping)
    with target_or(target, where_it_went(folder)) as opened:

        def job() -> ImportReport:
            return resume_job.resume_run(
                folder.path,
                target=opened,
                runs=Path(runs),
                agreed=agreed,
                waits=waits,
                progress=progress,
            )

        return in_order(notified(job, url=url, target=opened, file=folder.path))


def retry_run(  # noqa: PLR0913 - one argument a choice of the user
    run: PathLike = LAST,
    *,
    mended: PathLike | None = None,
    target: Target | None = None,
    runs: PathLike = RUNS,
    agreed: Agreed = yes,
    notify: str = "",
    waits: Waits | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Send once more the rows of a run that Zoho Books refused, and those not sent yet.

    Args:
        run: As in ``resume_run``, and so are the other arguments.
        mended: The result file of the run, in which cells were mended: it is imported by the
            same mapping as a run of its own, without the rows that the run has sent.
        target: Where it went to; None opens that again.
        runs: Folder of all runs.
        agreed: Shown what is about to happen; False ends the job.
        notify: Address of a webhook.
        waits: Told before the run waits for the calls of the next day.
        progress: Shows how far it is.

    Raises:
        UsageError, ResultError, ZohoError: as ``resume_run``; *mended* also as ``import_file``.
    """
    folder = find_run(Path(runs), os.fspath(run))
    file = folder.path if mended is None else Path(mended)
    mapping = folder.mapping if mended is None else mapping_of(folder)
    with target_or(target, where_it_went(folder)) as opened:

        def again() -> ImportReport:
            return resume_job.resume_run(
                folder.path,
                target=opened,
                runs=Path(runs),
                again=(Status.FAILED,),
                agreed=agreed,
                waits=waits,
                progress=progress,
            )

        def anew() -> ImportReport:
            return import_job.import_file(
                file,
                mapping,
                target=opened,
                runs=Path(runs),
                agreed=agreed,
                waits=waits,
                progress=progress,
            )

        job = again if mended is None else anew
        url = notify or declared(mapping)
        return in_order(notified(job, url=url, target=opened, file=file))
