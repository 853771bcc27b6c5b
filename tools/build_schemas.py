"""Write ``schemas/<resource>.schema.json`` from Zoho's OpenAPI files and our corrections.

    python tools/build_schemas.py PATH          the folder of .yml files, or Zoho's zip of them
    python tools/build_schemas.py PATH --check  only say whether the schemas are true to it

The same files and corrections give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from zbbulk.resources import resources
from zoho_schemas.assemble import schema_of
from zoho_schemas.corrections import read_corrections
from zoho_schemas.layout import written
from zoho_schemas.openapi import read_openapi

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = ROOT / "tools" / "schema_corrections.yml"


def schema_files(openapi: Path) -> dict[Path, str]:
    """Return the text of each schema file, made from the files at *openapi*.

    Raises:
        SystemExit: a correction meets no field of any schema.
    """
    zoho, corrections = read_openapi(openapi), read_corrections(CORRECTIONS)
    made = {
        ROOT / "schemas" / f"{name}.schema.json": written(schema_of(each, zoho, corrections))
        for name, each in resources().items()
    }
    if corrections.unused:
        raise SystemExit(f"corrections that meet no field: {sorted(corrections.unused)}")
    return made


def main(arguments: list[str]) -> int:
    """Write the schemas, or with ``--check`` name those that differ; return the exit code."""
    paths = [Path(each) for each in arguments if each != "--check"]
    if len(paths) != 1 or not paths[0].exists():
        print(__doc__)
        return 2
    stale = {
        path: text
        for path, text in schema_files(paths[0]).items()
        if not path.exists() or path.read_text("utf-8") != text
    }
    if "--check" in arguments:
        print("\n".join(f"stale: {path.relative_to(ROOT)}" for path in stale))
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text, "utf-8", newline="\n")
    print(f"{len(stale)} schemas written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
