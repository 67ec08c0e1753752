// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/described.hpp"

namespace cupel::pipeline::steps {

Outcome<Arguments> described_map(const Value& value, std::string_view what) {
  const auto map = value.as_map();
  if (!map)
    return raise("java.lang.IllegalArgumentException", "{} must be a map, not a {}", what,
                 value.type_name());
  std::vector<std::pair<std::string, Value>> entries;
  for (const auto& [key, one] : map->entries())
    entries.emplace_back(TRY(Outcome<std::string>(to_text(key))), one);
  return Arguments(std::move(entries));
}

Outcome<Described> described(const Value* value, std::string_view step) {
  if (!value || !value->as_map() || !value->as_map()->find(Value("$class")))
    return raise("java.lang.IllegalArgumentException",
                 "{}: expected an object, as name(...) or [$class: 'Name', ...]", step);
  Described object;
  object.arguments = TRY(described_map(*value, step));
  object.kind = TRY(object.arguments.text("$class"));
  object.kind = object.kind.substr(object.kind.find_last_of(".$") + 1);
  return object;
}

Outcome<std::vector<Described>> all_described(const Value* value, std::string_view step) {
  std::vector<Described> all;
  if (!value) return all;
  if (!value->as_list()) {
    all.push_back(TRY(described(value, step)));
    return all;
  }
  for (const auto& one : TRY(Outcome<std::vector<Value>>(elements(*value))))
    all.push_back(TRY(described(&one, step)));
  return all;
}

}  // namespace cupel::pipeline::steps
