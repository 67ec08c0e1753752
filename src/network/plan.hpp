// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "network/learning_switch.hpp"
#include "network/link_model.hpp"

namespace cupel::network {

/// Where a link ends: an interface of a machine, or a switch, which has a port for each link.
struct End {
  std::string device;
  std::string interface = {};  ///< empty: a switch
  bool is_switch() const { return interface.empty(); }
  /// "r1:eth1", "sw1"
  std::string text() const { return is_switch() ? device : device + ":" + interface; }
  friend bool operator==(const End&, const End&) = default;
};

struct Link {
  std::string name;
  std::array<End, 2> ends;
  LinkSettings settings = {};
  PortVlans vlans = {};  ///< of the switches' ports that it is plugged into
  friend bool operator==(const Link&, const Link&) = default;
};

/// The network of a topology.
struct Plan {
  std::vector<std::string> switches;
  std::vector<Link> links;
  std::uint64_t seed = 0;  ///< of what happens by chance
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// Why a plan cannot be, and which of its links shows it.
struct Objection {
  std::size_t link;
  std::string text;
};
/// An interface with two cables, a switch that is not there, VLANs on a switch that has ports
/// without, switches in a loop (frames would circle for ever). Nothing: it is sound.
std::optional<Objection> objection_to(const Plan& plan);

}  // namespace cupel::network
