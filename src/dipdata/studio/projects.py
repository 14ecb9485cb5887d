"""A dataset's projects on a server: the shared pool, or one an annotator. Which is which stands in the project's description."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dipdata.problems import CannotRunError
from dipdata.project import Project
from dipdata.studio.client import Client, Found, config_fault
from dipdata.studio.config import instruction, labelling_config
from dipdata.studio.migrate import carry
from dipdata.studio.words import check

OVERLAP = 2
FIELDS = ("dataset", "annotator", "language")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the lines `dipdata-FIELD: value` of a description say: whose project it is, and what it was made with.

    `annotator` is a pseudonym, or None for the pool.
    """

    dataset: str
    annotator: str | None = None
    language: str | None = None


def marks(found: Found) -> Marks | None:
    """Return what a project's description says, or None where dipdata did not make it."""
    said = {}
    for line in found.description.splitlines():
        name, _, value = line.partition(": ")
        if name.removeprefix("dipdata-") in FIELDS and name.startswith("dipdata-"):
            said[name.removeprefix("dipdata-")] = value.strip()
    return Marks(**said) if "dataset" in said else None


def ours(client: Client, project: Project) -> list[tuple[Found, Marks]]:
    """Return the dataset's projects on the server, oldest first. Raises CannotRunError where a foreign one has the pool's title."""
    known = []
    every = client.projects()
    for found in every:
        said = marks(found)
        if said is not None and said.dataset == project.name:
            known.append((found, said))
    pool = next((found for found in every if found.title == project.studio_project), None)
    if pool is not None and pool.number not in {found.number for found, _ in known}:
        raise foreign(client, project, pool.title)
    return known


def separate(client: Client, project: Project) -> bool:
    """Tell whether annotators have projects of their own there, and there is none for all."""
    known = {said.annotator for _, said in ours(client, project)}
    return bool(known) and None not in known


def foreign(client: Client, project: Project, title: str) -> CannotRunError:
    """Return the refusal of a project that is not the dataset's."""
    return CannotRunError(
        f"{client.url}: the project {title!r} there was not made for the dataset {project.name!r}. "
        "Rename it in Label Studio, or set another title in dipdata.toml under [studio] project."
    )


def ensure(
    client: Client,
    project: Project,
    *,
    title: str,
    annotator: str | None = None,
    language: str | None = None,
    overlap: int = OVERLAP,
) -> tuple[Found, str]:
    """Return the project of that title and its annotators' language, made or brought up to date.

    A project keeps its language unless another is given; a new one begins in English.
    Raises CannotRunError where a foreign project has the title, or the labels make no config.
    """
    check(language)
    found = client.find_project(title)
    said = marks(found) if found else Marks(project.name, annotator)
    if said is None or said.dataset != project.name:
        raise foreign(client, project, title)
    said = replace(said, language=language or said.language or "en")
    lang = said.language or "en"
    config, told, description = _config(project, lang), instruction(project.contract, lang), _description(project, said)
    if found is None:
        client.create_project(title, description, config, told, overlap)
    elif (found.config, found.description, found.overlap) != (config, description, overlap):
        if found.config != config:
            carry(client, found, config, project.contract)
        client.update_project(found.number, description=description, expert_instruction=told, maximum_annotations=overlap)
    else:
        return found, lang
    found = client.find_project(title)
    assert found is not None
    return found, lang


def _config(project: Project, lang: str) -> str:
    """Return the labelling config. Raises CannotRunError where the labels make none that Label Studio could use."""
    config = labelling_config(project.contract, lang=lang, guidelines=_guidelines(project, lang))
    fault = config_fault(config)
    if fault:
        raise CannotRunError(f"schema/labels.schema.json: makes no labelling config ({fault}). Restore the file.")
    return config


def _guidelines(project: Project, lang: str) -> str | None:
    """Return the guideline page of docs/guidelines/ in the annotators' language, else the English one, else None."""
    folder = project.root / "docs" / "guidelines"
    path = next((path for path in (folder / f"{lang}.md", folder / "en.md") if path.is_file()), None)
    try:
        return path.read_text(encoding="utf-8") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{path}: cannot be read ({error}). Restore it, or save it in UTF-8.") from error


def _description(project: Project, said: Marks) -> str:
    lines = [f"{project.title}. Made by dipdata, which knows it by the next lines."]
    lines += [f"dipdata-{field}: {value}" for field in FIELDS if (value := getattr(said, field)) is not None]
    return "\n".join(lines)
