"""publish: a release on the Hugging Face hub, a commit and a tag a version, and as an archive for Zenodo."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata.problems import CannotRunError
from dipdata.project import atomic
from dipdata.release import card, croissant, manifest

if TYPE_CHECKING:
    from huggingface_hub import HfApi

# What the hub keeps in a repository of its own.
KEPT = {".gitattributes"}
# The earliest time that a zip archive can hold: the same files give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
REMEDIES = {
    401: "Give a token with the right to write: `hf auth login`, or the variable HF_TOKEN.",
    403: "The token may not write to this repository: ask its owner, or name another with --repo.",
    404: "Name a repository that is there, or one that you may make, with --repo OWNER/NAME.",
    409: "Somebody else has changed the repository meanwhile: run again.",
    412: "Somebody else has changed the repository meanwhile: run again.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing changes in a repository: paths to add or replace with their bytes, paths to remove, how many stay.

    `tagged` tells that the version is there already with the same content.
    """

    repo: str
    revision: str
    tag: str
    add: Mapping[str, int]
    remove: tuple[str, ...]
    same: int
    new: bool
    tagged: bool
    head: str | None

    @property
    def bytes(self) -> int:
        """Size of the files to send. With `hf_xet` only their chunks that the hub has not yet are sent."""
        return sum(self.add.values())


def plan(release: Path, repo: str, revision: str = "main", *, api: HfApi | None = None) -> Plan:
    """Return what publishing `release` to branch `revision` of a dataset repository would change; nothing is written.

    Raises CannotRunError where the release is broken, the hub cannot be asked, or holds this version with other content.
    """
    values = verified(release)
    files = {entry["path"]: entry for entry in values["files"]}
    there = {name: release / name for name in (*files, manifest.FILE)}
    tag = f"v{values['version']}"
    api = api or _api()
    with _said(repo):
        from huggingface_hub.errors import RepositoryNotFoundError

        try:
            refs = api.list_repo_refs(repo, repo_type="dataset")
        except RepositoryNotFoundError:
            return Plan(repo, revision, tag, _sizes(there), (), 0, new=True, tagged=False, head=None)
        heads = {branch.name: branch.target_commit for branch in refs.branches}
        if tag in {one.name for one in refs.tags}:
            add, remove, same = _compare(there, api, repo, tag)
            if add or remove:
                what = next(iter([*add, *remove]))
                raise CannotRunError(f"{repo}: {tag} is published with another {what}. Versions never change: release a higher one.")
            return Plan(repo, revision, tag, {}, (), same, new=False, tagged=True, head=heads.get(revision))
        # A new branch begins as main is.
        add, remove, same = _compare(there, api, repo, revision if revision in heads else "main")
        return Plan(repo, revision, tag, add, remove, same, new=False, tagged=False, head=heads.get(revision))


def publish(release: Path, what: Plan, *, private: bool = False, api: HfApi | None = None) -> str:
    """Carry out a plan, and return the id of the commit that the tag stands on.

    The whole release is one commit, so that nobody sees half of it. Safe to repeat: what is there is not sent again. Raises
    CannotRunError where the hub refuses, or was changed since the plan was made.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    api = api or _api()
    with _said(what.repo):
        if what.new:
            api.create_repo(what.repo, repo_type="dataset", private=private, exist_ok=True)
        if what.revision != "main" and what.head is None:
            api.create_branch(what.repo, branch=what.revision, repo_type="dataset", exist_ok=True)
        commit = what.head
        if what.add or what.remove:
            done = api.create_commit(
                what.repo,
                [
                    *(CommitOperationAdd(name, release / name) for name in what.add),
                    *(CommitOperationDelete(name) for name in what.remove),
                ],
                commit_message=f"Release {what.tag.removeprefix('v')}",
                repo_type="dataset",
                revision=what.revision,
                parent_commit=what.head,
            )
            commit = str(done.oid)
        if not what.tagged:
            api.create_tag(what.repo, tag=what.tag, revision=commit, repo_type="dataset", exist_ok=True)
    return str(commit)


def verified(release: Path) -> dict[str, Any]:
    """Return the manifest of a release whose files are all as it says. Raises CannotRunError where one is not."""
    values = manifest.read(release)
    for entry in values["files"]:
        path = release / entry["path"]
        if not path.is_file() or manifest.sha256(path) != entry["sha256"]:
            raise CannotRunError(f"{path}: not what {manifest.FILE} says. Restore the release; `dipdata validate {release}` tells more.")
    return values


def archive(release: Path, target: Path) -> Path:
    """Write a release as one zip archive that Zenodo takes, with its metadata in `.zenodo.json`; the same release gives the same bytes.

    Raises CannotRunError where the release is broken.
    """
    values = verified(release)
    told = json.loads((release / croissant.FILE).read_bytes())
    metadata = {
        "title": values["title"],
        "description": told["description"],
        "upload_type": "dataset",
        "version": values["version"],
        "publication_date": values["date"],
        # Zenodo knows no others.
        **({} if "license_name" in (licence := card.licence(values["licence"])) else licence),
        "creators": [{"name": creator["name"]} for creator in told["creator"]],
        "keywords": told["keywords"],
    }
    root = f"{values['name']}-{values['version']}"
    with atomic(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        for name in sorted([*(entry["path"] for entry in values["files"]), manifest.FILE]):
            _put(zipped, f"{root}/{name}", (release / name).read_bytes())
        _put(zipped, f"{root}/.zenodo.json", json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n")
    return target


def _put(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr = 0o644 << 16
    # Parquet is compressed already.
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
    zipped.writestr(info, content)


def _compare(there: Mapping[str, Path], api: HfApi, repo: str, revision: str) -> tuple[dict[str, int], tuple[str, ...], int]:
    """Return files to add with their sizes, files to remove, and how many are the same at a revision."""
    remote = {}
    for item in api.list_repo_tree(repo, recursive=True, revision=revision, repo_type="dataset"):
        if hasattr(item, "blob_id"):
            remote[item.path] = item
    add = {}
    for name, path in there.items():
        known = remote.get(name)
        if known is None or not _equal(path, known):
            add[name] = path.stat().st_size
    remove = tuple(sorted(remote.keys() - there.keys() - KEPT))
    return add, remove, len(there) - len(add)


def _equal(path: Path, known: Any) -> bool:
    if known.size != path.stat().st_size:
        return False
    if known.lfs is not None:
        return bool(known.lfs.sha256 == manifest.sha256(path))
    content = path.read_bytes()
    git = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    return bool(known.blob_id == git)


def _sizes(there: Mapping[str, Path]) -> dict[str, int]:
    return {name: path.stat().st_size for name, path in there.items()}


def _api() -> HfApi:
    from huggingface_hub import HfApi

    return HfApi(library_name="dipdata")


@contextmanager
def _said(repo: str) -> Iterator[None]:
    """Turn what the hub's client raises into one sentence."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        yield
    except Exception as raised:
        # An upload in a thread is told as a RuntimeError from what went wrong.
        error = raised.__cause__ if isinstance(raised, RuntimeError) and isinstance(raised.__cause__, Exception) else raised
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        if isinstance(error, HfHubHTTPError):
            status = error.response.status_code
            remedy = REMEDIES.get(status, "Wait and run again: what has arrived is not sent twice.")
            raise CannotRunError(f"{repo}: the hub answers {status} ({error.server_message or 'no reason given'}). {remedy}") from raised
        if isinstance(error, HFValidationError):
            raise CannotRunError(f"--repo {repo}: no name of a repository. Give OWNER/NAME.") from raised
        if isinstance(error, OfflineModeIsEnabled):
            raise CannotRunError(f"{repo}: the hub's client is offline by HF_HUB_OFFLINE. Unset it to publish.") from raised
        if isinstance(error, ValueError | RuntimeError):
            raise CannotRunError(f"{repo}: the hub refuses ({told}). Mend what it names and run again.") from raised
        # Which of these libraries the client stands on depends on its version.
        if isinstance(error, OSError) or type(error).__module__.partition(".")[0] in ("httpx", "httpx2", "requests"):
            raise CannotRunError(
                f"{repo}: the hub cannot be reached ({told}). Check the network and HF_ENDPOINT, and run again: what has arrived is not "
                "sent twice."
            ) from raised
        raise
