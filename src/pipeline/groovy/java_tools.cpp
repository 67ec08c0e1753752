// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/inspect.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/streams.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// A static method that is a method of its first argument, by that name.
template <const char* Name>
Outcome<Value> of_first(StaticCall& call) {
  return call.evaluator.invoke(call.arguments[0], Name,
                               Values(call.arguments.begin() + 1, call.arguments.end()),
                               call.context);
}
constexpr char sort_name[] = "sort", max_name[] = "max", min_name[] = "min", swap_name[] = "swap",
               shuffle_name[] = "shuffle", disjoint_name[] = "disjoint",
               fixed_name[] = "asImmutable", to_string_name[] = "toString",
               equals_name[] = "equals", hash_name[] = "hashCode", fill_name[] = "fill",
               stream_name[] = "stream";

Outcome<Value> sort(StaticCall& call) {
  TRY(of_first<sort_name>(call));
  return Value();
}

Outcome<Value> reverse(StaticCall& call) {
  const auto list = call.arguments[0].as_list();
  if (!list || list->fixed)
    return raise("java.lang.UnsupportedOperationException", "a list that can be changed is needed");
  std::reverse(list->items.begin(), list->items.end());
  return Value();
}

Value fixed_list(Values items) {
  auto value = Value::list(std::move(items));
  value.list_here()->fixed = true;
  return value;
}

Outcome<Value> empty_list(StaticCall&) { return fixed_list({}); }
Outcome<Value> empty_map(StaticCall&) {
  auto map = std::make_shared<Map>();
  map->fixed = true;
  return Value(std::move(map));
}
Outcome<Value> empty_set(StaticCall&) {
  auto set = std::make_shared<Set>();
  set->fixed = true;
  return Value(std::move(set));
}
Outcome<Value> single_list(StaticCall& call) { return fixed_list({call.arguments[0]}); }
Outcome<Value> single_map(StaticCall& call) {
  auto map = std::make_shared<Map>();
  TRY(Outcome<void>(map->put(call.arguments[0], call.arguments[1])));
  map->fixed = true;
  return Value(std::move(map));
}
Outcome<Value> single_set(StaticCall& call) {
  auto set = std::make_shared<Set>();
  TRY(Outcome<bool>(set->add(call.arguments[0])));
  set->fixed = true;
  return Value(std::move(set));
}

Outcome<Value> copies(StaticCall& call) {
  const auto count = TRY(call.integer(0));
  if (count < 0 || count > static_cast<std::int64_t>(max_items))
    return refuse("{} copies are too many", count);
  TRY(call.evaluator.charge(static_cast<std::size_t>(count) * sizeof(Value)));
  return fixed_list(Values(static_cast<std::size_t>(count), call.arguments[1]));
}

Outcome<Value> frequency(StaticCall& call) {
  std::int64_t count = 0;
  for (const auto& item : TRY(elements_of(call.arguments[0])))
    count += TRY(equal_values(item, call.arguments[1])) ? 1 : 0;
  return Value(count);
}

Outcome<Value> itself(StaticCall& call) { return call.arguments[0]; }

Outcome<Value> reverse_order(StaticCall& call) {
  auto order = natural_order();
  if (call.count() == 1) {
    const Value nothing;
    MethodCall as_method{call.evaluator, call.context, nothing, call.arguments};
    order = TRY(order_of(as_method, call.arguments[0]));
  }
  return comparator_value([order](const Value& a, const Value& b) { return order(b, a); });
}

Outcome<Value> add_all(StaticCall& call) {
  for (std::size_t i = 1; i < call.count(); ++i)
    TRY(call.evaluator.invoke(call.arguments[0], "add", {call.arguments[i]}, call.context));
  return Value(true);
}

Outcome<Value> as_list(StaticCall& call) {
  if (call.count() == 1 && call.arguments[0].list_here() &&
      call.arguments[0].list_here()->is_array())
    return Value::list(TRY(elements_of(call.arguments[0])));
  return Value::list(call.arguments);
}

Outcome<Value> immutable_of(StaticCall& call) { return fixed_list(call.arguments); }
Outcome<Value> immutable_set_of(StaticCall& call) {
  auto set = std::make_shared<Set>();
  for (const auto& item : call.arguments) TRY(Outcome<bool>(set->add(item)));
  set->fixed = true;
  return Value(std::move(set));
}
Outcome<Value> immutable_map_of(StaticCall& call) {
  auto map = std::make_shared<Map>();
  for (std::size_t i = 0; i + 1 < call.count(); i += 2)
    TRY(Outcome<void>(map->put(call.arguments[i], call.arguments[i + 1])));
  map->fixed = true;
  return Value(std::move(map));
}

Outcome<Value> copy_of_range(StaticCall& call) {
  const auto items = TRY(elements_of(call.arguments[0]));
  const bool range = call.count() == 3;
  const auto from = range ? TRY(call.integer(1)) : 0;
  const auto to = TRY(call.integer(call.count() - 1));
  if (from < 0 || to < from || from > static_cast<std::int64_t>(items.size()) ||
      to - from > static_cast<std::int64_t>(max_items))
    return raise("java.lang.ArrayIndexOutOfBoundsException", "{} to {}", from, to);
  Values part;
  for (auto i = from; i < to; ++i)
    part.push_back(i < static_cast<std::int64_t>(items.size()) ? items[static_cast<std::size_t>(i)]
                                                               : Value());
  return Value::array(std::move(part), "java.lang.Object");
}

Outcome<Value> require(StaticCall& call) {
  if (!call.arguments[0].is_null()) return call.arguments[0];
  return raise("java.lang.NullPointerException", "{}",
               call.count() > 1 ? TRY(call.text(1)) : std::string("null"));
}

Outcome<Value> text_or(StaticCall& call) {
  if (call.arguments[0].is_null() && call.count() == 2) return call.arguments[1];
  return Value(TRY(call.text(0)));
}

Outcome<Value> new_optional(StaticCall& call) {
  if (call.arguments[0].is_null()) return raise("java.lang.NullPointerException", "null");
  return optional_value(call.arguments[0]);
}

Outcome<Value> stream_of(StaticCall& call) { return stream_value(call.arguments); }

Outcome<Value> number_stream(StaticCall& call, std::int64_t more) {
  const auto from = TRY(call.integer(0)), to = TRY(call.integer(1)) + more;
  if (to - from > static_cast<std::int64_t>(max_items)) return refuse("the stream is too long");
  Values items;
  for (auto i = from; i < to; ++i) items.emplace_back(i);
  return stream_value(std::move(items));
}

/// Collectors: a closure that gets the list of all elements.
Outcome<Value> collector(const std::string& method, Values arguments, Evaluator& evaluator) {
  return collector_value(
      native_closure([method, arguments, &evaluator](std::vector<Value> given, Context& context) {
        return evaluator.invoke(given[0], method, arguments, context);
      }));
}

Outcome<Value> joining(StaticCall& call) {
  const auto separator = call.count() > 0 ? TRY(call.text(0)) : std::string();
  const auto front = call.count() > 1 ? TRY(call.text(1)) : std::string();
  const auto back = call.count() > 2 ? TRY(call.text(2)) : std::string();
  auto& evaluator = call.evaluator;
  return collector_value(
      native_closure([=, &evaluator](std::vector<Value> given, Context& context) -> Outcome<Value> {
        const auto joined = TRY(evaluator.invoke(given[0], "join", {Value(separator)}, context));
        return Value(front + TRY(text_of(joined)) + back);
      }));
}

Outcome<Value> to_map(StaticCall& call) {
  auto& evaluator = call.evaluator;
  const auto keys = call.arguments[0], values = call.arguments[1];
  return collector_value(
      native_closure([=, &evaluator](std::vector<Value> given, Context& context) -> Outcome<Value> {
        auto map = std::make_shared<Map>();
        for (const auto& item : TRY(elements_of(given[0])))
          TRY(Outcome<void>(map->put(TRY(evaluator.call(keys, {item}, context)),
                                     TRY(evaluator.call(values, {item}, context)))));
        return Value(std::move(map));
      }));
}

Outcome<Value> comparing(StaticCall& call) {
  auto& evaluator = call.evaluator;
  auto& context = call.context;
  const auto key = call.arguments[0];
  return comparator_value(
      [=, &evaluator, &context](const Value& a, const Value& b) -> Outcome<int> {
        return natural_order()(TRY(evaluator.call(key, {a}, context)),
                               TRY(evaluator.call(key, {b}, context)));
      });
}

}  // namespace

std::span<const JavaClass> collection_tools() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.Collections",
       .methods = {{"sort", {1, 2, sort}},
                   {"reverse", {1, 1, reverse}},
                   {"shuffle", {1, 2, of_first<shuffle_name>}},
                   {"swap", {3, 3, of_first<swap_name>}},
                   {"max", {1, 2, of_first<max_name>}},
                   {"min", {1, 2, of_first<min_name>}},
                   {"disjoint", {2, 2, of_first<disjoint_name>}},
                   {"frequency", {2, 2, frequency}},
                   {"addAll", {1, any_number, add_all}},
                   {"emptyList", {0, 0, empty_list}},
                   {"emptyMap", {0, 0, empty_map}},
                   {"emptySet", {0, 0, empty_set}},
                   {"singletonList", {1, 1, single_list}},
                   {"singletonMap", {2, 2, single_map}},
                   {"singleton", {1, 1, single_set}},
                   {"nCopies", {2, 2, copies}},
                   {"reverseOrder", {0, 1, reverse_order}},
                   {"unmodifiableList", {1, 1, of_first<fixed_name>}},
                   {"unmodifiableMap", {1, 1, of_first<fixed_name>}},
                   {"unmodifiableSet", {1, 1, of_first<fixed_name>}},
                   {"unmodifiableCollection", {1, 1, of_first<fixed_name>}},
                   {"synchronizedList", {1, 1, itself}},
                   {"synchronizedMap", {1, 1, itself}},
                   {"synchronizedSet", {1, 1, itself}}},
       .properties = {{"EMPTY_LIST", empty_list},
                      {"EMPTY_MAP", empty_map},
                      {"EMPTY_SET", empty_set}}},
      {.name = "java.util.Arrays",
       .methods = {{"asList", {0, any_number, as_list}},
                   {"toString", {1, 1, of_first<to_string_name>}},
                   {"deepToString", {1, 1, of_first<to_string_name>}},
                   {"equals", {2, 2, of_first<equals_name>}},
                   {"hashCode", {1, 1, of_first<hash_name>}},
                   {"sort", {1, 2, sort}},
                   {"fill", {2, 2, of_first<fill_name>}},
                   {"stream", {1, 1, of_first<stream_name>}},
                   {"copyOf", {2, 2, copy_of_range}},
                   {"copyOfRange", {3, 3, copy_of_range}}}},
      {.name = "java.util.Objects",
       .methods =
           {{"equals",
             {2, 2,
              [](StaticCall& c) -> Outcome<Value> {
                return Value(TRY(equal_values(c.arguments[0], c.arguments[1])));
              }}},
            {"hash",
             {0, any_number,
              [](StaticCall& c) -> Outcome<Value> {
                return Value(std::int64_t{TRY(hash_of(Value::list(c.arguments)))});
              }}},
            {"hashCode",
             {1, 1,
              [](StaticCall& c) -> Outcome<Value> {
                if (c.arguments[0].is_null()) return Value(0);
                return Value(std::int64_t{TRY(hash_of(c.arguments[0]))});
              }}},
            {"requireNonNull", {1, 2, require}},
            {"toString", {1, 2, text_or}},
            {"isNull",
             {1, 1,
              [](StaticCall& c) -> Outcome<Value> { return Value(c.arguments[0].is_null()); }}},
            {"nonNull",
             {1, 1,
              [](StaticCall& c) -> Outcome<Value> { return Value(!c.arguments[0].is_null()); }}}}},
      {.name = "java.util.List",
       .methods = {{"of", {0, any_number, immutable_of}},
                   {"copyOf", {1, 1, of_first<fixed_name>}}}},
      {.name = "java.util.Set",
       .methods = {{"of", {0, any_number, immutable_set_of}},
                   {"copyOf", {1, 1, of_first<fixed_name>}}}},
      {.name = "java.util.Map",
       .methods = {{"of", {0, 20, immutable_map_of}},
                   {"entry", {2, 2, single_map}},
                   {"copyOf", {1, 1, of_first<fixed_name>}}}},
      {.name = "java.util.Optional",
       .methods =
           {{"of", {1, 1, new_optional}},
            {"ofNullable",
             {1, 1,
              [](StaticCall& c) -> Outcome<Value> { return optional_value(c.arguments[0]); }}},
            {"empty",
             {0, 0, [](StaticCall&) -> Outcome<Value> { return optional_value(Value()); }}}}},
      {.name = "java.util.stream.Stream", .methods = {{"of", {0, any_number, stream_of}}}},
      {.name = "java.util.stream.IntStream",
       .methods = {{"range", {2, 2, [](StaticCall& c) { return number_stream(c, 0); }}},
                   {"rangeClosed", {2, 2, [](StaticCall& c) { return number_stream(c, 1); }}},
                   {"of", {0, any_number, stream_of}}}},
      {.name = "java.util.stream.Collectors",
       .methods =
           {{"toList", {0, 0, [](StaticCall& c) { return collector("toList", {}, c.evaluator); }}},
            {"toSet", {0, 0, [](StaticCall& c) { return collector("toSet", {}, c.evaluator); }}},
            {"counting", {0, 0, [](StaticCall& c) { return collector("size", {}, c.evaluator); }}},
            {"groupingBy",
             {1, 1, [](StaticCall& c) { return collector("groupBy", c.arguments, c.evaluator); }}},
            {"joining", {0, 3, joining}},
            {"toMap", {2, 2, to_map}}}},
      {.name = "java.util.Comparator",
       .methods = {{"comparing", {1, 1, comparing}},
                   {"comparingInt", {1, 1, comparing}},
                   {"naturalOrder",
                    {0, 0,
                     [](StaticCall&)
                         -> Outcome<Value> { return comparator_value(natural_order()); }}},
                   {"reverseOrder", {0, 0, reverse_order}}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
