// SPDX-License-Identifier: Apache-2.0
#include "base/stop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"

namespace cupel {

struct Stop::State {
  State() : event_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    CHECK(event_fd >= 0, "out of file descriptors");
  }
  ~State() { ::close(event_fd); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void request() {
    if (!source.request_stop()) return;
    const std::uint64_t one = 1;
    CHECK(::write(event_fd, &one, sizeof one) == sizeof one);
  }

  std::stop_source source;
  int event_fd;
};

Stop::Stop() {
  // One never-stopping state for all: it costs a descriptor. Immutable, hence no global state.
  static const auto never = std::make_shared<State>();
  state_ = never;
}

Stop Stop::within(Duration limit) const {
  auto narrowed = *this;
  const auto end = std::chrono::steady_clock::now() + limit;
  narrowed.deadline_ = deadline_ ? std::min(*deadline_, end) : end;
  return narrowed;
}

bool Stop::requested() const { return !check(); }

Result<> Stop::check() const {
  if (state_->source.stop_requested()) return fail(Fault::stopped, "stopped");
  if (deadline_ && std::chrono::steady_clock::now() >= *deadline_)
    return fail(Fault::timeout, "timed out");
  return {};
}

int Stop::event_fd() const { return state_->event_fd; }

std::stop_token Stop::token() const { return state_->source.get_token(); }

struct StopSource::Link {
  Link(const Stop& parent, std::shared_ptr<Stop::State> state)
      : callback(parent.token(), Pass{std::move(state)}) {}
  struct Pass {
    std::shared_ptr<Stop::State> state;
    void operator()() const { state->request(); }
  };
  std::stop_callback<Pass> callback;
};

StopSource::StopSource() : state_(std::make_shared<Stop::State>()) {}

StopSource::StopSource(const Stop& parent)
    : state_(std::make_shared<Stop::State>()),
      deadline_(parent.deadline()),
      link_(std::make_unique<Link>(parent, state_)) {}

StopSource::~StopSource() = default;

void StopSource::request() { state_->request(); }

Stop StopSource::stop() const {
  Stop stop;
  stop.state_ = state_;
  stop.deadline_ = deadline_;
  return stop;
}

}  // namespace cupel
