"""What happens when a run ends: a webhook is told, and failures are logged in Zoho Books."""

import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import zbbulk
from zbbulk.jobs.target import sandbox_target
from zbbulk.sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "notify.md"
SECRET = "a secret of both"
MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n"


class Hook:
    """A webhook on 127.0.0.1 that answers as it is told and keeps what it got."""

    def __init__(self, *statuses):
        self.got, self._statuses = [], list(statuses)
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                status = hook._statuses.pop(0) if hook._statuses else 200
                if status == 0:
                    self.connection.close()
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", hook.url + "/elsewhere")
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"<html>")

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook/T0KEN"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("ZBBULK_NOTIFY_SECRET", SECRET)


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=6000) as running:
        yield running


@pytest.fixture
def send(sandbox, tmp_path):
    (tmp_path / "shop.csv").write_text("Item,Price\nPen,1\nInk,2\nNib,dear\n")

    def run(more="", **words):
        (tmp_path / "m.yml").write_text(MAPPING + more)
        return zbbulk.import_file(
            tmp_path / "shop.csv",
            tmp_path / "m.yml",
            target=sandbox_target(sandbox),
            runs=tmp_path / "runs",
            **words,
        )

    return run


def test_the_webhook_is_told_once_what_came_of_the_run(send, secret, sandbox):
    with Hook() as hook:
        report = send(notify=hook.url)
    ((headers, body),) = hook.got
    told = json.loads(body)
    assert (report.notices, told["counts"]) == ((), {"created": 2, "rejected": 1})
    assert (told["run"], told["exit_code"]) == (report.journal.parent.name, 1)
    assert (told["resource"], told["action"], told["stopped"]) == ("items", "create", [])
    assert told["organization_id"] == sandbox.organization_id
    assert headers["X-Zbbulk-Event"] == told["id"]
    assert headers["Content-Type"] == "application/json"


def test_the_signature_proves_who_sent_it(send, secret):
    with Hook() as hook:
        send(notify=hook.url)
    ((headers, body),) = hook.got
    parts = dict(part.split("=") for part in headers["X-Zbbulk-Signature"].split(","))
    text = parts["t"].encode() + b"." + body
    assert parts["v1"] == hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()


def test_the_example_of_the_page_knows_a_notice_of_ours_and_no_other(send, secret):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    names = {}
    exec(code, names)
    with Hook() as hook:
        send(notify=hook.url)
    ((headers, body),) = hook.got
    header = headers["X-Zbbulk-Signature"]
    assert names["is_ours"](header, body, SECRET)
    assert not names["is_ours"](header, body + b" ", SECRET)
    assert not names["is_ours"](header, body, "another")
    late = int(header[2:].split(",")[0]) + 301
    assert not names["is_ours"](header, body, SECRET, now=lambda: late)


def test_without_a_secret_it_is_not_signed_and_that_is_told(send):
    with Hook() as hook:
        report = send(notify=hook.url)
    assert "X-Zbbulk-Signature" not in hook.got[0][0]
    assert [problem.code for problem in report.notices] == ["ZB524"]


def test_a_mapping_may_name_the_webhook(send, secret):
    with Hook() as hook:
        send(f"notify: {hook.url}\n")
    assert len(hook.got) == 1


@pytest.mark.parametrize("statuses", [(500, 200), (429, 503, 200), (0, 200)])
def test_it_is_tried_again_with_the_same_event(send, secret, statuses):
    with Hook(*statuses) as hook:
        report = send(notify=hook.url)
    assert (len(hook.got), report.notices) == (len(statuses), ())
    assert len({headers["X-Zbbulk-Event"] for headers, _ in hook.got}) == 1


@pytest.mark.parametrize(
    ("statuses", "tries", "words"),
    [
        ((500,) * 3, 3, "HTTP 500"),
        ((0,) * 3, 3, "no answer"),
        ((404,), 1, "HTTP 404"),
        ((302,), 1, "a redirect, which is not followed"),
    ],
)
def test_whatever_comes_of_it_the_run_ends_as_it_did(send, secret, statuses, tries, words):
    with Hook(*statuses) as hook:
        report = send(notify=hook.url)
    assert (len(hook.got), report.counts) == (tries, {"created": 2, "rejected": 1})
    (problem,) = report.notices
    assert (problem.code, words in problem.message) == ("ZB523", True)
    assert "T0KEN" not in problem.message
    assert int(report.exit_code) == 1


def test_a_webhook_that_is_not_there_fails_nothing(send, secret):
    with Hook() as hook:
        url = hook.url
    report = send(notify=url)
    assert ([problem.code for problem in report.notices], report.exit_code) == (["ZB523"], 1)


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://x", "https://", "no", "http://[x"])
def test_an_address_that_is_not_safe_is_refused_before_anything_is_sent(send, sandbox, url):
    with pytest.raises(zbbulk.UsageError) as caught:
        send(notify=url)
    assert (caught.value.code, sandbox.records("items")) == ("ZB240", [])
    with pytest.raises(zbbulk.MappingError) as caught:
        send(f'notify: "{url}"\n')
    assert caught.value.problems[0].code == "ZB240"


def test_a_run_that_is_stopped_is_told_by_its_code(send, secret, sandbox):
    sandbox.add_fault("answer:103001:method=POST")
    with Hook() as hook:
        report = send(notify=hook.url)
    told = json.loads(hook.got[0][1])
    assert told["exit_code"] == int(report.exit_code) != 0
    assert [each["code"] for each in told["stopped"]] == [report.stopped.code]


def test_what_stops_a_run_before_it_begins_is_told_and_raised(send, secret, tmp_path):
    with Hook() as hook, pytest.raises(zbbulk.MappingError):
        send("key: {fields: [nmae]}\n", notify=hook.url)
    told = json.loads(hook.got[0][1])
    assert (told["exit_code"], told["stopped"][0]["code"]) == (2, "ZB213")


def test_neither_secret_nor_cell_is_in_what_is_posted_written_or_printed(
    send, secret, sandbox, tmp_path, capfd
):
    with Hook(500, 500, 500) as hook:
        report = send(notify=hook.url)
    posted = b"".join(body for _, body in hook.got)
    assert b"Pen" not in posted
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    seen = (posted + files + str(report).encode() + "".join(capfd.readouterr()).encode()).decode(
        errors="ignore"
    )
    assert SECRET not in seen
    assert "T0KEN" not in seen


def test_a_migration_tells_once_how_its_steps_ended(sandbox, secret, tmp_path):
    (tmp_path / "shop.csv").write_text("Item,Price\nPen,1\n")
    (tmp_path / "m.yml").write_text(MAPPING)
    with Hook() as hook:
        (tmp_path / "all.yml").write_text(
            f"zbbulk: 1\nmigration: x\nnotify: {hook.url}\n"
            "steps: [{id: a, mapping: m.yml, file: shop.csv}]\n"
        )
        zbbulk.migrate_files(
            tmp_path / "all.yml", target=sandbox_target(sandbox), runs=tmp_path / "runs"
        )
    assert [json.loads(body)["steps"] for _, body in hook.got] == [{"a": "done"}]


def test_on_the_command_line(run, tmp_path, secret):
    (tmp_path / "shop.csv").write_text("Item,Price\nPen,1\n")
    (tmp_path / "m.yml").write_text(MAPPING)
    words = ["import", tmp_path / "shop.csv", "-m", tmp_path / "m.yml", "--sandbox"]
    with Hook(404) as hook:
        ran = run(*words, "--speed", 6000, "--notify", hook.url)
    assert (ran.code, len(hook.got)) == (0, 1)
    assert "ZB523 warning: 127.0.0.1 was not told in 1 try: it answered HTTP 404." in ran.out


LOG = "error_log: cm_error_log\n"


@pytest.fixture
def failing(sandbox, send, tmp_path):
    """Import three items, of which Zoho refuses one and our checks another."""
    sandbox.enter("items", [{"name": "Ink", "rate": 9}])
    return lambda more=LOG, **words: send(more, **words)


def logged(sandbox):
    return list(sandbox.records("custommodules"))


def test_each_failure_is_a_record_of_the_module(sandbox, failing):
    report = failing()
    (record,) = logged(sandbox)
    run = report.journal.parent.name
    assert (record["cf_run"], record["cf_row"], record["cf_code"]) == (run, "3", "1001")
    assert (record["cf_key"], record["cf_status"]) == ("Ink", "failed")
    assert "already exists" in record["cf_message"]
    assert report.logged.to_json() == {
        "module": "cm_error_log", "written": 1, "doubtful": 0, "left": 0, "why": "",
    }  # fmt: skip
    assert report.check.plan.at_most == {"error_log": 2}


def test_the_mapping_names_the_fields_and_may_want_the_refused_rows_too(sandbox, failing):
    fields = "{cf_line: row, cf_why: message}"
    report = failing(f"error_log: {{module: cm_errors, fields: {fields}, rejected: yes}}\n")
    told = {each["cf_line"]: each["cf_why"] for each in logged(sandbox)}
    assert list(told) == ["3", "4"]
    assert "'dear'" in told["4"]
    assert report.logged.written == 2


def test_a_resumed_run_writes_none_twice(sandbox, failing, tmp_path):
    report = failing()
    again = zbbulk.retry_run(
        report.journal.parent, target=sandbox_target(sandbox), runs=tmp_path / "runs"
    )
    assert (again.logged.written, len(logged(sandbox))) == (1, 1)


@pytest.mark.parametrize("fault", ["cut-after", "html-after"])
def test_one_whose_answer_was_lost_is_left_and_told(sandbox, failing, tmp_path, fault):
    sandbox.add_fault(f"{fault}:path=/cm_error_log")
    report = failing()
    assert (report.logged.doubtful, report.logged.left) == (1, 0)
    again = zbbulk.resume_run(
        report.journal.parent, target=sandbox_target(sandbox), runs=tmp_path / "runs"
    )
    assert (again.logged.doubtful, len(logged(sandbox))) == (1, 1)


def test_a_module_that_is_not_there_is_told_and_fails_nothing(sandbox, failing, run):
    sandbox.add_fault("answer:5:path=/cm_error_log")
    report = failing()
    assert (report.logged.left, report.logged.why) == (1, "Invalid URL Passed")
    assert report.counts == {"created": 1, "rejected": 1, "failed": 1}


def test_the_days_calls_that_end_leave_the_log_for_the_resume(tmp_path):
    with Sandbox(None, speed=6000, per_day=2) as books:
        books.enter("items", [{"name": "Ink", "rate": 9}])
        (tmp_path / "shop.csv").write_text("Item,Price\nInk,2\nPen,1\n")
        (tmp_path / "m.yml").write_text(MAPPING + LOG)
        report = zbbulk.import_file(
            tmp_path / "shop.csv",
            tmp_path / "m.yml",
            target=sandbox_target(books),
            runs=tmp_path / "runs",
        )
        assert (report.logged.written, report.logged.left) == (0, 1)
        books.clock.skip(86_400)
        again = zbbulk.resume_run("last", target=sandbox_target(books), runs=tmp_path / "runs")
        assert (again.logged.written, len(logged(books))) == (1, 1)


@pytest.mark.parametrize(
    ("log", "code"),
    [
        ("error_log: errors", "ZB241"),
        ("error_log: {fields: {cf_x: row}}", "ZB241"),
        ("error_log: {module: cm_x, fields: {x: row}}", "ZB241"),
        ("error_log: {module: cm_x, fields: {cf_x: rwo}}", "ZB202"),
        ("error_log: {module: cm_x, feilds: {cf_x: row}}", "ZB202"),
    ],
)
def test_an_error_log_that_is_not_understood_is_refused_with_its_line(send, log, code):
    with pytest.raises(zbbulk.MappingError) as caught:
        send(f"{log}\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.row) == (code, 4)
