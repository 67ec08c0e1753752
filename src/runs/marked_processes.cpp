// SPDX-License-Identifier: Apache-2.0
#include "runs/marked_processes.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::runs {

std::vector<MarkedProcess> find_marked(std::string_view mark) {
  namespace fs = os::fs;
  std::vector<MarkedProcess> found;
  if (mark.empty()) return found;
  const auto entry = fmt::format("CUPEL_RUN={}", mark);
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; it != end && !error; it.increment(error)) {
    const auto pid = parse_integer(it->path().filename().string());
    if (!pid || *pid == ::getpid()) continue;
    const auto environment = os::read_file(it->path() / "environ");
    if (!environment || environment->find(entry) == std::string::npos) continue;
    const auto started = os::start_time(static_cast<int>(*pid));
    if (!started) continue;
    const auto name = os::read_file(it->path() / "comm");
    found.push_back(
        {static_cast<int>(*pid), *started, name ? std::string(trim(*name)) : std::string("?")});
  }
  return found;
}

Result<> kill_marked(std::string_view mark, const Stop& stop) {
  // Each round takes those that forked during the one before.
  for (int round = 0; round < 100; ++round) {
    const auto found = find_marked(mark);
    if (found.empty()) return {};
    for (const auto& process : found)
      TRY(os::kill_foreign(process.pid, process.started, stop), "kill {} ({})", process.name,
          process.pid);
  }
  return fail(Fault::unavailable, "processes of the run keep starting others");
}

}  // namespace cupel::runs
