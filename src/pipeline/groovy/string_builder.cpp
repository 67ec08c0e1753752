// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/string_builder.hpp"

#include <algorithm>

#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

std::string& text_in(MethodCall& call) {
  return static_cast<StringBuilderObject&>(*call.self.object_here()).text_here();
}

Outcome<void> grow(MethodCall& call, std::size_t place, std::string_view more) {
  auto& text = text_in(call);
  if (text.size() + more.size() > max_text)
    return refuse("the text would be longer than {} MiB", max_text >> 20);
  TRY(call.evaluator.charge(more.size()));
  text.insert(place, more);
  return {};
}

Outcome<Value> append(MethodCall& call) {
  auto more = TRY(call.text(0));
  if (call.count() == 3)
    more = std::string(characters(more, TRY(call.integer(1)), TRY(call.integer(2))));
  TRY(grow(call, text_in(call).size(), more));
  return call.self;
}

Outcome<Value> append_line(MethodCall& call) {
  TRY(grow(call, text_in(call).size(), (call.count() == 0 ? "" : TRY(call.text(0))) + "\n"));
  return Value();
}

/// write(int) writes a character.
Outcome<Value> write(MethodCall& call) {
  const auto* number = call[0].as_integer();
  TRY(grow(call, text_in(call).size(),
           number ? utf8(static_cast<char32_t>(*number)) : TRY(call.text(0))));
  return Value();
}

/// Characters [0] to [1] as bytes, within the text.
struct Bytes {
  std::size_t begin = 0, size = 0;
};
Outcome<Bytes> span(MethodCall& call) {
  const auto& text = text_in(call);
  const auto length = character_count(text);
  const auto begin = TRY(call.integer(0));
  const auto end = std::min(TRY(call.integer(1)), length);
  if (begin < 0 || begin > length || begin > end)
    return raise("java.lang.StringIndexOutOfBoundsException", "start {}, end {}, length {}", begin,
                 end, length);
  const auto first = byte_of(text, begin);
  return Bytes{first, byte_of(text, end) - first};
}

Outcome<Value> insert(MethodCall& call) {
  const auto place = TRY(call.integer(0));
  if (place < 0 || place > character_count(text_in(call)))
    return raise("java.lang.StringIndexOutOfBoundsException", "offset {}, length {}", place,
                 character_count(text_in(call)));
  TRY(grow(call, byte_of(text_in(call), place), TRY(call.text(1))));
  return call.self;
}

Outcome<Value> erase(MethodCall& call) {
  const auto part = TRY(span(call));
  text_in(call).erase(part.begin, part.size);
  return call.self;
}

Outcome<Value> erase_one(MethodCall& call) {
  const auto place = TRY(call.integer(0));
  if (place < 0 || place >= character_count(text_in(call)))
    return raise("java.lang.StringIndexOutOfBoundsException", "index {},length {}", place,
                 character_count(text_in(call)));
  auto& text = text_in(call);
  const auto begin = byte_of(text, place);
  text.erase(begin, byte_of(text, place + 1) - begin);
  return call.self;
}

Outcome<Value> replace(MethodCall& call) {
  const auto part = TRY(span(call));
  text_in(call).erase(part.begin, part.size);
  TRY(grow(call, part.begin, TRY(call.text(2))));
  return call.self;
}

Outcome<Value> reverse(MethodCall& call) {
  auto all = code_points(text_in(call));
  std::reverse(all.begin(), all.end());
  text_in(call) = utf8(all);
  return call.self;
}

Outcome<Value> set_length(MethodCall& call) {
  auto& text = text_in(call);
  const auto length = TRY(call.integer(0));
  const auto now = character_count(text);
  if (length < 0 || length > static_cast<std::int64_t>(max_text))
    return raise("java.lang.StringIndexOutOfBoundsException", "{}", length);
  if (length < now)
    text.erase(byte_of(text, length));
  else
    TRY(grow(call, text.size(), std::string(static_cast<std::size_t>(length - now), '\0')));
  return Value();
}

Outcome<Value> nothing(MethodCall&) { return Value(); }

Outcome<Value> plus(MethodCall& call) { return call.text_value(text_in(call) + TRY(call.text(0))); }

Outcome<Value> set_char_at(MethodCall& call) {
  const auto with = TRY(call.text(1));
  TRY(erase_one(call));
  TRY(grow(call, byte_of(text_in(call), TRY(call.integer(0))), with));
  return Value();
}

const MethodTable& builder_methods() {
  static const MethodTable table = {
      {"append", {1, 3, append}},
      {"leftShift", {1, 1, append}},
      {"print", {1, 1, append}},
      {"println", {0, 1, append_line}},
      {"write", {1, 1, write}},
      {"insert", {2, 2, insert}},
      {"delete", {2, 2, erase}},
      {"deleteCharAt", {1, 1, erase_one}},
      {"setCharAt", {2, 2, set_char_at}},
      {"replace", {3, 3, replace}},
      {"reverse", {0, 0, reverse}},
      {"setLength", {1, 1, set_length}},
      {"plus", {1, 1, plus}},
      {"toString",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.text_value(text_in(c)); }}},
      {"capacity",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(text_in(c).size()) + 16);
        }}},
      {"getBuffer", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"flush", {0, 0, nothing}},
      {"close", {0, 0, nothing}},
  };
  return table;
}

/// What a String has, a builder has: called on its text.
template <const char* Name>
Outcome<Value> as_text(MethodCall& call) {
  const Value text(text_in(call));
  MethodCall same{call.evaluator, call.context, text, call.arguments};
  const auto* method = find_method(text, Name);
  return method ? call_method(*method, same, Name)
                : missing_method(call.self, Name, call.arguments);
}

constexpr char length_name[] = "length", size_name[] = "size", char_at_name[] = "charAt",
               index_of_name[] = "indexOf", last_index_of_name[] = "lastIndexOf",
               substring_name[] = "substring", contains_name[] = "contains",
               starts_with_name[] = "startsWith", ends_with_name[] = "endsWith",
               is_empty_name[] = "isEmpty", read_lines_name[] = "readLines",
               replace_all_name[] = "replaceAll", tokenize_name[] = "tokenize",
               split_name[] = "split", find_all_name[] = "findAll", each_line_name[] = "eachLine";

const MethodTable& text_like() {
  static const MethodTable table = {
      {"length", {0, 0, as_text<length_name>}},
      {"size", {0, 0, as_text<size_name>}},
      {"charAt", {1, 1, as_text<char_at_name>}},
      {"indexOf", {1, 2, as_text<index_of_name>}},
      {"lastIndexOf", {1, 2, as_text<last_index_of_name>}},
      {"substring", {1, 2, as_text<substring_name>}},
      {"contains", {1, 1, as_text<contains_name>}},
      {"startsWith", {1, 1, as_text<starts_with_name>}},
      {"endsWith", {1, 1, as_text<ends_with_name>}},
      {"isEmpty", {0, 0, as_text<is_empty_name>}},
      {"readLines", {0, 0, as_text<read_lines_name>}},
      {"replaceAll", {2, 2, as_text<replace_all_name>}},
      {"tokenize", {0, 1, as_text<tokenize_name>}},
      {"split", {0, 2, as_text<split_name>}},
      {"findAll", {0, 2, as_text<find_all_name>}},
      {"eachLine", {1, 2, as_text<each_line_name>}},
  };
  return table;
}

}  // namespace

Outcome<std::vector<Value>> StringBuilderObject::items() { return elements_of(Value(text_)); }

Outcome<Value> StringBuilderObject::at(const Value& key, Context& context) {
  if (const auto* place = key.as_integer()) {
    const auto length = character_count(text_);
    const auto index = *place < 0 ? *place + length : *place;
    if (index < 0 || index >= length)
      return raise("java.lang.StringIndexOutOfBoundsException", "index {}, length {}", *place,
                   length);
    return Value(characters(text_, index, index + 1));
  }
  return Object::at(key, context);
}

const Method* StringBuilderObject::method(std::string_view name) const {
  for (const auto* table : {&builder_methods(), &text_like()})
    if (const auto found = table->find(name); found != table->end()) return &found->second;
  return nullptr;
}

}  // namespace cupel::pipeline
