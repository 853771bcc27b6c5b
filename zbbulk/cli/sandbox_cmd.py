"""``zbbulk sandbox``: a Zoho Books of your own on 127.0.0.1."""

from __future__ import annotations

import json
from pathlib import Path

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.sandbox_options import sandbox_options, store_option
from zbbulk.editions import EDITIONS

_TOKEN_LIFE_S = 365 * 86_400.0
"""The token that is shown outlives a day's trying, on a fast clock too."""


@click.group("sandbox")
def sandbox_group() -> None:
    """Run or clear the embedded Zoho Books."""


@sandbox_group.command("serve", cls=ReportingCommand)
@sandbox_options
@click.option(
    "--edition",
    type=click.Choice(list(EDITIONS)),
    default="us",
    show_default=True,
    help="Country edition of the sandbox.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8808, show_default=True)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="60 makes a minute of Zoho's limits last one second.",
)
@click.option(
    "--latency",
    nargs=2,
    type=click.FloatRange(min=0),
    default=(0.0, 0.0),
    metavar="FROM TO",
    help="Milliseconds an answer takes, from and to.",
)
@output_option
def serve_cmd(  # noqa: PLR0913 - one argument an option
    *,
    store: Path,
    plan: str,
    per_day: int | None,
    edition: str,
    faults: tuple[str, ...],
    port: int,
    speed: float,
    latency: tuple[float, float],
    output: str,
) -> None:
    """Serve a Zoho Books on 127.0.0.1 until Ctrl-C."""
    from zbbulk.sandbox import Sandbox, serve  # noqa: PLC0415 - start-up stays small

    def announce(sandbox: Sandbox) -> None:
        told = {
            "ZBBULK_API_ROOT": sandbox.api_root,
            "ZBBULK_ORGANIZATION_ID": sandbox.organization_id,
            "ZBBULK_ACCESS_TOKEN": sandbox.access_token(life_s=_TOKEN_LIFE_S),
        }
        if output == "json":
            click.echo(json.dumps(told))
            return
        click.echo("Zoho Books sandbox, until Ctrl-C. To send to it from another terminal:\n")
        click.echo("\n".join(f"  export {name}={value}" for name, value in told.items()))
        click.echo("\nOr sign in to it as you would to Zoho:\n")
        click.echo(f"  curl -sX POST {sandbox.accounts_url}/sandbox/self_client | \\")
        click.echo("    zbbulk auth login --profile sandbox --client-file - \\")
        click.echo(f"    --accounts-url {sandbox.accounts_url}")

    sandbox = Sandbox(
        store,
        plan=plan,
        per_day=per_day,
        edition=edition,
        faults=faults,
        port=port,
        speed=speed,
        latency_ms=latency,
        has_examples=True,
    )
    serve(sandbox, announce=announce)


@sandbox_group.command("clear", cls=ReportingCommand)
@store_option
def clear_cmd(*, store: Path) -> None:
    """Forget everything in a sandbox's store."""
    from zbbulk.sandbox import clear_store  # noqa: PLC0415 - start-up stays small

    clear_store(store)
    click.echo(f"{store} is empty now.")
