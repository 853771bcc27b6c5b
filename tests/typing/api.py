"""How programs use zbbulk: type-checked by mypy and never run."""

from __future__ import annotations

from pathlib import Path

import zbbulk


def load(sheet: str) -> dict[zbbulk.Status, int]:
    with zbbulk.open_sandbox(edition="in") as books:
        checked: zbbulk.CheckReport = zbbulk.check_file(sheet, "items", target=books)
        problems: tuple[zbbulk.Problem, ...] = checked.problems
        rows: list[int | None] = [problem.at.row for problem in problems]
        planned: zbbulk.PlanReport = zbbulk.plan_file(Path(sheet), Path("m.yml"), target=books)
        plan: zbbulk.Plan | None = planned.check.plan
        report = zbbulk.import_file(sheet, "items", target=books, agreed=lambda _: bool(rows))
        ids: list[tuple[int, str]] = [
            (row, outcome.zb_id)
            for row, outcome in report.outcomes()
            if outcome.status is zbbulk.Status.CREATED
        ]
        undone: zbbulk.UndoReport = zbbulk.undo_run("last", target=books)
        assert undone.done or ids or plan
    return dict(report.counts)


def go_on(run: Path) -> list[str]:
    preview: zbbulk.UndoPreview = zbbulk.preview_undo(run)
    seen: list[zbbulk.UndoReport] = []
    reports: tuple[zbbulk.UndoReport, ...] = zbbulk.undo_runs(run, told=seen.append)
    mended: zbbulk.ImportReport = zbbulk.retry_run(run, mended="result.csv")
    told: zbbulk.RunSummary = zbbulk.describe_run(run)
    return [
        told.next_step,
        str(preview.n_done),
        *(str(each.result) for each in reports),
        *mended.counts,
    ]


def export(company: str) -> Path | None:
    books: zbbulk.Target = zbbulk.open_organization(profile=company)
    try:
        report: zbbulk.ExportReport = zbbulk.export_records(
            "invoices", "invoices.xlsx", target=books, where=["status=sent"], agreed=_is_cheap
        )
    except zbbulk.ZohoError as error:
        told: tuple[str, str, str] = (error.code, error.fix, error.zoho_message)
        return Path(" ".join(told)) if error.exit_code is zbbulk.ExitCode.STOPPED else None
    return report.file


def _is_cheap(cost: zbbulk.Cost) -> bool:
    return cost.calls < 500
