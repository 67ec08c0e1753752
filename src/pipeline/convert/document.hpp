// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cupel::pipeline::convert {

/// A part of a foreign JSON document, with its place in it for errors. Borrows the document.
class Node {
 public:
  Node(const json::Value& value, std::string path) : value_(&value), path_(std::move(path)) {}

  bool is_array() const { return value_->as_array() != nullptr; }
  const json::Value& value() const { return *value_; }

  /// Each fails, naming the place, where the part is missing or of another kind.
  Result<Node> member(std::string_view key) const;
  /// Nothing if there is none.
  Result<std::optional<Node>> find(std::string_view key) const;
  Result<std::vector<Node>> elements() const;
  Result<std::string> text() const;
  Result<bool> flag() const;
  /// That it has no other members than these.
  Result<> only(std::initializer_list<std::string_view> keys) const;

  tl::unexpected<Error> wrong(std::string_view what) const;

 private:
  const json::Value* value_;
  std::string path_;
};

/// {"isLiteral": ..., "value": ...} as Groovy.
Result<std::string> value(const Node& node);
/// A text that is one Groovy word.
Result<std::string> word(const Node& node);
/// A text as the name of an argument: a word, or quoted.
Result<std::string> argument_name(const Node& node);

}  // namespace cupel::pipeline::convert
