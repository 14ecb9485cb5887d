"""The Label Studio client: the only module that imports label_studio_sdk, and that only to judge configs and predictions.

Its calls are those of Label Studio 1.23's API, sent as they are: importing the SDK's client takes over a second, of every verb.
Errors become CannotRunError sentences. No message, log line or traceback of ours holds a token or a password.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from dipdata.problems import CannotRunError
from dipdata.studio.connection import connection, items, parse, silence

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    import httpx

# Major and minor version of the server that the tests run against; the API changes between minor versions.
TESTED = "1.23"
PAGE = 1000
# Bytes that an export is read by.
CHUNK = 1 << 20
UNAUTHORIZED, SERVER_ERROR = 401, 500
# Characters of a server's answer that a sentence of ours repeats.
LONGEST = 300
# A personal access token is a signed JWT, of three parts; a legacy token is hexadecimal.
PERSONAL_DOTS = 2
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
Answer = TypeVar("Answer")


class UnknownTokenError(CannotRunError):
    """A token that the server does not take."""


@dataclass(frozen=True, slots=True)
class Found:
    """A project on the server; `shown` is the model whose predictions annotators see, empty for none."""

    number: int
    title: str
    description: str
    config: str
    tasks: int
    annotations: int
    overlap: int
    shown: str


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
        self._access = ""
        self._clock = datetime.fromtimestamp(0, UTC)

    @functools.cached_property
    def _http(self) -> httpx.Client:
        return connection(self.url, follow_redirects=True)

    @functools.cached_property
    def _hand(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(1)

    def ahead(self, ask: Callable[[], Answer]) -> Future[Answer]:
        """Ask the server something while the caller does other things; one question after the other."""
        return self._hand.submit(ask)

    def check(self) -> str:
        """Return the server's version. Raises CannotRunError without a server, or on another version; a token is not needed yet."""
        with self._sentence("ask for its version"):
            reply = self._http.get(f"{self.url}/api/version")
            if reply.is_server_error and "<html" in reply.text[:LONGEST]:
                reply.raise_for_status()
            release = reply.json().get("release") if reply.is_success else None
        if not isinstance(release, str):
            raise CannotRunError(f"{self.url}: what answers there is no Label Studio. Correct the address, or run `dipdata studio up`.")
        if release.split(".")[:2] != TESTED.split("."):
            raise CannotRunError(
                f"{self.url}: Label Studio {release} runs there, and dipdata is tested with {TESTED}. "
                f"Use a server of version {TESTED}, such as the one that `dipdata studio up` installs."
            )
        return release

    def email(self) -> str:
        """Return the signed-in user's address. Raises UnknownTokenError where the server refuses the token."""
        with self._sentence("sign in"):
            return str(self._request("GET", "/api/current-user/whoami")["email"])

    def projects(self) -> list[Found]:
        """Return every project that the account sees, oldest first."""
        include = "id,title,description,label_config,task_number,total_annotations_number,maximum_annotations,model_version"
        found: list[Json] = []
        with self._sentence("list the projects"):
            for page in itertools.count(1):
                answer = self._request("GET", "/api/projects/", params={"include": include, "page": page, "page_size": PAGE})
                found += answer["results"]
                if not answer["next"]:
                    break
            return [
                Found(
                    project["id"],
                    project["title"] or "",
                    project["description"] or "",
                    project["label_config"] or "",
                    project["task_number"] or 0,
                    project["total_annotations_number"] or 0,
                    project["maximum_annotations"] or 1,
                    project["model_version"] or "",
                )
                for project in sorted(found, key=lambda each: int(each["id"]))
            ]

    def find_project(self, title: str) -> Found | None:
        """Return the oldest project of exactly that title, or None."""
        return next((project for project in self.projects() if project.title == title), None)

    def create_project(self, title: str, description: str, config: str, instruction: str, overlap: int) -> int:
        """Make a project and return its number; each task asks for `overlap` annotators."""
        with self._sentence(f"make the project {title!r}"):
            values = {
                "title": title,
                "description": description,
                "label_config": config,
                "expert_instruction": instruction,
                "maximum_annotations": overlap,
                "show_collab_predictions": True,
                "enable_empty_annotation": True,
                "show_skip_button": True,
                "sampling": "Sequential sampling",
            }
            number = int(self._request("POST", "/api/projects/", json=values)["id"])
            hidden = [f"tasks:{column}" for column in HIDDEN]
            beside = [*hidden, *(f"tasks:{column}" for column in BESIDE_LABELLING)]
            view = {"title": "Statements", "hiddenColumns": {"explore": hidden, "labeling": beside}}
            self._request("POST", "/api/dm/views/", json={"project": number, "data": view})
            return number

    def update_project(self, project: int, **values: Any) -> None:
        """Change a project's settings; the server refuses a labelling config that takes a used label away."""
        with self._sentence("change the project's settings"):
            self._request("PATCH", f"/api/projects/{project}/", json=values)

    def _request(self, method: str, path: str, **more: Any) -> Any:
        """Return the JSON of an answer, or None without one. Raises httpx's errors."""
        reply = self._http.request(method, f"{self.url}{path}", headers=self._headers(), **more)
        if reply.status_code == UNAUTHORIZED and self._access:
            self._access = ""  # an access token lasts for minutes
            reply = self._http.request(method, f"{self.url}{path}", headers=self._headers(), **more)
        reply.raise_for_status()
        for told in reply.headers.get_list("Date")[:1]:  # a proxy may add its own
            with suppress(ValueError):
                self._clock = parsedate_to_datetime(told).replace(tzinfo=UTC)
        return parse(reply.content) if reply.content else None

    def _headers(self) -> dict[str, str]:
        """Return what signs a request: a legacy token as it is, or the access token that a personal one is exchanged for."""
        if self._token.count(".") != PERSONAL_DOTS:
            return {"Authorization": f"Token {self._token}"}
        if not self._access:
            reply = self._http.post(f"{self.url}/api/token/refresh/", json={"refresh": self._token})
            reply.raise_for_status()
            self._access = str(reply.json()["access"])
        return {"Authorization": f"Bearer {self._access}"}

    def _pages(self, project: int, size: int, **query: Any) -> Iterator[Json]:
        """Yield the tasks of a project as its list gives them, page by page."""
        seen = 0
        for page in itertools.count(1):
            answer = self._request("GET", "/api/tasks", params={"project": project, "page": page, "page_size": size, **query})
            yield from answer["tasks"]
            seen += len(answer["tasks"])
            if not answer["tasks"] or seen >= answer["total"]:
                return

    def tasks(self, project: int) -> Iterator[tuple[int, Json]]:
        """Yield number and data of every task, the oldest first."""
        with self._sentence("list the tasks"):
            for task in self._pages(project, PAGE, include="id,data"):
                yield task["id"], task["data"] if isinstance(task["data"], dict) else {}

    def held(self, project: int) -> list[Held]:
        """Return every task with what hangs on it, counted, the oldest first."""
        include = "id,data,total_annotations,cancelled_annotations,draft_exists,total_predictions"
        found: list[Held] = []
        with self._sentence("list the tasks"):
            for task in self._pages(project, PAGE, include=include, fields="all"):
                data = task["data"] if isinstance(task.get("data"), dict) else {}
                data.pop("text", None)
                labelled = bool(task["total_annotations"] or task["cancelled_annotations"] or task["draft_exists"])
                found.append(Held(task["id"], data, labelled, bool(task["total_predictions"])))
        return sorted(found, key=lambda task: task.number)

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
            self._request("DELETE", f"/api/tasks/{task}/")

    def snapshot(self, project: int) -> Iterator[Json]:
        """Return every task with its annotations (skipped ones too), drafts and annotators' e-mail addresses.

        The server begins at once, one project after the other, while the caller does other things; tasks are read as they come, so that
        never all of them are in memory.
        """
        path = f"/api/projects/{project}/exports/"
        asked = {
            "title": "dipdata pull",
            "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
            "serialization_options": {
                "drafts": {"only_id": False},
                "predictions": {"only_id": True},
                "annotations__completed_by": {"only_id": False},
            },
        }
        made = self.ahead(lambda: self._request("POST", path, json=asked))

        def tasks() -> Iterator[Json]:
            with self._sentence("export the annotations"):
                number = made.result()["id"]
                where = f"{self.url}{path}{number}/download"
                with self._http.stream("GET", where, params={"exportType": "JSON"}, headers=self._headers()) as reply:
                    if reply.is_error:
                        reply.read()
                    reply.raise_for_status()
                    yield from items(reply.iter_bytes(CHUNK))
                self._request("DELETE", f"{path}{number}")

        return tasks()

    def changed(self, project: int, since: datetime) -> dict[int, datetime]:
        """Return number and time of change of the tasks that were changed after a time."""
        item = {
            "filter": "filter:tasks:updated_at",
            "operator": "greater",
            "type": "Datetime",
            "value": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        with self._sentence("ask for changes"):
            return {task["id"]: datetime.fromisoformat(task["updated_at"]) for task in self._query(project, item)}

    def clock(self) -> datetime:
        """Return the time that the server's clock showed at its last answer, to the second."""
        return self._clock

    def _query(self, project: int, item: Json) -> Iterator[Json]:
        """Yield number and time of change of the tasks that a filter lets through."""
        query = {"ordering": ["tasks:id"], "filters": {"conjunction": "and", "items": [item]}}
        return self._pages(project, PAGE * 10, include="id,updated_at", query=json.dumps(query))

    def drafted(self, project: int) -> list[int]:
        """Return the numbers of the tasks that have a draft: neither a draft nor its changes count as a change of the task."""
        item = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}
        with self._sentence("ask for drafts"):
            return [int(task["id"]) for task in self._query(project, item)]

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

    def users(self) -> dict[str, int]:
        """Return address and number of everybody who has an account."""
        with self._sentence("list the accounts"):
            return {user["email"]: user["id"] for user in self._request("GET", "/api/users/")}

    def annotate(self, task: int, result: Sequence[Json], *, lead_time: float | None, skipped: bool) -> None:
        """Submit (or skip) a task as the signed-in user; `lead_time` is in seconds."""
        with self._sentence(f"annotate task {task}"):
            values = {"result": list(result), "lead_time": lead_time, "was_cancelled": skipped}
            self._request("POST", f"/api/tasks/{task}/annotations/", json=values)

    def draft(self, task: int, result: Sequence[Json], *, lead_time: float | None) -> None:
        """Leave a draft on a task as the signed-in user; `lead_time` is in seconds."""
        with self._sentence(f"draft task {task}"):
            self._request("POST", f"/api/tasks/{task}/drafts", json={"result": list(result), "lead_time": lead_time})

    def set_keys(self, keys: Json) -> None:
        """Give the signed-in user's labelling screen these keys, unless it has others of their own."""
        with self._sentence("set the account's keys"):
            path = "/api/current-user/hotkeys/"
            if not self._request("GET", path)["custom_hotkeys"]:
                self._request("PATCH", path, json={"custom_hotkeys": keys})

    def invitation(self) -> str:
        """Return the token of the organisation's invitation link."""
        with self._sentence("ask for an invitation"):
            return str(self._request("GET", "/api/invite")["token"])

    @contextmanager
    def _sentence(self, doing: str) -> Iterator[None]:
        import httpx

        try:
            yield
        except httpx.HTTPStatusError as error:
            raise self._refusal(doing, error.response.status_code, error.response.text) from None
        except httpx.TransportError as error:
            raise silence(self.url, doing, error) from None
        except (ValueError, LookupError, TypeError, httpx.InvalidURL) as error:
            raise CannotRunError(
                f"{self.url}: not an answer of Label Studio while trying to {doing} ({type(error).__name__}). Correct the address."
            ) from None

    def _refusal(self, doing: str, status: int, body: str) -> CannotRunError:
        if status in (401, 403):
            return UnknownTokenError(
                f"{self.url}: Label Studio refuses the token (HTTP {status} while trying to {doing}). "
                "Give the token of an account on that server, or delete .dipdata/studio.json of another server."
            )
        page = "<html" in body[:LONGEST]  # for people, without a reason: so it answers before it has asked its database who one is
        if "database is locked" in body or (page and status == SERVER_ERROR):
            return CannotRunError(
                f"{self.url}: could not {doing} (HTTP {status}): Label Studio could not use its database. Where another program holds its "
                "SQLite run it again when that has ended, else read Label Studio's log; for several annotators at a time use PostgreSQL, "
                "`dipdata studio up --database URL`."
            )
        remedy = "Correct what it names" if status == 400 else "Read Label Studio's log, mend the cause"
        return CannotRunError(
            f"{self.url}: could not {doing} (HTTP {status}: {'a page' if page else body[:LONGEST]}). {remedy} and run it again."
        )


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
