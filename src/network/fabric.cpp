// SPDX-License-Identifier: Apache-2.0
#include "network/fabric.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace cupel::network {
namespace {

/// FNV-1a: the same everywhere, so that a link has its chances whatever other links there are.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::uint64_t seed_of(const Plan& plan, const Link& link, std::size_t end) {
  return plan.seed ^ hash_of(link.name + (end == 0 ? ">" : "<"));
}

}  // namespace

Fabric::Fabric(const Plan& plan) {
  CHECK(!objection_to(plan), "{}", objection_to(plan)->text);
  std::vector<std::vector<PortVlans>> vlans(plan.switches.size());
  plugs_of_switch_.resize(plan.switches.size());
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    const auto& link = plan.links[i];
    links_.push_back({{Direction{LinkModel(link.settings, seed_of(plan, link, 0))},
                       Direction{LinkModel(link.settings, seed_of(plan, link, 1))}}});
    for (std::size_t end = 0; end < link.ends.size(); ++end) {
      if (!link.ends[end].is_switch()) continue;
      const auto& names = plan.switches;
      const auto at = std::find(names.begin(), names.end(), link.ends[end].device) - names.begin();
      const auto device = static_cast<std::size_t>(at);
      ports_.emplace(Plug{i, end}, SwitchPort{device, plugs_of_switch_[device].size()});
      plugs_of_switch_[device].push_back({i, end});
      vlans[device].push_back(link.vlans);
    }
  }
  for (auto& ports : vlans) switches_.emplace_back(std::move(ports));
}

void Fabric::take(const Plug& from, Frame frame, SteadyTime now) {
  if (frame.size() < shortest_frame) return;
  auto& wire = links_.at(from.link);
  auto& direction = wire.directions.at(from.end);
  auto& counters = direction.counters;
  if (wire.state == State::down) {
    ++counters.down;
    return;
  }
  if (direction.under_way + frame.size() > most_under_way.count) {
    ++counters.queue_full;
    return;
  }
  const auto fate = direction.model.offer(frame.size(), now);
  switch (fate.kind) {
    case Fate::Kind::lost: ++counters.lost; return;
    case Fate::Kind::queue_full: ++counters.queue_full; return;
    case Fate::Kind::too_long: ++counters.too_long; return;
    case Fate::Kind::arrives: break;
  }
  counters.duplicated += fate.copies - 1;
  for (unsigned copy = 0; copy < fate.copies; ++copy) {
    direction.under_way += frame.size();
    travelling_.emplace(Due{fate.at, sent_++}, Travelling{from, frame, wire.cuts});
  }
}

void Fabric::arrive(SteadyTime due, Travelling travelling, std::vector<Arrival>& arrivals) {
  const auto& [from, frame, cuts] = travelling;
  auto& wire = links_[from.link];
  auto& direction = wire.directions[from.end];
  direction.under_way -= frame.size();
  if (cuts != wire.cuts) {
    ++direction.counters.down;
    return;
  }
  ++direction.counters.arrived;
  direction.counters.bytes += frame.size();
  const auto at = from.other();
  if (const auto port = ports_.find(at); port != ports_.end()) {
    const auto& [device, number] = port->second;
    for (auto& out : switches_[device].forward(number, frame, due))
      take(plugs_of_switch_[device][out.port], std::move(out.frame), due);
  }
  arrivals.push_back({at, std::move(travelling.frame), due});
}

std::vector<Fabric::Arrival> Fabric::arrivals(SteadyTime now) {
  std::vector<Arrival> result;
  while (!travelling_.empty() && travelling_.begin()->first.first <= now) {
    auto node = travelling_.extract(travelling_.begin());
    arrive(node.key().first, std::move(node.mapped()), result);
  }
  return result;
}

std::optional<SteadyTime> Fabric::next_due() const {
  if (travelling_.empty()) return std::nullopt;
  return travelling_.begin()->first.first;
}

void Fabric::set_state(std::size_t link, State state) {
  auto& wire = links_.at(link);
  if (wire.state == state) return;
  wire.state = state;
  if (state == State::up) return;
  ++wire.cuts;
  for (std::size_t end = 0; end < wire.directions.size(); ++end)
    if (const auto port = ports_.find({link, end}); port != ports_.end())
      switches_[port->second.device].forget(port->second.port);
}

void Fabric::change(std::size_t link, const LinkSettings& settings) {
  for (auto& direction : links_.at(link).directions) direction.model.change(settings);
}

}  // namespace cupel::network
