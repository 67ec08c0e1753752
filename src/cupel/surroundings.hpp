// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "base/stop.hpp"
#include "cupel/home.hpp"

namespace cupel {

/// What main hands to each command. Borrowed for the call.
struct Surroundings {
  Home home;
  Variable variable;
  /// Requested by the first SIGINT, SIGTERM or SIGHUP.
  Stop stop;
  /// What the second one does before the program ends at once; set by who has something to undo.
  std::function<void(std::function<void()> undo)> on_second_signal;
  /// From now on SIGHUP ends the program at once, as SIGKILL does: for a run that can be resumed.
  std::function<void()> die_at_hang_up;
  /// What happens when the terminal's size changed, until it is set anew; on another thread.
  std::function<void(std::function<void()> act)> on_resize;
};

/// 2 for wrong usage and invalid pipelines, ... as docs/cli.md lists them.
enum ExitStatus {
  exit_success = 0,
  exit_failure = 1,
  exit_usage = 2,
  exit_unstable = 3,
  exit_aborted = 4,
  exit_not_built = 5,
  exit_infrastructure = 6,
};

/// The text to stderr as it is; gives up on a reader that takes none of it.
void write_to_stderr(std::string_view text);
/// "cupel: LINE" to stderr, made printable.
void tell(std::string_view line);
/// "cupel: TEXT" to stderr, one line; the status for that kind of failure.
int complain(const Error& error);
/// What a command's function ends with: its status, or complain()'s.
int status_of(const Result<int>& done);

}  // namespace cupel
