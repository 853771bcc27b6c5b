"""zbbulk as programs use it: the same as the commands, silent, and in several threads at once."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

import zbbulk
from zbbulk.assets import asset_path

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.yml").write_text(MAPPING)
    rows = "".join(f"Thing {n},{n:03},{n}.50\n" for n in range(1, 41))
    (tmp_path / "shop.csv").write_text(f"Item,Code,Price\n{rows}Bad,999,dear\n")
    return tmp_path


def test_a_function_does_what_its_command_does(shop, run):
    with zbbulk.open_sandbox(speed=600) as books:
        report = zbbulk.import_file("shop.csv", "items.yml", target=books, runs="mine")
    ran = run(
        "import", "shop.csv", "-m", "items.yml", "--sandbox", "--speed", 600, "--format", "json"
    )
    told, own = json.loads(ran.out), json.loads(json.dumps(report.to_json(), default=str))
    differ = {"result", "journal", "api_root", "organization_id", "took_s", "plan"}
    assert {name for name in told if told[name] != own[name]} <= differ
    assert (ran.code, int(report.exit_code)) == (1, 1)


def test_a_check_tells_what_its_command_tells(shop, run):
    report = zbbulk.check_file("shop.csv", "items.yml")
    ran = run("check", "shop.csv", "-m", "items.yml", "--format", "json")
    told, own = json.loads(ran.out), json.loads(json.dumps(report.to_json(), default=str))
    assert {name for name in told if told[name] != own[name]} <= {"result", "took_s"}
    assert told.keys() == own.keys()
    assert ran.code == report.exit_code == 1


@pytest.mark.parametrize(
    "words", [("no.csv", "items.yml"), ("shop.csv", "itmes"), ("shop.csv", "wrong.yml")]
)
def test_an_error_is_raised_that_the_command_prints(shop, run, words):
    (shop / "wrong.yml").write_text(MAPPING.replace("Item", "Itm").replace("Code", "Cod"))
    ran = run("check", words[0], "-m", words[1], "--format", "json")
    with pytest.raises(zbbulk.ZbbulkError) as caught:
        zbbulk.check_file(*words)
    told = json.loads(ran.out)
    assert told["problems"] == [each.to_json() for each in caught.value.as_problems()]
    assert told["error"] == caught.value.message
    assert ran.code == told["exit_code"] == caught.value.exit_code == 2


def test_nothing_is_printed_and_nobody_is_asked(shop, capfd):
    with zbbulk.open_sandbox(speed=600) as books:
        zbbulk.check_file("shop.csv", "items.yml")
        zbbulk.plan_file("shop.csv", "items.yml", target=books)
        zbbulk.import_file("shop.csv", "items.yml", target=books)
        zbbulk.export_records("items", "out.csv", target=books)
        zbbulk.undo_run(zbbulk.known_runs()[1].path, target=books)
    assert capfd.readouterr() == ("", "")


def test_the_outcome_of_each_row_can_be_read_afterwards(shop):
    with zbbulk.open_sandbox(speed=600) as books:
        zbbulk.import_file("shop.csv", "items.yml", target=books)
    told = dict(zbbulk.outcomes("last"))
    assert list(told) == list(range(2, 43))
    assert (told[2].status, told[42].code) == (zbbulk.Status.CREATED, "ZB204")


def test_a_saved_plan_is_applied_and_a_run_resumed_and_retried(shop):
    with zbbulk.open_sandbox(speed=600) as books:
        zbbulk.plan_file("shop.csv", "items.yml", target=books, save="plan.json")
        report = zbbulk.apply_plan("plan.json", target=books)
        assert report.counts[zbbulk.Status.CREATED] == 40
        assert zbbulk.resume_run(target=books).counts == report.counts
        assert zbbulk.retry_run("last", target=books).counts == report.counts


def test_records_are_deleted_by_a_key(shop):
    with zbbulk.open_sandbox(speed=600, has_examples=False) as books:
        zbbulk.import_file("shop.csv", "items.yml", target=books)
        mapping = zbbulk.write_delete_mapping("items", ["sku=Code"])
        report = zbbulk.delete_file("shop.csv", mapping, target=books)
        assert report.counts == {zbbulk.Status.SKIPPED: 1, zbbulk.Status.DELETED: 40}


def test_who_does_not_agree_sends_nothing(shop):
    with zbbulk.open_sandbox(speed=600, has_examples=False) as books:
        with pytest.raises(zbbulk.UsageError, match="did not agree"):
            zbbulk.import_file("shop.csv", "items.yml", target=books, agreed=lambda _: False)
        assert zbbulk.export_records("items", "out.jsonl", target=books).records == 0


def test_a_migration_is_sent_as_by_its_command(shop):
    seen = []
    with zbbulk.open_sandbox(speed=600) as books:
        path = asset_path("samples", "migration/migration.yml")
        report = zbbulk.migrate_files(path, target=books, told=seen.append)
    assert (int(report.exit_code), len(seen)) == (0, 2 * len(report.steps))
    assert len(zbbulk.runs_of(zbbulk.known_runs()[0].path)) == 1


def test_two_companies_at_once(shop):
    def load(name):
        with zbbulk.open_sandbox(speed=600, has_examples=False) as books:
            report = zbbulk.import_file("shop.csv", "items.yml", target=books, runs=name)
            undone = zbbulk.undo_run("last", target=books, runs=name)
            return report.counts, undone.counts

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(load, ["a", "b"])
    assert first == second
    assert first[0][zbbulk.Status.CREATED] == 40
    assert first[1] == {zbbulk.Status.REJECTED: 1, zbbulk.Status.UNDONE: 40}


def test_signals_stay_pythons_own_in_a_program(shop, run):
    during = []
    run("check", "shop.csv", "-m", "items.yml")  # a command before changes nothing

    def seen(steps, **_):
        during.append(signal.getsignal(signal.SIGINT))
        return steps

    before = signal.getsignal(signal.SIGINT)
    with zbbulk.open_sandbox(speed=600) as books:
        zbbulk.import_file("shop.csv", "items.yml", target=books, progress=seen)
    assert set(during) == {before}


def interrupted(steps, *, label, **_):
    for number, step in enumerate(steps):
        if label in ("sending", "undoing", "records") and number == 5:
            raise KeyboardInterrupt
        yield step


def test_ctrl_c_ends_the_program_after_the_sheet_is_back_and_the_run_can_be_resumed(shop):
    with zbbulk.open_sandbox(speed=600, has_examples=False) as books:
        with pytest.raises(KeyboardInterrupt) as stopped:
            zbbulk.import_file("shop.csv", "items.yml", target=books, progress=interrupted)
        (half,) = zbbulk.known_runs()
        (note,) = stopped.value.__notes__
        assert f"zbbulk.resume_run({str(half.path)!r}, target=...) goes on." in note
        assert (half.ending, half.result.name) == ("ZB414", "result.csv")
        again = zbbulk.resume_run(half.path, target=books)
        assert again.counts[zbbulk.Status.CREATED] == 40


def test_ctrl_c_ends_an_undo_that_is_gone_on_with(shop):
    with zbbulk.open_sandbox(speed=600, has_examples=False) as books:
        zbbulk.import_file("shop.csv", "items.yml", target=books)
        with pytest.raises(KeyboardInterrupt):
            zbbulk.undo_run(target=books, progress=interrupted)
        assert zbbulk.undo_run(target=books).counts[zbbulk.Status.UNDONE] == 40


def test_ctrl_c_ends_a_migration_that_is_gone_on_with(shop):
    path = asset_path("samples", "migration/migration.yml")
    with zbbulk.open_sandbox(speed=600) as books:
        with pytest.raises(KeyboardInterrupt):
            zbbulk.migrate_files(path, target=books, progress=interrupted)
        assert zbbulk.migrate_files(path, target=books).exit_code is zbbulk.ExitCode.FINE


def test_an_unknown_profile_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("ZBBULK_CONFIG", str(tmp_path))
    with pytest.raises(zbbulk.ZbbulkError) as caught:
        zbbulk.open_organization(profile="nobody")
    assert "nobody" in caught.value.message


def test_the_sandbox_of_a_block_ends_with_it(tmp_path):
    with zbbulk.open_sandbox() as books:
        assert books.organization_id
    report = zbbulk.export_records("items", tmp_path / "x.csv", target=books, runs=tmp_path)
    assert (report.stopped.code, report.file) == ("ZB404", None)
