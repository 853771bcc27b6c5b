"""Programs that go on with runs, look at them and take them back, where the runs went."""

import socket
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import zbbulk
from zbbulk.assets import asset_path
from zbbulk.sandbox import Sandbox

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\n"
MIGRATION = asset_path("samples", "migration/migration.yml")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.yml").write_text(MAPPING)
    rows = "".join(f"Thing {n},{n:03},{n}.50\n" for n in range(1, 21))
    (tmp_path / "shop.csv").write_text(f"Item,Code,Price\n{rows}")
    return tmp_path


def load(store, **more):
    with zbbulk.open_sandbox(store, speed=600, has_examples=False, **more) as books:
        return zbbulk.import_file("shop.csv", "items.yml", target=books)


def test_a_run_that_was_stopped_is_resumed_where_it_went(shop):
    stopped = load("books.sqlite", per_day=12)
    assert stopped.stopped.code == "ZB407"
    with sqlite3.connect("books.sqlite") as books:  # the next day
        books.execute("UPDATE facts SET value = '0' WHERE name = 'day'")
    books.close()
    assert zbbulk.describe_run().next_step == f"zbbulk resume {stopped.journal.parent.name}"
    resumed = zbbulk.resume_run(stopped.journal.parent)
    assert resumed.counts == {zbbulk.Status.CREATED: 20}
    assert zbbulk.describe_run().next_step == "nothing is left to do"


def test_a_plan_is_applied_and_undone_where_it_was_made(shop):
    with zbbulk.open_sandbox("books.sqlite", speed=600) as books:
        zbbulk.plan_file("shop.csv", "items.yml", target=books, save="plan.json")
    assert zbbulk.apply_plan("plan.json").counts == {zbbulk.Status.CREATED: 20}
    told = zbbulk.preview_undo()
    assert (told.n_done, told.to_json()["counts"]) == (20, {"take back": 20})
    assert zbbulk.describe_run().counts == {zbbulk.Status.CREATED: 20}
    assert zbbulk.undo_run().done == {"delete": 20}


def test_books_that_no_file_keeps_are_not_opened_again(shop):
    run = load(None).journal.parent
    for go_on in (zbbulk.resume_run, zbbulk.retry_run, zbbulk.undo_run, zbbulk.preview_undo):
        with pytest.raises(zbbulk.UsageError, match="were kept in no file") as caught:
            go_on(run)
        assert caught.value.code == "ZB010"


def test_books_whose_file_is_gone_are_not_made_anew(shop):
    load("books.sqlite")
    for path in shop.glob("books.sqlite*"):
        path.unlink()
    with pytest.raises(zbbulk.UsageError, match="is gone") as caught:
        zbbulk.resume_run()
    assert caught.value.code == "ZB010"
    assert not (shop / "books.sqlite").exists()


def test_an_organization_is_not_taken_for_another(shop):
    load("books.sqlite")
    with zbbulk.open_sandbox(speed=600) as others:
        with pytest.raises(zbbulk.UsageError) as caught:
            zbbulk.undo_run(target=others)
        assert caught.value.code == "ZB516"


def test_a_run_in_a_real_organization_needs_its_account(shop):
    run = load("books.sqlite").journal.parent
    with sqlite3.connect(run / "journal.sqlite") as journal:
        journal.execute("UPDATE run SET value = 'yes' WHERE name = 'is_real'")
    journal.close()
    with pytest.raises(zbbulk.AuthError) as caught:
        zbbulk.resume_run(run)
    assert (caught.value.code, caught.value.exit_code) == ("ZB415", zbbulk.ExitCode.CREDENTIALS)


def test_a_run_in_a_real_organization_is_undone_there_by_the_account_of_the_environment(
    shop, monkeypatch
):
    with Sandbox(None, speed=600) as real:
        monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", real.access_token())
        monkeypatch.setenv("ZBBULK_API_ROOT", real.api_root)
        books = zbbulk.open_organization(organization_id=real.organization_id, reserve=5)
        report = zbbulk.import_file("shop.csv", "items.yml", target=books)
        assert report.counts == {zbbulk.Status.CREATED: 20}
        assert zbbulk.undo_run().done == {"delete": 20}
        assert real.records("items") == []


@pytest.mark.parametrize("wrong", ["sandbox", zbbulk.open_sandbox()], ids=["a text", "not opened"])
def test_what_is_no_organization_is_told(shop, wrong):
    calls = (
        lambda: zbbulk.check_file("shop.csv", "items.yml", target=wrong),
        lambda: zbbulk.plan_file("shop.csv", "items.yml", target=wrong),
        lambda: zbbulk.import_file("shop.csv", "items.yml", target=wrong),
        lambda: zbbulk.delete_file("shop.csv", "items.yml", target=wrong),
        lambda: zbbulk.export_records("items", "out.csv", target=wrong),
        lambda: zbbulk.migrate_files(MIGRATION, target=wrong),
    )
    for call in calls:
        with pytest.raises(zbbulk.UsageError) as caught:
            call()
        assert caught.value.code == "ZB011"


def test_the_sandbox_plays_the_country_of_a_mapping(shop):
    (shop / "india.yml").write_text(f"edition: in\n{MAPPING}")
    with zbbulk.open_sandbox(mapping="india.yml", speed=600) as books:
        report = zbbulk.import_file("shop.csv", "india.yml", target=books)
    assert report.check.edition == "in"
    assert report.counts == {zbbulk.Status.CREATED: 20}


def test_calls_are_left_to_other_apps(shop):
    settings = {"per_day": 30, "reserve": 20, "speed": 600, "has_examples": False}
    with zbbulk.open_sandbox(**settings) as books:
        report = zbbulk.import_file("shop.csv", "items.yml", target=books)
    assert report.stopped.code == "ZB407"
    assert report.counts[zbbulk.Status.READY] > 0


def test_refused_rows_are_retried_and_mended_ones_imported(shop):
    refused = load("books.sqlite", faults=["answer:1049:at=3:method=POST"])
    assert refused.counts == {zbbulk.Status.CREATED: 19, zbbulk.Status.FAILED: 1}
    assert zbbulk.retry_run(refused.journal.parent).counts == {zbbulk.Status.CREATED: 20}
    sheet = shop / "shop.csv"
    sheet.write_text(f"{sheet.read_text()}Bad,999,dear\n")
    bad = load("other.sqlite")
    assert bad.counts == {zbbulk.Status.CREATED: 20, zbbulk.Status.REJECTED: 1}
    result = bad.check.result
    result.write_text(result.read_text(encoding="utf-8-sig").replace("dear", "9"))
    mended = zbbulk.retry_run(bad.journal.parent, mended=result)
    assert mended.counts == {zbbulk.Status.CREATED: 1, zbbulk.Status.SKIPPED: 20}
    assert mended.journal != bad.journal


def test_a_migration_is_taken_back_run_by_run_the_last_first(shop):
    with zbbulk.open_sandbox("books.sqlite", speed=600) as books:
        report = zbbulk.migrate_files(MIGRATION, target=books)
    seen, shown = [], []
    undone = zbbulk.undo_runs(
        report.folder, agreed=lambda told: shown.append(told.run) or True, told=seen.append
    )
    assert list(undone) == seen
    assert shown == [each.name for each in zbbulk.runs_of(report.folder)]
    assert {each.exit_code for each in undone} == {zbbulk.ExitCode.FINE}


def test_what_a_migration_has_not_begun_can_not_be_undone(shop, run):
    with zbbulk.open_sandbox(speed=600) as books, pytest.raises(zbbulk.UsageError):
        zbbulk.migrate_files(MIGRATION, target=books, agreed=lambda _: False)
    (folder,) = Path("zbbulk-runs").glob("*-migration")
    with pytest.raises(zbbulk.UsageError) as caught:
        zbbulk.undo_runs(folder)
    assert caught.value.code == "ZB514"
    assert run("undo", folder).code == 2


def test_an_export_is_gone_on_with_where_it_came_from(shop):
    load("books.sqlite")
    with zbbulk.open_sandbox("books.sqlite", speed=600, faults=["500-before"]) as books:
        half = zbbulk.export_records("items", "out.csv", target=books)
    assert half.file is None
    assert zbbulk.resume_export().records == 20


def test_nothing_is_left_running_after_the_block(shop):
    before = set(threading.enumerate())
    with zbbulk.open_sandbox(speed=600) as books:
        port = urlsplit(books.api_root).port
        with pytest.raises(zbbulk.SourceError):
            zbbulk.import_file("no.csv", "items.yml", target=books)
        zbbulk.import_file("shop.csv", "items.yml", target=books)
    assert set(threading.enumerate()) == before
    with socket.socket() as link:
        assert link.connect_ex(("127.0.0.1", port)) != 0


def test_files_for_one_company_are_sent_by_several_threads_with_one_target(shop):
    for name in "abcd":
        rows = "".join(f"{name}{n},{name}{n},1\n" for n in range(30))
        (shop / f"{name}.csv").write_text(f"Item,Code,Price\n{rows}")
    with zbbulk.open_sandbox(speed=600, has_examples=False) as books, ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(zbbulk.import_file, f"{name}.csv", "items.yml", target=books)
            for name in "abcd"
        ]
        counts = [job.result().counts for job in jobs]
        exported = zbbulk.export_records("items", "all.csv", target=books)
    assert counts == [{zbbulk.Status.CREATED: 30}] * 4
    assert exported.records == 120


def test_two_companies_share_a_folder_of_runs_in_two_threads(shop):
    def load_and_export(name):
        with zbbulk.open_sandbox(f"{name}.sqlite", speed=600, has_examples=False) as books:
            reports = [zbbulk.import_file("shop.csv", "items.yml", target=books) for _ in "12"]
            export = zbbulk.export_records("items", f"{name}.csv", target=books)
        own = reports[0].journal.parent
        return [report.counts for report in reports], export.records, zbbulk.undo_run(own).done

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(load_and_export, "abcd"))
    counts = [{zbbulk.Status.CREATED: 20}, {zbbulk.Status.SKIPPED: 20}]
    assert told == [(counts, 20, {"delete": 20})] * 4
    assert len(zbbulk.known_runs()) == 12
