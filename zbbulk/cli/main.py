"""The ``zbbulk`` command: the group of commands, and the last net for what goes wrong.

Heavy libraries are imported by the commands that need them: ``--version`` stays quick.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from zbbulk.cli.auth_cmd import auth_group
from zbbulk.cli.check_cmd import check_cmd
from zbbulk.cli.delete_cmd import delete_cmd
from zbbulk.cli.explain_cmd import explain_cmd
from zbbulk.cli.export_cmd import export_cmd
from zbbulk.cli.import_cmd import import_cmd
from zbbulk.cli.migrate_cmd import migrate_cmd
from zbbulk.cli.orgs_cmd import orgs_cmd
from zbbulk.cli.plan_cmds import apply_cmd, plan_cmd
from zbbulk.cli.reporters import show_error
from zbbulk.cli.resources_cmd import resources_cmd
from zbbulk.cli.run_cmds import resume_cmd, retry_cmd, runs_group
from zbbulk.cli.sandbox_cmd import sandbox_group
from zbbulk.cli.undo_cmd import undo_cmd
from zbbulk.errors import ExitCode, UsageError
from zbbulk.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="zbbulk")
def cli() -> None:
    """Move spreadsheets into Zoho Books by a YAML mapping.

    Every cell is checked before anything is sent, every record is sent once, and
    your own sheet comes back with Zoho's answer beside every row.

    \b
    Try it without an account:
      zbbulk check  items.csv -m items
      zbbulk import items.csv -m items --sandbox

    \b
    Exit codes: 0 all fine - 1 some rows have problems or failed - 2 nothing was
    sent, mend the input - 3 credentials - 4 stopped midway - 70 a fault of zbbulk.
    """  # noqa: D301 - click wants the backspace itself


for command in (
    check_cmd,
    plan_cmd,
    apply_cmd,
    import_cmd,
    migrate_cmd,
    export_cmd,
    delete_cmd,
    resume_cmd,
    retry_cmd,
    runs_group,
    undo_cmd,
    auth_group,
    orgs_cmd,
    sandbox_group,
    explain_cmd,
    resources_cmd,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with one of ExitCode."""
    from zbbulk.jobs.interrupts import as_our_program  # noqa: PLC0415 - start-up stays small

    try:
        with as_our_program():
            code = cli.main(args=arguments, prog_name="zbbulk", standalone_mode=False)
    except click.ClickException as error:
        as_json = "json" in (sys.argv[1:] if arguments is None else arguments)
        _tell_usage(error, as_json=as_json)
        code = ExitCode.NOTHING_SENT
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; nothing was sent.", err=True)
        code = ExitCode.NOTHING_SENT
    except Exception as error:  # noqa: BLE001 - the last net: a user never sees a traceback alone
        _tell_our_fault(error)
        code = ExitCode.BUG
    sys.exit(int(code or 0))


def _tell_usage(error: click.ClickException, *, as_json: bool) -> None:
    context = getattr(error, "ctx", None)
    help_of = context.command_path if context else "zbbulk"
    usage = UsageError(error.format_message(), fix=f"See `{help_of} --help`.")
    show_error(usage, output="json" if as_json else "text")


def _tell_our_fault(error: Exception) -> None:
    import traceback  # noqa: PLC0415 - only on a fault of ours

    click.echo(f"ZB901 A fault of zbbulk {__version__}: {type(error).__name__}: {error}", err=True)
    click.echo("  fix: Please report it with the lines below.", err=True)
    click.echo("".join(traceback.format_exception(error)), err=True)
