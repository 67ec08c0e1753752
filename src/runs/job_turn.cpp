// SPDX-License-Identifier: Apache-2.0
#include "runs/job_turn.hpp"

#include <signal.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "os/pidfd.hpp"
#include "os/process.hpp"

namespace cupel::runs {
namespace {

namespace fs = os::fs;

/// Asks the process that the file names, if it is still that very process.
void ask_to_stop(const fs::path& owner) {
  const auto text = os::read_file(owner);
  const auto words = text ? split(trim(*text), ' ') : std::vector<std::string>{};
  const auto pid = words.size() == 2 ? parse_integer(words[0]) : std::nullopt;
  if (!pid) return;
  const auto process = os::open_pidfd(static_cast<int>(*pid));
  const auto started = os::start_time(static_cast<int>(*pid));
  if (process && started && std::to_string(*started) == words[1]) os::send_signal(process, SIGTERM);
}

Result<os::FileLock> wait_for(const fs::path& path, const fs::path& owner,
                              JobTurn::Otherwise otherwise,
                              const std::function<void(std::string_view)>& waiting,
                              const Stop& stop) {
  if (auto lock = TRY(os::FileLock::try_take(path))) return std::move(*lock);
  if (otherwise == JobTurn::Otherwise::abort_previous) {
    waiting("another run of this pipeline goes on: it is aborted");
    ask_to_stop(owner);
  } else {
    waiting("another run of this pipeline goes on: waiting for its end");
  }
  return os::FileLock::take(path, stop);
}

}  // namespace

Result<JobTurn> JobTurn::take(const fs::path& runs, const std::string& job, Otherwise otherwise,
                              const std::function<void(std::string_view)>& waiting,
                              const Stop& stop) {
  TRY(os::make_directories(runs));
  const auto path = runs / (".job-" + digest_of(job).brief());
  auto owner = path;
  owner += ".owner";
  auto lock = TRY(wait_for(path, owner, otherwise, waiting, stop), "the turn of {}", job);
  const auto started = os::start_time(::getpid()).value_or(0);
  TRY(os::write_file(owner, fmt::format("{} {}\n", ::getpid(), started)));
  return JobTurn(std::move(lock));
}

}  // namespace cupel::runs
