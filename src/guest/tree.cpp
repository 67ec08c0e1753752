// SPDX-License-Identifier: Apache-2.0
#include "guest/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"
#include "guest/small_file.hpp"

namespace cupel::guest {
namespace {

using namespace std::chrono_literals;

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

/// Calls `visit(name)` for each directory in `directory`.
template <typename Visit>
void each_directory(int directory, Visit visit) {
  const int copy = ::openat(directory, ".", directory_flags);
  if (copy < 0) return;
  DIR* stream = ::fdopendir(copy);
  if (stream == nullptr) return;
  while (const auto* entry = ::readdir(stream))
    if (entry->d_name[0] != '.' && entry->d_type == DT_DIR) visit(std::string(entry->d_name));
  ::closedir(stream);
}

/// A member may have made cgroups of its own.
void signal_members(int directory, int number) {
  const auto members = read_small_file("cgroup.procs", directory).value_or("");
  for (const auto& line : split(members, '\n'))
    if (const auto pid = parse_integer(line); pid && *pid > 1)
      ::kill(static_cast<pid_t>(*pid), number);
  each_directory(directory, [&](const std::string& name) {
    const os::Fd below(::openat(directory, name.c_str(), directory_flags));
    if (below) signal_members(below.get(), number);
  });
}

/// Deepest first; what is not empty stays.
void remove_cgroup(int parent, const std::string& name) {
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno != EBUSY) return;
  const os::Fd directory(::openat(parent, name.c_str(), directory_flags));
  if (!directory) return;
  each_directory(directory.get(),
                 [&](const std::string& below) { remove_cgroup(directory.get(), below); });
  ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

/// Calls `visit(pid)` for each process with the cookie until it returns false.
template <typename Visit>
void each_with_cookie(const std::string& cookie, Visit visit) {
  const os::Fd proc(::open("/proc", directory_flags));
  if (!proc) return;
  bool more = true;
  each_directory(proc.get(), [&](const std::string& name) {
    const auto pid = more ? parse_integer(name) : std::nullopt;
    if (!pid || *pid <= 1 || *pid == ::getpid()) return;
    const auto environment = read_small_file(name + "/environ", proc.get());
    if (environment && environment->find(cookie) != std::string::npos)
      more = visit(static_cast<pid_t>(*pid));
  });
}

}  // namespace

Tree::~Tree() {
  if (alive_) *alive_ = false;
  watch_.drop();
  if (directory_) remove_cgroup(parent_, name_);
}

void Tree::signal(int number) const {
  if (directory_) {
    if (number == SIGKILL &&
        write_small_file("cgroup.kill", "1", Missing::is_left, directory_.get()) &&
        ::faccessat(directory_.get(), "cgroup.kill", F_OK, 0) == 0)
      return;
    signal_members(directory_.get(), number);
    return;
  }
  each_with_cookie(cookie_, [&](pid_t pid) {
    ::kill(pid, number);
    return true;
  });
}

bool Tree::empty() const {
  if (directory_) {
    const auto events = read_small_file("cgroup.events", directory_.get());
    return !events || events->find("populated 1") == std::string::npos;
  }
  bool found = false;
  each_with_cookie(cookie_, [&](pid_t) { return !(found = true); });
  return !found;
}

Result<> Tree::watch(Loop& loop, std::function<void()> changed) {
  if (watch_ || alive_) return {};
  if (directory_) {
    events_ = os::Fd(::openat(directory_.get(), "cgroup.events", O_RDONLY | O_CLOEXEC));
    if (!events_) return fail_errno(errno, "open a cgroup's events");
    watch_ = TRY(loop.watch(events_, EPOLLPRI, [changed](std::uint32_t) { changed(); }));
    return {};
  }
  // Nothing tells when the last process with a cookie ends.
  alive_ = std::make_shared<bool>(true);
  struct Poll {
    Loop* loop;
    std::shared_ptr<bool> alive;
    std::function<void()> changed;
    void operator()() const {
      if (!*alive) return;
      changed();
      if (*alive) loop->after(20ms, *this);
    }
  };
  loop.after(5ms, Poll{&loop, alive_, std::move(changed)});
  return {};
}

Forest Forest::plant() {
  Forest forest;
  for (const auto* mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs stats {};
    if (::statfs(mount, &stats) != 0 || stats.f_type != CGROUP2_SUPER_MAGIC) continue;
    if (!forest.settle(mount)) forest.directory_.reset();
    break;
  }
  forest.prepare();
  if (forest.spare_.empty()) forest.directory_.reset();
  return forest;
}

Forest::~Forest() {
  if (!directory_) return;
  if (!spare_.empty()) remove_cgroup(directory_.get(), spare_);
}

/// Streams' cgroups are siblings of ours, never our children: no cgroup that hands controllers on
/// may hold processes, so one that holds us would keep its children from using any.
Result<> Forest::settle(const std::string& mount) {
  const auto membership = TRY(read_small_file("/proc/self/cgroup"));
  const auto at = membership.find("0::/");
  if (at == std::string::npos) return fail(Fault::not_found, "not in the unified hierarchy");
  const auto path = membership.substr(at + 3, membership.find('\n', at) - at - 3);
  const auto own = mount + (path == "/" ? "" : path);
  const auto home = path == "/" ? own + "/cupel" : own;
  if (path == "/" && ::mkdir(home.c_str(), 0755) != 0 && errno != EEXIST)
    return fail_errno(errno, "make {}", home);
  directory_ = TRY(os::open_file(home, directory_flags));
  if (path == "/") return {};
  if (::mkdirat(directory_.get(), "supervisor", 0755) != 0 && errno != EEXIST)
    return fail_errno(errno, "make {}/supervisor", home);
  return write_small_file("supervisor/cgroup.procs", "0", Missing::is_left, directory_.get());
}

std::optional<std::string> Forest::make_cgroup() {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    auto name = fmt::format("stream-{}-{}", ::getpid(), ++serial_);
    if (::mkdirat(directory_.get(), name.c_str(), 0755) == 0) return name;
    if (errno != EEXIST) break;
  }
  return std::nullopt;
}

void Forest::prepare() {
  if (!directory_ || !spare_.empty()) return;
  if (auto name = make_cgroup()) spare_ = std::move(*name);
}

Tree Forest::grow() {
  Tree tree;
  prepare();
  if (!spare_.empty()) {
    tree.name_ = std::exchange(spare_, {});
    tree.parent_ = directory_.get();
    tree.directory_ = os::Fd(::openat(directory_.get(), tree.name_.c_str(), directory_flags));
  }
  if (!tree.directory_) tree.cookie_ = fmt::format("CUPEL_TREE={}-{}", ::getpid(), ++serial_);
  return tree;
}

}  // namespace cupel::guest
