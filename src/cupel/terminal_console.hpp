// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/crew.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/text_output.hpp"
#include "cupel/home.hpp"

namespace cupel {

/// The console of a run on standard output, and the thread that turns its progress line.
class TerminalConsole {
 public:
  TerminalConsole(const cli::RunCommand& command, const Variable& variable, const Stop& stop);
  ~TerminalConsole();
  TerminalConsole(const TerminalConsole&) = delete;
  TerminalConsole& operator=(const TerminalConsole&) = delete;

  cli::Console& console() { return *console_; }
  const cli::Marks& marks() const { return marks_; }
  cli::RunCommand::Console kind() const { return kind_; }
  /// Takes the progress line away; what is printed from now on is plain.
  void close();

 private:
  cli::TextOutput output_;
  cli::RunCommand::Console kind_;
  cli::Marks marks_;
  std::unique_ptr<cli::Console> console_;
  Crew crew_;  // last: its thread uses the console
};

}  // namespace cupel
