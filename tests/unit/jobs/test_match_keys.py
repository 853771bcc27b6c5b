from hypothesis import given
from hypothesis import strategies as st

from zbbulk.folding import folded, prints
from zbbulk.jobs import match_keys
from zbbulk.jobs.keys import FOLDED
from zbbulk.jobs.match_keys import Duplicate, KeyLog, duplicates


def log_of(folder, entries, *, name="0"):
    log = KeyLog(folder, name=name)
    log.add([key for key, _ in entries], [row for _, row in entries])
    return log


def test_a_key_that_stands_twice_names_both_rows(tmp_path):
    log = log_of(tmp_path, [("A", 2), ("B", 3), ("A", 4)])
    assert duplicates([[(log, 0)]]) == [
        Duplicate(row=4, first_row=2, field=0, value="A", first_value="A")
    ]


def test_the_third_time_names_the_first_row_too(tmp_path):
    log = log_of(tmp_path, [("A", 2), ("A", 3), ("A", 4)])
    assert [(found.row, found.first_row) for found in duplicates([[(log, 0)]])] == [(3, 2), (4, 2)]


def test_parts_of_a_file_are_numbered_on(tmp_path):
    first = log_of(tmp_path, [("A", 2), ("B", 3)], name="first")
    second = log_of(tmp_path, [("C", 1), ("A", 2)], name="second")
    assert duplicates([[(first, 0), (second, 3)]]) == [Duplicate(5, 2, 0, "A", "A")]


def test_each_match_key_is_watched_by_itself(tmp_path):
    names = log_of(tmp_path, [("A", 2), ("B", 3)], name="names")
    codes = log_of(tmp_path, [("B", 2), ("B", 3)], name="codes")
    assert duplicates([[(names, 0)], [(codes, 0)]]) == [Duplicate(3, 2, 1, "B", "B")]


def test_a_row_without_a_key_is_no_duplicate(tmp_path):
    log = log_of(tmp_path, [(None, 2), ("A", 3), (None, 4)])
    assert duplicates([[(log, 0)]]) == []


def test_spilled_keys_are_found_like_held_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(match_keys, "_IN_MEMORY", 2)
    log = KeyLog(tmp_path, name="0")
    for row, key in enumerate(["A", "B", "C", "A", "C", "D"], start=2):
        log.add([key], [row])
    assert [(found.row, found.first_row) for found in duplicates([[(log, 0)]])] == [(5, 2), (6, 4)]


@given(keys=st.lists(st.text(max_size=3), max_size=60), spill_after=st.integers(1, 20))
def test_every_later_row_of_a_key_is_found_and_no_other(tmp_path_factory, keys, spill_after):
    log = KeyLog(tmp_path_factory.mktemp("keys"), name="0")
    for row, key in enumerate(keys):
        log.add([key], [row])
        if row % spill_after == 0:
            log.spill()
    expected = [
        (row, keys.index(key), key) for row, key in enumerate(keys) if keys.index(key) != row
    ]
    found = [(one.row, one.first_row, one.value) for one in duplicates([[(log, 0)]])]
    assert found == expected


_SPELLINGS = st.text(alphabet="aA\u00e9E\u0301 \u00a0\x1f\0\1", max_size=4)


@given(keys=st.lists(_SPELLINGS, max_size=60), spill_after=st.integers(1, 20))
def test_keys_that_are_compared_alike_are_found_by_their_first_spelling(
    tmp_path_factory, keys, spill_after
):
    log = KeyLog(tmp_path_factory.mktemp("keys"), name="0", sameness=FOLDED)
    for start in range(0, len(keys), spill_after):
        some = range(start, min(start + spill_after, len(keys)))
        log.add([keys[row] for row in some], list(some))
        log.spill()
    alike = [FOLDED.spelled(key) for key in keys]
    firsts = [alike.index(key) for key in alike]
    expected = [(row, first) for row, first in enumerate(firsts) if first != row]
    found = duplicates([[(log, 0)]])
    assert [(one.row, one.first_row) for one in found] == expected
    assert all(one.first_value == keys[one.first_row] for one in found)


@given(texts=st.lists(st.one_of(st.text(max_size=5), _SPELLINGS), max_size=20))
def test_texts_that_fold_alike_have_the_same_print(texts):
    found = prints(texts)
    assert len(found) == len(texts)
    for text, other in zip(texts, found, strict=True):
        assert prints([folded(text)]) == [other] == prints([text])


def test_parts_of_a_key_do_not_run_into_each_other():
    assert FOLDED.spelled("B 7\x1fAcme") != FOLDED.spelled("B\x1f7 Acme")
    assert FOLDED.spelled("b  7 \x1f ACME") == FOLDED.spelled("B 7\x1fAcme")


def test_every_kind_of_space_leaves_no_print():
    spaces = "".join(map(chr, range(0x3001)))
    spaces = "".join(sign for sign in spaces if sign.isspace())
    assert prints([f"{spaces}\u00e9{spaces}", f"a{spaces}b"]) == prints(["\u00e9", "ab"])
