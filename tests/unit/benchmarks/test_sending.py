import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture
def sending(monkeypatch):
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module("sending")
    for name in set(sys.modules) - before:
        if name in {"sending", "cases", "generate"}:
            del sys.modules[name]


def entry(arrived_s, *, path="/books/v3/items", status=201, in_flight=1):
    return SimpleNamespace(arrived_s=arrived_s, path=path, status=status, in_flight=in_flight)


@pytest.mark.parametrize("count", [200, 230, 1000])
def test_hundred_every_minute_is_the_whole_rate_wherever_the_log_ends(sending, count):
    log = [entry(60 * (number // 100) + number % 100 * 0.03) for number in range(count)]
    assert sending.pace_of(log).sustained == pytest.approx(100)


def test_a_minute_that_lasts_75_seconds_is_80_per_cent(sending):
    log = [entry(75 * (number // 100)) for number in range(300)]
    assert sending.pace_of(log).sustained == pytest.approx(80)


def test_refusals_and_the_most_in_flight_are_counted(sending):
    log = [entry(number * 0.6, in_flight=1 + number % 7) for number in range(150)]
    log += [entry(90, status=429), entry(91, status=429)]
    pace = sending.pace_of(log)
    assert (pace.refused, pace.at_once, pace.requests) == (2, 7, 152)


def test_requests_for_a_token_do_not_count(sending):
    log = [entry(number * 0.6) for number in range(150)]
    log.append(entry(1, path="/oauth/v2/token", status=429, in_flight=99))
    pace = sending.pace_of(log)
    assert (pace.refused, pace.at_once, pace.requests) == (0, 1, 150)


def test_too_few_requests_tell_no_rate(sending):
    with pytest.raises(sending.CaseFailedError, match="only 100 requests"):
        sending.pace_of([entry(number) for number in range(100)])


def test_rows_to_be_sent_are_all_good_and_as_many_as_asked(sending, tmp_path):
    path = tmp_path / "items.csv"
    sending.good_rows(path, 400)
    lines = path.read_text(encoding="utf-8")
    assert "Sundry" not in lines
    assert lines.count("SH-") == 400
