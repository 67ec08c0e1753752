# SPDX-License-Identifier: Apache-2.0
"""A client of the Language Server Protocol, as small as the tests need it."""
import json
import os
import subprocess
import threading

CUPEL = os.environ.get("CUPEL", "cupel")
URI = "file:///project/Jenkinsfile"
DEADLINE = 30


class Client:
    """Speaks the protocol; whatever takes longer than the deadline ends the server."""

    def __init__(self, environment=None):
        self.process = subprocess.Popen([CUPEL, "lsp"], env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.timer = threading.Timer(DEADLINE, self.process.kill)
        self.timer.start()
        self.last = 0

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def receive(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b":")
            if name == b"Content-Length":
                length = int(value)
        return json.loads(self.process.stdout.read(length))

    def request(self, method, params=None):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params or {}})
        answer = self.receive()
        assert answer["id"] == self.last, answer
        return answer

    def notify(self, method, params=None):
        self.send({"method": method, "params": params or {}})

    def open(self, text):
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": URI, "languageId": "groovy", "version": 1, "text": text}})
        return self.receive()["params"]["diagnostics"]

    def at(self, method, line, character):
        return self.request(method, {"textDocument": {"uri": URI},
                                     "position": {"line": line, "character": character}})["result"]

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(DEADLINE)
        self.timer.cancel()
        self.process.stdout.close()
        self.process.stderr.close()
        return status
