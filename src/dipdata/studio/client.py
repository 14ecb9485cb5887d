"""The Label Studio client: the only module that imports label_studio_sdk. Its errors become CannotRunError sentences.

No message, log line or traceback of ours holds a token or a password.
"""

from __future__ import annotations

import functools
import os
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    import httpx

# Major and minor version of the server that the tests run against; the API changes between minor versions.
TESTED = "1.23"
TIMEOUT = 300.0
CA = "DIPDATA_STUDIO_CA"
PAGE = 1000
# Seconds before the last change seen in which changes may still have been on their way.
MARGIN = 10
# What the list of tasks leaves out: columns that dipdata never fills, and data that only the labelling view needs.
HIDDEN = (
    *(
        "data.text",
        "data.header",
        "data.direction",
        "data.guideline",
        "data.scheme",
        "data.fingerprint",
        "file_upload",
        "storage_filename",
        "inner_id",
    ),
    *("annotations_results", "annotations_ids", "predictions_results", "predictions_model_versions", "predictions_score"),
    *("total_predictions", "created_at", "updated_at", "updated_by", "completed_at"),
)
BESIDE_LABELLING = (
    "id",
    "data.statement_id",
    "data.article_id",
    "data.lang",
    "annotators",
    "avg_lead_time",
    "draft_exists",
    "cancelled_annotations",
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A project on the server."""

    number: int
    title: str
    description: str
    config: str
    tasks: int
    annotations: int
    overlap: int


@dataclass(frozen=True, slots=True)
class Held:
    """A task on the server: its data without the text, whether anybody has left anything on it, and whether it has a prediction."""

    number: int
    data: Json
    labelled: bool
    predicted: bool


class Client:
    """A connection to one Label Studio, signed in by a token (personal access token or legacy token)."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._token = token

    @functools.cached_property
    def _http(self) -> httpx.Client:
        return connection(self.url, follow_redirects=True)

    @functools.cached_property
    def _api(self) -> Any:  # the SDK's annotations refuse what the server and its own documentation take, such as plain dicts
        from label_studio_sdk import LabelStudio

        return LabelStudio(base_url=self.url, api_key=self._token, httpx_client=self._http)  # type: ignore[no-untyped-call]

    def check(self) -> str:
        """Return the server's version. Raises CannotRunError without a server, on another version, or where it refuses the token."""
        with self._sentence("ask for its version"):
            reply = self._http.get(f"{self.url}/api/version")
            release = reply.json().get("release") if reply.is_success else None
        if not isinstance(release, str):
            raise CannotRunError(f"{self.url}: what answers there is no Label Studio. Correct the address, or run `dipdata studio up`.")
        if release.split(".")[:2] != TESTED.split("."):
            raise CannotRunError(
                f"{self.url}: Label Studio {release} runs there, and dipdata is tested with {TESTED}. "
                f"Use a server of version {TESTED}, such as the one that `dipdata studio up` installs."
            )
        with self._sentence("sign in"):
            self._api.users.whoami()
        return release

    def projects(self) -> list[Found]:
        """Return every project that the account sees, oldest first."""
        with self._sentence("list the projects"):
            return [
                Found(
                    project.id,
                    project.title or "",
                    project.description or "",
                    project.label_config or "",
                    project.task_number or 0,
                    project.total_annotations_number or 0,
                    project.maximum_annotations or 1,
                )
                for project in sorted(self._api.projects.list(), key=lambda each: each.id)
            ]

    def find_project(self, title: str) -> Found | None:
        """Return the oldest project of exactly that title, or None."""
        return next((project for project in self.projects() if project.title == title), None)

    def create_project(self, title: str, description: str, config: str, instruction: str, overlap: int) -> int:
        """Make a project and return its number; each task asks for `overlap` annotators."""
        with self._sentence(f"make the project {title!r}"):
            made = self._api.projects.create(
                title=title,
                description=description,
                label_config=config,
                expert_instruction=instruction,
                maximum_annotations=overlap,
                show_collab_predictions=True,
                enable_empty_annotation=True,
                show_skip_button=True,
                sampling="Sequential sampling",
            )
            hidden = [f"tasks:{column}" for column in HIDDEN]
            beside = [*hidden, *(f"tasks:{column}" for column in BESIDE_LABELLING)]
            self._api.views.create(project=made.id, data={"title": "Statements", "hiddenColumns": {"explore": hidden, "labeling": beside}})
            return int(made.id)

    def update_project(self, project: int, **values: Any) -> None:
        """Change a project's settings; the server refuses a labelling config that takes a used label away."""
        with self._sentence("change the project's settings"):
            self._api.projects.update(id=project, **values)

    def _request(self, method: str, path: str, **more: Any) -> Any:
        """Send what the SDK has no call for; it knows how to turn either kind of token into the right header."""
        reply = self._http.request(method, f"{self.url}{path}", headers=self._api._client_wrapper.get_headers(), **more)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def tasks(self, project: int) -> Iterator[tuple[int, Json]]:
        """Yield number and data of every task, the oldest first."""
        with self._sentence("list the tasks"):
            for task in self._api.tasks.list(project=project, include="id,data", page_size=PAGE):
                yield task.id, task.data if isinstance(task.data, dict) else {}

    def held(self, project: int) -> list[Held]:
        """Return every task with what hangs on it, counted, the oldest first."""
        include = "id,data,total_annotations,cancelled_annotations,draft_exists,total_predictions"
        found: list[Held] = []
        with self._sentence("list the tasks"):
            page = 1
            while True:
                query = {"project": project, "include": include, "page": page, "page_size": PAGE, "fields": "all"}
                answer = self._request("GET", "/api/tasks", params=query)
                for task in answer["tasks"]:
                    data = task["data"] if isinstance(task.get("data"), dict) else {}
                    data.pop("text", None)
                    labelled = bool(task["total_annotations"] or task["cancelled_annotations"] or task["draft_exists"])
                    found.append(Held(task["id"], data, labelled, bool(task["total_predictions"])))
                if len(answer["tasks"]) < PAGE:
                    return sorted(found, key=lambda task: task.number)
                page += 1

    def import_tasks(self, project: int, tasks: Sequence[Json]) -> None:
        """Import tasks with their predictions and annotations, all or none: as a file, half again as fast as the SDK's call."""
        import orjson

        with self._sentence(f"import {len(tasks)} tasks"):
            content = orjson.dumps(list(tasks))
            self._request("POST", f"/api/projects/{project}/import", files={"tasks": ("tasks.json", content, "application/json")})

    def replace_task(self, task: int, values: Json) -> None:
        """Give a task other data and predictions; what says that it is done, the data, comes last."""
        with self._sentence(f"change task {task}"):
            old = [each["id"] for each in self.predictions(task)]
            for prediction in values["predictions"]:
                self._request("POST", "/api/predictions/", json=prediction | {"task": task})
            for number in old:
                self._request("DELETE", f"/api/predictions/{number}/")
            self._request("PATCH", f"/api/tasks/{task}/", json={"data": values["data"], "meta": values["meta"]})

    def set_result(self, kind: str, number: int, result: Sequence[Json]) -> None:
        """Replace the result of an annotation or a draft (`kind` is `annotations` or `drafts`)."""
        with self._sentence(f"change {kind} {number}"):
            self._request("PATCH", f"/api/{kind}/{number}/", json={"result": list(result)})

    def predictions(self, task: int) -> list[Json]:
        """Return the predictions of a task."""
        with self._sentence(f"read task {task}"):
            found: list[Json] = self._request("GET", f"/api/tasks/{task}/")["predictions"]
            return found

    def delete_annotation(self, number: int) -> None:
        """Delete an annotation."""
        with self._sentence(f"delete annotation {number}"):
            self._request("DELETE", f"/api/annotations/{number}/")

    def delete_project(self, number: int) -> None:
        """Delete a project with all that it holds."""
        with self._sentence(f"delete project {number}"):
            self._request("DELETE", f"/api/projects/{number}/")

    def delete_task(self, task: int) -> None:
        """Delete a task with all that hangs on it."""
        with self._sentence(f"delete task {task}"):
            self._api.tasks.delete(id=str(task))

    def snapshot(self, project: int) -> list[Json]:
        """Return every task with its annotations (skipped ones too), drafts and annotators' e-mail addresses."""
        import orjson

        exports = self._api.projects.exports
        with self._sentence("export the annotations"):
            made = exports.create(
                id=project,
                title="dipdata pull",
                annotation_filter_options={"usual": True, "ground_truth": True, "skipped": True},
                serialization_options={
                    "drafts": {"only_id": False},
                    "predictions": {"only_id": True},
                    "annotations__completed_by": {"only_id": False},
                },
            )
            content = b"".join(exports.download(id=project, export_pk=made.id, export_type="JSON"))
            exports.delete(id=project, export_pk=made.id)
            found: list[Json] = orjson.loads(content)
            return found

    def last_change(self, project: int) -> str:
        """Return the time at which a task of the project, or what hangs on it, was last changed; empty without tasks."""
        with self._sentence("ask for the last change"):
            tasks = self._query(project, ["-tasks:updated_at"], None, 1)
            return str(tasks[0]["updated_at"]) if tasks else ""

    def changed(self, project: int, since: str) -> dict[int, str]:
        """Return number and time of change of the tasks changed since a time (RFC 3339) or in the seconds before it."""
        import datetime

        start = datetime.datetime.fromisoformat(since).astimezone(datetime.UTC) - datetime.timedelta(seconds=MARGIN)
        item = {
            "filter": "filter:tasks:updated_at",
            "operator": "greater",
            "type": "Datetime",
            "value": start.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        with self._sentence("ask for changes"):
            return {task["id"]: task["updated_at"] for task in self._query(project, ["tasks:id"], item, None)}

    def _query(self, project: int, ordering: list[str], item: Json | None, most: int | None) -> list[Json]:
        import json

        query: Json = {"ordering": ordering}
        if item is not None:
            query["filters"] = {"conjunction": "and", "items": [item]}
        found: list[Json] = []
        page = 1
        while True:
            size = most or PAGE * 10
            params = {"project": project, "include": "id,updated_at", "query": json.dumps(query), "page": page, "page_size": size}
            tasks = self._request("GET", "/api/tasks", params=params)["tasks"]
            found += tasks
            if most is not None or len(tasks) < size:
                return found
            page += 1

    def drafted(self, project: int) -> list[int]:
        """Return the numbers of the tasks that have a draft: neither a draft nor its changes count as a change of the task."""
        item = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}
        with self._sentence("ask for drafts"):
            return [int(task["id"]) for task in self._query(project, ["tasks:id"], item, None)]

    def full_tasks(self, project: int, numbers: Sequence[int]) -> list[Json]:
        """Return tasks of a project in the form of `snapshot`; one that has gone meanwhile is left out."""
        tasks: list[Json] = []
        with self._sentence("read the changed tasks"):
            people = {user["id"]: user for user in self._request("GET", "/api/users/")} if numbers else {}
            for start in range(0, len(numbers), 100):
                query = {"exportType": "JSON", "download_all_tasks": "true", "ids[]": list(numbers[start : start + 100])}
                for task in self._request("GET", f"/api/projects/{project}/export", params=query):
                    for annotation in task.get("annotations") or []:
                        by = annotation.get("completed_by")
                        annotation["completed_by"] = people.get(by, by)
                    tasks.append(task)
        return tasks

    def annotate(self, task: int, result: Sequence[Json], *, lead_time: float | None, skipped: bool) -> None:
        """Submit (or skip) a task as the signed-in user; `lead_time` is in seconds."""
        with self._sentence(f"annotate task {task}"):
            self._api.annotations.create(id=task, result=list(result), lead_time=lead_time, was_cancelled=skipped)

    def draft(self, task: int, result: Sequence[Json], *, lead_time: float | None) -> None:
        """Leave a draft on a task as the signed-in user; `lead_time` is in seconds. The SDK has no call for it."""
        with self._sentence(f"draft task {task}"):
            self._request("POST", f"/api/tasks/{task}/drafts", json={"result": list(result), "lead_time": lead_time})

    def invitation(self) -> str:
        """Return the token of the organisation's invitation link."""
        with self._sentence("ask for an invitation"):
            return str(self._api.organizations.invites.get_invite_link().token)

    @contextmanager
    def _sentence(self, doing: str) -> Iterator[None]:
        import httpx
        import pydantic
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            raise self._refusal(doing, error.status_code, error.body) from None
        except httpx.HTTPStatusError as error:
            raise self._refusal(doing, error.response.status_code, error.response.text) from None
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise CannotRunError(
                    f"{self.url}: its certificate is not one that this machine trusts. Name a file with its authority in {CA}."
                ) from None
            raise self._silence(doing, error) from None
        except httpx.TransportError as error:
            raise self._silence(doing, error) from None
        except (ValueError, pydantic.ValidationError, httpx.InvalidURL) as error:
            raise CannotRunError(
                f"{self.url}: not an answer of Label Studio while trying to {doing} ({type(error).__name__}). Correct the address."
            ) from None

    def _silence(self, doing: str, error: Exception) -> CannotRunError:
        return CannotRunError(
            f"{self.url}: no Label Studio answers there ({type(error).__name__} while trying to {doing}). "
            "Start it with `dipdata studio up`, or correct the address."
        )

    def _refusal(self, doing: str, status: int | None, body: Any) -> CannotRunError:
        if status in (401, 403):
            return CannotRunError(
                f"{self.url}: Label Studio refuses the token (HTTP {status} while trying to {doing}). "
                "Give the token of an account on that server, or delete .dipdata/studio.json of another server."
            )
        detail = body.get("validation_errors") or body.get("detail") if isinstance(body, Mapping) else body
        remedy = "Correct what it names" if status == 400 else "Read Label Studio's log, mend the cause"
        return CannotRunError(f"{self.url}: could not {doing} (HTTP {status}: {str(detail)[:300]}). {remedy} and run it again.")


def sign_up(url: str, invitation: str, email: str, password: str) -> str:
    """Make an account by an invitation, without a browser, and return its personal access token.

    Source of the steps: Label Studio 1.23's own sign-up form (`/user/signup/?token=`), then `/api/token/` in the new session.
    Raises CannotRunError where the server refuses, with its reason.
    """
    import httpx

    try:
        with connection(url, base_url=url) as http:
            page = f"/user/signup/?token={urllib.parse.quote(invitation)}"
            http.get(page).raise_for_status()
            headers = {"X-CSRFToken": http.cookies.get("csrftoken") or "", "Referer": url}
            reply = http.post(page, data={"email": email, "password": password}, headers=headers)
            if reply.status_code != httpx.codes.FOUND:
                raise CannotRunError(f"{email}: Label Studio made no account{_form_error(reply.text)}. Choose another name.")
            headers["X-CSRFToken"] = http.cookies.get("csrftoken") or ""
            made = http.post("/api/token/", headers=headers)
            made.raise_for_status()
            return str(made.json()["token"])
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise CannotRunError(
            f"{url}: could not make the account {email} ({type(error).__name__}). See that the server runs: `dipdata studio status`."
        ) from None


def prediction_faults(config: str, predictions: Iterable[Json]) -> Iterator[str | None]:
    """Yield for each prediction what is wrong with it by the labelling config, or None. Names and values only, not offsets."""
    interface = _interface(config)
    for prediction in predictions:
        faults = interface.validate_prediction(prediction, return_errors=True)
        yield str(faults[0]) if faults else None


def config_fault(config: str) -> str | None:
    """Return what is wrong with a labelling config, or None. An empty one, which Label Studio would accept, is wrong too."""
    try:
        interface = _interface(config)
        interface.validate()
    except Exception as error:  # the SDK raises exceptions of many kinds here
        return str(error) or type(error).__name__
    return None if interface.controls else "it asks for no labels"


def _interface(config: str) -> Any:
    from label_studio_sdk.label_interface.interface import LabelInterface

    return LabelInterface(config)


def connection(url: str, **more: Any) -> httpx.Client:
    """Return an HTTP client for a server: through the environment's proxy (HTTPS_PROXY, NO_PROXY) unless it is this machine, and with the
    certificates of the file that DIPDATA_STUDIO_CA or SSL_CERT_FILE names besides the usual ones.

    Raises CannotRunError where that file holds no certificates.
    """
    import ssl

    import httpx

    verify: ssl.SSLContext | bool = True
    authority = os.environ.get(CA) or os.environ.get("SSL_CERT_FILE")
    if authority and url.startswith("https:"):
        verify = ssl.create_default_context()
        try:
            verify.load_verify_locations(authority)
        except (OSError, ssl.SSLError):
            raise CannotRunError(f"{authority}: holds no certificates. Correct {CA}; it names a file in PEM form.") from None
    return httpx.Client(timeout=TIMEOUT, trust_env=not is_loopback(url), verify=verify, **more)


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine's own, where no proxy is asked."""
    return urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _form_error(page: str) -> str:
    import re

    found = re.search(r'class="[^"]*error[^"]*"[^>]*>(?:\s*<li>)?\s*([^<]+?)\s*<', page)
    return f" ({found.group(1)})" if found else ""
