"""Look at the organization before an import: is it the right one, and does it fit the mapping?

All that is found is told at once; errors stop the import before anything is sent,
warnings are shown with the check. It takes one call, one more when the mapping has
custom fields, and one for each short list (accounts, taxes ...) of which the mapping
holds an id; its names are looked up in the lists that the import reads anyway. The
embedded sandbox plays the organization that the mapping asks for: there only those names
are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zbbulk.editions import edition_name
from zbbulk.errors import AuthError, Level, Location, MappingError, Problem, ZohoError
from zbbulk.jobs.lookups import lookup_rules
from zbbulk.jobs.mapping_ids import missing_ids
from zbbulk.jobs.mapping_names import missing_names
from zbbulk.jobs.organizations import chosen
from zbbulk.jobs.preflight_fields import field_problems
from zbbulk.jobs.preflight_report import Preflight
from zbbulk.jobs.reports import CheckReport
from zbbulk.jobs.run import Run, looked_up, told_to
from zbbulk.jobs.scopes import SEES_ORGANIZATION, lacking, needs_of
from zbbulk.jobs.target import open_client
from zbbulk.mapping import Mapping as Rules
from zbbulk.model import Action
from zbbulk.resources import resource
from zbbulk.zoho.auth import UnlessNew
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.organization import Organization, organizations

_STOPS_SIGN_IN = ("ZB403", "ZB427")


def preflighted(run: Run) -> Run:
    """Return *run* with the organization looked at and the lists of its lookups read.

    Where Zoho can't be asked and there are no lists to read, the rows are checked all the
    same, and the sheet comes back: ``failure`` of its ``preflight`` says why nothing is sent.

    Raises:
        AuthError: the sign-in may not do it, or the organization is not its own.
        MappingError: the organization does not fit; ``problems`` holds all that is wrong.
        ZohoError: a list can't be read.
    """
    with told_to(run.journal):
        found = _found(run) if run.target.is_real and run.target.preflight else Preflight()
        _stop(found.problems, only=_STOPS_SIGN_IN)
        run = looked_up(run)
        before = run.log.left
        is_asked = found.organization is not None
        ids = missing_ids(run) if is_asked else []
        problems = (*found.problems, *missing_names(run), *ids)
        _stop(problems)
    found = replace(
        found,
        problems=problems,
        numbering=_numbering(run.prepared.mapping),
        calls=found.calls + run.log.left - before,
    )
    return replace(run, preflight=found)


def _found(run: Run) -> Preflight:
    try:
        return _asked(run)
    except ZohoError as failure:
        if lookup_rules(run.prepared.mapping):
            raise  # their lists could not be read either
        return Preflight(failure=failure)


def with_preflight(check: CheckReport, run: Run) -> CheckReport:
    """Return *check* with what was found out before it, and whether today's calls suffice."""
    found = run.preflight
    if found is None:
        return check
    warned = (*check.warnings, *found.problems, *_calls_warning(run, check.calls_needed))
    return replace(check, warnings=warned, preflight=found if found.organization else None)


def _calls_warning(run: Run, calls: int) -> list[Problem]:
    left = run.preflight.quota.remaining if run.preflight else None
    reserve = run.target.reserve
    if left is None or calls <= left - reserve:
        return []
    kept = f", {reserve} of a day kept for other apps" if reserve else ""
    are = "is" if left == 1 else "are"
    message = f"This takes {calls} calls; {left} {are} left today{kept}."
    fix = "Go on tomorrow with `zbbulk resume`, or wait with --wait; `zbbulk plan` shows the days."
    return [_problem(run, "ZB430", message, fix, level=Level.WARNING)]


def _asked(run: Run) -> Preflight:
    """Return what asking Zoho told. Raises ZohoError when it can't be asked."""
    before = run.log.left
    problems = _scope_problems(run)
    if any(problem.level is Level.ERROR for problem in problems):
        return Preflight(problems=tuple(problems))
    target = replace(run.target, token=UnlessNew(run.target.token))
    with open_client(target, log=run.log, pace=run.pace) as client:
        known = _organization(client, run, problems)
        if known is not None:
            problems += _edition_problems(run, known)
        problems += field_problems(client, run.prepared.mapping)
        return Preflight(
            organization=known,
            quota=client.quota,
            calls=run.log.left - before,
            problems=tuple(problems),
        )


def _scope_problems(run: Run) -> list[Problem]:
    """Return a Problem for each scope that is lacking, as far as it is known which there are."""
    held = run.target.scopes
    found = lacking(held, needs_of(run.prepared.mapping)) if held else []
    return [
        _problem(
            run,
            "ZB427",
            f"The sign-in lacks {need.scope}, {need.why}.",
            level=Level.ERROR if need.is_must else Level.WARNING,
        )
        for need in found
    ]


def _organization(client: ZohoClient, run: Run, problems: list[Problem]) -> Organization | None:
    """Return the organization; None, which is told, when the sign-in may not see it."""
    held = run.target.scopes
    if held and lacking(held, [SEES_ORGANIZATION]):
        return None  # told with the scopes
    try:
        found = organizations(client)
    except AuthError as error:
        if error.zoho_code != "57":
            raise
        message = f"What the organization is like is not known: {error.message}"
        fix = f"Sign in with the scope {SEES_ORGANIZATION.scope} too, if you want it checked."
        problems.append(_problem(run, "ZB434", message, fix, level=Level.WARNING))
        return None
    try:
        return chosen(found, run.target.organization_id)
    except AuthError as error:
        problems.append(_problem(run, error.code, error.message, error.fix))
        return None


def _edition_problems(run: Run, known: Organization) -> list[Problem]:
    edition = run.prepared.mapping.edition
    if not edition or not known.edition or edition == known.edition:
        return []
    message = (
        f"The mapping is for the edition {edition_name(edition)}, "
        f"{known.name} has the edition {edition_name(known.edition)}."
    )
    fix = f"Set `edition: {known.edition}` in the mapping, or --edition {known.edition}."
    return [_problem(run, "ZB429", message, fix)]


def _numbering(rules: Rules) -> str:
    field = resource(rules.resource).number_field
    if not field or rules.action is not Action.CREATE:
        return ""
    return "own" if field in rules.fields.fields else "zoho"


def _stop(problems: Sequence[Problem], *, only: tuple[str, ...] = ()) -> None:
    """Raise when *problems* hold an error, or one of the codes *only*."""
    errors = [each for each in problems if each.level is Level.ERROR]
    if not errors or (only and not any(each.code in only for each in errors)):
        return
    of_sign_in = next((each for each in errors if each.code in _STOPS_SIGN_IN), None)
    first = of_sign_in or errors[0]
    kind = AuthError if of_sign_in else MappingError
    error = kind(first.message, first.fix, code=first.code)
    error.problems = tuple(problems)
    raise error


def _problem(
    run: Run, code: str, message: str, fix: str = "", *, level: Level = Level.ERROR
) -> Problem:
    at = Location(file=run.prepared.mapping.file)
    return Problem(code=code, message=message, at=at, fix=fix, level=level)
