// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "editor/message_reader.hpp"
#include "editor/server.hpp"
#include "editor/surrounding.hpp"
#include "editor/vocabulary_at.hpp"
#include "pipeline/syntax/declarative.hpp"
#include "support/step_signatures.hpp"

namespace {

using namespace cupel;

const std::vector<pipeline::syntax::StepSignature>& steps() {
  static const auto list = pipeline::syntax::some_steps();
  return list;
}

/// The bytes as a stream of messages to a server, and as the text of a document.
void serve(std::string_view bytes) {
  editor::Server server(
      [](const std::string&) {
        return editor::Server::Language{
            [](const pipeline::syntax::Source& source) {
              return pipeline::syntax::read_jenkinsfile(source, steps()).diagnostics;
            },
            steps()};
      },
      "0");
  server.handle(R"({"id": 0, "method": "initialize", "params": {}})");
  editor::MessageReader reader;
  reader.feed(bytes);
  while (true) {
    const auto message = reader.next();
    if (!message || !*message) break;
    server.handle(**message);
  }
  server.handle(bytes);
  editor::offers_at(editor::surrounding_of(bytes, bytes.size()), steps());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  serve(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
