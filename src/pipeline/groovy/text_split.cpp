// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/regex_values.hpp"
#include "pipeline/groovy/streams.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// Pieces between any of the separators; empty ones are left out.
Outcome<Values> tokens(const std::string& text, const std::string& separators) {
  const auto set = code_points(separators);
  Values parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size();) {
    auto next = at;
    const bool end = at == text.size();
    const auto character = end ? U'\0' : next_character(text, next);
    if (end || set.find(character) != std::u32string::npos) {
      if (at > begin) parts.emplace_back(text.substr(begin, at - begin));
      begin = next;
    }
    if (end) break;
    at = next;
  }
  return parts;
}

constexpr const char* white_space = " \t\n\r\f";

Outcome<Value> split_with_closure(MethodCall& call) {
  Values yes, no;
  for (const auto& one : TRY(call.items())) (TRY(call.test({one})) ? yes : no).push_back(one);
  return Value::list({Value::list(std::move(yes)), Value::list(std::move(no))});
}

Outcome<Value> split_text(MethodCall& call) {
  if (call.has_closure()) return split_with_closure(call);
  const auto text = TRY(call.own_text());
  if (call.count() == 0) return Value::array(TRY(tokens(text, white_space)), "java.lang.String");
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  const auto limit = call.count() > 1 ? TRY(call.integer(1)) : 0;
  auto parts = TRY(split_by(*regex, text, limit));
  TRY(call.evaluator.charge(parts.size() * sizeof(Value) + text.size()));
  return Value::array(std::move(parts), "java.lang.String");
}

Outcome<Value> tokenize(MethodCall& call) {
  const auto separators = call.count() == 0 ? std::string(white_space) : TRY(call.text(0));
  return call.list_value(TRY(tokens(TRY(call.own_text()), separators)));
}

Values line_values(const std::string& text) {
  Values lines;
  for (auto& line : text_lines(text)) lines.emplace_back(std::move(line));
  return lines;
}

Outcome<Value> read_lines(MethodCall& call) {
  return call.list_value(line_values(TRY(call.own_text())));
}

Outcome<Value> each_line(MethodCall& call) {
  auto number = call.count() > 1 ? TRY(call.integer(0)) : 0;
  const auto closure = call.arguments.back().as_closure();
  const bool counts = closure && closure->parameter_count() > 1;
  Value last;
  for (auto& line : line_values(TRY(call.own_text()))) {
    Values values{std::move(line)};
    if (counts) values.emplace_back(number++);
    last = TRY(call.apply(std::move(values)));
  }
  return last;
}

Outcome<Value> split_each_line(MethodCall& call) {
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  Value last;
  for (const auto& line : text_lines(TRY(call.own_text())))
    last = TRY(call.apply({Value::list(TRY(split_by(*regex, line, 0)))}));
  return last;
}

Outcome<Value> chars(MethodCall& call) {
  Values all;
  for (const auto c : code_points(TRY(call.own_text()))) all.emplace_back(Character{c});
  return Value::array(std::move(all), "char");
}

Outcome<Value> strings(MethodCall& call) { return call.list_value(TRY(call.items())); }

Outcome<Value> to_set(MethodCall& call) {
  auto set = std::make_shared<Set>();
  for (const auto& one : TRY(call.items())) TRY(Outcome<bool>(set->add(one)));
  return Value(std::move(set));
}

}  // namespace

void add_text_split(MethodTable& table) {
  table = {
      {"split", {0, 2, split_text}},
      {"tokenize", {0, 1, tokenize}},
      {"readLines", {0, 0, read_lines}},
      {"lines",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return stream_value(line_values(TRY(c.own_text())));
        }}},
      {"eachLine", {1, 2, each_line}},
      {"splitEachLine", {2, 2, split_each_line}},
      {"toCharArray", {0, 0, chars}},
      {"getChars", {0, 0, chars}},
      {"toList", {0, 0, strings}},
      {"toSet", {0, 0, to_set}},
  };
}

}  // namespace cupel::pipeline
