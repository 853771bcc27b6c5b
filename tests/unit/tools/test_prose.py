import pytest

from zoho_schemas.prose import allowed_values, is_time_of_day, longest


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        pytest.param("The colour of the thing. Max-length [40]", 40, id="in-brackets"),
        pytest.param("A note, max length 500.", 500, id="in-words"),
        pytest.param("Maximum length is 15 characters", 15, id="spelled-out"),
        pytest.param("Its name.<br> Max-len: 7", 7, id="behind-a-tag"),
        pytest.param("The length of the pipe in 40 metres", None, id="another-length"),
        pytest.param("At most one of them", None, id="no-number"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_longest_text_is_read_out_of_a_sentence(text, limit):
    assert longest(text) == limit


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param(
            "Kind of hat. Allowed Values: <code>bowler</code>, <code>cap</code>, <code>fez</code>.",
            ["bowler", "cap", "fez"],
            id="each-in-code",
        ),
        pytest.param(
            "Allowed values are <code>red, blue</code> and <code>red</code>",
            ["red", "blue"],
            id="once-each",
        ),
        pytest.param("Possible values: warm, cold or mild.", ["warm", "cold", "mild"], id="plain"),
        pytest.param(
            "Supported types <b>are</b> oak (hard), fir and elm", ["oak", "fir", "elm"], id="asides"
        ),
        pytest.param("Allowed values: <code>one</code>", [], id="one-alone-is-an-example"),
        pytest.param("Allowed values: tea, coffee, etc", [], id="there-may-be-others"),
        pytest.param("The values tea and coffee are liked", [], id="no-cue"),
        pytest.param(
            "Allowed values &lt;code&gt;a&lt;/code&gt;, <code>b</code>", ["a", "b"], id="escaped"
        ),
    ],
)
def test_allowed_values_are_read_out_of_a_sentence(text, values):
    assert allowed_values(text) == values


def test_a_time_of_day_is_known_by_its_pattern():
    assert is_time_of_day("Begin of the shift [HH:mm]")
    assert not is_time_of_day("Hours and minutes of the shift")
