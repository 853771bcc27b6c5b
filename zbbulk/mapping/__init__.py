"""Rows to Records by a YAML mapping: load it, compile it for a header, convert rows.

Pure but for reading the mapping file: no network, no clock, no other file.
"""

from zbbulk.mapping.compile import compile_mapping, field_names, field_rules, looked_up
from zbbulk.mapping.literals import literal
from zbbulk.mapping.load import load_mapping, parse_mapping
from zbbulk.mapping.program import Origin, Program
from zbbulk.mapping.rules import Mapping, Source
from zbbulk.mapping.survey import DateSurvey, date_survey

__all__ = [
    "DateSurvey",
    "Mapping",
    "Origin",
    "Program",
    "Source",
    "compile_mapping",
    "date_survey",
    "field_names",
    "field_rules",
    "literal",
    "load_mapping",
    "looked_up",
    "parse_mapping",
]
