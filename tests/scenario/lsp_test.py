#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`cupel lsp` as an editor sees it: framed messages over its standard input and output."""
import unittest

from lsp_client import DEADLINE, URI, Client


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

    def test_odd_clients_are_borne(self):
        self.client.open("echo 'x'\n")
        self.client.notify("$/cancelRequest", {"id": 1})
        self.client.notify("workspace/didChangeConfiguration", {"settings": None})
        self.client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        self.client.send({"id": 900, "result": None})  # an answer to nothing
        # Full text and ranges in one change, columns behind the end, the old rangeLength.
        self.client.notify("textDocument/didChange", {
            "textDocument": {"uri": URI, "version": None}, "contentChanges": [
                {"text": "// 😀\nech 'x'\n"},
                {"range": {"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 3}},
                 "rangeLength": 0, "text": "o"},
                {"range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 99}}, "text": "!"}]})
        self.assertEqual(self.client.receive()["params"]["diagnostics"], [])
        self.assertIn("echo(", self.client.at("textDocument/hover", 1, 2)["contents"]["value"])
        self.assertEqual(self.client.at("textDocument/completion", 0, 4), [])
        self.assertEqual(self.client.request("textDocument/hover", {"position": 3})["error"]["code"], -32602)
        self.client.request("shutdown")
        self.assertEqual(self.client.request("textDocument/hover")["error"]["code"], -32600)
        self.client.notify("exit")
        self.assertEqual(self.client.end(), 0)

    def test_an_exit_without_shutdown_is_a_failure(self):
        self.client.notify("exit")
        self.assertEqual(self.client.end(), 1)

    def test_a_stream_without_messages_ends_the_server(self):
        self.client.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(self.client.process.wait(DEADLINE), 2)
        self.assertIn(b"header", self.client.process.stderr.read())

    def test_an_editor_that_is_gone_ends_the_server(self):
        self.assertEqual(self.client.end(), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
