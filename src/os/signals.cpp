// SPDX-License-Identifier: Apache-2.0
#include "os/signals.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"
#include "os/fd.hpp"
#include "os/wait.hpp"

namespace cupel::os {

namespace {

sigset_t set_of(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : signals) sigaddset(&set, number);
  return set;
}

}  // namespace

struct SignalWatch::State {
  State(const std::vector<int>& signals, std::function<void(int)> call)
      : set(set_of(signals)), handle(std::move(call)), crew(Stop{}) {
    pthread_sigmask(SIG_BLOCK, &set, &before);
    fd = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    CHECK(fd, "out of file descriptors");
    crew.add("signals", [this](const Stop& stop) { return serve(stop); });
  }
  ~State() {
    crew.stop();
    static_cast<void>(crew.join());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<> serve(const Stop& stop) {
    for (;;) {
      std::array<Watched, 1> watched{{{fd.get(), POLLIN}}};
      TRY(wait(watched, stop));
      signalfd_siginfo signal{};
      if (::read(fd.get(), &signal, sizeof signal) == sizeof signal)
        handle(static_cast<int>(signal.ssi_signo));
    }
  }

  sigset_t set;
  sigset_t before{};
  Fd fd;
  std::function<void(int)> handle;
  Crew crew;  // last: its thread uses the others
};

SignalWatch::SignalWatch(std::vector<int> signals, std::function<void(int)> handle)
    : state_(std::make_unique<State>(signals, std::move(handle))) {}

SignalWatch::~SignalWatch() = default;

}  // namespace cupel::os
