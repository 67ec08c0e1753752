// SPDX-License-Identifier: Apache-2.0
#include "place/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "os/files.hpp"
#include "os/pidfd.hpp"
#include "os/wait.hpp"

namespace cupel::place {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

struct Holder {
  int pid;
  os::Fd pidfd;
};

bool holds(int pid, std::string_view wanted) {
  const auto environment = os::read_file(fmt::format("/proc/{}/environ", pid));
  if (!environment) return false;  // another user's, or gone
  return environment->starts_with(wanted) ||
         environment->find('\0' + std::string(wanted)) != std::string::npos;
}

/// The descriptor is opened before the look, so that it stands for the process that was looked at.
std::vector<Holder> find_holders(std::string_view cookie) {
  const auto wanted = fmt::format("{}={}", cookie_variable, cookie);
  std::vector<Holder> holders;
  const std::unique_ptr<DIR, CloseDirectory> processes(::opendir("/proc"));
  while (const dirent* entry = processes ? ::readdir(processes.get()) : nullptr) {
    const auto pid = static_cast<int>(parse_integer(entry->d_name).value_or(0));
    if (pid <= 1 || pid == ::getpid() || !holds(pid, wanted)) continue;
    auto pidfd = os::open_pidfd(pid);
    if (pidfd && holds(pid, wanted)) holders.push_back({pid, std::move(pidfd)});
  }
  return holders;
}

/// Blocks until all of them have ended.
Result<> await_ends(const std::vector<Holder>& holders, const Stop& stop) {
  for (const auto& holder : holders) {
    os::Watched watched[] = {{holder.pidfd.get(), POLLIN}};
    TRY(os::wait(watched, stop));
  }
  return {};
}

}  // namespace

Result<> end_cookie_holders(std::string_view cookie, Duration grace, const Stop& stop) {
  const auto polite = stop.within(grace);
  bool found_any = false;
  int empty_looks = 0;
  std::set<int> asked;
  for (;;) {
    const auto holders = find_holders(cookie);
    empty_looks = holders.empty() ? empty_looks + 1 : 0;
    // A process that executes at this moment shows no environment: look twice, if ever there were.
    if (empty_looks == (found_any ? 2 : 1)) return {};
    found_any = found_any || !holders.empty();
    const bool kill = polite.requested();
    for (const auto& holder : holders) {
      if (kill)
        os::send_signal(holder.pidfd, SIGKILL);
      else if (asked.insert(holder.pid).second)
        os::send_signal(holder.pidfd, SIGTERM);
    }
    const auto ended = await_ends(holders, kill ? stop : polite);
    if (!ended) TRY(stop.check(), "end the processes of {}", cookie);
  }
}

}  // namespace cupel::place
