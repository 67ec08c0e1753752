// SPDX-License-Identifier: Apache-2.0
#include "cupel/terminal_console.hpp"

#include <unistd.h>

#include <ctime>

#include "base/text.hpp"
#include "os/terminal.hpp"
#include "os/wait.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;
using Kind = cli::RunCommand::Console;

Kind choose_kind(Kind asked) {
  if (asked != Kind::automatic) return asked;
  return os::is_terminal(STDOUT_FILENO) ? Kind::pretty : Kind::plain;
}

cli::Marks choose_marks(Kind kind, const Variable& variable) {
  const bool colours = kind == Kind::pretty && os::is_terminal(STDOUT_FILENO) &&
                       !variable("NO_COLOR") && variable("TERM") != "dumb";
  auto charset = std::string();
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (charset.empty()) charset = lower(variable(name).value_or(""));
  const bool unicode =
      charset.find("utf-8") != std::string::npos || charset.find("utf8") != std::string::npos;
  return {colours ? cli::Palette::colours : cli::Palette::none,
          unicode ? cli::Glyphs::unicode : cli::Glyphs::ascii};
}

std::unique_ptr<cli::Wording> choose_wording(Kind kind, const cli::Marks& marks) {
  const auto foreign = os::is_terminal(STDOUT_FILENO) ? cli::Foreign::harmless : cli::Foreign::raw;
  switch (kind) {
    case Kind::jenkins: return cli::jenkins_wording(foreign);
    case Kind::pretty: return cli::pretty_wording(marks);
    case Kind::automatic:
    case Kind::plain: break;
  }
  return cli::plain_wording(foreign);
}

std::string clock_stamp() {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return fmt::format("[{:02}:{:02}:{:02}] ", local.tm_hour, local.tm_min, local.tm_sec);
}

std::size_t terminal_columns() {
  const auto size = os::window_size(STDOUT_FILENO);
  return size ? size->columns : 0;
}

}  // namespace

TerminalConsole::TerminalConsole(const cli::RunCommand& command, const Variable& variable,
                                 const Stop& stop)
    : output_(STDOUT_FILENO, stop),
      kind_(choose_kind(command.console)),
      marks_(choose_marks(kind_, variable)),
      crew_(Stop()) {
  cli::Console::Parts parts;
  parts.wording = choose_wording(kind_, marks_);
  parts.sink = [this](std::string_view text) { output_.write(text); };
  const bool moves = kind_ == Kind::pretty && os::is_terminal(STDOUT_FILENO) &&
                     variable("TERM").value_or("dumb") != "dumb";
  if (moves)
    parts.footer.emplace(marks_,
                         cli::Footer::Senses{std::chrono::steady_clock::now, terminal_columns});
  if (command.timestamps == cli::RunCommand::Timestamps::yes) parts.stamp = clock_stamp;
  console_ = std::make_unique<cli::Console>(std::move(parts));
  if (moves)
    crew_.add("progress", [this](const Stop& crew_stop) -> Result<> {
      while (os::sleep(100ms, crew_stop)) console_->tick();
      return {};
    });
}

TerminalConsole::~TerminalConsole() { close(); }

void TerminalConsole::close() {
  crew_.stop();
  static_cast<void>(crew_.join());  // nothing in it fails
  console_->close();
}

}  // namespace cupel
