"""Load a small shop's price list into the embedded sandbox and show every step.

Runs the commands a user would type, in a folder of its own that is made anew.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "zbbulk-demo"
SHEET = "items-demo.csv"


def run(*words: str) -> int:
    """Show a command as it is typed, run it in the demo's folder, return its exit code."""
    print(f"\n$ zbbulk {' '.join(words)}", flush=True)
    command = [sys.executable, "-m", "zbbulk", *words]
    return subprocess.run(command, cwd=FOLDER, check=False).returncode  # noqa: S603 - our own words


def show_result() -> None:
    """Print the first rows of the newest result file, and one of each that was refused."""
    newest = max(FOLDER.glob("zbbulk-runs/*/result.csv"))
    print(f"\n# Your sheet, with what became of each row: {newest.relative_to(ROOT)}")
    with newest.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if number < 5 or row["zb_status"] != "created":
                words = row["zb_message"][:70]
                name = next(iter(row.values()))[:28]
                print(f"  {number:>3} {name:<28} {row['zb_status']:<9} {row['zb_id']:<19} {words}")


def main() -> int:
    """Check, import, show; return 0 when it went as it should."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    shutil.copy(ROOT / "samples" / SHEET, FOLDER / SHEET)
    print("# A shop's price list of 40 rows, some of them wrong. First the check; nothing is sent.")
    checked = run("check", SHEET, "-m", "items", "--progress")
    print("\n# Now the import. The sandbox is a Zoho Books on this machine; no account is needed.")
    imported = run("import", SHEET, "-m", "items", "--sandbox", "--progress")
    show_result()
    print("\n# Exit code 1 says: some rows have problems. Mend them and import the file again.")
    return 0 if (checked, imported) == (1, 1) else 1


if __name__ == "__main__":
    sys.exit(main())
