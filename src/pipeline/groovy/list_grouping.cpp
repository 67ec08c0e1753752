// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

Outcome<std::shared_ptr<Map>> grouped(MethodCall& call, const Values& items, const Value& by) {
  auto groups = std::make_shared<Map>();
  for (const auto& item : items) {
    auto key = TRY(call.evaluator.call(by, {item}, call.context));
    if (auto* group = groups->find(key))
      group->list_here()->items.push_back(item);
    else
      TRY(Outcome<void>(groups->put(key, Value::list({item}))));
  }
  TRY(call.evaluator.charge(items.size() * sizeof(Value)));
  return groups;
}

/// By several closures: groups within groups.
Outcome<Value> group_at(MethodCall& call, const Values& items, const Values& by,
                        std::size_t level) {
  auto groups = TRY(grouped(call, items, by[level]));
  if (level + 1 < by.size())
    for (const auto& [key, group] : std::vector<Map::Entry>(groups->entries()))
      TRY(Outcome<void>(
          groups->put(key, TRY(group_at(call, group.list_here()->items, by, level + 1)))));
  return Value(std::move(groups));
}

Outcome<Value> group_by(MethodCall& call) {
  auto by = call.arguments;
  if (by.size() == 1 && by[0].list_here()) by = Values(by[0].list_here()->items);
  if (by.empty()) return missing_method(call.self, "groupBy", call.arguments);
  return group_at(call, TRY(call.items()), by, 0);
}

Outcome<Value> count_by(MethodCall& call) {
  auto counts = std::make_shared<Map>();
  for (const auto& item : TRY(call.items())) {
    const auto key = TRY(call.apply({item}));
    const auto* known = counts->find(key);
    TRY(Outcome<void>(counts->put(key, Value((known ? *known->as_integer() : 0) + 1))));
  }
  return Value(std::move(counts));
}

}  // namespace

void add_grouping(MethodTable& table) {
  table = {
      {"groupBy", {1, any_number, group_by}},
      {"countBy", {1, 1, count_by}},
  };
}

}  // namespace cupel::pipeline
