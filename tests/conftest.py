"""Fixtures that several folders share: what a machine may lack, and the one embedded Label Studio of a test run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import postgresql
from dipdata import project as projects
from dipdata.problems import CannotRunError
from dipdata.project import Project

settings.register_profile("default", deadline=None)
settings.load_profile("default")


def require(name: str, reason: str) -> None:
    """Skip for `reason`, which names the remedy; fail instead where DIPDATA_REQUIRE lists `name`."""
    if name in os.environ.get("DIPDATA_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def studio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose embedded Label Studio runs; tests make projects of their own on it by other titles."""
    from dipdata.studio import server

    root = tmp_path_factory.mktemp("studio")
    (root / "dipdata.toml").write_text('name = "studio-tests"\nlicence = "CC-BY-4.0"\n')
    project = projects.load(root)
    try:
        server.up(project, local_models=True)
    except CannotRunError as error:
        require("studio", f"{error} To install it: dipdata studio up")
    yield project
    server.down(project)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL started for this run in a temporary folder."""
    if postgresql.programs() is None:
        require("studio", "no PostgreSQL. To install it: apt-get install postgresql")
    with postgresql.started(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> tuple[Path, Path]:
    """The paths of Chromium and its driver."""
    found = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in found:
        require("browser", "no Chromium or no driver. To install them: apt-get install chromium chromium-driver")
    return Path(found[0] or ""), Path(found[1] or "")
