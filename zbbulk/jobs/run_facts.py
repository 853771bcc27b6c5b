"""What the journal keeps about a run as a whole, so that it can be known again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from zbbulk.assets import is_shipped
from zbbulk.jobs.prepare import Prepared
from zbbulk.jobs.row_outcomes import HEADER_ROW
from zbbulk.jobs.target import Target
from zbbulk.version import __version__

PLANNED = "planned"
"""``yes`` once the journal holds all that is to be sent and the user agreed to it."""

BEGAN = "zoho_began"
"""When the run began, by Zoho's clock: no record that is older is one of its own."""


REDUCED = "reduced_sha256"
"""The hash of the sheet with what was changed in a mirror, once that was found out."""


def run_facts(
    prepared: Prepared, *, path: Path, target: Target, started: datetime
) -> dict[str, str]:
    """Return file, mapping and target of a run, with the hashes that tell a change. No token."""
    mapping = prepared.mapping
    return {
        "zbbulk_version": __version__,
        "started": started.isoformat(timespec="milliseconds"),
        "file": str(path.resolve()),
        "file_as_typed": prepared.sheet.file,
        "file_sha256": sha256_of(prepared.sheet.path),
        "input": prepared.sheet.path.name,
        HEADER_ROW: str(prepared.sheet.form.header_row),
        "mapping": str(Path(mapping.file).resolve()),
        "mapping_as_typed": mapping.file,
        "is_shipped": "yes" if is_shipped(Path(mapping.file), "mappings") else "no",
        "mapping_sha256": sha256_of(Path(mapping.file)),
        "resource": mapping.resource,
        "action": mapping.action.value,
        "edition": mapping.edition or "",
        "organization_id": target.organization_id,
        "api_root": target.api_root,
        "is_real": "yes" if target.is_real else "no",
        "store": str(target.store.resolve()) if target.store else "",
    }


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
