"""The engine of the gate against ``jsonschema`` as oracle, for every shipped schema.

``pattern`` and ``required`` words are as JSON Schema has them; only Python's ``$``
also matches before a last line end, so the oracle reads it as ``\\Z``.
"""

import re
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from zbbulk.checks import checker_for
from zbbulk.checks.checker import rules_for
from zbbulk.model import Action
from zbbulk.resources import schema

RESOURCES = ["items", "contacts", "invoices", "estimates", "bankaccounts"]


def _pattern(_validator, pattern, instance, _schema):
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_number(_checker, value):
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return Decimal(value).is_finite()


def _is_integer(checker, value):
    return _is_number(checker, value) and value == int(value)


KINDS = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"number": _is_number, "integer": _is_integer}
)
Oracle = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=KINDS)


def found_by_oracle(rules, record):
    oracle = Oracle(rules, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return {(tuple(error.absolute_path), error.validator) for error in oracle.iter_errors(record)}


def found_by_engine(checker, record):
    errors = checker._validator.iter_errors(record)
    return {(tuple(error.instance_path), error.kind.name) for error in errors}


AMOUNTS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).filter(lambda amount: not amount.is_snan()),
    st.integers(-(10**12), 10**12),
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "x" * 100, "x" * 101, "é" * 501, "5%", "12", "12\n", "٣", "4.6E+17"]),
    st.sampled_from(["2024-02-29", "2023-02-29", "20240229", "2024-W01-1", "2024-01-01\n"]),
)
OTHERS = st.one_of(st.none(), st.booleans(), st.just([]), st.just({}))


def values_of(rule):
    """Return what may be tried for a field: mostly what fits, also what does not."""
    tried = [TEXTS, AMOUNTS, OTHERS]
    if "enum" in rule:
        tried.append(st.sampled_from(rule["enum"]))
    if rule.get("pattern") == "^[0-9]{1,20}$":
        tried.append(st.text("0123456789", max_size=22))
    if rule.get("type") == "object":
        tried = [records_of(rule), OTHERS]
    if rule.get("type") == "array":
        tried = [st.lists(values_of(rule["items"]), max_size=3), OTHERS]
    return st.one_of(tried)


def records_of(rules):
    """Return records with a few fields of each kind of rule, and the required ones at times."""
    names = list(rules["properties"])
    required = [name for name in rules.get("required", []) if name in names]
    return st.lists(st.sampled_from(names), max_size=5, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name: values_of(rules["properties"][name]) for name in chosen},
            optional={
                name: values_of(rules["properties"][name])
                for name in required
                if name not in chosen
            },
        )
    )


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("resource", RESOURCES)
def test_both_engines_find_the_same_in_any_record(resource, action):
    rules = rules_for(schema(resource), action)
    checker = checker_for(resource, action)

    @settings(max_examples=60, deadline=None)
    @given(records_of(rules))
    def agree(record):
        expected = found_by_oracle(rules, record)
        assert found_by_engine(checker, record) == expected
        assert checker.is_valid(record) == (not expected)

    agree()
