// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "fleet/settings.hpp"

namespace cupel::fleet {

/// The nodes that there are: those of the settings, then one for each of our boxes. Immutable.
class Catalog {
 public:
  explicit Catalog(const Settings& settings);

  /// A node of that box as it is without any settings.
  static NodeSettings plain_node(std::string_view box);

  /// The first node that fits a label expression. "" and "any" are the default box's node.
  /// invalid: the text is no expression. not_found: no node fits; the text lists what there is.
  Result<NodeSettings> choose(const std::string& label) const;

  /// The names of all nodes that fit; none is no failure. invalid: the text is no expression.
  Result<std::vector<std::string>> named_by(const std::string& label) const;

  /// Sorted, each once.
  std::vector<std::string> labels() const;
  const std::vector<NodeSettings>& nodes() const { return nodes_; }

 private:
  std::vector<NodeSettings> nodes_;
};

}  // namespace cupel::fleet
