// SPDX-License-Identifier: Apache-2.0
#include "cupel/attach.hpp"

#include <poll.h>
#include <unistd.h>

#include "base/crew.hpp"
#include "cli/text_output.hpp"
#include "os/terminal.hpp"
#include "os/wait.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t chunk = 64U << 10;
constexpr char leave = 0x1D;  // Ctrl-]

/// Standard input, blocking on it without making it non-blocking for those who share it.
Result<std::string> read_input(const Stop& stop) {
  std::array<os::Watched, 1> input{os::Watched{STDIN_FILENO, POLLIN}};
  TRY(os::wait(input, stop));
  std::string bytes(chunk, '\0');
  const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

Result<> forward_input(place::Session& session, const Stop& stop) {
  for (;;) {
    const auto bytes = TRY(read_input(stop));
    if (bytes.empty()) return session.close_input();
    TRY(session.write(bytes, stop));
  }
}

os::WindowSize window() { return os::window_size(STDIN_FILENO).value_or(os::WindowSize{}); }

}  // namespace

Result<int> attach(place::Place& place, place::Command command, Attach how,
                   const Surroundings& surroundings) {
  const bool terminal = how == Attach::terminal && os::is_terminal(STDIN_FILENO);
  command.input_comes = place::Command::Input::later;
  if (terminal) {
    command.streams = place::Command::Streams::terminal;
    command.window = window();
  }
  cli::TextOutput out(STDOUT_FILENO, surroundings.stop);
  cli::TextOutput err(STDERR_FILENO, surroundings.stop);
  const auto session = TRY(place.start(
      command,
      [&](place::Stream stream, std::string_view bytes) {
        (stream == place::Stream::out ? out : err).write(bytes);
      },
      surroundings.stop));
  std::optional<os::RawMode> raw;
  if (terminal) raw.emplace(TRY(os::RawMode::enter(STDIN_FILENO)));
  surroundings.on_resize([&session] { static_cast<void>(session->resize(window())); });

  Crew crew(surroundings.stop);
  crew.add("input", [&session](const Stop& stop) -> Result<> {
    // A command that does not read its input any more is no failure of ours.
    static_cast<void>(forward_input(*session, stop));
    return {};
  });
  const auto exit = session->wait(surroundings.stop);
  surroundings.on_resize(nullptr);
  crew.stop();
  TRY(crew.join());
  if (exit) return exit->status;
  if (exit.error().fault() == Fault::stopped)
    TRY(session->kill_tree(2s, Stop().within(10s)), "end the command");
  return tl::unexpected<Error>(exit.error());
}

Result<int> attach_console(const os::Fd& socket, const Surroundings& surroundings) {
  std::optional<os::RawMode> raw;
  if (os::is_terminal(STDIN_FILENO)) {
    tell("Ctrl-] leaves the console");
    raw.emplace(TRY(os::RawMode::enter(STDIN_FILENO)));
  }
  StopSource left(surroundings.stop);
  Crew crew(left.stop());
  crew.add("input", [&](const Stop& stop) -> Result<> {
    for (;;) {
      const auto bytes = TRY(read_input(stop));
      if (bytes.empty() && !raw) return {};  // a script's input ended; its output may not have
      const auto end = bytes.find(leave);
      TRY(os::write_all(socket, std::string_view(bytes).substr(0, end), stop));
      if (bytes.empty() || end != std::string::npos) break;
    }
    left.request();
    return {};
  });
  cli::TextOutput out(STDOUT_FILENO, surroundings.stop);
  for (;;) {
    const auto bytes = os::read_some(socket, chunk, left.stop());
    if (!bytes || bytes->empty()) break;
    out.write(*bytes);
  }
  crew.stop();
  static_cast<void>(crew.join());  // why it stopped does not matter to one who has left
  return exit_success;
}

}  // namespace cupel
