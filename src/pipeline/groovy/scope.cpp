// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/scope.hpp"

namespace cupel::pipeline {

void Scope::declare(std::string_view name, Value value) {
  variables_.emplace_back(name, std::move(value));
}

bool Scope::declares(std::string_view name) const {
  for (const auto& [known, _] : variables_)
    if (known == name) return true;
  return false;
}

Value* Scope::find(std::string_view name) {
  for (auto* scope = this; scope; scope = scope->parent_.get())
    for (auto& [known, value] : scope->variables_)
      if (known == name) return &value;
  return nullptr;
}

}  // namespace cupel::pipeline
