// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/value.hpp"

#include <limits>

#include "base/text.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

namespace {

constexpr int deepest_inside = 50;

/// On this thread: how many values are let go inside each other. What lies deeper waits for the
/// outermost, which owns the list; else a list nested a million times would end with the stack.
struct LettingGo {
  int inside = 0;
  void* waiting = nullptr;
};
constinit thread_local LettingGo letting_go;

}  // namespace

Value& Value::operator=(Value&& other) noexcept {
  auto taken = std::move(other.value_);  // first: `other` may be a part of what is let go
  other.value_ = std::monostate();
  if (value_.index() >= first_nesting) let_go();
  value_ = std::move(taken);
  return *this;
}

void Value::let_go() noexcept {
  auto held = std::exchange(value_, std::monostate());
  auto& level = letting_go;
  if (level.inside > 0 && level.inside < deepest_inside) {
    ++level.inside;
    held = std::monostate();
    --level.inside;
    return;
  }
  if (level.inside > 0) {
    static_cast<std::vector<Held>*>(level.waiting)->push_back(std::move(held));
    return;
  }
  std::vector<Held> waiting;
  level = {1, &waiting};
  held = std::monostate();
  while (!waiting.empty()) {
    held = std::move(waiting.back());
    waiting.pop_back();
    held = std::monostate();
  }
  level = {};
}

std::string Character::text() const { return utf8(code); }

std::int64_t Range::size() const {
  if (empty) return 0;
  // Not signed: from the least to the greatest there are more than fit.
  const auto span = from <= to ? static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)
                               : static_cast<std::uint64_t>(from) - static_cast<std::uint64_t>(to);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(span >= most ? most : span + 1);
}

Value Range::value_at(std::int64_t index) const {
  const auto number = at(index);
  switch (kind) {
    case Kind::long_: return Value::long_of(number);
    case Kind::character: return Value(Character{static_cast<char32_t>(number)});
    case Kind::text: return Value(utf8(static_cast<char32_t>(number)));
    case Kind::integer: break;
  }
  return Value(number);
}

Value::Value(std::int64_t number)
    : value_(Whole{number,
                   number == static_cast<std::int32_t>(number) ? Width::integer : Width::long_}) {}

Value::Value(GString text) : value_(std::make_shared<const GString>(std::move(text))) {}

Value Value::list(std::vector<Value> items) {
  auto list = std::make_shared<List>();
  list->items = std::move(items);
  return Value(std::move(list));
}

Value Value::array(std::vector<Value> items, std::string element) {
  auto list = std::make_shared<List>();
  list->items = std::move(items);
  list->type = std::move(element) + "[]";
  return Value(std::move(list));
}

Value Value::float_of(double number) {
  return Value(Floating{static_cast<double>(static_cast<float>(number)), true});
}

const std::int64_t* Value::as_integer() const {
  const auto* whole = as_whole();
  return whole ? &whole->number : nullptr;
}

const BigInteger* Value::as_big_integer() const {
  const auto* held = std::get_if<std::shared_ptr<const BigInteger>>(&value_);
  return held ? held->get() : nullptr;
}

const Decimal* Value::as_decimal() const {
  const auto* held = std::get_if<std::shared_ptr<const Decimal>>(&value_);
  return held ? held->get() : nullptr;
}

const std::string* Value::as_text() const {
  const auto* held = std::get_if<Text>(&value_);
  return held ? held->get() : nullptr;
}

const GString* Value::as_gstring() const {
  const auto* held = std::get_if<std::shared_ptr<const GString>>(&value_);
  return held ? held->get() : nullptr;
}

const Range* Value::as_range() const {
  const auto* held = std::get_if<std::shared_ptr<const Range>>(&value_);
  return held ? held->get() : nullptr;
}

bool Value::is(const Value& other) const {
  if (value_.index() != other.value_.index()) return false;
  if (is_null()) return true;
  if (const auto* flag = as_flag()) return *flag == *other.as_flag();
  if (const auto* whole = as_whole())
    return whole->number == other.as_whole()->number && whole->width == other.as_whole()->width;
  if (const auto* number = as_floating())
    return number->number == other.as_floating()->number &&
           number->single == other.as_floating()->single;
  if (const auto* character = as_character()) return character->code == other.as_character()->code;
  if (const auto* number = as_big_integer()) return *number == *other.as_big_integer();
  if (const auto* number = as_decimal())
    return number == other.as_decimal() || (number->scale == other.as_decimal()->scale &&
                                            number->units == other.as_decimal()->units);
  if (const auto* text = as_text()) return *text == *other.as_text();
  if (as_gstring()) return as_gstring() == other.as_gstring();
  if (as_range()) return as_range() == other.as_range();
  return list_here() == other.list_here() && set_here() == other.set_here() &&
         map_here() == other.map_here() && closure_here() == other.closure_here() &&
         object_here() == other.object_here();
}

namespace {

std::string or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : name;
}

std::string_view name(Width width) {
  switch (width) {
    case Width::byte_: return "java.lang.Byte";
    case Width::short_: return "java.lang.Short";
    case Width::long_: return "java.lang.Long";
    case Width::integer: break;
  }
  return "java.lang.Integer";
}

}  // namespace

std::string Value::type_name() const {
  if (is_null()) return "null";
  if (as_flag()) return "java.lang.Boolean";
  if (const auto* whole = as_whole()) return std::string(name(whole->width));
  if (const auto* number = as_floating())
    return number->single ? "java.lang.Float" : "java.lang.Double";
  if (as_character()) return "java.lang.Character";
  if (as_big_integer()) return "java.math.BigInteger";
  if (as_decimal()) return "java.math.BigDecimal";
  if (as_text()) return "java.lang.String";
  if (as_gstring()) return "org.codehaus.groovy.runtime.GStringImpl";
  if (const auto* range = as_range())
    return range->empty                          ? "groovy.lang.EmptyRange"
           : range->kind == Range::Kind::integer ? "groovy.lang.IntRange"
                                                 : "groovy.lang.ObjectRange";
  if (const auto* list = list_here()) return or_else(list->type, "java.util.ArrayList");
  if (const auto* set = set_here()) return or_else(set->type, "java.util.LinkedHashSet");
  if (const auto* map = map_here()) return or_else(map->type, "java.util.LinkedHashMap");
  if (closure_here()) return "groovy.lang.Closure";
  return object_here() ? object_here()->type_name() : "null";
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  while (!text.empty()) {
    const auto length = utf8_length(text);
    auto point = static_cast<char32_t>(static_cast<unsigned char>(text[0]));
    // What is no UTF-8 keeps its byte, in a range that no text uses, so that it can be written
    // back.
    if (length == 0) point = 0xF700U | point;
    if (length > 1) point &= 0xFFU >> (length + 1);
    for (std::size_t i = 1; i < length; ++i)
      point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    points += point;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return points;
}

std::string utf8(char32_t code) {
  std::string text;
  const auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code >= 0xF780 && code <= 0xF7FF) {
    text += static_cast<char>(code & 0xFFU);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
  return text;
}

std::string utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (const auto code : text) bytes += utf8(code);
  return bytes;
}

}  // namespace cupel::pipeline
