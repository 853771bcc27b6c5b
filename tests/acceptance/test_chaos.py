"""A short form of ``make chaos``: an import is killed at random moments, under faults.

What came of it is audited by a script that shares no code with zbbulk.
"""

import sqlite3
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "chaos"))

from audit import audit
from chaos import play


@pytest.mark.parametrize("seed", [1001, 1002])
def test_a_killed_import_ends_with_every_record_once(tmp_path, seed, capsys):
    played = play(tmp_path, seed=seed, scale=15, most_kills=3)
    with capsys.disabled():
        print(f"\n{played}")  # noqa: T201 - the figures are wanted
    assert played.kills >= 1
    assert played.faults > 0
    assert played.found.records == 75
    assert played.found.is_clean


def changed(folder, query):
    """Change one record in the sandbox's file and return what the audit says then."""
    link = sqlite3.connect(folder / "books.sqlite")
    with link:
        assert link.execute(query).rowcount == 1
    link.close()
    return audit(folder)


def test_the_audit_sees_a_duplicate_a_lost_record_and_an_untrue_result(tmp_path):
    assert play(tmp_path, seed=1, scale=3, most_kills=0).found.is_clean
    twin = (
        "INSERT INTO records SELECT resource, id || '0', body FROM records "
        "WHERE resource = 'items' AND body LIKE '%Thing 1%' LIMIT 1"
    )
    assert changed(tmp_path, twin).duplicates == 1
    gone = "DELETE FROM records WHERE resource = 'contacts' AND body LIKE '%Customer 2%'"
    assert changed(tmp_path, gone).lost == 1
    before = audit(tmp_path).untrue
    draft = (
        "UPDATE records SET body = json_set(body, '$.status', 'draft') "
        "WHERE resource = 'invoices' AND body LIKE '%I-4%'"
    )
    assert changed(tmp_path, draft).untrue == before + 2
