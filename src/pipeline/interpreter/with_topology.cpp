// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_topology.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/held_lease.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/with_node.hpp"

namespace cupel::pipeline {

HeldTopology::HeldTopology(TopologyLease lease) : links_(std::move(lease.links)) {
  for (auto& [name, held] : lease.machines)
    machines_.emplace_back(name, std::make_shared<HeldNode>(std::move(held)));
}

HeldTopology::~HeldTopology() = default;

std::vector<std::string> HeldTopology::names() const {
  std::vector<std::string> all;
  for (const auto& [name, node] : machines_) all.push_back(name);
  return all;
}

std::shared_ptr<HeldNode> HeldTopology::find(const std::string& name) const {
  for (const auto& [held, node] : machines_)
    if (held == name) return node;
  return nullptr;
}

void HeldTopology::end(Lease::Outcome outcome) {
  links_.reset();
  for (const auto& [name, node] : machines_) node->lease().set_outcome(outcome);
  machines_.clear();
}

Outcome<Value> with_topology(const std::string& file, Context& context, const ContextBody& body) {
  const auto topology = std::make_shared<HeldTopology>(TRY(take_topology(file, context)));
  auto result = [&] {
    auto inner = context;
    inner.topology = topology;
    inner.node = nullptr;
    inner.directory.clear();
    return body(inner);
  }();
  if (topology->links())
    for (const auto& line : topology->links()->news()) context.note(line);
  const auto outcome = lease_outcome(result, context);
  auto released = context.run.interpreter.apart(context, "given back", [&]() -> Outcome<Value> {
    topology->end(outcome);
    return Value();
  });
  if (result && !released) return released;
  return result;
}

Outcome<HeldTopology*> topology_around(const Context& context) {
  if (context.topology) return context.topology.get();
  return raise("hudson.AbortException",
               "there is no topology here: use agent {{ topology 'lab.toml' }} or "
               "topology('lab.toml') {{ ... }} around it");
}

Outcome<Value> on_machine(const std::string& name, Context& context, const ContextBody& body) {
  const auto* topology = TRY(topology_around(context));
  const auto node = topology->find(name);
  if (!node) {
    const auto names = topology->names();
    const auto meant = nearest(name, names);
    return raise("hudson.AbortException",
                 "there is no machine '{}' in the topology{}; there are {}", name,
                 meant ? fmt::format(", did you mean '{}'?", *meant) : "", join(names, ", "));
  }
  return run_on(node, context, body);
}

}  // namespace cupel::pipeline
