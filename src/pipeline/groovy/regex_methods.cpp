// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/regex_values.hpp"
#include "pipeline/groovy/string_builder.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

MatcherObject& matcher(MethodCall& call) {
  return static_cast<MatcherObject&>(*call.self.object_here());
}
const PatternObject& pattern(MethodCall& call) {
  return static_cast<const PatternObject&>(*call.self.object_here());
}

Outcome<Value> group(MethodCall& call) {
  const auto* groups = TRY(matcher(call).groups());
  const auto number = call.count() == 1 ? TRY(matcher(call).group_number(call[0])) : 0;
  return matcher(call).group(*groups, number);
}

enum class End { start, end };
Outcome<Value> place(MethodCall& call, End end) {
  const auto* groups = TRY(matcher(call).groups());
  const auto number = call.count() == 1 ? TRY(matcher(call).group_number(call[0])) : 0;
  const auto& part = (*groups)[number];
  if (!part) return Value(-1);
  const auto byte = end == End::start ? part->begin : part->end;
  return Value(character_count(std::string_view(matcher(call).subject()).substr(0, byte)));
}

Outcome<Value> find(MethodCall& call) {
  if (call.count() == 1) {
    const auto from = TRY(call.integer(0));
    auto& self = matcher(call);
    if (from < 0 || from > character_count(self.subject()))
      return raise("java.lang.IndexOutOfBoundsException", "Illegal start index");
    self.reset();
    self.move_to(byte_of(self.subject(), from));
  }
  return Value(TRY(matcher(call).find()));
}

enum class Which { first, all };
Outcome<Value> replace(MethodCall& call, Which which) {
  auto& self = matcher(call);
  const auto with = TRY(call.text(0));
  self.reset();
  std::string whole;
  while (TRY(self.find())) {
    TRY(self.append_replacement(with, whole));
    if (whole.size() > max_text || which == Which::first) break;
  }
  self.append_tail(whole);
  self.reset();
  return call.text_value(std::move(whole));
}

Outcome<Value> append_replacement(MethodCall& call) {
  auto* builder = dynamic_cast<StringBuilderObject*>(call[0].object_here());
  if (!builder) return raise("java.lang.IllegalArgumentException", "a StringBuffer is needed");
  TRY(matcher(call).append_replacement(TRY(call.text(1)), builder->text_here()));
  return call.self;
}

Outcome<Value> append_tail(MethodCall& call) {
  auto* builder = dynamic_cast<StringBuilderObject*>(call[0].object_here());
  if (!builder) return raise("java.lang.IllegalArgumentException", "a StringBuffer is needed");
  matcher(call).append_tail(builder->text_here());
  return call[0];
}

Outcome<Value> reset(MethodCall& call) {
  if (call.count() == 1)
    matcher(call).reset(TRY(call.text(0)));
  else
    matcher(call).reset();
  return call.self;
}

Outcome<Value> pattern_of(MethodCall& call) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<PatternObject>(std::make_shared<const Regex>(matcher(call).regex()))));
}

Outcome<Value> split_text(MethodCall& call) {
  const auto limit = call.count() > 1 ? TRY(call.integer(1)) : 0;
  const auto text = TRY(call.text(0));
  return Value::array(TRY(split_by(*pattern(call).regex(), text, limit)), "java.lang.String");
}

Outcome<Value> is_case(MethodCall& call) {
  return Value(TRY(matches_whole(call[0], call.self, call.evaluator, call.context)));
}

Outcome<Value> as_predicate(MethodCall& call) {
  const auto regex = pattern(call).regex();
  return native_closure([regex](std::vector<Value> values, Context&) -> Outcome<Value> {
    const auto text = TRY(text_of(values.empty() ? Value() : values[0]));
    return Value(TRY(run_regex(regex->match(text, 0, Regex::Mode::search))).has_value());
  });
}

const MethodTable& matcher_methods() {
  static const MethodTable table = {
      {"find",
       {0, 1,
        [](MethodCall& c) {
          if (!c.has_closure()) return find(c);
          MethodTable searching;
          add_searching(searching);
          return searching.at("find").run(c);
        }}},
      {"matches",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(matcher(c).match(Regex::Mode::whole)));
        }}},
      {"lookingAt",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(matcher(c).match(Regex::Mode::prefix)));
        }}},
      {"group", {0, 1, group}},
      {"groupCount",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(matcher(c).regex().group_count()));
        }}},
      {"hasGroup",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(matcher(c).regex().group_count() > 0);
        }}},
      {"hitEnd",
       {0, 0,
        [](MethodCall&) -> Outcome<Value> { return refuse("Matcher.hitEnd() is not supported"); }}},
      {"start", {0, 1, [](MethodCall& c) { return place(c, End::start); }}},
      {"end", {0, 1, [](MethodCall& c) { return place(c, End::end); }}},
      {"reset", {0, 1, reset}},
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::long_of(static_cast<std::int64_t>(TRY(matcher(c).all()).size()));
        }}},
      {"getCount",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(TRY(matcher(c).all()).size()));
        }}},
      {"replaceAll", {1, 1, [](MethodCall& c) { return replace(c, Which::all); }}},
      {"replaceFirst", {1, 1, [](MethodCall& c) { return replace(c, Which::first); }}},
      {"appendReplacement", {2, 2, append_replacement}},
      {"appendTail", {1, 1, append_tail}},
      {"pattern", {0, 0, pattern_of}},
      {"toMatchResult",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(std::shared_ptr<Object>(std::make_shared<MatcherObject>(matcher(c))));
        }}},
      {"getAt", {1, 1, [](MethodCall& c) { return matcher(c).at(c[0], c.context); }}},
      {"asBoolean",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(matcher(c).find())); }}},
  };
  return table;
}

const MethodTable& pattern_methods() {
  static const MethodTable table = {
      {"matcher",
       {1, 1, [](MethodCall& c) { return matcher_value(c[0], c.self, c.evaluator, c.context); }}},
      {"pattern", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(pattern(c).text()); }}},
      {"toString",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(pattern(c).text()); }}},
      {"flags",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(pattern(c).regex()->flags()));
        }}},
      {"split", {1, 2, split_text}},
      {"isCase", {1, 1, is_case}},
      {"asPredicate", {0, 0, as_predicate}},
  };
  return table;
}

}  // namespace

const Method* MatcherObject::method(std::string_view name) const {
  const auto found = matcher_methods().find(name);
  return found == matcher_methods().end() ? nullptr : &found->second;
}

const Method* PatternObject::method(std::string_view name) const {
  const auto found = pattern_methods().find(name);
  return found == pattern_methods().end() ? nullptr : &found->second;
}

}  // namespace cupel::pipeline
