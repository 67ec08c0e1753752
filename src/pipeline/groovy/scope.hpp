// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/groovy/value.hpp"
#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline {

class Evaluator;
struct Context;
struct Home;
template <typename T>
class Outcome;

/// Local variables of a block, inside those of the block around it.
class Scope {
 public:
  explicit Scope(std::shared_ptr<Scope> parent) : parent_(std::move(parent)) {}

  struct Variable {
    std::string_view name;
    Value value;
    const syntax::TypeName* type = nullptr;  ///< what is assigned is made of it; null: anything
  };

  /// The name and the type must outlive the scope: they lie in a tree, or are literals.
  void declare(std::string_view name, Value value, const syntax::TypeName* type = nullptr);
  /// Here only: whether `def name` would be a second one.
  bool declares(std::string_view name) const;
  /// Here or outside; null if nowhere.
  Value* find(std::string_view name);
  Variable* find_variable(std::string_view name);
  /// Forgets everything, so that closures kept in variables do not keep each other alive.
  void clear() { variables_.clear(); }
  /// That a closure keeps it; true for the first.
  bool mark_captured() { return !std::exchange(captured_, true); }

 private:
  std::shared_ptr<Scope> parent_;  // shared: closures keep the scopes that they were made in
  std::vector<Variable> variables_;
  bool captured_ = false;
};
using ScopePtr = std::shared_ptr<Scope>;

/// Where a closure looks for names that are not variables around it.
enum class Resolve { owner_first = 0, delegate_first, owner_only, delegate_only, to_self };

/// Something that can be called: code of the pipeline and the variables around it (the tree
/// outlives the run), or a function of ours: a method pointer, a curried or composed closure.
struct Closure : std::enable_shared_from_this<Closure> {
  using Native = std::function<Outcome<Value>(std::vector<Value>, Context&)>;

  const syntax::Closure* code = nullptr;
  ScopePtr scope;
  std::shared_ptr<const Home> home;  // shared: what the code belongs to
  Evaluator* evaluator = nullptr;    ///< of the code
  Native native;                     ///< in place of code
  Value owner, this_object, delegate;
  Resolve strategy = Resolve::owner_first;
  std::size_t native_parameters = 1;

  /// As getMaximumNumberOfParameters(): 1 for the implicit `it`.
  std::size_t parameter_count() const;
  /// Calls it from where there is no context at hand.
  Outcome<Value> call_here(std::vector<Value> arguments) const;
};

/// A closure of ours.
Value native_closure(Closure::Native native, std::size_t parameters = 1);

}  // namespace cupel::pipeline
