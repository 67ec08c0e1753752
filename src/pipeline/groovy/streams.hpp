// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// A java.util.ListIterator over these, from a place. What is changed through it is changed in
/// `source`, the list, set or map that they are of; without one it only reads.
Value iterator_value(std::vector<Value> items, Value source = Value(), std::size_t place = 0);
/// A java.util.stream.Stream of these. Not lazy: each operation works on all elements at once.
Value stream_value(std::vector<Value> items);
/// A java.util.Optional: nothing for null.
Value optional_value(Value value);
/// What Collectors.toList() and its kin give; `collect` is called with the list of all elements.
Value collector_value(Value collect);

}  // namespace cupel::pipeline
