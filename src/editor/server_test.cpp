// SPDX-License-Identifier: Apache-2.0
#include "editor/server.hpp"

#include <gtest/gtest.h>

#include "editor/message_reader.hpp"
#include "editor/surrounding.hpp"
#include "editor/text_position.hpp"
#include "editor/vocabulary_at.hpp"
#include "pipeline/syntax/declarative.hpp"
#include "support/step_signatures.hpp"

namespace cupel::editor {
namespace {

using pipeline::syntax::Source;

const std::vector<pipeline::syntax::StepSignature>& steps() {
  static const auto list = pipeline::syntax::some_steps();
  return list;
}

Server ready_server() {
  Server server(
      [](const std::string&) {
        return Server::Language{
            [](const Source& source) {
              return pipeline::syntax::read_jenkinsfile(source, steps()).diagnostics;
            },
            steps()};
      },
      "1");
  server.handle(R"({"id": 0, "method": "initialize", "params": {}})");
  return server;
}

std::vector<std::string> words_at(std::string text) {
  const auto at = text.find('|');
  text.erase(at, 1);
  const auto word = word_at(std::string_view(text).substr(0, at), at);
  std::vector<std::string> words;
  for (const auto& one : offers_at(surrounding_of(text, at - word.size()), steps()))
    words.push_back(one.word);
  return words;
}

bool offers(const std::string& text, const std::string& word) {
  const auto words = words_at(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(MessageReader, CutsTheStreamWhereverItIsSplit) {
  const auto stream = framed("{\"a\":1}") + framed("") + "content-length: 2\r\nX: y\r\n\r\n{}";
  MessageReader reader;
  std::vector<std::string> messages;
  for (const auto c : stream) {
    reader.feed(std::string_view(&c, 1));
    while (auto message = *reader.next()) messages.push_back(*message);
  }
  EXPECT_EQ(messages, (std::vector<std::string>{"{\"a\":1}", "", "{}"}));
}

TEST(MessageReader, RefusesWhatIsNoHeaderOrTooLarge) {
  for (const auto* text :
       {"Content-Length: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "hello\r\n\r\n",
        "Content-Length: 99999999999\r\n\r\n", "X: y\r\n\r\n"}) {
    MessageReader reader;
    reader.feed(text);
    EXPECT_FALSE(reader.next()) << text;
  }
  MessageReader endless;
  endless.feed(std::string(MessageReader::largest_header, 'x'));
  EXPECT_FALSE(endless.next());
}

TEST(TextPosition, CountsUtf16UnitsBothWays) {
  const std::string text = "a\nü😀b\r\nc";
  const Source source("x", text);
  EXPECT_EQ(offset_of(text, {1, 3}), text.find('b'));
  EXPECT_EQ(position_of(source, source.position(text.find('b'))), (TextPosition{1, 3}));
  EXPECT_EQ(offset_of(text, {1, 99}), text.find('\r'));
  EXPECT_EQ(offset_of(text, {99, 0}), text.size());
}

TEST(Offers, FollowThePlace) {
  EXPECT_TRUE(offers("|", "pipeline"));
  EXPECT_TRUE(offers("pipeline { a|", "agent"));
  EXPECT_FALSE(offers("pipeline { a|", "sh"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { w|", "when"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { when { |", "branch"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { when { not { |", "branch"));
  EXPECT_TRUE(offers("pipeline { options { |", "timeout"));
  EXPECT_TRUE(offers("pipeline { options { timeout(|", "unit"));
  EXPECT_TRUE(offers("pipeline { post { |", "always"));
  EXPECT_TRUE(offers("pipeline { post { always { |", "sh"));
  EXPECT_TRUE(offers("pipeline { agent { |", "docker"));
  EXPECT_TRUE(offers("pipeline { agent { docker { |", "image"));
  EXPECT_TRUE(offers("pipeline { agent { machine { |", "provision"));
  EXPECT_TRUE(offers("pipeline { agent { machine { provision { |", "packages"));
  EXPECT_TRUE(offers("pipeline { agent { machine { provision { file 'a', |", "to"));
  EXPECT_TRUE(offers("pipeline { agent |", "none"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { steps { s|", "sh"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { steps { dir('y') { |", "echo"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { steps { sh(|", "returnStdout"));
  EXPECT_TRUE(offers("pipeline { stages { stage('x') { steps { sh script: 'x', |", "returnStatus"));
  EXPECT_TRUE(offers("node('x') { |", "sh"));
  EXPECT_TRUE(words_at("pipeline { stages { stage('|").empty());
  EXPECT_TRUE(words_at("// |").empty());
}

TEST(Server, PublishesWhatIsWrongAfterEachChange) {
  auto server = ready_server();
  const auto opened = server.handle(
      R"({"method": "textDocument/didOpen", "params": {"textDocument":
          {"uri": "file:///x/Jenkinsfile", "version": 1, "text": "ech 'x'\n"}}})");
  ASSERT_EQ(opened.size(), 1U);
  const auto text = json::write(opened[0]);
  EXPECT_NE(text.find("unknown step 'ech'; did you mean 'echo'?"), std::string::npos) << text;

  const auto changed = server.handle(
      R"({"method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///x/Jenkinsfile"},
          "contentChanges": [{"range": {"start": {"line": 0, "character": 3},
                                        "end": {"line": 0, "character": 3}}, "text": "o"}]}})");
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_NE(json::write(changed[0]).find("\"diagnostics\":[]"), std::string::npos);

  const auto hovered = server.handle(
      R"({"id": 1, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///x/Jenkinsfile"},
          "position": {"line": 0, "character": 1}}})");
  EXPECT_NE(json::write(hovered.at(0)).find("echo(message: string)"), std::string::npos);
}

TEST(Server, AnswersWhateverComes) {
  auto server = ready_server();
  EXPECT_NE(json::write(server.handle("{").at(0)).find("-32700"), std::string::npos);
  EXPECT_NE(json::write(server.handle("[]").at(0)).find("-32600"), std::string::npos);
  EXPECT_NE(json::write(server.handle(R"({"id": 1, "method": "x"})").at(0)).find("-32601"),
            std::string::npos);
  EXPECT_NE(json::write(server.handle(R"({"id": 1, "method": "textDocument/hover"})").at(0))
                .find("-32602"),
            std::string::npos);
  EXPECT_TRUE(server.handle(R"({"method": "textDocument/didChange", "params": 5})").empty());
  EXPECT_TRUE(server.handle(R"({"method": "$/cancelRequest", "params": {"id": 1}})").empty());
  EXPECT_EQ(server.exit_status(), 1);
  server.handle(R"({"id": 2, "method": "shutdown"})");
  EXPECT_FALSE(server.ended());
  server.handle(R"({"method": "exit"})");
  EXPECT_TRUE(server.ended());
  EXPECT_EQ(server.exit_status(), 0);
}

}  // namespace
}  // namespace cupel::editor
