// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "network/fabric.hpp"
#include "network/pcap.hpp"
#include "network/port.hpp"
#include "os/poller.hpp"

namespace cupel::network {

/// A running network: moves frames between the machines of a topology from one thread, until it is
/// destroyed. Any thread may call it; no call blocks for longer than a turn of that thread.
class Network {
 public:
  /// Hears one line about each interface that is lost, on the network's thread.
  using News = std::function<void(std::string_view line)>;

  /// A plan without objection.
  static Result<std::unique_ptr<Network>> start(Plan plan, News news);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Plugs a machine's interface in: a connected socket of QEMU's `-netdev stream`, non-blocking.
  Result<> attach(const End& end, os::Fd socket);

  // not_found: there is no such link; the text names those that are.
  Result<> set_state(const std::string& link, Fabric::State state);
  Result<> change(const std::string& link, const LinkChange& change);
  /// Writes what arrives at either end to a new file from now on, until stop_capture() or the end.
  /// conflict: the file is there, or the link is captured already.
  Result<> capture(const std::string& link, const std::string& path);
  /// The file is whole afterwards; how many frames did not fit into it. conflict: there is none.
  Result<std::uint64_t> stop_capture(const std::string& link);
  /// What came in at the first end and what at the second.
  Result<std::array<Counters, 2>> counters(const std::string& link);
  /// Frames that were dropped since a machine did not take them.
  std::uint64_t refused() { return state_.lock()->refused; }

 private:
  struct Plugged {
    Port port;
    bool waits_for_room = false;
  };
  struct State {
    explicit State(const Plan& plan) : fabric(plan) {}
    Fabric fabric;
    std::map<Plug, Plugged> plugged = {};
    std::map<std::size_t, Capture> captures = {};
    std::uint64_t refused = 0;
    std::vector<std::string> news = {};  ///< to be told outside of the lock
  };

  Network(Plan plan, News news, os::Poller poller, os::Alarm alarm);
  Result<> work(const Stop& stop);
  Result<> turn(const std::vector<os::Poller::Ready>& ready);
  void serve(State& state, const os::Poller::Ready& ready, SteadyTime now);
  void deliver(State& state, SteadyTime now);
  void watch_for_room(const Plug& plug, Plugged& plugged);
  void unplug(State& state, const Plug& plug, const Error& why);
  Result<std::size_t> link_named(const std::string& name) const;

  const Plan plan_;
  const News news_;
  os::Poller poller_;
  os::Alarm alarm_;
  Locked<State> state_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace cupel::network
