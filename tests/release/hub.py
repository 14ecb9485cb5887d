"""A local stand-in for the hub's HTTP API, with the calls that its own client makes: repositories, trees, LFS uploads, commits, tags.

With `store`, a folder, tables go there by the client's Xet protocol in chunks, as to the real hub, instead of whole by LFS.
`faults` gives, by a part of a path, answers to send first: a status, or `drop` to close the connection. `calls` lists what was asked.
"""

import base64
import hashlib
import json
import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

LFS = (".parquet",)


class Hub:
    def __init__(self, store=None):
        self.store = store
        self.repos = {}
        self.objects = {}
        self.sizes = {}
        self.faults = {}
        self.calls = []
        self.sent = 0
        self.lock = threading.Lock()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                path = unquote(self.path.partition("?")[0])
                with hub.lock:
                    hub.calls.append(f"{self.command} {path}")
                    fault = next((answers.pop(0) for part, answers in hub.faults.items() if part in path and answers), None)
                    if fault == "drop":
                        self.close_connection = True
                        self.connection.close()
                        return
                    status, value = (
                        (fault, {"error": "asked for by the test"}) if fault else hub.answer(self.command, path, body, self.headers)
                    )
                content = b"" if value is None else json.dumps(value).encode()
                self.send_response(status)
                for name, header in getattr(hub, "headers", {}).items():
                    self.send_header(name, header)
                hub.headers = {}
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

        for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.do)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def files(self, repo, revision="main"):
        found = self.repos[repo]
        return found["commits"][found["tags"].get(revision) or found["branches"][revision]]

    def content(self, repo, revision="main"):
        """Bytes of every file at a revision."""
        return {name: self.objects[oid] for name, (oid, _) in self.files(repo, revision).items()}

    def answer(self, method, path, body, headers):
        if not path.startswith("/lfs/") and headers.get("Authorization") != "Bearer hf_test":  # uploads go to signed addresses
            return 401, {"error": "Invalid username or password."}
        if path == "/api/repos/create":
            name = json.loads(body)
            repo = f"{name.get('organization') or 'me'}/{name['name']}"
            if repo in self.repos:
                return 409, {"error": "You already created this dataset repo", "url": f"{self.url}/datasets/{repo}"}
            start = self._commit({".gitattributes": (self._put(b"*.parquet filter=lfs\n"), False)})
            self.repos[repo] = {
                "name": repo,
                "commits": {start[0]: start[1]},
                "branches": {"main": start[0]},
                "tags": {},
                "private": name.get("private") or name.get("visibility") == "private",
            }
            return 200, {"url": f"{self.url}/datasets/{repo}", "id": repo, "name": repo}
        if path == "/api/validate-yaml":
            return 200, {"errors": [], "warnings": []}
        if put := re.fullmatch(r"/lfs/([0-9a-f]{64})", path):
            if hashlib.sha256(body).hexdigest() != put[1]:
                return 400, {"error": "hash mismatch"}
            self.objects[put[1]] = body
            self.sent += len(body)
            return 200, None
        if self.store and re.fullmatch(r"/api/datasets/[^/]+/[^/]+/xet-write-token/.+", path):
            return 200, {"accessToken": "given", "exp": int(time.time()) + 3600, "casUrl": f"local://{self.store}"}
        if batch := re.fullmatch(r"/datasets/([^/]+/[^/]+)[.]git/info/lfs/objects/batch", path):
            return self._batch(json.loads(body)) if batch[1] in self.repos else (404, {"error": "Repository not found"})
        found = re.fullmatch(r"/api/datasets/([^/]+/[^/]+?)/(refs|tree|preupload|commit|tag|branch|revision)(?:/(.+?))?", path)
        if not found:
            return 404, {"error": f"no such call: {method} {path}"}
        repo, call, revision = self.repos.get(found[1]), found[2], found[3]
        if repo is None:
            self.headers = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}
            return 404, {"error": "Repository not found"}
        return getattr(self, f"_{call}")(repo, revision, json.loads(body) if body and call != "commit" else body)

    def _refs(self, repo, _revision, _body):
        def refs(kind, names):
            return [{"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": commit} for name, commit in names.items()]

        return 200, {"branches": refs("heads", repo["branches"]), "tags": refs("tags", repo["tags"]), "converts": []}

    def _revision(self, repo, revision, _body):
        return 200, {"id": "x", "sha": repo["branches"][revision], "siblings": [], "private": False, "downloads": 0, "likes": 0, "tags": []}

    def _tree(self, repo, revision, _body):
        files = repo["commits"][repo["tags"].get(revision) or repo["branches"][revision]]
        found = []
        for name, (oid, lfs) in sorted(files.items()):
            content = self.objects.get(oid, b"")
            size = self.sizes.get(oid, len(content))
            git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            item = {"type": "file", "path": name, "size": size, "oid": git}
            found.append(item | ({"lfs": {"oid": oid, "size": size, "pointerSize": 130}} if lfs else {}))
        return 200, found

    def _preupload(self, _repo, _revision, body):
        return 200, {
            "files": [
                {"path": file["path"], "uploadMode": "lfs" if file["path"].endswith(LFS) else "regular", "shouldIgnore": False}
                for file in body["files"]
            ]
        }

    def _batch(self, body):
        objects = []
        for one in body["objects"]:
            action = {} if one["oid"] in self.objects else {"actions": {"upload": {"href": f"{self.url}/lfs/{one['oid']}"}}}
            objects.append({"oid": one["oid"], "size": one["size"]} | action)
        return 200, {"transfer": "basic", "objects": objects}

    def _commit(self, *arguments):
        if len(arguments) == 1:
            return uuid.uuid4().hex + "0" * 8, arguments[0]
        repo, revision, body = arguments
        lines = [json.loads(line) for line in body.splitlines()]
        parent = lines[0]["value"].get("parentCommit")
        head = repo["branches"][revision]
        if parent and parent != head:
            return 412, {"error": "A commit has happened since. Please refresh and try again."}
        files = dict(repo["commits"][head])
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "deletedFile":
                del files[value["path"]]
            elif line["key"] == "lfsFile":
                if self.store:
                    self.sizes[value["oid"]] = value["size"]
                elif value["oid"] not in self.objects:
                    return 400, {"error": f"no object {value['oid']}"}
                files[value["path"]] = value["oid"], True
            else:
                content = base64.b64decode(value["content"])
                self.sent += len(content)
                files[value["path"]] = self._put(content), False
        oid, files = self._commit(files)
        repo["commits"][oid] = files
        repo["branches"][revision] = oid
        return 200, {"success": True, "commitOid": oid, "commitUrl": f"{self.url}/datasets/{repo['name']}/commit/{oid}", "hookOutput": ""}

    def _tag(self, repo, revision, body):
        if body["tag"] in repo["tags"]:
            return 409, {"error": "Tag already exists"}
        repo["tags"][body["tag"]] = repo["branches"].get(revision, revision)
        return 200, None

    def _branch(self, repo, revision, _body):
        if revision in repo["branches"]:
            return 409, {"error": "Branch already exists"}
        repo["branches"][revision] = repo["branches"]["main"]
        return 200, None

    def _put(self, content):
        oid = hashlib.sha256(content).hexdigest()
        self.objects[oid] = content
        return oid
