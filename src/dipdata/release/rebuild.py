"""export --check: build a release anew from its sources and compare every byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Corpus
from dipdata.release import manifest, splits
from dipdata.release.export import Options, build, differences
from dipdata.release.parts import Memory, Source


def check(
    project: Project,
    release: Path,
    source: Corpus | Source,
    *,
    frozen: Mapping[str, str],
    workers: int = 1,
    problems: Problems,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> None:
    """Add `release.not-reproducible` for each file of `release` that does not come out the same from these records.

    Version, text mode and hold-out are those of the release. Where its manifest names other versions of the tools, or a version
    before it that is not in dist/, that is reported first, as the likely reason. Raises CannotRunError where it is no release of this
    project, or cannot be built.
    """
    values = manifest.read(release)
    if values["name"] != project.name:
        raise CannotRunError(f"{release}: a release of {values['name']}, not of {project.name}. Name another folder or --project.")
    held = splits.hold_out(values["hold_out"]) if values["hold_out"] else None
    for name, version in manifest.tools().items():
        if values["tools"].get(name, version) != version:
            problems.add(
                "release.other-tools",
                manifest.FILE,
                f"made with {name} {values['tools'][name]}, this is {version}",
                f"Install {name} {values['tools'][name]} to compare bytes.",
                severity="warning",
            )
    before = values["previous"]
    if before and not (project.dist / f"{project.name}-{before['version']}" / manifest.FILE).is_file():
        problems.add(
            "release.previous-missing",
            manifest.FILE,
            f"the card tells the changes since {before['version']}, which is not in {project.dist}",
            f"Put {project.name}-{before['version']} there.",
            severity="warning",
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "release"
        build(
            project,
            values["version"],
            Memory(source) if isinstance(source, Corpus) else source,
            folder,
            options=Options(values["text_mode"], held, workers),
            frozen=frozen,
            check=None,
            problems=problems,
            progress=progress,
        )
        for name in differences(folder, release):
            what = "differs" if (folder / name).is_file() and (release / name).is_file() else "is in only one of them"
            problems.add(
                "release.not-reproducible", name, f"{what}: built anew and in {release}", "Check out the commit that the manifest names."
            )
