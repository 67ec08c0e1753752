// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/text_output.hpp"
#include "cupel/editor_languages.hpp"
#include "cupel/reading_commands.hpp"
#include "editor/message_reader.hpp"
#include "editor/server.hpp"
#include "os/wait.hpp"

namespace cupel {
namespace {

/// More bytes, or none at the end of the stream.
Result<std::string> read_some(const Stop& stop) {
  std::array<char, 1U << 16> buffer{};
  while (true) {
    std::array watched{os::Watched{STDIN_FILENO, POLLIN}};
    TRY(os::wait(watched, stop));
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "read standard input");
    return std::string(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<int> serve_editor(const cli::LspCommand& command, const Surroundings& surroundings,
                         std::string version) {
  EditorLanguages languages(command.config, surroundings);
  editor::Server server([&](const std::string& uri) { return languages.of(uri); },
                        std::move(version));
  editor::MessageReader reader;
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  while (!server.ended() && output.intact()) {
    const auto bytes = TRY(read_some(surroundings.stop));
    if (bytes.empty()) break;  // the editor is gone
    reader.feed(bytes);
    while (auto message = TRY(reader.next(), "the editor's message")) {
      for (const auto& answer : server.handle(*message))
        output.write(editor::framed(json::write(answer)));
      if (server.ended()) break;
    }
  }
  return server.exit_status();
}

}  // namespace

int lsp(const cli::LspCommand& command, const Surroundings& surroundings,
        std::string_view version) {
  return status_of(serve_editor(command, surroundings, std::string(version)));
}

}  // namespace cupel
