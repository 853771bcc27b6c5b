"""How a row of the CSV result is laid out: the user's own text, then our five cells.

The user's text is never taken apart and put together again: it is copied, and cut
only where a row is longer than the header. Knows no file; ``csv_part.py`` writes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from zbbulk.model import Outcome, Status
from zbbulk.results.columns import OWN_COLUMNS, own_cells, own_columns
from zbbulk.results.outcomes import joined

_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvLayout:
    r"""What every row of one result file shares. Small and picklable.

    Attributes:
        header: The names of the user's columns.
        preamble: The file's own text from its start to the end of the header row,
            rows above the header included; "" writes the header anew.
        delimiter: One character.
        line_end: ``"\r\n"``, ``"\n"`` or ``"\r"``.
        width: Cells of the user's own in a row, before ours; follows from the rest.
    """

    header: tuple[str, ...]
    delimiter: str
    line_end: str
    preamble: str = ""
    width: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        own = self.preamble.removeprefix("\ufeff").rstrip(_LINE_ENDS)
        own = own or self.delimiter.join(self._quoted(name) for name in self.header)
        object.__setattr__(self, "preamble", own)
        object.__setattr__(self, "width", max(len(self.header), self._last_row_width()))

    def _last_row_width(self) -> int:
        lines = io.StringIO(self.preamble, newline="")
        return [len(cells) for cells in csv.reader(lines, delimiter=self.delimiter)][-1]

    def head(self) -> str:
        """Return the text before the first row: the preamble with our names behind it."""
        padded = self._padded(self.preamble, self._last_row_width())
        return padded + self._tail(own_columns(self.header)) + self.line_end

    def suffix(self, outcome: Outcome) -> str:
        """Return our five cells, a delimiter before each."""
        return self._tail(own_cells(outcome))

    def row(self, raw: str, n_cells: int, outcome: Outcome) -> str:
        """Return one row of the result without a line end.

        Args:
            raw: The row's own text; a line end behind it is taken off.
            n_cells: How many cells it holds. A shorter row is padded; what is too
                much goes behind our cells, so that ours stand under their names.
            outcome: What became of the row.
        """
        own = raw.rstrip(_LINE_ENDS)
        if n_cells <= self.width:
            return self._padded(own, n_cells) + self.suffix(outcome)
        cells = self._spans(own)
        inside, surplus = own[: cells[self.width - 1][1]], own[cells[self.width][0] :]
        return inside + self.suffix(outcome) + self.delimiter + surplus

    def patched(self, row: str, addition: Outcome) -> str:
        """Return a *row* of the result in which our cells tell *addition* too."""
        ours = self._spans(row)[self.width : self.width + len(OWN_COLUMNS)]
        start, end = ours[0][0] - 1, ours[-1][1]
        status, zb_id, code, message, fix = (_unquoted(row[at:to]) for at, to in ours)
        before = Outcome(status=Status(status), zb_id=zb_id, code=code, message=message, fix=fix)
        return row[:start] + self.suffix(joined(before, addition)) + row[end:]

    def _padded(self, own: str, n_cells: int) -> str:
        return own + self.delimiter * (self.width - max(n_cells, 1))

    def _tail(self, texts: Iterable[str]) -> str:
        return "".join(self.delimiter + self._quoted(text) for text in texts)

    def _quoted(self, text: str) -> str:
        if any(sign in text for sign in (self.delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _spans(self, row: str) -> list[tuple[int, int]]:
        """Return where each cell of a row begins and ends, quotes included."""
        cell, found, start = _cell(self.delimiter), [], 0
        while start <= len(row):
            match = cell.match(row, start)
            end = match.end() if match else len(row)
            found.append((start, end))
            start = end + 1
        return found


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """Return what ``csv.reader`` takes for one cell: a quote opens only at its start."""
    until = f"[^{re.escape(delimiter)}]*"
    return re.compile(f'"(?:[^"]++|"")*+"{until}|{until}')
