// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// A java.util.Map$Entry that stands in a map: it shows the value that the map has, and what is set
/// in it is set in the map. `value` is what it keeps where the map loses the key. A MapEntry is one
/// that stands in none.
Value entry_of(std::shared_ptr<Map> map, Value key, Value value);

/// Key and value of an entry of either kind.
std::optional<Map::Entry> as_entry(const Value& value);

}  // namespace cupel::pipeline
