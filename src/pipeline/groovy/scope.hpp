// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/groovy/value.hpp"
#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline {

/// Local variables of a block, inside those of the block around it.
class Scope {
 public:
  explicit Scope(std::shared_ptr<Scope> parent) : parent_(std::move(parent)) {}

  void declare(std::string_view name, Value value);
  /// Here only: whether `def name` would be a second one.
  bool declares(std::string_view name) const;
  /// Here or outside; null if nowhere.
  Value* find(std::string_view name);
  /// Forgets everything, so that closures kept in variables do not keep each other alive.
  void clear() { variables_.clear(); }

 private:
  std::shared_ptr<Scope> parent_;  // shared: closures keep the scopes that they were made in
  std::vector<std::pair<std::string, Value>> variables_;
};
using ScopePtr = std::shared_ptr<Scope>;

/// A closure: code and the variables around it. The tree outlives the run.
struct Closure {
  const syntax::Closure* code = nullptr;
  ScopePtr scope;
};

}  // namespace cupel::pipeline
