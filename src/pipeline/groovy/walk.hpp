// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

// As their namesakes in value.hpp, for whoever runs Groovy code: what the pipeline's own classes
// throw in toString(), equals(), compareTo(), hashCode(), asBoolean(), iterator() stays what it is.
// The interpreter's lock is held.
Outcome<std::string> text_of(const Value& value);
Outcome<bool> equal_values(const Value& a, const Value& b);
Outcome<int> compare_values(const Value& a, const Value& b);
Outcome<std::int32_t> hash_of(const Value& value);
Outcome<bool> truth_of(const Value& value);
Outcome<std::vector<Value>> elements_of(const Value& value);

}  // namespace cupel::pipeline
