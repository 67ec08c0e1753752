// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/view.hpp"

namespace cupel::pipeline {
namespace {

using Fill = void (*)(MethodTable&);

/// The first that has a name keeps it.
MethodTable table_of(std::initializer_list<Fill> fills) {
  MethodTable table;
  for (const auto fill : fills) {
    MethodTable part;
    fill(part);
    table.merge(part);
  }
  return table;
}

const MethodTable& any_table() {
  static const auto table = table_of({add_any_methods});
  return table;
}

const MethodTable& iterable_table() {
  static const auto table = table_of({add_iteration, add_searching, add_folding, add_grouping});
  return table;
}

const MethodTable& text_table() {
  static const auto table =
      table_of({add_text_case, add_text_search, add_text_cut, add_text_split, add_text_regex,
                add_text_numbers, add_text_bytes, add_text_format, add_iteration, add_searching,
                add_folding, add_grouping});
  return table;
}

const MethodTable& list_table() {
  static const auto table =
      table_of({add_list_change, add_list_cut, add_list_combine, add_list_shape, add_ordering,
                add_iteration, add_searching, add_folding, add_grouping, add_byte_methods});
  return table;
}

const MethodTable& range_table() {
  static const auto table =
      table_of({add_range_methods, add_list_change, add_list_cut, add_list_combine, add_list_shape,
                add_ordering, add_iteration, add_searching, add_folding, add_grouping});
  return table;
}

const MethodTable& set_table() {
  static const auto table =
      table_of({add_set_methods, add_list_cut, add_list_combine, add_list_shape, add_ordering,
                add_iteration, add_searching, add_folding, add_grouping});
  return table;
}

const MethodTable& map_table() {
  static const auto table =
      table_of({add_map_access, add_map_iteration, add_map_order, add_iteration});
  return table;
}

const MethodTable& number_table() {
  static const auto table = table_of({add_number_methods});
  return table;
}

const MethodTable& character_table() {
  static const auto table = table_of({add_character_methods, add_number_methods});
  return table;
}

const MethodTable* table_for(const Value& self) {
  if (self.is_text()) return &text_table();
  if (self.list_here()) return &list_table();
  if (self.as_range()) return &range_table();
  if (self.set_here()) return &set_table();
  if (self.map_here()) return &map_table();
  if (self.is_number()) return &number_table();
  if (self.as_character()) return &character_table();
  return nullptr;
}

const Method* find_in(const MethodTable& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

Outcome<std::int64_t> MethodCall::integer(std::size_t i) {
  if (const auto* number = arguments[i].as_integer()) return *number;
  return raise("java.lang.IllegalArgumentException", "a whole number is needed, not a {}",
               arguments[i].type_name());
}

Outcome<Value> MethodCall::apply(std::vector<Value> values) {
  if (arguments.empty() || arguments.back().is_null())
    return raise("java.lang.NullPointerException", "a closure is needed, not null");
  return evaluator.call(arguments.back(), std::move(values), context);
}

Outcome<bool> MethodCall::test(std::vector<Value> values) {
  return truth_of(TRY(apply(std::move(values))));
}

Outcome<Value> MethodCall::text_value(std::string text) {
  if (text.size() > max_text) return refuse("the text would be longer than {} MiB", max_text >> 20);
  TRY(evaluator.charge(text.size()));
  return Value(std::move(text));
}

Outcome<Value> MethodCall::list_value(std::vector<Value> items) {
  if (items.size() > max_items) return refuse("the list would hold more than {} items", max_items);
  TRY(evaluator.charge(items.size() * sizeof(Value)));
  return Value::list(std::move(items));
}

const Method* find_method(const Value& self, std::string_view name) {
  if (const auto* object = self.object_here())
    if (const auto* own = object->method(name)) return own;
  if (const auto* table = table_for(self))
    if (const auto* method = find_in(*table, name)) return method;
  if (const auto* method = find_in(any_table(), name)) return method;
  // Any object can be iterated over, if only as the one thing that it is.
  return self.object_here() || self.as_flag() ? find_in(iterable_table(), name) : nullptr;
}

const Method* find_any_method(std::string_view name) { return find_in(any_table(), name); }

namespace {

/// What a method of something large counts as, in bytes of memory, so that limits and stop requests
/// are looked at between calls that each take long. Nothing for the rest.
std::size_t work_on(const Value& self) {
  constexpr std::size_t large = 100'000;
  if (const auto* list = self.list_here())
    return list->items.size() > large ? list->items.size() : 0;
  if (const auto* text = self.as_text()) return text->size() > large ? text->size() : 0;
  return 0;
}

}  // namespace

Outcome<Value> call_method(const Method& method, MethodCall& call, std::string_view name) {
  if (call.count() < method.least || call.count() > method.most)
    return missing_method(call.self, name, call.arguments);
  if (const auto work = work_on(call.self); work > 0) TRY(call.evaluator.charge(work));
  return run_on_view(method, call, name);
}

tl::unexpected<Signal> missing_method(const Value& self, std::string_view name,
                                      const std::vector<Value>& arguments) {
  std::string types, values;
  for (const auto& argument : arguments) {
    const auto text = to_text(argument);
    types += (types.empty() ? "" : ", ") + argument.type_name();
    values += (values.empty() ? "" : ", ") + (text ? text->substr(0, 60) : std::string("?"));
  }
  std::vector<std::string> known;
  for (const auto* table : {table_for(self), &any_table()})
    for (const auto& [own, _] : table ? *table : MethodTable()) known.emplace_back(own);
  std::sort(known.begin(), known.end());
  const auto close = nearest(name, known);
  return raise("groovy.lang.MissingMethodException",
               "No signature of method: {}.{}() is applicable for argument types: ({}) values: "
               "[{}]{}",
               self.type_name(), name, types, values,
               close && *close != name ? "; did you mean '" + *close + "'?" : "");
}

}  // namespace cupel::pipeline
