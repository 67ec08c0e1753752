// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// One environment { } while it is evaluated. A value may name others of the block in any order;
/// naming itself means the outer value.
class LazyEnvironment {
 public:
  /// Borrows both.
  LazyEnvironment(Interpreter& interpreter, const std::vector<syntax::EnvironmentEntry>& entries)
      : interpreter_(interpreter), entries_(entries) {}

  /// Nothing if the block has no such name, or it is being evaluated just now for itself.
  Outcome<std::optional<Value>> find(const std::string& name, Context& context);

  /// Evaluates all, in their order. Takes the interpreter's lock.
  static Outcome<Variables> evaluate(Interpreter& interpreter,
                                     const std::vector<syntax::EnvironmentEntry>& entries,
                                     Context context);

 private:
  Interpreter& interpreter_;
  const std::vector<syntax::EnvironmentEntry>& entries_;
  Variables known_;
  std::vector<std::string> evaluating_;
};

}  // namespace cupel::pipeline
