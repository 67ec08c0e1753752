// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/utf8.hpp"
#include "pipeline/groovy/view.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

tl::unexpected<Signal> outside(const Value& receiver, std::int64_t place, std::int64_t size) {
  if (receiver.is_text())
    return raise("java.lang.StringIndexOutOfBoundsException", "String index out of range: {}",
                 place);
  if (receiver.list_here() && receiver.list_here()->is_array())
    return raise("java.lang.ArrayIndexOutOfBoundsException", "{}", place);
  return raise("java.lang.IndexOutOfBoundsException", "Index: {}, Size: {}", place, size);
}

/// What a sequence has at a place that is not negative.
Value item_at(const Value& receiver, std::int64_t place, const std::string& text) {
  if (const auto* list = receiver.list_here()) return list->items[static_cast<std::size_t>(place)];
  if (const auto* range = receiver.as_range()) return range->value_at(place);
  return Value(characters(text, place, place + 1));
}

Outcome<Value> put_many(List& list, const Value& keys, const Value& value) {
  const auto places = TRY(elements_of(keys));
  const auto values = TRY(elements_of(value));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].as_integer()) return refuse("an index of a {}", places[i].type_name());
    auto place = *places[i].as_integer();
    if (place < 0) place += static_cast<std::int64_t>(list.items.size());
    if (place < 0 || place >= static_cast<std::int64_t>(list.items.size()))
      return raise("java.lang.IndexOutOfBoundsException", "Index: {}, Size: {}", place,
                   list.items.size());
    list.items[static_cast<std::size_t>(place)] = i < values.size() ? values[i] : Value();
  }
  return Value();
}

}  // namespace

Outcome<Value> Interpreter::index(const Value& receiver, const Value& key, Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method getAt() on null object");
  if (const auto map = receiver.as_map()) {
    if (const auto* value = map->find(key)) return *value;
    if (const auto closure = map->fallback.as_closure()) {
      auto made = TRY(call(*closure, {key}, context));
      TRY(Outcome<void>(map->put(key, made)));
      return made;
    }
    // Groovy asks maps by property for what is no key: by the text of a GString.
    if (key.as_gstring()) return Value();
    return Value();
  }
  if (const auto* type = dynamic_cast<const ClassObject*>(receiver.object_here()))
    return get_of_class(*type, TRY(text(key, context)), context);
  if (const auto object = receiver.as_object()) return object->at(key, context);
  if (may_be_view(receiver)) TRY(refresh(receiver));
  if (receiver.set_here() && key.as_integer())
    return index(Value::list(TRY(elements_of(receiver))), key, context);
  const bool sequence = receiver.is_sequence();
  if (!sequence && !receiver.is_text()) {
    if (receiver.set_here() || !key.as_integer() || !receiver.as_whole())
      return get(receiver, TRY(text(key, context)), context);
    return Value((*receiver.as_integer() >> (*key.as_integer() & 63)) & 1);
  }
  const auto string = receiver.is_text() ? TRY(text(receiver, context)) : std::string();
  const auto size = receiver.list_here()
                        ? static_cast<std::int64_t>(receiver.list_here()->items.size())
                    : receiver.as_range() ? receiver.as_range()->size()
                                          : character_count(string);
  if (key.is_number()) {
    const auto written = long_of(key);
    const auto place = written < 0 ? written + size : written;
    if (place >= 0 && place < size) return item_at(receiver, place, string);
    // Lists give null past their end, as Groovy's do.
    const auto* list = receiver.list_here();
    if (place >= 0 && list && !list->is_array()) return Value();
    if (place < 0 && list && !list->is_array())
      return raise("java.lang.ArrayIndexOutOfBoundsException",
                   "Negative array index [{}] too large for array size {}", written, size);
    return outside(receiver, written, size);
  }
  if (const auto* range = key.as_range()) {
    // a[1..-1] counts its end from the back.
    const auto at = [size](std::int64_t place) { return place < 0 ? place + size : place; };
    if (size == 0 && range->from == 0 && range->empty) return Value::list({});
    auto real = Range{at(range->from), at(range->to), range->empty};
    if (range->empty) real.empty = true;
    std::vector<Value> part;
    std::string joined;
    for (std::int64_t i = 0; i < real.size(); ++i) {
      const auto place = real.at(i);
      if (place < 0 || place >= size) return outside(receiver, place, size);
      if (sequence)
        part.push_back(item_at(receiver, place, string));
      else
        joined += characters(string, place, place + 1);
    }
    return sequence ? Value::list(std::move(part)) : Value(std::move(joined));
  }
  if (key.is_sequence() || key.set_here()) {
    std::vector<Value> part;
    std::string joined;
    for (const auto& one : TRY(elements_of(key))) {
      auto item = TRY(index(receiver, one, context));
      if (sequence && one.is_sequence())
        for (auto& inner : TRY(elements_of(item))) part.push_back(std::move(inner));
      else if (sequence)
        part.push_back(std::move(item));
      else
        joined += TRY(text(item, context));
    }
    return sequence ? Value::list(std::move(part)) : Value(std::move(joined));
  }
  if (key.is_text()) return get(receiver, TRY(text(key, context)), context);
  return no_method(receiver.type_name(), "getAt", {key});
}

Outcome<void> Interpreter::put(const Value& receiver, const Value& key, Value value,
                               Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method putAt() on null object");
  if (const auto map = receiver.as_map()) {
    if (map->fixed) return raise("java.lang.UnsupportedOperationException", "{}", "");
    TRY(charge(sizeof(Map::Entry)));
    return Outcome<void>(map->put(key, std::move(value)));
  }
  if (const auto object = receiver.as_object()) {
    if (dynamic_cast<const ClassObject*>(object.get()))
      return set(receiver, TRY(text(key, context)), std::move(value), context);
    return object->put_at(key, value, context);
  }
  const auto list = receiver.as_list();
  if (!list) {
    TRY(no_method(receiver.type_name(), "putAt", {key, value}));
    return {};
  }
  if (is_view(receiver) && key.is_number()) {
    TRY(refresh(receiver));
    const auto place = long_of(key);
    const auto from_end = place < 0 ? static_cast<std::int64_t>(list->items.size()) : 0;
    TRY(invoke(receiver, "set", {Value(place + from_end), std::move(value)}, context));
    return {};
  }
  if (list->fixed) return raise("java.lang.UnsupportedOperationException", "{}", "");
  if (!key.is_number()) {
    TRY(put_many(*list, key, value));
    return {};
  }
  auto place = long_of(key);
  const auto size = static_cast<std::int64_t>(list->items.size());
  if (place < 0) place += size;
  if (place < 0 || (list->is_array() && place >= size))
    return raise(list->is_array() ? "java.lang.ArrayIndexOutOfBoundsException"
                                  : "java.lang.IndexOutOfBoundsException",
                 "{}", long_of(key));
  if (place >= static_cast<std::int64_t>(max_items))
    return refuse("the list would hold more than {} items", max_items);
  if (place >= size) {
    TRY(charge(static_cast<std::size_t>(place - size + 1) * sizeof(Value)));
    list->items.resize(static_cast<std::size_t>(place) + 1);
  }
  list->items[static_cast<std::size_t>(place)] = std::move(value);
  return {};
}

}  // namespace cupel::pipeline
