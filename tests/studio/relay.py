"""Servers that stand between dipdata and Label Studio: with TLS, as a proxy, or with faults."""

import http.client
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

HOP = {"connection", "transfer-encoding", "content-length", "host", "keep-alive", "content-encoding", "accept-encoding"}
# What a fault may do with a request: nothing (None), answer with a status, or "reset" the connection.
Fault = Callable[[str, str], int | str | None]


@contextmanager
def relay(upstream: str, *, tls: Path | None = None, fault: Fault = lambda _method, _path: None, seen: list | None = None) -> Iterator[str]:
    """Pass everything on to `upstream`, behind the certificate in `tls` where one is given; take absolute addresses as a proxy does."""
    target = urlsplit(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if seen is not None:
                seen.append(self.path)
            path = urlsplit(self.path)
            asked = path.path + ("?" + path.query if path.query else "")
            what = fault(self.command, asked)
            if what == "reset":
                self.close_connection = True
                self.connection.close()
                return
            if what == "reset-after":
                self._upstream(asked, body)
                self.close_connection = True
                self.connection.close()
                return
            if isinstance(what, int):
                status, headers, content = what, [("Content-Type", "application/json")], b'{"detail": "a fault of the test"}'
            else:
                status, headers, content = self._upstream(asked, body)
            try:
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def _upstream(self, asked: str, body: bytes):
            onward = http.client.HTTPConnection(target.hostname, target.port, timeout=300)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            try:
                onward.request(self.command, asked, body, headers | {"Host": target.netloc})
                answer = onward.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except OSError:
                return 502, [], b"{}"
            finally:
                onward.close()

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any  # noqa: N815  the names that http.server asks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        server.shutdown()


def certificate(folder: Path) -> Path:
    """A key and its self-signed certificate for this machine, in one file."""
    both, key = folder / "both.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", key, "-out", both], check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + key.read_bytes())
    return both
