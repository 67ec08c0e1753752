// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/properties_text.hpp"
#include "pipeline/groovy/string_builder.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// new X(), new X(capacity), new X(collection); type: empty for the usual one.
Outcome<Value> new_list(StaticCall& call, std::string type) {
  Values items;
  if (call.count() > 0 && !call.arguments[0].is_number())
    items = TRY(elements_of(call.arguments[0]));
  TRY(call.evaluator.charge(items.size() * sizeof(Value)));
  auto value = Value::list(std::move(items));
  value.list_here()->type = std::move(type);
  return value;
}

Outcome<Order> given_order(StaticCall& call) {
  const Value nothing;
  MethodCall as_method{call.evaluator, call.context, nothing, call.arguments};
  return order_of(as_method, call.arguments[0]);
}

bool is_comparator(const Value& value) {
  return value.closure_here() || value.type_name() == "java.util.Comparator";
}

Map::Order order_for_map(StaticCall& call, bool given, Order order) {
  static_cast<void>(call);
  if (!given) return [](const Value& a, const Value& b) { return compare(a, b); };
  return [order](const Value& a, const Value& b) -> Result<int> {
    const auto result = order(a, b);
    if (result) return *result;
    return fail(Fault::invalid, "the comparator failed");
  };
}

Outcome<Value> new_set(StaticCall& call, std::string type, bool sorted) {
  const bool given = call.count() > 0 && is_comparator(call.arguments[0]);
  auto set = std::make_shared<Set>();
  if (sorted)
    set = std::make_shared<Set>(
        order_for_map(call, given, given ? TRY(given_order(call)) : natural_order()));
  if (!type.empty()) set->type = std::move(type);
  if (call.count() > 0 && !given && !call.arguments[0].is_number())
    for (const auto& item : TRY(elements_of(call.arguments[0]))) {
      TRY(call.evaluator.charge(2 * sizeof(Value)));
      TRY(Outcome<bool>(set->add(item)));
    }
  return Value(std::move(set));
}

Outcome<Value> new_map(StaticCall& call, std::string type, bool sorted) {
  const bool given = call.count() > 0 && is_comparator(call.arguments[0]);
  auto map = std::make_shared<Map>();
  if (sorted)
    map = std::make_shared<Map>(
        order_for_map(call, given, given ? TRY(given_order(call)) : natural_order()));
  if (!type.empty()) map->type = std::move(type);
  if (call.count() > 0 && call.arguments[0].map_here())
    for (const auto& [key, value] : call.arguments[0].map_here()->entries()) {
      TRY(call.evaluator.charge(sizeof(Map::Entry)));
      TRY(Outcome<void>(map->put(key, value)));
    }
  return Value(std::move(map));
}

Outcome<Value> new_entry(StaticCall& call) {
  return Value(
      std::shared_ptr<Object>(std::make_shared<MapEntry>(call.arguments[0], call.arguments[1])));
}

/// java.util.StringTokenizer
class TokenizerObject final : public Object {
 public:
  explicit TokenizerObject(Values parts) : parts_(std::move(parts)) {}
  std::string type_name() const override { return "java.util.StringTokenizer"; }
  Outcome<Values> items() override {
    return Values(parts_.begin() + static_cast<std::ptrdiff_t>(next_), parts_.end());
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (!arguments.empty()) return Object::call(name, arguments, context);
    if (name == "hasMoreTokens" || name == "hasMoreElements" || name == "hasNext")
      return Value(next_ < parts_.size());
    if (name == "countTokens") return Value(static_cast<std::int64_t>(parts_.size() - next_));
    if (name == "nextToken" || name == "nextElement" || name == "next") {
      if (next_ >= parts_.size())
        return raise("java.util.NoSuchElementException", "no more tokens");
      return parts_[next_++];
    }
    return Object::call(name, arguments, context);
  }

 private:
  Values parts_;
  std::size_t next_ = 0;
};

Outcome<Value> new_tokenizer(StaticCall& call) {
  Values arguments(call.arguments.begin() + 1, call.arguments.end());
  const auto parts =
      TRY(call.evaluator.invoke(call.arguments[0], "tokenize", std::move(arguments), call.context));
  return Value(std::shared_ptr<Object>(std::make_shared<TokenizerObject>(TRY(elements_of(parts)))));
}

}  // namespace

std::span<const JavaClass> collection_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.ArrayList",
       .construct = {0, 1, [](StaticCall& c) { return new_list(c, ""); }}},
      {.name = "java.util.Vector",
       .construct = {0, 2, [](StaticCall& c) { return new_list(c, "java.util.Vector"); }}},
      {.name = "java.util.LinkedList",
       .construct = {0, 1, [](StaticCall& c) { return new_list(c, "java.util.LinkedList"); }}},
      {.name = "java.util.Stack",
       .construct = {0, 0, [](StaticCall& c) { return new_list(c, "java.util.Stack"); }}},
      {.name = "java.util.ArrayDeque",
       .construct = {0, 1, [](StaticCall& c) { return new_list(c, "java.util.ArrayDeque"); }}},
      {.name = "java.util.concurrent.CopyOnWriteArrayList",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return new_list(c, "java.util.concurrent.CopyOnWriteArrayList");
                     }}},
      {.name = "java.util.concurrent.ConcurrentLinkedQueue",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return new_list(c, "java.util.concurrent.ConcurrentLinkedQueue");
                     }}},
      {.name = "java.util.HashSet",
       .construct = {0, 2, [](StaticCall& c) { return new_set(c, "java.util.HashSet", false); }}},
      {.name = "java.util.LinkedHashSet",
       .construct = {0, 1, [](StaticCall& c) { return new_set(c, "", false); }}},
      {.name = "java.util.TreeSet",
       .construct = {0, 1, [](StaticCall& c) { return new_set(c, "", true); }}},
      {.name = "java.util.HashMap",
       .construct = {0, 2, [](StaticCall& c) { return new_map(c, "java.util.HashMap", false); }}},
      {.name = "java.util.LinkedHashMap",
       .construct = {0, 3, [](StaticCall& c) { return new_map(c, "", false); }}},
      {.name = "java.util.TreeMap",
       .construct = {0, 1, [](StaticCall& c) { return new_map(c, "", true); }}},
      {.name = "java.util.concurrent.ConcurrentHashMap",
       .construct = {0, 3,
                     [](StaticCall& c) {
                       return new_map(c, "java.util.concurrent.ConcurrentHashMap", false);
                     }}},
      {.name = "java.util.Properties", .construct = {0, 1, new_properties}},
      {.name = "java.util.AbstractMap$SimpleEntry", .construct = {2, 2, new_entry}},
      {.name = "java.util.StringTokenizer", .construct = {1, 2, new_tokenizer}},
  };
  return classes;
}

}  // namespace cupel::pipeline
