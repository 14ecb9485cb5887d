import pytest

from dipdata import project
from dipdata.problems import CannotRunError


def test_the_project_is_found_from_below(tmp_path, monkeypatch):
    (tmp_path / "dipdata.toml").write_text('name = "small"\nlicence = "CC-BY-4.0"\n')
    deep = tmp_path / "raw" / "wire"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project.load().root == tmp_path
    with pytest.raises(CannotRunError, match=r"no dipdata\.toml here"):
        project.load(deep)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not valid TOML"),
        ('name = "x"', "no 'licence'"),
        ('name = "x"\nlicence = "y"\ncolour = 1', "unknown key 'colour'"),
        ('name = "x"\nlicence = "y"\n[splits]\ntrain = 0.5', "add up to 1"),
        ('name = "x"\nlicence = "y"\nseed = "many"', "many"),
        ('name = "x"\nlicence = "y"\nstudio = "here"', "Mend the value"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(tmp_path, text, message):
    (tmp_path / "dipdata.toml").write_text(text)
    with pytest.raises(CannotRunError, match=message):
        project.load(tmp_path)


def test_an_atomic_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "deep" / "file"
    with project.atomic(path) as file:
        file.write(b"old")
    with pytest.raises(RuntimeError), project.atomic(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["file"]
