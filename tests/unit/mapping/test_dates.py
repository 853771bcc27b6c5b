from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.mapping.cells import CellError
from zbbulk.mapping.dates import date_style, read_date

FORMATS = {
    "dd/mm/yyyy": "%d/%m/%Y",
    "mm-dd-yyyy": "%m-%d-%Y",
    "yyyy.mm.dd": "%Y.%m.%d",
    "dd mmm yyyy": "%d %b %Y",
    "mmmm d, yyyy": "%B %d, %Y",
    "yyyymmdd": "%Y%m%d",
    "ddmmyyyy": "%d%m%Y",
}


@pytest.mark.parametrize(
    ("style", "text", "day"),
    [
        ("dd/mm/yyyy", "03/04/2024", "2024-04-03"),
        ("mm/dd/yyyy", "03/04/2024", "2024-03-04"),
        ("dd/mm/yyyy", "3/4/2024", "2024-04-03"),
        ("d/m/yyyy", "03/04/2024", "2024-04-03"),
        ("DD/MM/YYYY", "03/04/2024", "2024-04-03"),
        ("dd-mmm-yyyy", "3-Apr-2024", "2024-04-03"),
        ("dd-mmm-yyyy", "3-SEPTEMBER-2024", "2024-09-03"),
        ("dd mmm yyyy", "3 Sept. 2024", "2024-09-03"),
        ("mmm d, yyyy", "Apr 3, 2024", "2024-04-03"),
        ("dd.mm.yy", "03.04.69", "2069-04-03"),
        ("dd.mm.yy", "03.04.70", "1970-04-03"),
        ("yyyymmdd", "20240403", "2024-04-03"),
        ("dd/mm/yyyy", "29/02/2024", "2024-02-29"),
        ("dd/mm/yyyy", "2024-04-03", "2024-04-03"),
        ("dd/mm/yyyy", "3/4/2024 0:00:00", "2024-04-03"),
        ("mm/dd/yyyy", "4/3/2024 12:00:00 AM", "2024-04-03"),
        (None, "1996-07-04 00:00:00.000", "1996-07-04"),
        (None, "1996-07-04T00:00:00Z", "1996-07-04"),
        (None, "1996-7-4", "1996-07-04"),
    ],
)
def test_a_date_is_read(style, text, day):
    assert read_date(text, date_style(style) if style else None) == day


@pytest.mark.parametrize(
    ("style", "text", "says"),
    [
        ("dd/mm/yyyy", "31/02/2024", "no day of the calendar"),
        ("dd/mm/yyyy", "29/02/2023", "no day of the calendar"),
        ("dd/mm/yyyy", "03/13/2024", "no day of the calendar"),
        ("dd/mm/yyyy", "03/04/0204", "no day of the calendar"),
        ("dd-mmm-yyyy", "3-Foo-2024", "no day of the calendar"),
        (None, "2024-02-30", "no day of the calendar"),
        ("dd/mm/yyyy", "03-04-2024", "not a date like dd/mm/yyyy"),
        ("dd/mm/yyyy", "03/04/24", "not a date like dd/mm/yyyy"),
        ("dd/mm/yyyy", "soon", "not a date like dd/mm/yyyy"),
        ("dd/mm/yyyy", "٠٣/٠٤/2024", "not a date like dd/mm/yyyy"),
        ("yyyymmdd", "2024043", "not a date like yyyymmdd"),
        (None, "03/04/2024", "not a date like yyyy-mm-dd"),
        (None, "2024-03-31 14:22:05", "has a time of day"),
        ("dd/mm/yyyy", "31/03/2024 2:22 PM", "has a time of day"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(style, text, says):
    with pytest.raises(CellError, match=says) as caught:
        read_date(text, date_style(style) if style else None)
    assert caught.value.code == "ZB205"
    assert repr(text) in caught.value.message


@pytest.mark.parametrize(
    "example",
    ["", "dd/mm", "dd/dd/yyyy", "dd/mm/yyy", "dd|mm|yyyy", "dmyyyy", "hh:mm:ss", "dd//mm/yyyy"],
)
def test_a_style_that_is_not_day_month_and_year_is_refused(example):
    with pytest.raises(ValueError, match=r"date style|needs dd"):
        date_style(example)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(sorted(FORMATS)))
def test_a_day_written_in_any_style_is_read_as_the_same_day(day, style):
    assert read_date(day.strftime(FORMATS[style]), date_style(style)) == day.isoformat()


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text):
    with suppress(CellError):
        assert date.fromisoformat(read_date(text, date_style("dd/mm/yyyy")))
