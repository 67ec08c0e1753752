// SPDX-License-Identifier: Apache-2.0
#include "fleet/catalog.hpp"

#include <algorithm>
#include <set>

#include "pipeline/syntax/label.hpp"

namespace cupel::fleet {
namespace {

using LabelSet = std::set<std::string, std::less<>>;

LabelSet labels_of(const NodeSettings& node) {
  LabelSet labels(node.labels.begin(), node.labels.end());
  labels.insert(node.name);
  return labels;
}

}  // namespace

NodeSettings Catalog::plain_node(std::string_view box) {
  NodeSettings node;
  node.name = std::string(box.substr(box.find('/') + 1));
  node.labels = {std::string(box)};
  node.box = std::string(box);
  if (box == tiny_box) node.memory = mib(256);
  return node;
}

Catalog::Catalog(const Settings& settings) {
  const Settings ours{{plain_node(default_box), plain_node(tiny_box)}, {}};
  nodes_ = merge(settings, ours).nodes;
}

std::vector<std::string> Catalog::labels() const {
  LabelSet all{"any"};
  for (const auto& node : nodes_) all.merge(labels_of(node));
  return {all.begin(), all.end()};
}

Result<NodeSettings> Catalog::choose(const std::string& label) const {
  const auto wanted = trim(label);
  const std::string text =
      wanted.empty() || wanted == "any" ? std::string(default_box) : std::string(wanted);
  const auto expression = TRY(pipeline::syntax::parse_label(text));
  for (const auto& node : nodes_)
    if (expression.evaluate(labels_of(node))) return node;

  const auto known = labels();
  for (const auto& name : expression.names()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = nearest(name, known);
    return fail(
        Fault::not_found,
        "no node has the label '{}'{}; known labels: {}; add a [[node]] with it to cupel.toml",
        name, meant ? fmt::format(", did you mean '{}'?", *meant) : "", join(known, ", "));
  }
  return fail(Fault::not_found,
              "no node fits the label '{}'; known labels: {}; add a [[node]] to cupel.toml", text,
              join(known, ", "));
}

Result<std::vector<std::string>> Catalog::named_by(const std::string& label) const {
  std::vector<std::string> names;
  const auto wanted = trim(label);
  const auto expression =
      wanted.empty() ? std::nullopt
                     : std::optional(TRY(pipeline::syntax::parse_label(std::string(wanted))));
  for (const auto& node : nodes_)
    if (!expression || expression->evaluate(labels_of(node))) names.push_back(node.name);
  return names;
}

}  // namespace cupel::fleet
