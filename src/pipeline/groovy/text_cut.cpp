// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

tl::unexpected<Signal> outside(std::int64_t begin, std::int64_t end, std::int64_t length) {
  return raise("java.lang.StringIndexOutOfBoundsException", "begin {}, end {}, length {}", begin,
               end, length);
}

Outcome<Value> substring(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto length = character_count(text);
  const auto begin = TRY(call.integer(0));
  const auto end = call.count() > 1 ? TRY(call.integer(1)) : length;
  if (begin < 0 || end > length || begin > end) return outside(begin, end, length);
  return call.text_value(std::string(characters(text, begin, end)));
}

Outcome<Value> char_at(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto place = TRY(call.integer(0));
  if (place < 0 || place >= character_count(text))
    return raise("java.lang.StringIndexOutOfBoundsException", "String index out of range: {}",
                 place);
  auto at = byte_of(text, place);
  return Value(Character{next_character(text, at)});
}

Outcome<Value> code_point_at(MethodCall& call) {
  const auto character = TRY(char_at(call));
  return Value(static_cast<std::int64_t>(character.as_character()->code));
}

Outcome<Value> get_at(MethodCall& call) {
  return call.evaluator.index(call.self, call[0], call.context);
}

enum class Part { take, drop, take_right, drop_right };
Outcome<Value> part(MethodCall& call, Part which) {
  const auto text = TRY(call.own_text());
  const auto length = character_count(text);
  const auto count = std::clamp<std::int64_t>(TRY(call.integer(0)), 0, length);
  switch (which) {
    case Part::take: return call.text_value(std::string(characters(text, 0, count)));
    case Part::drop: return call.text_value(std::string(characters(text, count, length)));
    case Part::take_right:
      return call.text_value(std::string(characters(text, length - count, length)));
    case Part::drop_right: return call.text_value(std::string(characters(text, 0, length - count)));
  }
  return Value(text);
}

/// How many characters at the front the closure accepts.
Outcome<std::size_t> accepted(MethodCall& call, const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = at;
    next_character(text, end);
    if (!TRY(call.test({Value(text.substr(at, end - at))}))) break;
    at = end;
  }
  return at;
}

Outcome<Value> take_while(MethodCall& call) {
  const auto text = TRY(call.own_text());
  return call.text_value(text.substr(0, TRY(accepted(call, text))));
}
Outcome<Value> drop_while(MethodCall& call) {
  const auto text = TRY(call.own_text());
  return call.text_value(text.substr(TRY(accepted(call, text))));
}

enum class Side { before, after };
/// takeBefore, takeAfter of later Groovy versions.
Outcome<Value> beside(MethodCall& call, Side side) {
  const auto text = TRY(call.own_text());
  const auto what = TRY(call.text(0));
  const auto at = what.empty() ? std::string::npos : text.find(what);
  if (at == std::string::npos) return Value("");
  return call.text_value(side == Side::before ? text.substr(0, at) : text.substr(at + what.size()));
}

Outcome<Value> take_between(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto from = TRY(call.text(0));
  const auto to = call.count() > 1 ? TRY(call.text(1)) : from;
  const auto at = from.empty() ? std::string::npos : text.find(from);
  if (at == std::string::npos) return Value("");
  const auto begin = at + from.size();
  const auto end = text.find(to, begin);
  return end == std::string::npos ? Value("") : call.text_value(text.substr(begin, end - begin));
}

Outcome<Value> replacements(MethodCall& call) {
  const auto text = TRY(call.own_text());
  std::string whole;
  for (const auto& one : TRY(call.items())) {
    const auto with = TRY(call.apply({one}));
    whole += with.is_null() ? TRY(call.evaluator.text(one, call.context))
                            : TRY(call.evaluator.text(with, call.context));
  }
  return call.text_value(std::move(whole));
}

}  // namespace

void add_text_cut(MethodTable& table) {
  table = {
      {"substring", {1, 2, substring}},
      {"subSequence", {2, 2, substring}},
      {"charAt", {1, 1, char_at}},
      {"codePointAt", {1, 1, code_point_at}},
      {"getAt", {1, 1, get_at}},
      {"take", {1, 1, [](MethodCall& c) { return part(c, Part::take); }}},
      {"drop", {1, 1, [](MethodCall& c) { return part(c, Part::drop); }}},
      {"takeRight", {1, 1, [](MethodCall& c) { return part(c, Part::take_right); }}},
      {"dropRight", {1, 1, [](MethodCall& c) { return part(c, Part::drop_right); }}},
      {"takeWhile", {1, 1, take_while}},
      {"dropWhile", {1, 1, drop_while}},
      {"takeBefore", {1, 1, [](MethodCall& c) { return beside(c, Side::before); }}},
      {"takeAfter", {1, 1, [](MethodCall& c) { return beside(c, Side::after); }}},
      {"takeBetween", {1, 2, take_between}},
      {"collectReplacements", {1, 1, replacements}},
  };
}

}  // namespace cupel::pipeline
