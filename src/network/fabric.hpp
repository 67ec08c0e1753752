// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "network/plan.hpp"

namespace cupel::network {

/// An end of a link, by the numbers of both.
struct Plug {
  std::size_t link;
  std::size_t end;  ///< 0 or 1
  Plug other() const { return {link, 1 - end}; }
  friend auto operator<=>(const Plug&, const Plug&) = default;
};

/// What a direction of a link did, since the beginning.
struct Counters {
  std::uint64_t arrived = 0, bytes = 0;  ///< frames at the other end, and what was in them
  std::uint64_t lost = 0, duplicated = 0, queue_full = 0, too_long = 0;
  std::uint64_t down = 0;  ///< offered or under way while the link was down
  friend bool operator==(const Counters&, const Counters&) = default;
};

/// All switches and links of a topology, and what is under way on them. Pure: the clock is an
/// argument, and times do not go back.
class Fabric {
 public:
  /// What may be under way in a direction of a link; frames beyond are dropped as by a full queue.
  static constexpr Bytes most_under_way = mib(16);

  /// A plan without objection.
  explicit Fabric(const Plan& plan);

  /// A machine puts a frame on the cable at its end. What is too short to be a frame is dropped.
  void take(const Plug& from, Frame frame, SteadyTime now);

  struct Arrival {
    Plug at;
    Frame frame;
    SteadyTime time;  ///< when it was due
  };
  /// What came to the end of a link by now, at machines and at switches, in the order of time;
  /// switches have passed it on.
  std::vector<Arrival> arrivals(SteadyTime now);
  /// When arrivals() has something next.
  std::optional<SteadyTime> next_due() const;

  enum class State { up, down };
  void set_state(std::size_t link, State state);
  State state(std::size_t link) const { return links_.at(link).state; }
  /// For frames from now on, in both directions.
  void change(std::size_t link, const LinkSettings& settings);
  const LinkSettings& settings(std::size_t link) const {
    return links_.at(link).directions[0].model.settings();
  }
  /// Of the direction that begins at that end.
  const Counters& counters(const Plug& from) const {
    return links_.at(from.link).directions.at(from.end).counters;
  }

 private:
  struct Direction {
    LinkModel model;
    Counters counters = {};
    std::uint64_t under_way = 0;  ///< bytes
  };
  struct Wire {
    std::array<Direction, 2> directions;  ///< by the end that they begin at
    State state = State::up;
    std::uint64_t cuts = 0;  ///< what was sent before the last one never arrives
  };
  struct SwitchPort {
    std::size_t device;
    std::size_t port;
  };
  struct Travelling {
    Plug from;
    Frame frame;
    std::uint64_t cuts;
  };
  using Due = std::pair<SteadyTime, std::uint64_t>;  // the second: in the order they were sent

  void arrive(SteadyTime due, Travelling travelling, std::vector<Arrival>& arrivals);

  std::vector<Wire> links_;
  std::vector<LearningSwitch> switches_;
  std::map<Plug, SwitchPort> ports_;                // of plugs in switches
  std::vector<std::vector<Plug>> plugs_of_switch_;  // by port
  std::map<Due, Travelling> travelling_;
  std::uint64_t sent_ = 0;
};

}  // namespace cupel::network
