// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// An object that a pipeline describes: string(credentialsId: 'x') or [$class: 'StringBinding',
/// credentialsId: 'x'].
struct Described {
  std::string kind;  ///< the function's name, or the class without its package
  Arguments arguments;
};

/// Fails, naming the step, where the value describes no object.
Outcome<Described> described(const Value* value, std::string_view step);

/// The entries of a map as arguments; `what` is for the message.
Outcome<Arguments> described_map(const Value& value, std::string_view what);

/// Each of a list, or the only one that stands in its place.
Outcome<std::vector<Described>> all_described(const Value* value, std::string_view step);

}  // namespace cupel::pipeline::steps
