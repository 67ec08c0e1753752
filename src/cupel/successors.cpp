// SPDX-License-Identifier: Apache-2.0
#include "cupel/successors.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "machine/waiting.hpp"
#include "os/process.hpp"

namespace cupel {

Result<> end_when_due(const std::string& id) {
  std::error_code error;
  os::Spawn spawn;
  spawn.argv = {"cupel", "machine", "expire", id};
  spawn.program = os::fs::read_symlink("/proc/self/exe", error).string();
  if (error) return fail(Fault::unavailable, "find this program: {}", error.message());
  spawn.directory = "/";
  spawn.group = os::Spawn::Group::session;
  auto process = TRY(os::Process::spawn(std::move(spawn)), "watch over machine {}", id);
  process.detach();
  return {};
}

void Demand::begin(const Digest& snapshot) {
  auto counts = counts_.lock();
  auto& count = (*counts)[snapshot];
  count.peak = std::max(count.peak, ++count.now);
}

void Demand::end(const Digest& snapshot) { --(*counts_.lock())[snapshot].now; }

unsigned Demand::peak(const Digest& snapshot) { return (*counts_.lock())[snapshot].peak; }

Successors::~Successors() {
  state_.lock()->closed = true;
  state_.notify();
  static_cast<void>(crew_.join());
}

void Successors::want(const machine::Snapshot& snapshot, const fleet::Ahead& ahead,
                      const Stop& stop) {
  if (ahead.most == 0) return;
  {
    auto state = state_.lock();
    state->wanted.insert_or_assign(snapshot.key, Wanted{snapshot, ahead, stop});
    if (!std::exchange(state->started, true))
      crew_.add("successors", [this](const Stop&) { return work(); });
  }
  state_.notify();
}

Result<> Successors::work() {
  for (;;) {
    std::optional<Wanted> next;
    {
      auto state = TRY(
          state_.wait(Stop{}, [](const State& now) { return now.closed || !now.wanted.empty(); }));
      if (state->wanted.empty()) return {};
      next = std::move(state->wanted.begin()->second);
      state->wanted.erase(state->wanted.begin());
    }
    if (!next->stop.requested()) start(*next);
  }
}

void Successors::start(const Wanted& wanted) {
  const machine::WaitingPolicy policy{wanted.ahead.most, wanted.ahead.time, wanted.ahead.memory};
  const auto started = machine::replenish(wanted.snapshot, machines_,
                                          demand_.peak(wanted.snapshot.key), policy, wanted.stop);
  if (!started) return log_debug("start a machine ahead: {}", started.error().text());
  for (const auto& id : *started)
    if (const auto watched = end_when_due(id); !watched) log_debug("{}", watched.error().text());
}

}  // namespace cupel
