import re
from pathlib import Path

import pytest

import zbbulk.codes
from zbbulk.codes import CODES

PACKAGE = Path(zbbulk.codes.__file__).parent


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_family_and_whole_sentences(code):
    assert re.fullmatch("ZB[0-59][0-9]{2}", code)
    told = CODES[code]
    assert told.title
    assert told.why.endswith(".")
    assert told.fix.endswith((".", ")"))


def test_codes_stand_in_order_and_once():
    source = (PACKAGE / "codes.py").read_text(encoding="utf-8")
    written = re.findall(r'^    "(ZB\d{3})": ', source, flags=re.MULTILINE)
    assert written == sorted(set(written))


def test_the_code_uses_no_code_without_help_and_help_has_no_code_without_use():
    sources = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.name != "codes.py"
    ]
    used = set(re.findall(r"\bZB\d{3}\b", "\n".join(sources)))
    assert used - set(CODES) == set()
    assert set(CODES) - used == set()
