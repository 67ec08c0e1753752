// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

class Evaluator;
class UserClass;

/// An object of the interface whose methods are a closure, or the closures of a map by name. `own`
/// is the interface where the pipeline defines it: its default methods work too.
Value make_proxy(Evaluator& evaluator, std::string type, Value code, UserClass* own = nullptr);

}  // namespace cupel::pipeline
