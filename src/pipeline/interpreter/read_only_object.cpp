// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/read_only_object.hpp"

#include "base/text.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {

Outcome<std::string> ReadOnlyObject::to_string() { return text_; }

Outcome<Value> ReadOnlyObject::get(const std::string& name, Context&) {
  if (const auto found = properties_.find(name); found != properties_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [one, _] : properties_)
    if (!one.starts_with('$')) known.push_back(one);
  return raise("groovy.lang.MissingPropertyException",
               "No such property: {} for class: {}; it has: {}", name, type_, join(known, ", "));
}

Outcome<void> ReadOnlyObject::set(const std::string& name, const Value&, Context&) {
  return raise("groovy.lang.ReadOnlyPropertyException",
               "Cannot set readonly property: {} for class: {}", name, type_);
}

Outcome<Value> ReadOnlyObject::call(const std::string& name, std::vector<Value>& arguments,
                                    Context& context) {
  const auto property = arguments.empty() ? property_of_getter(name) : std::string();
  if (const auto found = properties_.find(property); found != properties_.end())
    return found->second;
  if (name == "toString" && arguments.empty()) return Value(text_);
  return Object::call(name, arguments, context);
}

std::optional<Value> ReadOnlyObject::plain() const {
  auto map = std::make_shared<Map>();
  for (const auto& [name, value] : properties_)
    if (!map->put(Value(name), value)) return std::nullopt;
  return Value(std::move(map));
}

Value read_only(std::string type, std::string text, ReadOnlyObject::Properties properties) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<ReadOnlyObject>(std::move(type), std::move(text), std::move(properties))));
}

}  // namespace cupel::pipeline
