"""``zbbulk resources``: what can be sent, and the fields of each resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from zbbulk.cli.options import ReportingCommand, output_option
from zbbulk.cli.reporters import say

if TYPE_CHECKING:
    from zbbulk.model import JsonObject
    from zbbulk.resources import Resource


@click.command("resources", cls=ReportingCommand)
@click.argument("name", required=False)
@output_option
def resources_cmd(*, name: str | None, output: str) -> None:
    """List the resources of Zoho Books that zbbulk can send, or the fields of one."""
    from zbbulk.resources import resource, resources  # noqa: PLC0415 - start-up stays small

    if name is None:
        _show_all(list(resources().values()), output=output)
    else:
        _show_one(resource(name), output=output)


def _show_all(found: list[Resource], *, output: str) -> None:
    from zbbulk.assets import asset_names  # noqa: PLC0415 - start-up stays small

    shipped = asset_names("mappings", ".yml")
    if output == "json":
        say(json.dumps([_facts(each, shipped=shipped) for each in found], indent=2))
        return
    for area in dict.fromkeys(each.area for each in found):
        say(area)
        for each in (each for each in found if each.area == area):
            mapping = f"-m {each.name}" if each.name in shipped else "no mapping shipped"
            say(f"  {each.name:<14} {each.title:<36} {mapping}")
    say("\nzbbulk resources NAME shows the fields of one.")


def _facts(each: Resource, *, shipped: list[str]) -> JsonObject:
    return {
        "name": each.name,
        "title": each.title,
        "area": each.area,
        "match_keys": [list(key) for key in each.match_keys],
        "scope": f"ZohoBooks.{each.scope}.CREATE",
        "mapping": each.name if each.name in shipped else None,
    }


def _show_one(each: Resource, *, output: str) -> None:
    from zbbulk.assets import asset_names  # noqa: PLC0415 - start-up stays small
    from zbbulk.resources import schema  # noqa: PLC0415 - start-up stays small

    rules = schema(each.name)
    shipped = asset_names("mappings", ".yml")
    if output == "json":
        facts = _facts(each, shipped=shipped) | {"fields": dict(_fields(rules))}
        say(json.dumps(facts, indent=2))
        return
    say(f"{each.title}\n  match keys: {', '.join(map(' + '.join, each.match_keys))}")
    say(f"  needs the scope ZohoBooks.{each.scope}.CREATE")
    for name, kind in _fields(rules).items():
        say(f"  {name:<44} {kind}")


def _fields(rules: JsonObject, *, within: str = "") -> dict[str, str]:
    required = rules.get("required", ())
    found: dict[str, str] = {}
    for name, rule in rules.get("properties", {}).items():
        path = f"{within}{name}"
        found[path] = _kind(rule) + (", required" if name in required else "")
        if rule.get("type") == "object":
            found |= _fields(rule, within=f"{path}.")
        if rule.get("type") == "array" and rule["items"].get("type") == "object":
            found |= _fields(rule["items"], within=f"{path}[].")
    return found


def _kind(rule: JsonObject) -> str:
    kind = str(rule.get("format") or rule.get("type", "anything"))
    words = [{"string": "text", "array": "list", "object": "group"}.get(kind, kind)]
    if "maxLength" in rule:
        words.append(f"at most {rule['maxLength']} characters")
    if "enum" in rule:
        words.append(f"one of {', '.join(map(str, rule['enum']))}")
    if "x-editions" in rule:
        words.append(f"only in {', '.join(rule['x-editions'])}")
    return ", ".join(words)
