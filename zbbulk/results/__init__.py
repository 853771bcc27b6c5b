"""Step 6: the user's sheet with outcomes; an empty one to fill in; and one with records.

Every row of the input stands in the result once and in order, with its own cells
untouched; behind them ``zb_status zb_id zb_code zb_message zb_fix``. Knows neither
the journal nor Zoho Books: an Outcome is given for each row.

Decided here:

- A file that has columns of these names (a result fed in again) keeps them; ours
  are then called ``zb_status_2`` and so on.
- CSV: a row shorter than the header is padded, what is longer goes behind our cells.
- A text of ours that a spreadsheet would calculate gets an apostrophe before it.
- Excel takes 32,767 characters a cell: a longer text is cut and says so.
"""

from zbbulk.results.columns import OWN_COLUMNS, harmed, harmless, own_columns
from zbbulk.results.csv_layout import CsvLayout
from zbbulk.results.csv_part import CsvPart, PartFile
from zbbulk.results.csv_result import join_parts, write_csv_result
from zbbulk.results.export_csv import write_csv
from zbbulk.results.export_lines import write_lines
from zbbulk.results.export_workbook import write_workbook
from zbbulk.results.new_book import sheet_title
from zbbulk.results.new_file import new_file, new_text_file
from zbbulk.results.outcomes import BETWEEN, READY, Lookup, OutcomesInOrder, joined
from zbbulk.results.template_workbook import Need, Template, TemplateColumn, write_template
from zbbulk.results.workbook_result import write_workbook_result

__all__ = [
    "BETWEEN",
    "OWN_COLUMNS",
    "READY",
    "CsvLayout",
    "CsvPart",
    "Lookup",
    "Need",
    "OutcomesInOrder",
    "PartFile",
    "Template",
    "TemplateColumn",
    "harmed",
    "harmless",
    "join_parts",
    "joined",
    "new_file",
    "new_text_file",
    "own_columns",
    "sheet_title",
    "write_csv",
    "write_csv_result",
    "write_lines",
    "write_template",
    "write_workbook",
    "write_workbook_result",
]
