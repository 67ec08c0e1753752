// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

/// `name`, `name arguments` or `name(arguments) { }` as a statement: what declarative blocks hold.
struct Directive {
  std::string_view name;
  const Call* call = nullptr;  ///< null for a lone name
  Span name_span;
  Span span;

  /// The arguments without the closures behind them.
  std::vector<const Argument*> arguments() const;
  /// The block, if there is exactly one and nothing else.
  const Block* only_block() const;
  /// The only argument, if it is one without a name.
  const Expression* only_value() const;
};

std::optional<Directive> directive_of(const Statement& statement);
std::optional<Directive> directive_of(const Expression& expression);

/// The text of a string literal without interpolation.
const std::string* literal_text(const Expression* expression);

/// The block of a closure argument without parameters.
const Block* block_of(const Expression* expression);

}  // namespace cupel::pipeline::syntax
