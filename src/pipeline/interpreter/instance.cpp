// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/instance.hpp"

#include <fmt/format.h>

#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

Outcome<Value> get_of(const Value& self, const std::string& name, Context& context) {
  auto& state = *self.object_here()->instance();
  auto found = TRY(state.interpreter.find_in_instance(self, name, context));
  if (found) return std::move(*found);
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               state.type.name);
}

Outcome<Value> call_of(const Value& self, const std::string& name, std::vector<Value>& values,
                       Context& context) {
  auto& state = *self.object_here()->instance();
  auto found = TRY(state.interpreter.call_in_instance(self, name, values, context));
  if (found) return std::move(*found);
  return state.interpreter.no_method(state.type.name, name, values);
}

}  // namespace

Value* InstanceState::find(std::string_view field) {
  for (auto& [name, value] : fields)
    if (name == field) return &value;
  return nullptr;
}

void InstanceState::set(std::string_view field, Value value) {
  if (auto* known = find(field))
    *known = std::move(value);
  else
    fields.emplace_back(field, std::move(value));
}

Outcome<Value> Instance::get(const std::string& name, Context& context) {
  return get_of(Value(shared_from_this()), name, context);
}

Outcome<void> Instance::set(const std::string& name, const Value& value, Context& context) {
  return state_.interpreter.set_in_instance(Value(shared_from_this()), name, value, context);
}

Outcome<Value> Instance::call(const std::string& name, std::vector<Value>& arguments,
                              Context& context) {
  return call_of(Value(shared_from_this()), name, arguments, context);
}

Outcome<std::string> Instance::to_string() {
  const Value self(shared_from_this());
  auto text = TRY(state_.interpreter.call_own(self, "toString", {}));
  if (text) return text_of(*text);
  return fmt::format("{}@{:x}", state_.type.name, state_.number);
}

Outcome<bool> Instance::equals(const Value& other) {
  auto same = TRY(state_.interpreter.call_own(Value(shared_from_this()), "equals", {other}));
  if (same) return pipeline::truth(*same);
  return other.object_here() == this;
}

Outcome<std::int32_t> Instance::hash() {
  auto hash = TRY(state_.interpreter.call_own(Value(shared_from_this()), "hashCode", {}));
  if (hash && hash->as_integer()) return static_cast<std::int32_t>(*hash->as_integer());
  return static_cast<std::int32_t>(state_.number);
}

Outcome<bool> Instance::truth() {
  auto yes = TRY(state_.interpreter.call_own(Value(shared_from_this()), "asBoolean", {}));
  return !yes || pipeline::truth(*yes);
}

Outcome<std::optional<int>> Instance::compare(const Value& other) {
  auto order = TRY(state_.interpreter.call_own(Value(shared_from_this()), "compareTo", {other}));
  if (!order || !order->as_integer()) return std::optional<int>();
  return std::optional<int>(*order->as_integer() < 0 ? -1 : *order->as_integer() > 0 ? 1 : 0);
}

Outcome<std::vector<Value>> Instance::items() {
  const Value self(shared_from_this());
  auto iterator = TRY(state_.interpreter.call_own(self, "iterator", {}));
  if (!iterator) return std::vector<Value>{self};
  if (!iterator->object_here()) return elements_of(*iterator);
  std::vector<Value> items;
  auto& interpreter = state_.interpreter;
  // An iterator of the pipeline's own.
  if (iterator->object_here()->instance()) {
    while (TRY(truth_of(TRY(interpreter.invoke(*iterator, "hasNext", {}, interpreter.here()))))) {
      items.push_back(TRY(interpreter.invoke(*iterator, "next", {}, interpreter.here())));
      if (items.size() > max_items) return refuse("an iterator gave more than {} items", max_items);
    }
    return items;
  }
  return elements_of(*iterator);
}

Outcome<Value> Instance::at(const Value& key, Context& context) {
  const Value self(shared_from_this());
  auto found = TRY(state_.interpreter.call_own(self, "getAt", {key}));
  if (found) return std::move(*found);
  return get(TRY(text_of(key)), context);
}

Outcome<void> Instance::put_at(const Value& key, const Value& value, Context& context) {
  const Value self(shared_from_this());
  if (TRY(state_.interpreter.call_own(self, "putAt", {key, value}))) return {};
  return set(TRY(text_of(key)), value, context);
}

Outcome<Value> UserException::get(const std::string& name, Context& context) {
  return get_of(Value(shared_from_this()), name, context);
}

Outcome<void> UserException::set(const std::string& name, const Value& value, Context& context) {
  return state_.interpreter.set_in_instance(Value(shared_from_this()), name, value, context);
}

Outcome<Value> UserException::call(const std::string& name, std::vector<Value>& arguments,
                                   Context& context) {
  return call_of(Value(shared_from_this()), name, arguments, context);
}

Outcome<std::string> UserException::to_string() {
  auto text = TRY(state_.interpreter.call_own(Value(shared_from_this()), "toString", {}));
  if (text) return text_of(*text);
  return Exception::to_string();
}

bool UserException::is_a(std::string_view type) const {
  if (state_.type.is_a(type)) return true;
  const auto* known = known_exception(type);
  return known && state_.type.is_a(*known);
}

}  // namespace cupel::pipeline
