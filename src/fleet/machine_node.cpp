// SPDX-License-Identifier: Apache-2.0
#include "fleet/machine_node.hpp"

#include <algorithm>

namespace cupel::fleet {
namespace {

constexpr std::string_view prefix = "cupel/";

Result<NodeSettings> beginning(const Catalog& catalog, const std::string& label,
                               const std::string& box) {
  if (trim(label).empty()) return Catalog::plain_node(box);
  auto node = TRY(catalog.choose(label));
  if (node.kind == NodeSettings::Kind::host)
    return fail(Fault::invalid,
                "the node '{}' is this host: a machine starts from a node of kind machine",
                node.name);
  return node;
}

}  // namespace

std::vector<std::string> box_names() { return {std::string(default_box), std::string(tiny_box)}; }

Result<std::string> box_named(const std::string& name) {
  const auto known = box_names();
  const auto whole = name.find('/') == std::string::npos ? std::string(prefix) + name : name;
  if (std::find(known.begin(), known.end(), whole) != known.end()) return whole;
  const auto meant = nearest(whole, known);
  return fail(Fault::not_found, "there is no box '{}'{}; known boxes: {}", name,
              meant ? fmt::format(", did you mean '{}'?", *meant) : "", join(known, ", "));
}

Result<NodeSettings> node_of(const Catalog& catalog, const std::string& label,
                             const pipeline::MachineWish& wish, const os::fs::path& project) {
  const auto box = wish.box ? TRY(box_named(*wish.box)) : std::string();
  auto node = TRY(beginning(catalog, label, box.empty() ? std::string(default_box) : box));
  if (!box.empty()) node.box = box;
  if (wish.cpus) node.cpus = *wish.cpus;
  if (wish.cpu) node.cpu = wish.cpu;
  if (wish.memory) node.memory = *wish.memory;
  if (wish.disk) node.disk = wish.disk;
  for (auto step : wish.provision) {
    if (!step.source.empty()) {
      step.source = (project / step.source).lexically_normal();
      step.inside = project;
    }
    node.provision.push_back(std::move(step));
  }
  return node;
}

}  // namespace cupel::fleet
