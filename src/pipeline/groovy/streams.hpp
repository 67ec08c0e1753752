// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// A java.util.Iterator over these.
Value iterator_value(std::vector<Value> items);
/// A java.util.stream.Stream of these. Not lazy: each operation works on all elements at once.
Value stream_value(std::vector<Value> items);
/// A java.util.Optional: nothing for null.
Value optional_value(Value value);
/// What Collectors.toList() and its kin give; `collect` is called with the list of all elements.
Value collector_value(Value collect);

}  // namespace cupel::pipeline
