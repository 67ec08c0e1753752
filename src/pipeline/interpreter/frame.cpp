// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/frame.hpp"

namespace cupel::pipeline {

ScriptObject* Home::script() const { return dynamic_cast<ScriptObject*>(self.object_here()); }

std::vector<Value> CallArguments::all() const {
  std::vector<Value> values;
  values.reserve(positional.size() + 2);
  if (named) values.emplace_back(named);
  values.insert(values.end(), positional.begin(), positional.end());
  if (trailing) values.emplace_back(trailing);
  return values;
}

}  // namespace cupel::pipeline
