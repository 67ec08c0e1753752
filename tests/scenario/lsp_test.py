#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`cupel lsp` as an editor sees it: framed messages over its standard input and output."""
import json
import os
import subprocess
import threading
import unittest

CUPEL = os.environ.get("CUPEL", "cupel")
URI = "file:///project/Jenkinsfile"
DEADLINE = 30


class Client:
    """Speaks the protocol; whatever takes longer than the deadline ends the server."""

    def __init__(self):
        self.process = subprocess.Popen([CUPEL, "lsp"], stdin=subprocess.PIPE,
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


class LanguageServer(unittest.TestCase):
    def setUp(self):
        self.client = Client()
        self.addCleanup(self.client.timer.cancel)
        self.addCleanup(self.client.process.kill)
        answer = self.client.request("initialize", {"processId": None, "capabilities": {}})
        self.assertEqual(answer["result"]["capabilities"]["textDocumentSync"]["change"], 2)
        self.client.notify("initialized")

    def test_a_session(self):
        found = self.client.open("pipeline {\n  agent any\n  stages {\n    stage('ü😀') {\n"
                                 "      steps { ech 'x' }\n    }\n  }\n}\n")
        self.assertEqual([one["message"] for one in found],
                         ["unknown step 'ech'; did you mean 'echo'?"])
        self.assertEqual(found[0]["range"], {"start": {"line": 4, "character": 14},
                                             "end": {"line": 4, "character": 17}})
        self.client.notify("textDocument/didChange", {
            "textDocument": {"uri": URI, "version": 2},
            "contentChanges": [{"range": {"start": {"line": 4, "character": 17},
                                          "end": {"line": 4, "character": 17}}, "text": "o"}]})
        self.assertEqual(self.client.receive()["params"]["diagnostics"], [])

        about = self.client.at("textDocument/hover", 4, 15)
        self.assertIn("echo(", about["contents"]["value"])
        words = {one["label"] for one in self.client.at("textDocument/completion", 1, 2)}
        self.assertIn("options", words)
        words = {one["label"] for one in self.client.at("textDocument/completion", 4, 14)}
        self.assertLessEqual({"sh", "echo", "archiveArtifacts"}, words)

        self.assertIsNone(self.client.request("shutdown")["result"])
        self.client.notify("exit")
        self.assertEqual(self.client.end(), 0)

    def test_full_sync_and_close(self):
        self.client.open("echo 'x'\n")
        self.client.notify("textDocument/didChange", {
            "textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "sh(\n"}]})
        self.assertGreaterEqual(len(self.client.receive()["params"]["diagnostics"]), 1)
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        self.assertEqual(self.client.receive()["params"]["diagnostics"], [])

    def test_what_is_not_understood_is_answered(self):
        self.client.send_bytes(b"Content-Length: 5\r\n\r\n{garb")
        self.assertEqual(self.client.receive()["error"]["code"], -32700)
        self.assertEqual(self.client.request("workspace/nothing")["error"]["code"], -32601)
        self.client.notify("textDocument/didChange", {"contentChanges": "no"})
        self.assertIsNone(self.client.at("textDocument/hover", 0, 0))

    def test_a_stream_without_messages_ends_the_server(self):
        self.client.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(self.client.process.wait(DEADLINE), 2)
        self.assertIn(b"header", self.client.process.stderr.read())

    def test_an_editor_that_is_gone_ends_the_server(self):
        self.assertEqual(self.client.end(), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
