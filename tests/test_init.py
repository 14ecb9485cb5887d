import pytest

import dipdata


@pytest.mark.parametrize("name", dipdata.__all__)
def test_each_public_name_is_there(name):
    assert getattr(dipdata, name).__doc__


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'unheard'"):
        _ = dipdata.unheard


def test_the_example_of_the_readme():
    (statement,) = dipdata.segment("« L'accord tient », a déclaré le ministère norvégien.", lang="fr")
    assert (statement.form, statement.source[0].surface) == ("direct", "le ministère norvégien")
