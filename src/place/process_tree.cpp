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

using namespace std::chrono_literals;

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

struct Holder {
  int pid;
  os::Fd pidfd;
};

/// Whether a process whose environment reads as empty has one all the same: while it goes from one
/// program to the next, its old memory is gone or its new one not filled yet.
bool is_executing(int pid) {
  std::error_code none;
  const auto program = os::fs::read_symlink(fmt::format("/proc/{}/exe", pid), none);
  if (program.empty()) return false;  // a thread of the kernel, another user's, or gone
  const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
  const auto name_end = stat ? stat->rfind(") ") : std::string::npos;
  if (name_end == std::string::npos) return false;
  const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
  constexpr std::size_t env_start = 47, env_end = 48;  // counted from the state; see proc(5)
  if (fields.size() <= env_end) return false;
  return fields[env_start] == "0" || fields[env_start] != fields[env_end];
}

enum class Holds { no, yes, unknown };

Holds holds(int pid, std::string_view wanted) {
  const auto environment = os::read_file(fmt::format("/proc/{}/environ", pid));
  if (!environment) return Holds::no;  // another user's, or gone
  if (environment->empty()) return is_executing(pid) ? Holds::unknown : Holds::no;
  return environment->starts_with(wanted) ||
                 environment->find('\0' + std::string(wanted)) != std::string::npos
             ? Holds::yes
             : Holds::no;
}

struct Look {
  std::vector<Holder> holders;
  bool undecided = false;  ///< a process could not be judged
};

/// The descriptor is opened before the look, so that it stands for the process that was looked at.
Look find_holders(std::string_view cookie) {
  const auto wanted = fmt::format("{}={}", cookie_variable, cookie);
  Look look;
  const std::unique_ptr<DIR, CloseDirectory> processes(::opendir("/proc"));
  while (const dirent* entry = processes ? ::readdir(processes.get()) : nullptr) {
    const auto pid = static_cast<int>(parse_integer(entry->d_name).value_or(0));
    if (pid <= 1 || pid == ::getpid() || holds(pid, wanted) == Holds::no) continue;
    auto pidfd = os::open_pidfd(pid);
    if (!pidfd) continue;
    const auto now = holds(pid, wanted);
    if (now == Holds::yes) look.holders.push_back({pid, std::move(pidfd)});
    look.undecided = look.undecided || now == Holds::unknown;
  }
  return look;
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
    const auto [holders, undecided] = find_holders(cookie);
    if (undecided && holders.empty()) {
      TRY(os::sleep(1ms, stop), "wait for a process that starts a program");
      continue;
    }
    empty_looks = holders.empty() ? empty_looks + 1 : 0;
    // One may have begun behind our back while another ended: look twice, if ever there were.
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
