import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("mappings", "schemas", "samples")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_carries_the_tracked_assets_and_nothing_else(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    carried = {
        name.removeprefix("zbbulk/_data/")
        for name in wheel.namelist()
        if name.startswith("zbbulk/_data/")
    }
    assert carried == set(tracked)


def test_the_wheel_carries_the_typing_marker_and_the_command(wheel):
    assert "zbbulk/py.typed" in wheel.namelist()
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "zbbulk = zbbulk.cli.main:main" in wheel.read(entry).decode()


def test_nobody_imports_the_bare_package():
    for path in (ROOT / "zbbulk").rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        code = [line.strip() for line in lines if path.name != "__init__.py"]
        assert "import zbbulk" not in code, path
