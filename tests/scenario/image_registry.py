# SPDX-License-Identifier: Apache-2.0
"""A registry of container images on loopback, in memory: what podman pushes, it pulls again."""
import base64
import hashlib
import http.server
import re
import threading
import uuid


class ImageRegistry:
    """Without TLS. With `login` ("user:password") nobody else gets in. `requests` is what came."""

    def __init__(self, login=None):
        self.login = login
        self.blobs, self.manifests, self.uploads, self.requests = {}, {}, {}, []
        registry = self

        class Handler(_Handler):
            pass

        Handler.registry = registry
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.address = f"127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def tags(self):
        return sorted(f"{name}:{ref}" for name, ref in self.manifests if not ref.startswith("sha256:"))


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def handle_any(self):
        data, registry = self.body(), self.registry
        registry.requests.append(f"{self.command} {self.path}")
        wanted = registry.login and "Basic " + base64.b64encode(registry.login.encode()).decode()
        if wanted and self.headers.get("Authorization") != wanted:
            return self.answer(401, b'{"errors":[{"code":"UNAUTHORIZED","message":"who are you"}]}',
                               WWW_Authenticate='Basic realm="test"')
        path, _, query = self.path.partition("?")
        if match := re.fullmatch(r"/v2/(.+)/manifests/([^/]+)", path):
            return self.manifest(match[1], match[2], data)
        if match := re.fullmatch(r"/v2/(.+)/blobs/uploads/([^/]*)", path):
            return self.upload(match[1], match[2], query, data)
        if match := re.fullmatch(r"/v2/(.+)/blobs/(sha256:[0-9a-f]+)", path):
            found = registry.blobs.get(match[2])
            return self.answer(404) if found is None else self.answer(200, found)
        return self.answer(200 if path == "/v2/" else 404)

    def manifest(self, name, ref, data):
        if self.command == "PUT":
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            kept = data, self.headers["Content-Type"]
            self.registry.manifests[name, ref] = self.registry.manifests[name, digest] = kept
            return self.answer(201, Docker_Content_Digest=digest)
        found = self.registry.manifests.get((name, ref))
        if found is None:
            return self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such tag"}]}')
        return self.answer(200, found[0], Content_Type=found[1],
                           Docker_Content_Digest="sha256:" + hashlib.sha256(found[0]).hexdigest())

    def upload(self, name, number, query, data):
        uploads = self.registry.uploads
        number = number or uuid.uuid4().hex
        uploads[number] = uploads.get(number, b"") + data
        where = f"/v2/{name}/blobs/uploads/{number}"
        if self.command != "PUT":
            return self.answer(202, Location=where, Range=f"0-{max(len(uploads[number]) - 1, 0)}")
        whole = uploads.pop(number)
        self.registry.blobs["sha256:" + hashlib.sha256(whole).hexdigest()] = whole
        return self.answer(201, Location=where)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = handle_any
