// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "pipeline/groovy/methods.hpp"

namespace cupel::pipeline {

// Views: keySet(), values() and entrySet() of a map, subList() of a list. A view is a Set or a List
// with what it shows in it, marked as fixed, so that only what knows of views changes one; and it
// knows where it comes from. A copy of a view is none.

Outcome<Value> key_view(std::shared_ptr<Map> map);
Outcome<Value> value_view(std::shared_ptr<Map> map);
Outcome<Value> entry_view(std::shared_ptr<Map> map);
/// From a place of the list to before another; both must be in it.
Outcome<Value> part_view(const Value& list, std::int64_t from, std::int64_t to);

/// Cheap, and true for others that are fixed too.
inline bool may_be_view(const Value& value) {
  if (const auto* list = value.list_here()) return list->fixed;
  const auto* set = value.set_here();
  return set && set->fixed;
}
bool is_view(const Value& value);
/// values() or entrySet(), which are no java.util.List, though they are lists here.
bool is_collection_of_map(const Value& value);

/// Brings a view up to date; nothing for other values. Fails where Java's would, with a
/// ConcurrentModificationException: a part of a list that has grown or shrunk by itself.
Outcome<void> refresh(const Value& value);

/// Calls a method of a list or set on a view: what it changes is changed in the map or list that
/// the view shows. What Java's views refuse is refused: nothing can be added to those of maps.
Outcome<Value> run_on_view(const Method& method, MethodCall& call, std::string_view name);

}  // namespace cupel::pipeline
