// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

std::int64_t place_in_characters(std::string_view text, std::size_t byte) {
  return byte == std::string_view::npos ? -1 : character_count(text.substr(0, byte));
}

/// A string, or a character given by its number.
Outcome<std::string> sought(MethodCall& call, std::size_t i) {
  if (const auto* number = call[i].as_integer()) return utf8(static_cast<char32_t>(*number));
  if (call[i].is_null())
    return raise("java.lang.NullPointerException", "a text to look for is needed, not null");
  return call.text(i);
}

Outcome<Value> index_of(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto what = TRY(sought(call, 0));
  const auto from = call.count() > 1 ? byte_of(text, TRY(call.integer(1))) : 0;
  return Value(place_in_characters(text, text.find(what, from)));
}

Outcome<Value> last_index_of(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto what = TRY(sought(call, 0));
  auto from = std::string::npos;
  if (call.count() > 1) {
    const auto last = TRY(call.integer(1));
    if (last < 0) return Value(-1);
    from = byte_of(text, last);
  }
  return Value(place_in_characters(text, text.rfind(what, from)));
}

Outcome<Value> contains(MethodCall& call) {
  const auto text = TRY(call.own_text());
  return Value(text.find(TRY(sought(call, 0))) != std::string::npos);
}

Outcome<Value> starts_with(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto what = TRY(sought(call, 0));
  const auto from = call.count() > 1 ? byte_of(text, TRY(call.integer(1))) : 0;
  return Value(std::string_view(text).substr(from).starts_with(what));
}

Outcome<Value> ends_with(MethodCall& call) {
  return Value(TRY(call.own_text()).ends_with(TRY(sought(call, 0))));
}

Outcome<Value> count_of(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto what = TRY(sought(call, 0));
  std::int64_t count = 0;
  if (what.empty()) return Value(character_count(text) + 1);
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
    ++count;
  return Value(count);
}

Outcome<Value> equals_ignoring_case(MethodCall& call) {
  if (call[0].is_null()) return Value(false);
  return Value(lower_case(upper_case(TRY(call.own_text()))) ==
               lower_case(upper_case(TRY(call.text(0)))));
}

Outcome<Value> difference(const std::string& a, const std::string& b) {
  const auto x = code_points(a);
  const auto y = code_points(b);
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (x[i] != y[i])
      return Value(static_cast<std::int64_t>(x[i]) - static_cast<std::int64_t>(y[i]));
  return Value(static_cast<std::int64_t>(x.size()) - static_cast<std::int64_t>(y.size()));
}

Outcome<Value> compare_to(MethodCall& call) {
  if (!call[0].is_text())
    return raise("java.lang.ClassCastException",
                 "class {} cannot be cast to class java.lang.String", call[0].type_name());
  return difference(TRY(call.own_text()), TRY(call.text(0)));
}

Outcome<Value> compare_ignoring_case(MethodCall& call) {
  return difference(lower_case(upper_case(TRY(call.own_text()))),
                    lower_case(upper_case(TRY(call.text(0)))));
}

Outcome<Value> region_matches(MethodCall& call) {
  const bool flag = call.count() == 5;
  const std::size_t at = flag ? 1 : 0;
  auto own = TRY(call.own_text());
  auto other = TRY(call.text(at + 1));
  if (flag && truth(call[0])) {
    own = lower_case(own);
    other = lower_case(other);
  }
  const auto here = TRY(call.integer(at)), there = TRY(call.integer(at + 2));
  const auto length = TRY(call.integer(at + 3));
  if (here < 0 || there < 0 || here + length > character_count(own) ||
      there + length > character_count(other))
    return Value(false);
  return Value(characters(own, here, here + length) == characters(other, there, there + length));
}

Outcome<Value> is_blank(MethodCall& call) {
  return Value(std::ranges::all_of(code_points(TRY(call.own_text())), is_white_space));
}

Outcome<Value> size(MethodCall& call) {
  if (const auto* text = call.self.as_text()) return Value(character_count(*text));
  return Value(character_count(TRY(call.own_text())));
}

Outcome<Value> hash_code(MethodCall& call) {
  return Value(std::int64_t{TRY(hash_of(Value(TRY(call.own_text()))))});
}

Outcome<Value> equals(MethodCall& call) {
  if (!call[0].is_text() ||
      (call.self.as_gstring() != nullptr) != (call[0].as_gstring() != nullptr))
    return Value(false);
  return Value(TRY(call.own_text()) == TRY(call.text(0)));
}

}  // namespace

void add_text_search(MethodTable& table) {
  table = {
      {"indexOf", {1, 2, index_of}},
      {"lastIndexOf", {1, 2, last_index_of}},
      {"contains", {1, 1, contains}},
      {"startsWith", {1, 2, starts_with}},
      {"endsWith", {1, 1, ends_with}},
      {"equalsIgnoreCase", {1, 1, equals_ignoring_case}},
      {"compareTo", {1, 1, compare_to}},
      {"compareToIgnoreCase", {1, 1, compare_ignoring_case}},
      {"contentEquals",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(c.own_text()) == TRY(c.text(0)));
        }}},
      {"regionMatches", {4, 5, region_matches}},
      {"isEmpty",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text()).empty()); }}},
      {"isBlank", {0, 0, is_blank}},
      {"isAllWhitespace", {0, 0, is_blank}},
      {"size", {0, 0, size}},
      {"length", {0, 0, size}},
      {"hashCode", {0, 0, hash_code}},
      {"equals", {1, 1, equals}},
      {"count",
       {1, 1,
        [](MethodCall& c) {
          if (!c.has_closure()) return count_of(c);
          MethodTable folding;
          add_folding(folding);
          return folding.at("count").run(c);
        }}},
  };
}

}  // namespace cupel::pipeline
