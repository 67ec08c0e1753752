// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

Outcome<Value> fixed_copy(MethodCall& call) {
  auto items = TRY(call.items());
  if (call.self.set_here()) {
    auto value = TRY(same_kind(call, std::move(items)));
    value.set_here()->fixed = true;
    return value;
  }
  auto value = TRY(call.list_value(std::move(items)));
  value.list_here()->fixed = true;
  return value;
}

Outcome<Value> copy(MethodCall& call) {
  if (const auto set = call.self.as_set()) {
    auto same = std::make_shared<Set>(*set);
    same->fixed = false;
    return Value(std::move(same));
  }
  if (const auto list = call.self.as_list()) {
    auto same = std::make_shared<List>(*list);
    same->fixed = false;
    TRY(call.evaluator.charge(same->items.size() * sizeof(Value)));
    return Value(std::move(same));
  }
  return call.self;
}

Outcome<Value> to_array(MethodCall& call) {
  auto items = TRY(call.items());
  TRY(call.evaluator.charge(items.size() * sizeof(Value)));
  return Value::array(std::move(items), "java.lang.Object");
}

Outcome<Value> is_case(MethodCall& call) {
  MethodTable table;
  add_searching(table);
  return table.at("contains").run(call);
}

Outcome<Value> itself(MethodCall& call) { return call.self; }

Outcome<Value> with_default(MethodCall& call) {
  return refuse("withDefault() of a {} is not supported; of a map it is", call.self.type_name());
}

}  // namespace

void add_list_shape(MethodTable& table) {
  table = {
      {"asImmutable", {0, 0, fixed_copy}},
      {"asUnmodifiable", {0, 0, fixed_copy}},
      {"asSynchronized", {0, 0, itself}},
      {"clone", {0, 0, copy}},
      {"toArray", {0, 1, to_array}},
      {"isCase", {1, 1, is_case}},
      {"spread", {0, 0, itself}},
      {"withDefault", {1, 1, with_default}},
      {"withLazyDefault", {1, 1, with_default}},
      {"withEagerDefault", {1, 1, with_default}},
      {"trimToSize", {0, 0, [](MethodCall&) -> Outcome<Value> { return Value(); }}},
      {"ensureCapacity", {1, 1, [](MethodCall&) -> Outcome<Value> { return Value(); }}},
  };
}

}  // namespace cupel::pipeline
