// SPDX-License-Identifier: Apache-2.0
#include "network/learning_switch.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace cupel::network {
namespace {

using Kind = PortVlans::Kind;

/// The VLAN of a frame that comes in at such a port, 0 where there are none; nothing: not let in.
std::optional<Vlan> vlan_of(const FrameHead& head, const PortVlans& port) {
  if (port.kind == Kind::all) return Vlan{0};
  if (port.kind == Kind::access) {
    if (head.vlan) return std::nullopt;
    return port.vlans.front();
  }
  const auto& allowed = port.vlans;
  if (!head.vlan || std::find(allowed.begin(), allowed.end(), *head.vlan) == allowed.end())
    return std::nullopt;
  return head.vlan;
}

bool carries(const PortVlans& port, Vlan vlan) {
  return port.kind == Kind::all ||
         std::find(port.vlans.begin(), port.vlans.end(), vlan) != port.vlans.end();
}

/// 01:80:c2:00:00:00 .. 0f
bool stays_on_the_cable(const Mac& to) {
  constexpr std::array<std::uint8_t, 5> reserved = {0x01, 0x80, 0xc2, 0x00, 0x00};
  return std::equal(reserved.begin(), reserved.end(), to.bytes.begin()) && to.bytes[5] < 0x10;
}

}  // namespace

LearningSwitch::LearningSwitch(std::vector<PortVlans> ports, Duration ageing)
    : ports_(std::move(ports)), ageing_(ageing) {
  for (const auto& port : ports_) {
    CHECK(port.kind != Kind::access || port.vlans.size() == 1, "an access port has one VLAN");
  }
}

void LearningSwitch::learn(const Station& station, std::size_t port, SteadyTime now) {
  if (station.second.is_group()) return;
  if (seen_.size() >= most_addresses && seen_.find(station) == seen_.end()) {
    std::erase_if(seen_, [&](const auto& one) { return now - one.second.at > ageing_; });
    if (seen_.size() >= most_addresses) return;
  }
  seen_.insert_or_assign(station, Seen{port, now});
}

std::vector<LearningSwitch::Outgoing> LearningSwitch::forward(std::size_t port, const Frame& frame,
                                                              SteadyTime now) {
  const auto head = head_of(frame);
  if (!head || stays_on_the_cable(head->to)) return {};
  const auto vlan = vlan_of(*head, ports_.at(port));
  if (!vlan) return {};
  learn({*vlan, head->from}, port, now);

  const auto known = seen_.find({*vlan, head->to});
  const bool is_known = known != seen_.end() && now - known->second.at <= ageing_;
  std::vector<Outgoing> out;
  for (std::size_t to = 0; to < ports_.size(); ++to) {
    if (to == port || !carries(ports_[to], *vlan) || (is_known && known->second.port != to))
      continue;
    switch (ports_[to].kind) {
      case Kind::all: out.push_back({to, frame}); break;
      case Kind::access: out.push_back({to, without_tag(frame)}); break;
      case Kind::trunk:
        out.push_back({to, head->vlan ? frame : with_tag(without_tag(frame), *vlan)});
        break;
    }
  }
  return out;
}

void LearningSwitch::forget(std::size_t port) {
  std::erase_if(seen_, [&](const auto& one) { return one.second.port == port; });
}

}  // namespace cupel::network
