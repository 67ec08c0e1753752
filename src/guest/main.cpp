// SPDX-License-Identifier: Apache-2.0
// The program inside a machine: serves the ports cupel.0 to cupel.3, or one conversation over a
// socket (--socket PATH, --fd NUMBER) for tests.
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "guest/conversation.hpp"
#include "guest/ports.hpp"
#include "guest/shutdown.hpp"
#include "guest/small_file.hpp"
#include "os/socket.hpp"

namespace cupel::guest {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_farewell = 4s;

/// Descriptors 0 to 2 are taken, so that no pipe of ours gets such a number.
void take_standard_descriptors() {
  for (;;) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return;
    if (null > 2) {
      ::close(null);
      return;
    }
  }
}

/// This program must be there when memory and processors are not.
void protect() {
  ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(write_small_file("/proc/self/oom_score_adj", "-1000", Missing::is_left));
  ::setpriority(PRIO_PROCESS, 0, -15);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 16384) {
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 16384);
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  static_cast<void>(!::chdir("/"));
}

std::string boot_id() {
  const auto text = read_small_file("/proc/sys/kernel/random/boot_id").value_or("");
  return std::string(trim(text)).substr(0, 64);
}

Result<> serve_socket(os::Fd socket) {
  const auto loop = TRY(Loop::make());
  auto forest = Forest::plant();
  const auto conversation = TRY(Conversation::open(*loop, forest, std::move(socket),
                                                   Conversation::Channel::socket, boot_id()));
  for (conversation->settle(); !conversation->over(); conversation->settle()) TRY(loop->turn());
  conversation->end_all();
  // Until the dead are buried, so that no cgroup stays behind; but daemons may live on.
  bool late = false;
  loop->after(1s, [&late] { late = true; });
  while (conversation->has_streams() && !late) {
    TRY(loop->turn());
    conversation->sweep();
  }
  return {};
}

/// Looks for ports: often at first, then whenever a device appears.
class PortWatch {
 public:
  PortWatch(Loop& loop, std::function<void()> look) : loop_(loop), look_(std::move(look)) {
    devices_ = os::Fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (devices_ && ::inotify_add_watch(devices_.get(), "/dev", IN_CREATE) >= 0)
      if (auto watch = loop.watch(devices_, EPOLLIN, [this](std::uint32_t) { drain(); }))
        watch_ = std::move(*watch);
  }
  void look_again_after(Duration delay) {
    loop_.after(delay, [this] { look_(); });
  }

 private:
  void drain() {
    std::array<char, 4096> events;
    while (::read(devices_.get(), events.data(), events.size()) > 0) {
    }
    look_();
    look_again_after(100ms);  // its name may come a little later
  }
  Loop& loop_;
  std::function<void()> look_;
  os::Fd devices_;
  Loop::Watch watch_;
};

/// SIGTERM as something to read; what we start has it as usual.
os::Fd termination() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return os::Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

Result<> serve_ports() {
  const auto loop = TRY(Loop::make());
  auto forest = Forest::plant();
  const auto boot = boot_id();
  Ports ports;
  std::vector<std::unique_ptr<Conversation>> conversations;
  Shutdown shutdown(*loop, [&] {
    for (const auto& conversation : conversations) conversation->announce_shutdown();
  });
  // A shutdown ends us early; the host shall know why.
  enum class Life { on, asking, over } life = Life::on;
  const auto told_to_end = termination();
  const auto end = TRY(loop->watch(told_to_end, EPOLLIN, [&](std::uint32_t) {
    if (life != Life::on) return;
    life = Life::asking;
    shutdown.ask([&] { life = Life::over; });
    loop->after(longest_farewell, [] { ::_exit(0); });
  }));
  const auto quiet = [](const auto& conversation) { return conversation->is_quiet(); };
  PortWatch* watch = nullptr;
  Duration delay = 5ms;
  const auto look = [&] {
    for (auto& port : ports.open_new()) {
      auto opened = Conversation::open(*loop, forest, std::move(port), Conversation::Channel::port,
                                       boot, &shutdown);
      if (opened) conversations.push_back(std::move(*opened));
    }
    if (ports.has_owner()) return;
    watch->look_again_after(delay);
    delay = std::min<Duration>(delay * 2, 200ms);
  };
  PortWatch devices(*loop, look);
  watch = &devices;
  look();
  for (;;) {
    for (const auto& conversation : conversations) conversation->settle();
    // Without farewell: what runs is the system's to end.
    if (life == Life::over && std::all_of(conversations.begin(), conversations.end(), quiet))
      ::_exit(0);
    TRY(loop->turn());
  }
}

Result<> run(std::span<char*> arguments) {
  take_standard_descriptors();
  protect();
  if (arguments.size() == 1) return serve_ports();
  const std::string_view option = arguments[1];
  if (arguments.size() == 3 && option == "--fd") {
    const auto number = parse_integer(arguments[2]);
    if (!number || ::fcntl(static_cast<int>(*number), F_SETFD, FD_CLOEXEC) != 0)
      return fail(Fault::invalid, "there is no descriptor {}", arguments[2]);
    return serve_socket(os::Fd(static_cast<int>(*number)));
  }
  if (arguments.size() == 3 && option == "--socket")
    return serve_socket(TRY(os::connect_unix(arguments[2], Stop().within(10s))));
  return fail(Fault::invalid, "usage: guest [--socket PATH | --fd NUMBER]");
}

}  // namespace
}  // namespace cupel::guest

int main(int count, char** arguments) {
  const auto done = cupel::guest::run({arguments, static_cast<std::size_t>(count)});
  if (done) return 0;
  std::fprintf(stderr, "cupel guest: %s\n", done.error().text().c_str());
  return 1;
}
