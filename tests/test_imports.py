"""Imports run one way: see CONTRIBUTING, "Where things are"."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "dipdata"
CORE = {"columns", "duplicates", "explain", "floors", "forms", "jsonl", "project", "records", "schemas"}
CORE |= {"problems", "reports", "spans", "tables"}
ALLOWED = {
    "articles": CORE,
    "statements": CORE | {"articles"},
    "actors": CORE | {"statements", "articles"},
    "annotations": CORE,
    "studio": CORE | {"annotations"},
    "release": CORE | {"annotations"},
    "checks": CORE | {"annotations", "release"},
    "stored": CORE | {"annotations", "statements"},
    "interchange": CORE | {"annotations", "release", "studio"},
    "inputs": CORE | {"articles", "statements", "actors", "annotations"},
    "verbs": CORE | {"inputs", "interchange", "stored", "articles", "statements", "actors", "annotations", "studio", "release", "checks"},
    "demo": CORE | {"inputs", "verbs", "annotations", "studio", "release"},
    "cli": CORE | {"articles", "statements", "actors", "annotations", "studio", "release", "checks", "verbs", "demo"},
    "__init__": {"inputs", "problems", "project", "records", "statements", "verbs"},
    "__main__": {"cli"},
    "columns": set(),
    "duplicates": set(),
    "records": set(),
    "problems": set(),
    "reports": {"problems"},
    "spans": {"records"},
    "explain": set(),
    "floors": set(),
    "forms": set(),
    "schemas": {"explain", "problems"},
    "project": {"floors", "problems", "schemas"},
    "jsonl": {"records", "tables"},
    "tables": {"columns", "problems", "project", "records", "schemas"},
}
ONLY_IN = {"label_studio_sdk": {"studio/client.py"}}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path):
    part = path.parts[0].removesuffix(".py")
    assert part in ALLOWED, f"{path}: say in tests/test_imports.py what {part} may import"
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "dipdata" and rest:
            target = rest.split(".")[0]
            if (PACKAGE / target).is_dir() or (PACKAGE / f"{target}.py").is_file():
                assert target == part or target in ALLOWED[part], f"{path} imports {name}"
        assert str(path) in ONLY_IN.get(top, {str(path)}), f"{path} imports {top}"


def test_the_reader_sees_a_forbidden_import(tmp_path, monkeypatch):
    (tmp_path / "x.py").write_text("from dipdata.statements import segment\nimport label_studio_sdk\n")
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    assert imports(Path("x.py")) == {"dipdata.statements.segment", "label_studio_sdk"}
