// SPDX-License-Identifier: Apache-2.0
#include "network/plan.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cupel::network {
namespace {

/// Which switches are joined already, so that a link between two of the same group is seen.
class Groups {
 public:
  std::string of(const std::string& device) {
    auto at = device;
    for (auto up = above_.find(at); up != above_.end(); up = above_.find(at)) at = up->second;
    return at;
  }
  /// False: they were.
  bool join(const std::string& one, const std::string& other) {
    const auto first = of(one), second = of(other);
    if (first == second) return false;
    above_[first] = second;
    return true;
  }

 private:
  std::map<std::string, std::string> above_;
};

/// What a plan's links have used up so far.
struct Seen {
  std::set<std::string> names;
  std::map<std::string, std::string> interfaces;  // by their text: the link
  std::map<std::string, bool> switches_with_vlans;
  Groups groups;
};

std::string objection_to_end(const Link& link, const End& end, const Plan& plan, Seen& seen) {
  if (!end.is_switch()) {
    const auto [at, is_new] = seen.interfaces.emplace(end.text(), link.name);
    if (is_new) return "";
    return fmt::format("{} is on the link '{}' already", end.text(), at->second);
  }
  const auto& all = plan.switches;
  if (std::find(all.begin(), all.end(), end.device) == all.end())
    return fmt::format("there is no switch '{}'", end.device);
  const bool has_vlans = link.vlans.kind != PortVlans::Kind::all;
  const auto [at, is_new] = seen.switches_with_vlans.emplace(end.device, has_vlans);
  if (is_new || at->second == has_vlans) return "";
  return fmt::format(
      "the switch '{}' has links with and without VLANs: say 'vlan' or 'trunk' for "
      "all of them or for none",
      end.device);
}

std::string objection_to_link(const Link& link, const Plan& plan, Seen& seen) {
  if (!seen.names.insert(link.name).second)
    return fmt::format("there are two links '{}'", link.name);
  for (const auto& end : link.ends)
    if (auto text = objection_to_end(link, end, plan, seen); !text.empty()) return text;
  const auto& [one, other] = link.ends;
  if (!one.is_switch() && !other.is_switch() && link.vlans.kind != PortVlans::Kind::all)
    return "VLANs are a switch's: a link between two machines has none of its own";
  if (one.is_switch() && other.is_switch() && !seen.groups.join(one.device, other.device))
    return fmt::format("the switches '{}' and '{}' are in a loop: frames would circle for ever",
                       one.device, other.device);
  return "";
}

}  // namespace

std::optional<Objection> objection_to(const Plan& plan) {
  Seen seen;
  for (std::size_t i = 0; i < plan.links.size(); ++i)
    if (auto text = objection_to_link(plan.links[i], plan, seen); !text.empty())
      return Objection{i, std::move(text)};
  return std::nullopt;
}

}  // namespace cupel::network
