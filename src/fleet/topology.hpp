// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/settings.hpp"
#include "network/plan.hpp"

namespace cupel::fleet {

/// A network card of a machine, as it is to be inside.
struct Interface {
  std::string name;                         ///< "eth1"
  std::string mac;                          ///< "02:c0:00:00:01:01"
  std::vector<std::string> addresses = {};  ///< "10.0.0.1/24"
  friend bool operator==(const Interface&, const Interface&) = default;
};

struct TopologyMachine {
  NodeSettings node;
  std::vector<Interface> interfaces;  ///< in the order that links name them
  friend bool operator==(const TopologyMachine&, const TopologyMachine&) = default;
};

/// What a topology.toml says; docs/topology.md describes it.
struct Topology {
  std::vector<TopologyMachine> machines;
  network::Plan plan;                 ///< without objection; its seed is 0 where none is given
  std::optional<std::uint64_t> seed;  ///< of what happens by chance
  std::vector<std::string> captured;  ///< links with capture = true
  friend bool operator==(const Topology&, const Topology&) = default;
};

inline constexpr std::size_t most_machines = 64;
inline constexpr std::size_t most_interfaces = 16;  ///< of a machine

/// Errors: "lab.toml:3:7: unknown key 'dealy' in [[link]]: did you mean 'delay'?". Files of
/// provisioning lie beside `file`, and inside of that directory.
Result<Topology> read_topology(std::string_view text, const std::string& file);

/// The one that a pipeline names: a file below its project. invalid: it lies elsewhere, or is
/// wrong.
Result<Topology> load_topology(const os::fs::path& project, const std::string& file);

/// The shell script that gives a machine's cards their names and addresses, run as root. It knows
/// them by their slots, first_interface_slot and following. Pure.
std::string interface_script(const std::vector<Interface>& interfaces);

}  // namespace cupel::fleet
