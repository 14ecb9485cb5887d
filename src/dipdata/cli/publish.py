"""dipdata publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, finish, status
from dipdata.problems import CannotRunError, Problems


def publish(
    release: Annotated[Path, typer.Argument(help="The release to publish.")],
    repo: Annotated[str | None, typer.Option(metavar="OWNER/NAME", help="Dataset repository on the Hugging Face hub.")] = None,
    revision: Annotated[str, typer.Option(help="Branch of the repository.")] = "main",
    dry_run: Annotated[bool, typer.Option("--dry-run/--no-dry-run", help="Only tell what would be sent.")] = True,
    private: Annotated[bool, typer.Option("--private", help="Make a new repository private.")] = False,
    archive: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a zip archive for Zenodo.")] = None,
    as_json: AsJson = False,
) -> None:
    """Publish a release on the Hugging Face hub, a tag a version, or make an archive for Zenodo.

    Example: dipdata publish dist/dipdata-0.1.0 --repo OWNER/NAME --no-dry-run
    """
    from dipdata import verbs

    if repo is None and archive is None:
        raise CannotRunError("publish: nowhere to. Give --repo OWNER/NAME, or --archive FILE.")
    lines: list[str] = []
    result: dict[str, object] = {}
    if archive is not None:
        written = verbs.archive(release, archive)
        lines.append(f"{written}: {written.stat().st_size:,} bytes")
        result["archive"] = str(written)
    if repo is not None:
        with status("publish"):
            what, commit = verbs.publish(release, repo, revision=revision, dry_run=dry_run, private=private)
        lines.append(
            f"{repo} {what.tag} on {what.revision}: {len(what.add)} files to send ({what.bytes:,} bytes), {len(what.remove)} to remove, "
            f"{what.same} there already"
        )
        if what.tagged:
            lines.append("this version is published")
        elif dry_run:
            lines += [f"  + {name}" for name in sorted(what.add)] + [f"  - {name}" for name in what.remove]
            lines.append("nothing was sent: run again with --no-dry-run")
        else:
            lines.append(f"published as commit {commit}")
        result |= {
            "repo": repo,
            "tag": what.tag,
            "revision": what.revision,
            "add": dict(what.add),
            "remove": list(what.remove),
            "same": what.same,
            "bytes": what.bytes,
            "published": what.tagged or commit is not None,
            "commit": commit,
        }
    finish("publish", result, Problems(), as_json=as_json, say="\n".join(lines))
