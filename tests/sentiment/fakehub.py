"""A model hub on the loopback interface, as much of it as fetching a model needs."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee" * 6 + "c0de"


class Hub(ThreadingHTTPServer):
    """Holds one model at one commit, which is also its main branch."""

    def __init__(self, name: str, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.name = name
        self.files = files
        self.asked: list[str] = []
        self.cut_off: str | None = None
        """A file of which only the first half is sent, once."""
        self.status = 200

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def running(name: str, files: Mapping[str, bytes]) -> Iterator[Hub]:
    with Hub(name, files) as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()


class _Answers(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append(f"{self.command} {path} {self.headers.get('Range', '')}".strip())
        api, files = f"/api/models/{self.server.name}", f"/{self.server.name}/resolve/"
        if self.server.status != 200:
            self._send(self.server.status, b"", {}, body=body)
        elif path.startswith(f"{api}/tree/"):
            self._send(
                200, json.dumps([self._entry(one) for one in self.server.files]).encode(), {}, body=body
            )
        elif path == api or path.startswith(f"{api}/revision/"):
            known = path in {api, f"{api}/revision/main", f"{api}/revision/{COMMIT}"}
            found = json.dumps({"id": self.server.name, "sha": COMMIT, "siblings": []}).encode()
            headers = {} if known else {"X-Error-Code": "RevisionNotFound"}
            self._send(200 if known else 404, found, headers, body=body)
        elif path.startswith(files):
            self._file(path.removeprefix(files).partition("/")[2], body=body)
        else:
            self._send(401, b"", {"X-Error-Code": "RepoNotFound"}, body=body)

    def _entry(self, name: str) -> dict[str, object]:
        data = self.server.files[name]
        return {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}  # noqa: S324 - git's

    def _file(self, name: str, *, body: bool) -> None:
        data = self.server.files[name]
        headers = {"ETag": f'"{self._entry(name)["oid"]}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        if body and name == self.server.cut_off:
            self.server.cut_off = None
            self.send_response(200)
            for key, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        self._send(206 if start else 200, data[start:], headers, body=body)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str], *, body: bool) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
