// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/inspect.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

/// Calls { } with the receiver as its delegate, which is asked first.
Outcome<Value> delegated(MethodCall& call) {
  const auto code = call.arguments.back().as_closure();
  if (!code) return missing_method(call.self, "with", call.arguments);
  auto copy = std::make_shared<Closure>(*code);
  copy->delegate = call.self;
  copy->strategy = Resolve::delegate_first;
  return call.evaluator.call(*copy, {call.self}, call.context);
}

Outcome<Value> with(MethodCall& call) {
  auto result = TRY(delegated(call));
  const bool self = call.count() == 2 && truth(call[0]);
  return self ? call.self : result;
}

Outcome<Value> tap(MethodCall& call) {
  TRY(delegated(call));
  return call.self;
}

/// Java's, in which 1.0 is not 1; Groovy gives collections one that takes numbers as they compare.
Outcome<Value> equals(MethodCall& call) {
  const auto& self = call.self;
  if (self.is_sequence() || self.set_here() || self.map_here())
    return Value(TRY(equal_values(self, call[0])));
  return Value(TRY(Outcome<bool>(same_key(self, call[0]))));
}

/// toString(); of what readJSON gave also toString(2), with so many blanks a level.
Outcome<Value> to_string(MethodCall& call) {
  if (call.count() == 0) return call.text_value(TRY(call.own_text()));
  if (!is_json_object(call.self)) return missing_method(call.self, "toString", call.arguments);
  const auto blanks = TRY(call.integer(0));
  if (blanks < 0 || blanks > 64)
    return raise("java.lang.IllegalArgumentException", "toString({}) is not possible", blanks);
  return call.text_value(TRY(Outcome<std::string>(
      blanks == 0 ? write_json(call.self, JsonStyle::compact_unicode)
                  : write_indented_json(call.self, static_cast<std::size_t>(blanks)))));
}

Outcome<Value> is_case(MethodCall& call) {
  if (const auto* type = dynamic_cast<const ClassObject*>(call.self.object_here()))
    return Value(TRY(call.evaluator.is_instance(call[0], type->name(), call.context)));
  if (call.self.closure_here())
    return Value(TRY(truth_of(TRY(call.evaluator.call(call.self, {call[0]}, call.context)))));
  return Value(TRY(equal_values(call.self, call[0])));
}

Outcome<Value> as_type(MethodCall& call) {
  const auto* type = dynamic_cast<const ClassObject*>(call[0].object_here());
  if (!type) return missing_method(call.self, "asType", call.arguments);
  return call.evaluator.cast(call.self, type->name(), call.context);
}

Outcome<Value> responds_to(MethodCall& call) {
  const auto name = TRY(call.text(0));
  std::vector<Value> found;
  if (find_method(call.self, name)) found.emplace_back(name);
  return Value::list(std::move(found));
}

Outcome<Value> has_property(MethodCall& call) {
  if (const auto* map = call.self.map_here())
    return Value(map->find(Value(TRY(call.text(0)))) != nullptr);
  if (!call.self.object_here()) return Value(false);
  return Value(call.evaluator.get(call.self, TRY(call.text(0)), call.context).has_value());
}

Outcome<Value> dump(MethodCall& call) {
  return call.text_value("<" + call.self.type_name() + ": " + TRY(inspect(call.self)) + ">");
}

Outcome<Value> no_meta_class(MethodCall&) {
  return refuse("metaClass is not supported: methods cannot be added at run time");
}
Outcome<Value> no_categories(MethodCall&) {
  return refuse("use (categories) is not supported: call the methods directly");
}
Outcome<Value> no_execute(MethodCall&) {
  return refuse("execute() is not supported: it would run on the controller; use the step sh");
}
Outcome<Value> no_waiting(MethodCall&) {
  return refuse("wait() and notify() are not supported; use waitUntil or lock");
}

Outcome<Value> get_property(MethodCall& call) {
  return call.evaluator.get(call.self, TRY(call.text(0)), call.context);
}
Outcome<Value> set_property(MethodCall& call) {
  TRY(call.evaluator.set(call.self, TRY(call.text(0)), call[1], call.context));
  return Value();
}
Outcome<Value> invoke_method(MethodCall& call) {
  auto values = std::vector<Value>();
  if (call.count() == 2)
    values = call[1].list_here() ? TRY(elements_of(call[1])) : std::vector<Value>{call[1]};
  return call.evaluator.invoke(call.self, TRY(call.text(0)), std::move(values), call.context);
}

std::string text_of_character(const Value& self) { return self.as_character()->text(); }

template <bool (*Is)(char32_t)>
Outcome<Value> character_is(MethodCall& call) {
  return Value(Is(call.self.as_character()->code));
}

Outcome<Value> character_text(MethodCall& call, std::string (*change)(std::string_view)) {
  const auto changed = change(text_of_character(call.self));
  std::size_t at = 0;
  return Value(Character{changed.empty() ? U' ' : next_character(changed, at)});
}

Outcome<Value> step_character(MethodCall& call, int step) {
  return Value(Character{
      static_cast<char32_t>(static_cast<std::int64_t>(call.self.as_character()->code) + step)});
}

}  // namespace

bool is_letter(char32_t c) { return upper_case(utf8(c)) != lower_case(utf8(c)) || c >= 0x4E00; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char32_t c) { return is_letter(c) || is_digit(c); }
bool is_upper(char32_t c) { return utf8(c) != lower_case(utf8(c)); }
bool is_lower(char32_t c) { return utf8(c) != upper_case(utf8(c)); }

void add_character_methods(MethodTable& table) {
  table = {
      {"charValue", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"isLetter", {0, 0, character_is<is_letter>}},
      {"isDigit", {0, 0, character_is<is_digit>}},
      {"isLetterOrDigit", {0, 0, character_is<is_letter_or_digit>}},
      {"isWhitespace", {0, 0, character_is<is_white_space>}},
      {"isUpperCase", {0, 0, character_is<is_upper>}},
      {"isLowerCase", {0, 0, character_is<is_lower>}},
      {"toUpperCase", {0, 0, [](MethodCall& c) { return character_text(c, upper_case); }}},
      {"toLowerCase", {0, 0, [](MethodCall& c) { return character_text(c, lower_case); }}},
      {"next", {0, 0, [](MethodCall& c) { return step_character(c, 1); }}},
      {"previous", {0, 0, [](MethodCall& c) { return step_character(c, -1); }}},
  };
}

void add_any_methods(MethodTable& table) {
  table = {
      {"toString", {0, 1, to_string}},
      {"inspect",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.text_value(TRY(inspect(c.self))); }}},
      {"dump", {0, 0, dump}},
      {"with", {1, 2, with}},
      {"tap", {1, 1, tap}},
      {"is", {1, 1, [](MethodCall& c) -> Outcome<Value> { return Value(c.self.is(c[0])); }}},
      {"equals", {1, 1, equals}},
      {"isCase", {1, 1, is_case}},
      {"hashCode",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value(std::int64_t{TRY(hash_of(c.self))}); }}},
      {"compareTo",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(std::int64_t{TRY(compare_values(c.self, c[0]))});
        }}},
      {"getClass",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return class_value(c.self.type_name()); }}},
      {"asBoolean",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(truth_of(c.self))); }}},
      {"booleanValue",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(truth_of(c.self))); }}},
      {"asType", {1, 1, as_type}},
      {"respondsTo", {1, 2, responds_to}},
      {"hasProperty", {1, 1, has_property}},
      {"getProperty", {1, 1, get_property}},
      {"setProperty", {2, 2, set_property}},
      {"invokeMethod", {1, 2, invoke_method}},
      {"getMetaClass", {0, 0, no_meta_class}},
      {"use", {1, any_number, no_categories}},
      {"execute", {0, any_number, no_execute}},
      {"wait", {0, 2, no_waiting}},
      {"notify", {0, 0, no_waiting}},
      {"notifyAll", {0, 0, no_waiting}},
      {"and",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(truth_of(c.self)) && TRY(truth_of(c[0])));
        }}},
      {"or",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(truth_of(c.self)) || TRY(truth_of(c[0])));
        }}},
      {"xor",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(truth_of(c.self)) != TRY(truth_of(c[0])));
        }}},
  };
}

}  // namespace cupel::pipeline
