"""``zbbulk explain``: what a code means, ours or Zoho's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say
from zbbulk.codes import CODES
from zbbulk.errors import UsageError


@click.command("explain", cls=ReportingCommand)
@click.argument("code")
@output_option
def explain_cmd(*, code: str, output: str) -> None:
    """Say what CODE means and what to do: zbbulk's own (ZB204) or Zoho's (1002)."""
    told = _ours(code.upper()) or _zohos(code)
    if not told:
        raise UsageError(f"Nothing is known about the code {code!r}.", code="ZB005")
    if output == "json":
        say(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in _block(told):
        say(line)


def _block(told: list[dict[str, str]]) -> Iterator[str]:
    """Yield one block of lines: what several rules say alike is said once."""
    shown = dict[tuple[str, str], None]()
    for entry in told:
        shown.update(dict.fromkeys((name, text) for name, text in entry.items() if text))
    seen = set[str]()
    for name, text in shown:
        if name != "pattern":
            word = "or" if name == "why" and name in seen else name
            yield f"{word:<8} {text}"
            seen.add(name)


def _ours(code: str) -> list[dict[str, str]]:
    if code not in CODES:
        return []
    told = CODES[code]
    return [{"code": code, "title": told.title, "why": told.why, "fix": told.fix}]


def _zohos(code: str) -> list[dict[str, str]]:
    from zbbulk.zoho.rules import rules_of  # noqa: PLC0415 - start-up stays small

    return [
        {
            "code": f"{code} (Zoho Books)",
            "pattern": rule.words.pattern if rule.words else "",
            "why": rule.meaning,
            "fix": rule.hint,
            "source": "an official page of Zoho" if rule.mark == "A" else "met in production",
        }
        for rule in rules_of(code)
    ]
