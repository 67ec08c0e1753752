// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/scope.hpp"

#include "base/check.hpp"
#include "pipeline/groovy/evaluator.hpp"

namespace cupel::pipeline {

void Scope::declare(std::string_view name, Value value, const syntax::TypeName* type) {
  variables_.push_back({name, std::move(value), type});
}

bool Scope::declares(std::string_view name) const {
  for (const auto& variable : variables_)
    if (variable.name == name) return true;
  return false;
}

Scope::Variable* Scope::find_variable(std::string_view name) {
  for (auto* scope = this; scope; scope = scope->parent_.get())
    for (auto& variable : scope->variables_)
      if (variable.name == name) return &variable;
  return nullptr;
}

Value* Scope::find(std::string_view name) {
  auto* variable = find_variable(name);
  return variable ? &variable->value : nullptr;
}

std::size_t Closure::parameter_count() const {
  if (!code) return native_parameters;
  return code->explicit_parameters ? code->parameters.size() : 1;
}

Outcome<Value> Closure::call_here(std::vector<Value> arguments) const {
  CHECK(evaluator, "a closure without an evaluator");
  return evaluator->call(*this, std::move(arguments), evaluator->here());
}

Value native_closure(Closure::Native native, std::size_t parameters) {
  auto closure = std::make_shared<Closure>();
  closure->native = std::move(native);
  closure->native_parameters = parameters;
  return Value(std::move(closure));
}

}  // namespace cupel::pipeline
