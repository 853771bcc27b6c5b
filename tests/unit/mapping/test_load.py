import pytest

from zbbulk.errors import Level, MappingError
from zbbulk.mapping import load_mapping, parse_mapping
from zbbulk.model import Action

TWO = "source: {main: {}, line: {file: l.csv}}\nfields:\n  name: A\n"
"""A mapping of two sheets, without its last field."""


def faults_of(text, schema=None):
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, file="m.yml", schema=schema)
    return caught.value.problems


def test_a_small_mapping_loads(load):
    mapping = load("fields:\n  name: Item Name\n")
    assert mapping.resource == "items"
    assert mapping.action is Action.CREATE
    assert mapping.fields.fields["name"].columns[0] == ("Item Name", 4, 9)
    assert mapping.warnings == ()


def test_the_source_block_is_loaded(load):
    source = load(
        "source: {file: a.csv, encoding: utf-16, delimiter: tab, sheet: Items, header_row: 3,\n"
        '  dates: dd/mm/yyyy, numbers: "1,234.56", empty_words: [NA, "-"]}\n'
        "fields:\n  name: A\n"
    ).source
    options = source.read_options
    assert (options.encoding, options.delimiter) == ("utf-16", "\t")
    assert (options.sheet, options.header_row) == ("Items", 3)
    assert (source.file, source.dates, source.numbers.example) == (
        "a.csv",
        "dd/mm/yyyy",
        "1,234.56",
    )
    assert source.empty_words == {"na", "-"}


def test_scalars_stay_text(load):
    fields = load("fields:\n  name: no\n  sku: 0123\n  unit: 12:30\n  value: 2024-04-01\n").fields
    names = [rule.columns[0].name for rule in fields.fields.values()]
    assert names == ["no", "0123", "12:30", "2024-04-01"]


def test_a_field_that_is_called_like_a_word_still_works(load):
    assert load("fields:\n  name: A\n  value: B\n").warnings == ()


@pytest.mark.parametrize(
    ("rest", "code", "place", "says"),
    [
        ("fields:\n  nmae: A\n  name: A\nsorce: {}\n", "ZB202", "6:1", "Did you mean 'source'"),
        ("fields:\n  name: {colum: A}\n", "ZB202", "4:10", "Did you mean 'column'"),
        ("fields:\n  name: {formel: A}\n", "ZB202", "4:10", "column, value, template, first_of"),
        ("fields:\n  name: {column: Item, Name}\n", "ZB202", "4:24", "quote it: 'Item, Name'"),
        ("group_by: [A]\nfields:\n  name: A\n", "ZB202", "3:1", "Known: zbbulk"),
        ("group_rows_by: {a: b}\nfields:\n  name: A\n", "ZB212", "3:16", "list of columns"),
        ("fields:\n  name: A\n  lines: {each_row: {rate: B}}\n", "ZB224", "5:10", "group_rows_by"),
        (
            "group_rows_by: [A]\nfields:\n  name: A\n  lines: [{tags: {each_row: B}, rate: C}]\n",
            "ZB224",
            "6:18",
            "inside another list",
        ),
        (
            "group_rows_by: [A]\nfields:\n  name: A\n  lines: {each_row: {rate: B}, x: C}\n",
            "ZB202",
            "6:32",
            "each_row",
        ),
        (
            "source: {people: {file: p.csv}}\nfields:\n  name: A\n",
            "ZB225",
            "3:10",
            "None of the sheets is called `main`",
        ),
        (
            "source: {file: x.csv, main: {}}\nfields:\n  name: A\n",
            "ZB225",
            "3:10",
            "tells one sheet from another",
        ),
        (
            "source: {main: {dats: x}}\nfields:\n  name: A\n",
            "ZB202",
            "3:17",
            "Did you mean 'dates'?",
        ),
        (
            "fields:\n  name: A\n  lines: {rows_from: x, where: {A: B}, each_row: {rate: C}}\n",
            "ZB225",
            "5:22",
            "Name several there",
        ),
        (
            TWO + "  lines: {rows_from: lin, where: {A: B}, each_row: {rate: C}}\n",
            "ZB225",
            "6:22",
            "line",
        ),
        (TWO + "  lines: {rows_from: line, each_row: {rate: C}}\n", "ZB213", "6:10", "Add `where:"),
        (
            TWO + "  lines: {rows_from: line, where: A, each_row: {rate: C}}\n",
            "ZB212",
            "6:35",
            "two columns",
        ),
        (TWO + "  lines: {rows_from: line, where: {A: B}}\n", "ZB213", "6:10", "each_row"),
        (
            TWO + "  lines: {rows_from: line, where: {A: B}, each_row: {name: C}}\n",
            "ZB217",
            "6:53",
            "needs `rate`",
        ),
        (
            TWO
            + "  lines:\n    - rate: A\n"
            + "      tags: {rows_from: line, where: {A: B}, each_row: C}\n",
            "ZB224",
            "8:13",
            "inside another list",
        ),
        ("fields:\n  name: {column: A, rows: first}\n", "ZB224", "4:27", "group_rows_by"),
        (
            "group_rows_by: [A]\nfields:\n  name: {column: A, rows: sum}\n",
            "ZB224",
            "5:27",
            "adds numbers",
        ),
        (
            "group_rows_by: [A]\nfields:\n  name: A\n  rate: {column: B, rows: join}\n",
            "ZB224",
            "6:27",
            "joins texts",
        ),
        (
            (
                "group_rows_by: [A]\nfields:\n  name: A\n"
                "  lines: {each_row: {rate: {column: B, rows: sum}}}\n"
            ),
            "ZB224",
            "6:46",
            "above the lines",
        ),
        ("fields:\n  name: A\n  name: B\n", "ZB203", "5:3", "line 4"),
        ("fields:\n  name: {column: A, values: {x: 1, X: 2}}\n", "ZB203", "4:36", "twice"),
        ("fields:\n  name: [A, B]\n", "ZB212", "4:9", "first_of"),
        ("fields:\n  name:\n", "ZB213", "4:8", "column's name"),
        ("fields: name\n", "ZB212", "3:9", "map of Zoho's fields"),
        ("fields:\n", "ZB212", "3:8", "map of Zoho's fields"),
        ("fields:\n  name: {column: A, value: B}\n", "ZB211", "4:21", "one place"),
        ("fields:\n  name: {default: B}\n", "ZB211", "4:9", "Add one of"),
        ("fields:\n  name: {value: B, text: upper}\n", "ZB211", "4:20", "Delete `text:`"),
        ("fields:\n  name: {column: A, other_values: keep}\n", "ZB211", "4:35", "needs `values:`"),
        ("fields:\n  name: {column: A, blank: clear}\n", "ZB211", "4:28", "action: update"),
        (
            "fields:\n  name: {column: A, blank: keep, default: B}\n",
            "ZB211",
            "4:28",
            "contradict",
        ),
        ("fields:\n  name: A\n  rate: {column: A, blank: keep}\n", "ZB211", "5:28", "number"),
        ("fields:\n  name: {column: A, blank: omt}\n", "ZB202", "4:28", "Did you mean 'omit'"),
        ("fields:\n  name: {column: A, text: caps}\n", "ZB202", "4:27", "trim, upper"),
        ("fields:\n  name: {column: [A]}\n", "ZB212", "4:18", "one column"),
        ("fields:\n  name: {first_of: {a: b}}\n", "ZB212", "4:20", "list of columns"),
        ("fields:\n  name: {template: Fixed}\n", "ZB211", "4:20", "no column"),
        ('fields:\n  name: {template: "{A} }"}\n', "ZB211", "4:20", "does not enclose"),
        ("fields:\n  name: {template: [A]}\n", "ZB212", "4:20", "one text"),
        ("fields:\n  name: {column: A, part: x}\n", "ZB212", "4:27", "part"),
        ('fields:\n  name: {column: A, part: {split: "-", take: 0}}\n', "ZB212", "4:46", "first"),
        ("fields:\n  name: {column: A, part: {take: 1}}\n", "ZB213", "4:27", "split"),
        ("fields:\n  name: {column: A, part: {split: x, tke: 1}}\n", "ZB202", "4:38", "take"),
        ("fields:\n  name: {column: A, values: x}\n", "ZB212", "4:29", "map"),
        ("fields:\n  name: {column: A, values: {x: [1]}}\n", "ZB212", "4:33", "one value"),
        ("fields:\n  name: {column: A, default: [x]}\n", "ZB212", "4:30", "one value"),
        ("fields:\n  name: A\n  rate: {value: cheap}\n", "ZB204", "5:17", "plainly"),
        ("fields:\n  name: A\n  date: {column: B, default: soon}\n", "ZB205", "5:30", "plainly"),
        ("fields:\n  name: A\n  is_taxable: {value: perhaps}\n", "ZB206", "5:23", "neither"),
        ("fields:\n  name: A\n  terms: {value: 1.5}\n", "ZB207", "5:18", "whole"),
        ("fields:\n  name: A\n  address: City\n", "ZB212", "5:12", "city, zip, country"),
        ("fields:\n  name: A\n  lines: Rate\n", "ZB212", "5:10", "`- `"),
        ("fields:\n  name: A\n  lines: {rate: B}\n", "ZB212", "5:10", "`- `"),
        ("fields:\n  name: A\n  rate: {city: B}\n", "ZB202", "5:10", "field rule"),
        ("fields:\n  sku: A\n", "ZB217", "4:3", "needs `name`"),
        ("fields:\n  name: A\n  lines:\n    - name: B\n", "ZB217", "6:7", "needs `rate`"),
        ("action: update\nfields:\n  name: A\n", "ZB217", "5:3", "item_id"),
        ("action: remove\nfields:\n  name: A\n", "ZB202", "3:9", "create, update"),
        ("key: [sku]\nfields:\n  name: A\n", "ZB212", "3:6", "key"),
        ("key: {}\nfields:\n  name: A\n", "ZB213", "3:6", "fields"),
        ("key: {field: [name]}\nfields:\n  name: A\n", "ZB202", "3:7", "fields"),
        ("key: {fields: [sku]}\nfields:\n  name: A\n", "ZB213", "3:16", "not mapped"),
        ("key: {fields: {a: b}}\nfields:\n  name: A\n", "ZB212", "3:15", "list"),
        ("source: x\nfields:\n  name: A\n", "ZB212", "3:9", "map"),
        ("source: {date: dd/mm/yyyy}\nfields:\n  name: A\n", "ZB202", "3:10", "'dates'"),
        ("source: {dates: dd/mm}\nfields:\n  name: A\n", "ZB216", "3:17", "dd/mm/yyyy"),
        ('source: {numbers: "1,234"}\nfields:\n  name: A\n', "ZB216", "3:19", "decimals"),
        ("source: {header_row: 0}\nfields:\n  name: A\n", "ZB212", "3:22", "header_row: 3"),
        ("source: {delimiter: ab}\nfields:\n  name: A\n", "ZB212", "3:21", "semicolon"),
        ("source: {sheet: [a]}\nfields:\n  name: A\n", "ZB212", "3:17", "one text"),
        ("source: {empty_words: {a: b}}\nfields:\n  name: A\n", "ZB212", "3:23", "list"),
        ("? [a, b]\n: x\nfields:\n  name: A\n", "ZB212", "3:3", "key must be a text"),
    ],
)
def test_a_fault_is_told_with_its_line_and_position(load, rest, code, place, says):
    with pytest.raises(MappingError) as caught:
        load(rest)
    told = [(p.code, str(p.at), p.message + " " + p.fix) for p in caught.value.problems]
    found = [text for found_code, at, text in told if (found_code, at) == (code, f"m.yml:{place}")]
    assert found, told
    assert says in found[0]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "ZB213", "1:1"),
        ("# nothing\n", "ZB213", "1:1"),
        ("- a\n", "ZB212", "1:1"),
        ("resource: items\nfields: {name: A}\n", "ZB213", "1:1"),
        ("zbbulk: 1\nfields: {name: A}\n", "ZB213", "1:1"),
        ("zbbulk: 1\nresource: items\n", "ZB213", "1:1"),
        ("zbbulk: 2\nresource: items\nfields: {name: A}\n", "ZB212", "1:9"),
        ("zbbulk: 1\nresource: itms\nfields: {name: A}\n", "ZB006", "2:11"),
    ],
)
def test_what_is_missing_at_the_top_is_told(text, code, place):
    assert (code, f"m.yml:{place}") in [(p.code, str(p.at)) for p in faults_of(text)]


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(load):
    with pytest.raises(MappingError) as caught:
        load("sorce: {}\nfields:\n  rate: {value: x}\n  sku: {colum: A}\n  unit: [A]\n")
    lines = [problem.at.row for problem in caught.value.problems]
    assert lines == [3, 5, 5, 6, 7]
    assert "5 faults" in caught.value.message


def test_an_unknown_field_is_a_warning_and_sent_as_text(load, convert):
    mapping = load("fields:\n  name: A\n  skuu: B\n")
    (warning,) = mapping.warnings
    assert (warning.code, str(warning.at), warning.level) == ("ZB214", "m.yml:5:3", Level.WARNING)
    assert "Did you mean 'sku'" in warning.fix
    assert convert("skuu: B", "x", "007")[0] == {"name": "x", "skuu": "007"}


def test_an_unknown_object_or_list_is_warned_of_once(load, convert):
    rest = "other:\n  a: B\n  b:\n    - c: C\n    - {column: D}"
    indented = rest.replace("\n", "\n  ")
    mapping = load(f"fields:\n  name: A\n  {indented}\n")
    assert [problem.code for problem in mapping.warnings] == ["ZB214"]
    record, _ = convert(rest, "x", "1", "2", "3")
    assert record["other"] == {"a": "1", "b": [{"c": "2"}, "3"]}


def test_an_update_needs_only_the_id(load):
    assert load("action: update\nfields:\n  item_id: A\n").action is Action.UPDATE


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path):
    with pytest.raises(MappingError) as caught:
        load_mapping(tmp_path / "none.yml")
    assert caught.value.code == "ZB002"
    path = tmp_path / "latin.yml"
    path.write_bytes(b"zbbulk: 1\n# \xe9\n")
    with pytest.raises(MappingError, match="byte 13") as caught:
        load_mapping(path)
    assert caught.value.at.file == str(path)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "bom.yml"
    path.write_text("\ufeffzbbulk: 1\nresource: items\nfields:\n  name: A\n", encoding="utf-8")
    assert load_mapping(path).file == str(path)


OF_TASKS = {"type": "object", "properties": {"task_name": {"type": "string"}}}


def test_a_field_that_stands_in_the_path_must_be_mapped():
    text = "zbbulk: 1\nresource: tasks\nfields:\n  task_name: A\n"
    (problem,) = faults_of(text, schema=OF_TASKS)
    assert (problem.code, problem.at.row) == ("ZB217", 4)
    assert "`project_id`" in problem.message


@pytest.mark.parametrize(
    ("resource", "offered"), [("employees", "create and delete"), ("bankstatements", "create")]
)
def test_an_action_that_zoho_does_not_offer_is_refused_with_its_line(resource, offered):
    id_field = "  employee_id: A\n" if resource == "employees" else "  x: A\n"
    text = f"zbbulk: 1\nresource: {resource}\naction: update\nfields:\n{id_field}"
    (problem,) = faults_of(text, schema={"type": "object"})
    assert (problem.code, str(problem.at)) == ("ZB219", "m.yml:3:9")
    assert problem.fix == f"It offers {offered} only."


def test_the_fields_of_a_custom_module_are_its_owners():
    text = (
        "zbbulk: 1\nresource: custommodules\n"
        "fields: {module_name: A, record_name: B, cf_colour: C, colour: D}\n"
    )
    mapping = parse_mapping(text, file="m.yml")
    assert [warning.message for warning in mapping.warnings] == [
        "`colour` is not a known field of custommodules."
    ]


def test_what_stands_beside_the_sheets_of_a_source_holds_for_all_of_them(load):
    shared = "delimiter: tab, header_row: 2, dates: dd/mm/yyyy, empty_words: [NA]"
    main = "{file: a.xlsx, sheet: A, header_row: 3}"
    line = '{file: l.csv, delimiter: ";", dates: mm/dd/yyyy, empty_words: [nil]}'
    mapping = load(f"source: {{{shared}, main: {main}, line: {line}}}\nfields:\n  name: A\n")
    source, other = mapping.source, mapping.others["line"]
    assert (source.file, source.read_options.sheet, source.read_options.header_row) == (
        "a.xlsx",
        "A",
        3,
    )
    assert (source.dates, source.read_options.delimiter) == ("dd/mm/yyyy", "\t")
    assert source.empty_words == {"na"}
    assert (other.file, other.read_options.sheet, other.read_options.header_row) == (
        "l.csv",
        None,
        2,
    )
    assert (other.dates, other.read_options.delimiter) == ("mm/dd/yyyy", ";")
    assert other.empty_words == {"nil"}
    assert list(mapping.others) == ["line"]


def test_a_list_from_another_sheet_knows_its_columns_and_those_of_the_sheet(load):
    rest = "  lines: {rows_from: line, where: {Of: A, No: B}, each_row: {rate: Price}}\n"
    rule = load(TWO + rest).fields.fields["lines"]
    assert rule.index == ("line", ("Of", "No"))
    assert [column.name for column in rule.mine.columns] == ["A", "B"]
