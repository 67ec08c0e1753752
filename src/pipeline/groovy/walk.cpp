// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/walk.hpp"

#include <bit>
#include <optional>

#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/view.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 200;
// Lists that share lists may be small in memory and endless to walk.
constexpr std::size_t max_parts = 1'000'000;

tl::unexpected<Signal> too_large(std::string_view to_do) {
  return refuse("the value is nested too deep, or too large, to {}", to_do);
}

tl::unexpected<Signal> too_long() {
  return refuse("the text would be longer than {} MiB", max_text >> 20);
}

/// Appends the text of a value, within limits of depth and length.
class Printer {
 public:
  Outcome<void> print(const Value& value, int depth) {
    if (depth > max_depth || ++count_ > max_parts) return too_large("print");
    if (may_be_view(value)) TRY(refresh(value));
    if (text.size() > max_text) return too_long();
    if (value.is_null()) text += "null";
    if (const auto* flag = value.as_flag()) text += *flag ? "true" : "false";
    if (value.is_number()) text += number_text(value);
    if (const auto* character = value.as_character()) text += character->text();
    if (const auto* string = value.as_text()) text += *string;
    if (const auto* string = value.as_gstring()) return print_gstring(*string, depth);
    if (value.as_range()) return print_list(TRY(Outcome<Items>(elements(value))), depth);
    if (is_json_object(value)) {
      text += TRY(Outcome<std::string>(write_json(value, JsonStyle::compact_unicode)));
      return {};
    }
    // Copies: toString() of an item may change what it stands in.
    if (const auto list = value.as_list()) return print_list(Items(list->items), depth);
    if (const auto set = value.as_set()) return print_list(set->items(), depth);
    if (const auto map = value.as_map()) return print_map(Entries(map->entries()), depth);
    if (value.closure_here()) text += "Script1$_run_closure1";
    if (const auto object = value.as_object()) text += TRY(object->to_string());
    return {};
  }

  std::string text;

 private:
  using Items = std::vector<Value>;
  using Entries = std::vector<Map::Entry>;

  Outcome<void> print_gstring(const GString& string, int depth) {
    for (std::size_t i = 0; i < string.texts.size(); ++i) {
      text += string.texts[i];
      if (i >= string.values.size()) continue;
      const auto lazy = string.values[i].as_closure();
      if (lazy && lazy->evaluator)
        TRY(print(TRY(lazy->call_here({})), depth + 1));
      else
        TRY(print(string.values[i], depth + 1));
    }
    return {};
  }

  Outcome<void> print_list(const Items& items, int depth) {
    text += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text += ", ";
      TRY(print(items[i], depth + 1));
    }
    text += ']';
    return {};
  }

  Outcome<void> print_map(const Entries& entries, int depth) {
    text += entries.empty() ? "[:" : "[";
    bool first = true;
    for (const auto& [key, value] : entries) {
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

/// A single character, as a number compares itself with one.
std::optional<Value> as_code(const Value& value) {
  if (const auto* character = value.as_character())
    return Value(static_cast<std::int64_t>(character->code));
  return std::nullopt;
}

bool is_word(const Value& value) { return value.is_text() || value.as_character(); }

class Comparer {
 public:
  Outcome<bool> equal(const Value& a, const Value& b, int depth) {
    if (depth > max_depth || ++count_ > max_parts) return too_large("compare");
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    if (a.as_text() && b.as_text()) return *a.as_text() == *b.as_text();
    if (a.is_number() && b.is_number()) return numbers_equal(a, b);
    if (a.is_number() && b.as_character()) return numbers_equal(a, *as_code(b));
    if (a.as_character() && b.is_number()) return numbers_equal(*as_code(a), b);
    if (is_word(a) && is_word(b)) return TRY(text_of(a)) == TRY(text_of(b));
    if (a.as_flag() && b.as_flag()) return *a.as_flag() == *b.as_flag();
    if (a.is_sequence() && b.is_sequence()) return equal_lists(a, b, depth);
    if (a.set_here() && b.set_here()) {
      TRY(refresh(a));
      TRY(refresh(b));
      return equal_sets(a.as_set(), b.as_set());
    }
    if (a.map_here() && b.map_here()) return equal_maps(a.as_map(), b.as_map(), depth);
    if (a.is(b)) return true;
    if (const auto object = a.as_object()) {
      if (b.object_here())
        if (const auto order = TRY(object->compare(b))) return *order == 0;
      return object->equals(b);
    }
    return false;
  }

 private:
  Outcome<bool> equal_lists(const Value& a, const Value& b, int depth) {
    if (a.is(b)) return true;
    const auto x = TRY(Outcome<std::vector<Value>>(elements(a)));
    const auto y = TRY(Outcome<std::vector<Value>>(elements(b)));
    if (x.size() != y.size()) return false;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!TRY(equal(x[i], y[i], depth + 1))) return false;
    return true;
  }

  static Outcome<bool> equal_sets(const std::shared_ptr<Set>& a, const std::shared_ptr<Set>& b) {
    if (a->size() != b->size()) return false;
    for (const auto& item : a->items())
      if (!b->contains(item)) return false;
    return true;
  }

  Outcome<bool> equal_maps(const std::shared_ptr<Map>& a, const std::shared_ptr<Map>& b,
                           int depth) {
    if (a == b) return true;
    if (a->size() != b->size()) return false;
    for (const auto& [key, value] : std::vector<Map::Entry>(a->entries())) {
      const auto* found = b->find(key);
      if (!found) return false;
      const auto other = *found;
      if (!TRY(equal(value, other, depth + 1))) return false;
    }
    return true;
  }

  std::size_t count_ = 0;
};

std::int32_t text_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const auto code : code_points(text)) {
    if (code < 0x10000) {
      hash = hash * 31 + code;
      continue;
    }
    hash = hash * 31 + (0xD800U + ((code - 0x10000U) >> 10U));
    hash = hash * 31 + (0xDC00U + ((code - 0x10000U) & 0x3FFU));
  }
  return static_cast<std::int32_t>(hash);
}

std::int32_t folded(std::uint64_t bits) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits ^ (bits >> 32U)));
}

class Hasher {
 public:
  Outcome<std::int32_t> hash(const Value& value, int depth) {
    if (depth > max_depth || ++count_ > max_parts) return too_large("hash");
    if (value.is_null()) return 0;
    if (const auto* flag = value.as_flag()) return *flag ? 1231 : 1237;
    if (const auto* whole = value.as_whole())
      return whole->width == Width::long_ ? folded(static_cast<std::uint64_t>(whole->number))
                                          : static_cast<std::int32_t>(whole->number);
    if (const auto* number = value.as_floating())
      return number->single ? static_cast<std::int32_t>(
                                  std::bit_cast<std::uint32_t>(static_cast<float>(number->number)))
                            : folded(std::bit_cast<std::uint64_t>(number->number));
    if (const auto* character = value.as_character())
      return static_cast<std::int32_t>(character->code);
    if (const auto* number = value.as_big_integer()) return text_hash(number->text(16));
    if (const auto* number = value.as_decimal())
      return static_cast<std::int32_t>(
          31U * static_cast<std::uint32_t>(text_hash(number->units.text(16))) +
          static_cast<std::uint32_t>(number->scale));
    if (value.is_text()) return text_hash(TRY(text_of(value)));
    if (value.is_sequence()) return hash_list(TRY(Outcome<Items>(elements(value))), depth);
    if (const auto set = value.as_set()) {
      std::uint32_t sum = 0;
      for (const auto& item : set->items())
        sum += static_cast<std::uint32_t>(TRY(hash(item, depth + 1)));
      return static_cast<std::int32_t>(sum);
    }
    if (const auto map = value.as_map()) {
      std::uint32_t sum = 0;
      for (const auto& [key, held] : std::vector<Map::Entry>(map->entries()))
        sum += static_cast<std::uint32_t>(TRY(hash(key, depth + 1)) ^ TRY(hash(held, depth + 1)));
      return static_cast<std::int32_t>(sum);
    }
    if (const auto object = value.as_object()) return object->hash();
    return 1;
  }

 private:
  using Items = std::vector<Value>;
  Outcome<std::int32_t> hash_list(const Items& items, int depth) {
    std::uint32_t sum = 1;
    for (const auto& item : items)
      sum = sum * 31 + static_cast<std::uint32_t>(TRY(hash(item, depth + 1)));
    return static_cast<std::int32_t>(sum);
  }

  std::size_t count_ = 0;
};

}  // namespace

Outcome<std::string> text_of(const Value& value) {
  if (const auto* text = value.as_text()) return *text;
  Printer printer;
  TRY(printer.print(value, 0));
  if (printer.text.size() > max_text) return too_long();
  return std::move(printer.text);
}

Outcome<bool> equal_values(const Value& a, const Value& b) { return Comparer().equal(a, b, 0); }

Outcome<std::int32_t> hash_of(const Value& value) { return Hasher().hash(value, 0); }

Outcome<int> compare_values(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return numbers_compare(a, b);
  if (a.is_number() && b.as_character()) return numbers_compare(a, *as_code(b));
  if (a.as_character() && b.is_number()) return numbers_compare(*as_code(a), b);
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null() ? 0 : a.is_null() ? -1 : 1;
  if (is_word(a) && is_word(b)) {
    const int order = TRY(text_of(a)).compare(TRY(text_of(b)));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.as_flag() && b.as_flag())
    return static_cast<int>(*a.as_flag()) - static_cast<int>(*b.as_flag());
  if (const auto object = a.as_object())
    if (const auto order = TRY(object->compare(b))) return *order;
  if (!a.is_null() && a.is(b)) return 0;
  return raise("java.lang.IllegalArgumentException",
               "Cannot compare {} with value '{}' and {} with value '{}'", a.type_name(),
               TRY(text_of(a)), b.type_name(), TRY(text_of(b)));
}

Outcome<bool> truth_of(const Value& value) {
  if (const auto object = value.as_object()) return object->truth();
  if (value.as_gstring()) return !TRY(text_of(value)).empty();
  if (may_be_view(value)) TRY(refresh(value));
  return truth(value);
}

Outcome<std::vector<Value>> elements_of(const Value& value) {
  if (const auto object = value.as_object()) return object->items();
  if (value.as_gstring()) return elements_of(Value(TRY(text_of(value))));
  if (may_be_view(value)) TRY(refresh(value));
  auto items = elements(value);
  if (!items) return refuse("{}", items.error().text());  // a limit, which no catch takes
  return std::move(*items);
}

bool truth(const Value& value) {
  if (value.is_null()) return false;
  if (const auto* flag = value.as_flag()) return *flag;
  if (value.is_number()) return !is_zero(value);
  if (const auto* character = value.as_character()) return character->code != 0;
  if (const auto* text = value.as_text()) return !text->empty();
  if (value.as_gstring()) {
    const auto text = to_text(value);
    return !text || !text->empty();
  }
  if (const auto* range = value.as_range()) return !range->empty;
  if (const auto* list = value.list_here()) return !list->items.empty();
  if (const auto* set = value.set_here()) return !set->empty();
  if (const auto* map = value.map_here()) return !map->empty();
  if (const auto object = value.as_object()) return object->truth().value_or(true);
  return true;
}

Result<bool> equal(const Value& a, const Value& b) { return as_result(equal_values(a, b)); }
Result<std::string> to_text(const Value& value) { return as_result(text_of(value)); }
Result<int> compare(const Value& a, const Value& b) { return as_result(compare_values(a, b)); }
Result<std::int32_t> java_hash(const Value& value) { return as_result(hash_of(value)); }

Result<std::vector<Value>> elements(const Value& value) {
  std::vector<Value> items;
  if (const auto* list = value.list_here()) return list->items;
  if (const auto* set = value.set_here()) return set->items();
  if (const auto* range = value.as_range()) {
    const auto size = range->size();
    if (size > static_cast<std::int64_t>(max_items))
      return fail(Fault::invalid, "a range of {} elements is too large", size);
    for (std::int64_t i = 0; i < size; ++i) items.push_back(range->value_at(i));
    return items;
  }
  if (const auto* map = value.map_here()) {
    for (const auto& [key, held] : map->entries())
      items.push_back(entry_of(value.as_map(), key, held));
    return items;
  }
  if (value.is_text()) {
    const auto codes = code_points(TRY(to_text(value)));
    if (codes.size() > max_items)
      return fail(Fault::invalid, "a text of {} characters is too large for a list", codes.size());
    items.reserve(codes.size());
    for (const auto code : codes) items.emplace_back(utf8(code));
    return items;
  }
  if (const auto object = value.as_object()) return as_result(object->items());
  if (!value.is_null()) items.push_back(value);
  return items;
}

namespace {

Result<Value> frozen_at(const Value& value, int depth, std::size_t& parts) {
  if (++parts > max_parts)
    return fail(Fault::invalid, "the value has more than {} parts", max_parts);
  if (depth > max_depth) return fail(Fault::invalid, "the value is nested too deep");
  if (value.as_gstring()) return Value(TRY(to_text(value)));
  const auto all = [&](const std::vector<Value>& from) -> Result<std::vector<Value>> {
    std::vector<Value> items;
    items.reserve(from.size());
    for (const auto& item : from) items.push_back(TRY(frozen_at(item, depth + 1, parts)));
    return items;
  };
  if (const auto list = value.as_list()) {
    auto copy = std::make_shared<List>(List{TRY(all(list->items)), list->type, list->fixed});
    return Value(std::move(copy));
  }
  if (const auto set = value.as_set()) {
    auto copy = std::make_shared<Set>();
    for (const auto& item : TRY(all(set->items()))) TRY(copy->add(item));
    copy->type = set->type;
    return Value(std::move(copy));
  }
  if (const auto map = value.as_map()) {
    auto copy = std::make_shared<Map>();
    for (const auto& [key, held] : map->entries())
      TRY(copy->put(TRY(frozen_at(key, depth + 1, parts)), TRY(frozen_at(held, depth + 1, parts))));
    if (is_json_object(value)) copy->type = map->type;
    return Value(std::move(copy));
  }
  if (const auto object = value.as_object())
    if (auto plain = object->plain()) return frozen_at(*plain, depth + 1, parts);
  return value;
}

}  // namespace

Result<Value> frozen(const Value& value) {
  std::size_t parts = 0;
  return frozen_at(value, 0, parts);
}

}  // namespace cupel::pipeline
