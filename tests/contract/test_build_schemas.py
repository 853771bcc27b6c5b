"""The shipped schemas are what Zoho's OpenAPI files and our corrections make of them."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

import build_schemas

ROOT = Path(__file__).resolve().parents[2]
OPENAPI = Path(os.environ.get("ZBBULK_OPENAPI", ROOT.parent / "shared" / "zoho-openapi"))
pytestmark = pytest.mark.skipif(not OPENAPI.is_dir(), reason="Zoho's OpenAPI files are not here")


def test_rebuilding_gives_the_same_bytes():
    made = build_schemas.schema_files(OPENAPI)
    assert {path: path.read_bytes() for path in made} == {
        path: text.encode() for path, text in made.items()
    }
    shipped = {path.name for path in (ROOT / "schemas").glob("*.schema.json")}
    assert {path.name for path in made} == shipped - {
        "mapping.schema.json",
        "migration.schema.json",
    }


def test_a_zip_of_the_files_gives_the_same_as_their_folder(tmp_path):
    with ZipFile(tmp_path / "openapi.zip", "w") as packed:
        for file in OPENAPI.glob("*.yml"):
            packed.write(file, f"openapi-all/{file.name}")
    made = build_schemas.schema_files(tmp_path / "openapi.zip")
    assert made == build_schemas.schema_files(OPENAPI)


def test_check_says_which_schema_is_not_true_to_the_files(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(build_schemas, "ROOT", tmp_path)
    assert build_schemas.main([str(OPENAPI), "--check"]) == 1
    assert f"stale: {Path('schemas/items.schema.json')}" in capsys.readouterr().out.splitlines()


def test_a_path_that_is_not_there_is_refused(capsys):
    assert build_schemas.main(["no-such-folder"]) == 2
    assert "PATH" in capsys.readouterr().out
