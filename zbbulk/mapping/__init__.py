"""Rows to Records by a YAML mapping: load it, compile it for a header, convert rows.

Pure but for reading the mapping file: no network, no clock, no other file.
"""

from zbbulk.mapping.binding import column_positions
from zbbulk.mapping.cells import row_key
from zbbulk.mapping.compile import (
    compile_mapping,
    field_names,
    field_rules,
    looked_up,
    refuse_unknown_columns,
)
from zbbulk.mapping.fitted import LeftOut, fitted
from zbbulk.mapping.literals import literal
from zbbulk.mapping.load import load_mapping, parse_mapping
from zbbulk.mapping.program import Origin, Program
from zbbulk.mapping.rows_from import other_mapping, rows_from_rules
from zbbulk.mapping.rules import Mapping, RowsFromRule, Source
from zbbulk.mapping.survey import DateSurvey, date_survey

__all__ = [
    "DateSurvey",
    "LeftOut",
    "Mapping",
    "Origin",
    "Program",
    "RowsFromRule",
    "Source",
    "column_positions",
    "compile_mapping",
    "date_survey",
    "field_names",
    "field_rules",
    "fitted",
    "literal",
    "load_mapping",
    "looked_up",
    "other_mapping",
    "parse_mapping",
    "refuse_unknown_columns",
    "row_key",
    "rows_from_rules",
]
