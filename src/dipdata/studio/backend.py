"""The ML-backend protocol of Label Studio 1.23 (`ml/api_connector.py`): predictions for tasks that were imported by hand.

A server over plain HTTP for whoever runs Label Studio beside it. It is handed what finds statements, since studio knows no stage.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dipdata.problems import CannotRunError
from dipdata.records import Statement
from dipdata.studio.tasks import MODEL, to_result

# A request with more than this many bytes is refused: Label Studio sends tasks in small batches.
LARGEST = 64 * 1024 * 1024
Json = dict[str, Any]
Find = Callable[[str, str | None], Iterable[Statement]]


def predictions(tasks: Iterable[Any], find: Find) -> Iterator[Json]:
    """Yield one prediction a task, all statements of its text together; a task without a text, or in no known language, an empty one.

    `find` takes a text and its language (None: not known). The score is that of the least certain statement.
    """
    for task in tasks:
        data = task.get("data") if isinstance(task, dict) else None
        text = data.get("text") if isinstance(data, dict) else None
        lang = data.get("lang") if isinstance(data, dict) else None
        known = (task.get("meta") or {}).get("statement") if isinstance(task, dict) and isinstance(task.get("meta"), dict) else None
        result: list[Json] = []
        score = 0.0
        if isinstance(text, str) and not known:
            try:
                statements = list(find(text, lang if isinstance(lang, str) else None))
            except CannotRunError:  # a text in no language that there are rules for
                statements = []
            for number, statement in enumerate(statements):
                result += _numbered(to_result(statement), number)
            score = min((statement.confidence for statement in statements), default=0.0)
        yield {"result": result, "score": score, "model_version": MODEL}


def serve(find: Find, *, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """Return a bound server; its `serve_forever` answers. Raises CannotRunError where the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.rstrip("/") in ("", "/health"):
                self._answer(200, {"status": "UP", "model_class": MODEL})
            elif self.path.rstrip("/") == "/versions":
                self._answer(200, {"versions": [MODEL]})
            else:
                self._answer(404, {"error": "no such page"})

        def do_POST(self) -> None:
            try:
                size = int(self.headers.get("Content-Length") or 0)
                if not 0 <= size <= LARGEST:
                    raise ValueError("too large")
                asked = json.loads(self.rfile.read(size) or b"{}")
                if not isinstance(asked, Mapping):
                    raise ValueError("not an object")
            except ValueError as error:
                self._answer(400, {"error": f"not a request of Label Studio ({error})"})
                return
            page = self.path.partition("?")[0].rstrip("/")
            if page == "/predict":
                tasks = asked.get("tasks")
                found = list(predictions(tasks if isinstance(tasks, list) else [], find))
                self._answer(200, {"results": found, "model_version": MODEL})
            elif page == "/setup":
                self._answer(200, {"model_version": MODEL})
            elif page == "/versions":
                self._answer(200, {"versions": [MODEL]})
            elif page in ("/webhook", "/train", "/validate", "/delete"):
                self._answer(200, {})
            else:
                self._answer(404, {"error": "no such page"})

        def _answer(self, status: int, value: Json) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: a request's line may hold a token."""

    try:
        return ThreadingHTTPServer((host, port), Handler)
    except (OSError, OverflowError) as error:
        raise CannotRunError(f"{host}:{port}: cannot listen there ({error}). Name another --port.") from None


def _numbered(result: list[Json], number: int) -> list[Json]:
    """Keep the regions of several statements of one text apart."""
    return [{key: f"s{number}-{value}" if key in ("id", "from_id", "to_id") else value for key, value in item.items()} for item in result]
