// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "base/stop.hpp"
#include "network/frame.hpp"

namespace cupel::network {

/// Which VLANs a switch's port is in.
struct PortVlans {
  /// all: the switch knows no VLANs and leaves tags alone. access: one VLAN, without tags on the
  /// cable. trunk: several, with tags.
  enum class Kind { all, access, trunk } kind = Kind::all;
  std::vector<Vlan> vlans = {};  ///< one for access
  friend bool operator==(const PortVlans&, const PortVlans&) = default;
};

/// An Ethernet switch: learns where addresses are, and floods what it does not know. Pure: the
/// clock is an argument. What 802.1D keeps on one cable (spanning tree, LACP, LLDP) is not
/// forwarded.
class LearningSwitch {
 public:
  static constexpr Duration default_ageing = std::chrono::minutes(5);
  static constexpr std::size_t most_addresses = 8192;  ///< what comes beyond is flooded

  explicit LearningSwitch(std::vector<PortVlans> ports, Duration ageing = default_ageing);

  struct Outgoing {
    std::size_t port;
    Frame frame;
    friend bool operator==(const Outgoing&, const Outgoing&) = default;
  };
  /// Where a frame that came in at `port` goes, and in what form.
  std::vector<Outgoing> forward(std::size_t port, const Frame& frame, SteadyTime now);
  /// The cable there was cut.
  void forget(std::size_t port);

 private:
  struct Seen {
    std::size_t port;
    SteadyTime at;
  };
  using Station = std::pair<Vlan, Mac>;  // VLAN 0: none
  void learn(const Station& station, std::size_t port, SteadyTime now);

  std::vector<PortVlans> ports_;
  Duration ageing_;
  std::map<Station, Seen> seen_;
};

}  // namespace cupel::network
