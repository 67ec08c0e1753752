// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline {

/// A plain value that is known without running.
struct Constant {
  std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<Constant>> value;

  bool is_true() const;  ///< as Groovy takes it: "" and 0 and null are not
  std::string text() const;
  friend bool operator==(const Constant&, const Constant&) = default;
};

/// What a name stands for, where that is known: `env`, `params` or "" (a bare name), and the name.
using Names = std::function<std::optional<Constant>(std::string_view of, std::string_view name)>;

/// The value of an expression if it follows from literals and known names alone; calls nothing but
/// methods of texts that have no effect. Nothing where it depends on more.
std::optional<Constant> constant(const syntax::Expression& expression, const Names& names);

/// The value of a block that is one expression or one return; else nothing.
std::optional<Constant> constant(const syntax::Block& block, const Names& names);

}  // namespace cupel::pipeline
