"""The cases of the benchmark: which script, on which file, how a process of it is started.

Everything made on the way lies in ``bench-work/``: the generated files (kept, made anew
when the generator changes), frictionless' own environment, and results, deleted at once.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / "bench-work"
PEER_VENV = WORK / "frictionless-venv"
WARM_UP_ROWS = 1000


class Case(NamedTuple):
    """One way of going through a file.

    Attributes:
        name: As its figures are called.
        script: Beside this module.
        suffix: Kind of file it reads.
        cores: Processes it may use; it is pinned to as many processors.
        slow: Gets fewer rounds.
        peer: Runs in the peer's environment and judges by its own rules.
    """

    name: str
    script: str
    suffix: str = ".csv"
    cores: int = 1
    slow: bool = False
    peer: bool = False


CASES = (
    Case("reading_alone", "reading.py"),
    Case("check_csv_1core", "checking.py"),
    Case("check_csv_2cores", "checking.py", cores=2),
    Case("check_xlsx", "checking.py", suffix=".xlsx"),
    Case("plain_csv", "plain.py", slow=True),
    Case("plain_xlsx", "plain.py", suffix=".xlsx", slow=True),
    Case("frictionless", "peer_frictionless.py", slow=True, peer=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one process of a case told.

    Attributes:
        rows: Below the header.
        ready, rejected: -1 where the case does not tell.
        took_s: Of the work alone, see measure.py.
        peak_mib, worker_peak_mib: Of the process and of its largest child.
    """

    rows: int
    ready: int
    rejected: int
    took_s: float
    peak_mib: float
    worker_peak_mib: float


class CaseFailedError(Exception):
    """A case ended with an error, or refused other rows than it should."""


def run_case(case: Case, rows: int) -> Run:
    """Run *case* once over *rows* rows in a process of its own.

    Raises:
        CaseFailedError: it ended with an error; its last words are in the message.
    """
    python = PEER_VENV / "bin" / "python" if case.peer else Path(sys.executable)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        command = [
            *(str(python), str(HERE / case.script), str(items_file(rows, case.suffix)), folder),
            *("--warm-up", str(items_file(WARM_UP_ROWS, case.suffix))),
            *("--cores", str(case.cores)),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise CaseFailedError(f"{case.name} failed:\n{ended.stderr[-2000:]}")
    return Run(**json.loads(ended.stdout.splitlines()[-1]))


def items_file(rows: int, suffix: str) -> Path:
    """Return the generated file of *rows* rows, made in a process of its own if missing."""
    generator = HERE / "generate.py"
    version = hashlib.sha256(generator.read_bytes()).hexdigest()[:8]
    path = WORK / f"files-{version}" / f"items-{rows}{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        say(f"making {path.name} (once)")
        command = [sys.executable, str(generator), str(path), "--rows", str(rows)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def peer_is_there() -> bool:
    """Make the environment of frictionless if it is missing; tell whether it can be used."""
    python = PEER_VENV / "bin" / "python"
    if not python.exists():
        say("installing frictionless into an environment of its own (once)")
        subprocess.run([sys.executable, "-m", "venv", str(PEER_VENV)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "frictionless>=5.18,<6"]
        subprocess.run(install, check=False, stdout=sys.stderr)
    look = subprocess.run([str(python), "-c", "import frictionless"], check=False)
    return look.returncode == 0


def say(text: str) -> None:
    """Tell the person who waits; figures alone go to standard output."""
    print(f"# {text}", file=sys.stderr, flush=True)
