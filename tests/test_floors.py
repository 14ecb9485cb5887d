import pytest

from dipdata.floors import Floors, parse


def test_keys_have_hyphens_and_defaults_stay():
    floors = parse({"near-duplicate": 0.7, "agreement": {"stance": 0.6}, "ignore": ["hygiene"]})
    assert floors == Floors(near_duplicate=0.7, agreement={"stance": 0.6}, ignore=("hygiene",))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"near_duplicate": 0.7}, "unknown key 'near_duplicate'"),
        ({"near-duplicate": "much"}, "near-duplicate must be a number"),
        ({"near-duplicate": True}, "near-duplicate must be a number"),
        ({"agreement": 0.6}, "for each label"),
        ({"agreement": {"stance": 2}}, "from -1 to 1"),
        ({"ignore": "hygiene"}, "must be a list"),
        ({"fail-on": "info"}, "'error' or 'warning'"),
    ],
)
def test_what_is_wrong_is_named(values, says):
    with pytest.raises(ValueError, match=says):
        parse(values)
