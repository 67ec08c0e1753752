// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/value.hpp"

#include <optional>

#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 200;
// Lists that share lists may be small in memory and endless to walk.
constexpr std::size_t max_parts = 1'000'000;

/// Equal for equal keys; nothing for a value that cannot be a key.
std::optional<std::string> key_of(const Value& value) {
  if (value.is_null()) return "n";
  if (const auto* flag = value.as_flag()) return *flag ? "t" : "f";
  if (const auto* number = value.as_integer()) return "i" + std::to_string(*number);
  if (const auto* number = value.as_decimal()) return "d" + number->text();
  if (const auto* text = value.as_text()) return "s" + *text;
  // A GString is not equal to a String as a key, as in Groovy.
  if (value.as_gstring()) {
    const auto text = to_text(value);
    if (text) return "g" + *text;
  }
  return std::nullopt;
}

/// Appends the text of a value, within limits of depth and length.
class Printer {
 public:
  Result<> print(const Value& value, int depth) {
    if (depth > max_depth) return fail(Fault::invalid, "the value is nested too deep to print");
    if (++count_ > max_parts)
      return fail(Fault::invalid, "the value has more than {} parts to print", max_parts);
    if (text.size() > max_text)
      return fail(Fault::invalid, "the text would be longer than {} MiB", max_text >> 20);
    if (value.is_null()) text += "null";
    if (const auto* flag = value.as_flag()) text += *flag ? "true" : "false";
    if (const auto* number = value.as_integer()) text += std::to_string(*number);
    if (const auto* number = value.as_decimal()) text += number->text();
    if (const auto* string = value.as_text()) text += *string;
    if (const auto* string = value.as_gstring()) return print_gstring(*string, depth);
    if (const auto* range = value.as_range()) return print_range(*range);
    if (const auto list = value.as_list()) return print_list(list->items, depth);
    if (const auto map = value.as_map()) return print_map(*map, depth);
    if (value.as_closure()) text += "Script1$_run_closure";
    if (const auto object = value.as_object()) text += object->text();
    return {};
  }

  std::string text;

 private:
  Result<> print_gstring(const GString& string, int depth) {
    for (std::size_t i = 0; i < string.texts.size(); ++i) {
      text += string.texts[i];
      if (i < string.values.size()) TRY(print(string.values[i], depth + 1));
    }
    return {};
  }

  Result<> print_list(const std::vector<Value>& items, int depth) {
    text += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text += ", ";
      TRY(print(items[i], depth + 1));
    }
    text += ']';
    return {};
  }

  Result<> print_range(const Range& range) {
    const auto items = TRY(elements(Value(range)));
    return print_list(items, 0);
  }

  Result<> print_map(const Map& map, int depth) {
    text += map.entries().empty() ? "[:" : "[";
    bool first = true;
    for (const auto& [key, value] : map.entries()) {
      if (!first) text += ", ";
      first = false;
      TRY(print(key, depth + 1));
      text += ':';
      TRY(print(value, depth + 1));
    }
    text += ']';
    return {};
  }

  std::size_t count_ = 0;
};

std::optional<Decimal> number_of(const Value& value) {
  if (const auto* integer = value.as_integer()) return Decimal::of(*integer);
  if (const auto* decimal = value.as_decimal()) return *decimal;
  return std::nullopt;
}

class Comparer {
 public:
  Result<bool> equal(const Value& a, const Value& b, int depth) {
    if (depth > max_depth || ++count_ > max_parts)
      return fail(Fault::invalid, "the values are too large to compare");
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    if (a.as_integer() && b.as_integer()) return *a.as_integer() == *b.as_integer();
    if (const auto x = number_of(a), y = number_of(b); x || y)
      return x && y && compare(*x, *y) == 0;
    if (a.as_text() && b.as_text()) return *a.as_text() == *b.as_text();
    if (a.is_text() && b.is_text()) return TRY(to_text(a)) == TRY(to_text(b));
    if (a.as_flag() && b.as_flag()) return *a.as_flag() == *b.as_flag();
    if (is_sequence(a) && is_sequence(b)) return equal_lists(a, b, depth);
    if (a.as_map() && b.as_map()) return equal_maps(*a.as_map(), *b.as_map(), depth);
    if (a.as_closure() || b.as_closure()) return a.as_closure() == b.as_closure();
    if (a.as_object() && b.as_object()) return a.as_object() == b.as_object();
    return false;
  }

 private:
  static bool is_sequence(const Value& value) { return value.as_list() || value.as_range(); }

  Result<bool> equal_lists(const Value& a, const Value& b, int depth) {
    if (a.as_list() && a.as_list() == b.as_list()) return true;
    const auto x = TRY(elements(a));
    const auto y = TRY(elements(b));
    if (x.size() != y.size()) return false;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!TRY(equal(x[i], y[i], depth + 1))) return false;
    return true;
  }

  Result<bool> equal_maps(const Map& a, const Map& b, int depth) {
    if (a.entries().size() != b.entries().size()) return false;
    for (const auto& [key, value] : a.entries()) {
      const auto* other = b.find(key);
      if (!other || !TRY(equal(value, *other, depth + 1))) return false;
    }
    return true;
  }

  std::size_t count_ = 0;
};

}  // namespace

std::int64_t Range::size() const {
  if (empty) return 0;
  return (from <= to ? to - from : from - to) + 1;
}

Value::Value(GString text) : value_(std::make_shared<const GString>(std::move(text))) {}

Value Value::list(std::vector<Value> items) {
  auto list = std::make_shared<List>();
  list->items = std::move(items);
  return Value(std::move(list));
}

const std::string* Value::as_text() const {
  const auto* held = std::get_if<Text>(&value_);
  return held ? held->get() : nullptr;
}

const GString* Value::as_gstring() const {
  const auto* held = std::get_if<std::shared_ptr<const GString>>(&value_);
  return held ? held->get() : nullptr;
}

std::string Value::type_name() const {
  if (is_null()) return "null";
  if (as_flag()) return "java.lang.Boolean";
  if (const auto* number = as_integer())
    return *number == static_cast<std::int32_t>(*number) ? "java.lang.Integer" : "java.lang.Long";
  if (as_decimal()) return "java.math.BigDecimal";
  if (as_text()) return "java.lang.String";
  if (as_gstring()) return "org.codehaus.groovy.runtime.GStringImpl";
  if (as_range()) return "groovy.lang.IntRange";
  if (as_list()) return "java.util.ArrayList";
  if (as_map()) return "java.util.LinkedHashMap";
  if (as_closure()) return "groovy.lang.Closure";
  return as_object()->type_name();
}

const Value* Map::find(const Value& key) const {
  const auto name = key_of(key);
  if (!name) return nullptr;
  const auto place = places_.find(*name);
  return place == places_.end() ? nullptr : &entries_[place->second].second;
}

Result<> Map::put(const Value& key, Value value) {
  auto name = key_of(key);
  if (!name) return fail(Fault::invalid, "a {} as a map's key is not supported", key.type_name());
  if (entries_.size() >= max_items)
    return fail(Fault::invalid, "the map would hold more than {} entries", max_items);
  const auto [place, added] = places_.try_emplace(std::move(*name), entries_.size());
  if (added)
    entries_.emplace_back(key, std::move(value));
  else
    entries_[place->second].second = std::move(value);
  return {};
}

Value Map::remove(const Value& key) {
  const auto name = key_of(key);
  const auto place = name ? places_.find(*name) : places_.end();
  if (place == places_.end()) return {};
  const auto index = place->second;
  auto value = std::move(entries_[index].second);
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
  places_.erase(place);
  for (auto& [_, position] : places_)
    if (position > index) --position;
  return value;
}

void Map::clear() {
  entries_.clear();
  places_.clear();
}

bool truth(const Value& value) {
  if (value.is_null()) return false;
  if (const auto* flag = value.as_flag()) return *flag;
  if (const auto* number = value.as_integer()) return *number != 0;
  if (const auto* number = value.as_decimal()) return !number->is_zero();
  if (const auto* text = value.as_text()) return !text->empty();
  if (value.as_gstring()) {
    const auto text = to_text(value);
    return !text || !text->empty();
  }
  if (const auto* range = value.as_range()) return !range->empty;
  if (const auto list = value.as_list()) return !list->items.empty();
  if (const auto map = value.as_map()) return !map->entries().empty();
  return true;
}

Result<bool> equal(const Value& a, const Value& b) { return Comparer().equal(a, b, 0); }

Result<std::string> to_text(const Value& value) {
  if (const auto* text = value.as_text()) return *text;
  Printer printer;
  TRY(printer.print(value, 0));
  if (printer.text.size() > max_text)
    return fail(Fault::invalid, "the text would be longer than {} MiB", max_text >> 20);
  return std::move(printer.text);
}

Result<int> compare(const Value& a, const Value& b) {
  if (const auto x = number_of(a), y = number_of(b); x && y) return compare(*x, *y);
  if (a.is_text() && b.is_text()) {
    const int order = TRY(to_text(a)).compare(TRY(to_text(b)));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.as_flag() && b.as_flag())
    return static_cast<int>(*a.as_flag()) - static_cast<int>(*b.as_flag());
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null() ? 0 : a.is_null() ? -1 : 1;
  return fail(Fault::invalid, "Cannot compare {} with value '{}' and {} with value '{}'",
              a.type_name(), TRY(to_text(a)), b.type_name(), TRY(to_text(b)));
}

Result<std::vector<Value>> elements(const Value& value) {
  std::vector<Value> items;
  if (const auto list = value.as_list()) return list->items;
  if (const auto* range = value.as_range()) {
    const auto size = range->size();
    if (size > static_cast<std::int64_t>(max_items))
      return fail(Fault::invalid, "a range of {} elements is too large", size);
    for (std::int64_t i = 0; i < size; ++i) items.emplace_back(range->at(i));
    return items;
  }
  if (const auto map = value.as_map()) {
    for (const auto& [key, held] : map->entries())
      items.push_back(Value(std::shared_ptr<Object>(std::make_shared<MapEntry>(key, held))));
    return items;
  }
  if (value.is_text()) {
    const auto text = TRY(to_text(value));
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
      items.emplace_back(text.substr(i, end - i));
      i = end;
    }
    return items;
  }
  if (!value.is_null()) items.push_back(value);
  return items;
}

namespace {

Result<Value> frozen_at(const Value& value, int depth, std::size_t& parts) {
  if (++parts > max_parts)
    return fail(Fault::invalid, "the value has more than {} parts", max_parts);
  if (depth > max_depth) return fail(Fault::invalid, "the value is nested too deep");
  if (value.as_gstring()) return Value(TRY(to_text(value)));
  if (const auto list = value.as_list()) {
    std::vector<Value> items;
    items.reserve(list->items.size());
    for (const auto& item : list->items) items.push_back(TRY(frozen_at(item, depth + 1, parts)));
    return Value::list(std::move(items));
  }
  if (const auto map = value.as_map()) {
    auto copy = std::make_shared<Map>();
    for (const auto& [key, held] : map->entries())
      TRY(copy->put(TRY(frozen_at(key, depth + 1, parts)), TRY(frozen_at(held, depth + 1, parts))));
    return Value(std::move(copy));
  }
  return value;
}

}  // namespace

Result<Value> frozen(const Value& value) {
  std::size_t parts = 0;
  return frozen_at(value, 0, parts);
}

}  // namespace cupel::pipeline
