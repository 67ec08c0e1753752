// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline::syntax {

/// What an agent asks of a node: "linux && (kvm || metal) && !old". Jenkins' -> and <-> too.
struct Label {
  enum class Kind { name, not_, and_, or_, implies, equals };
  Kind kind = Kind::name;
  std::string name;             ///< of kind name only
  std::vector<Label> operands;  ///< one for not_, else two or more

  bool evaluate(const std::set<std::string, std::less<>>& node_labels) const;

  /// Each name in it, once, in written order: for "unknown label" messages.
  std::vector<std::string> names() const;

  friend bool operator==(const Label&, const Label&) = default;
};

/// The error says what is wrong with the text: "label 'a &&': a name is missing behind '&&'".
Result<Label> parse_label(std::string_view text);

}  // namespace cupel::pipeline::syntax
