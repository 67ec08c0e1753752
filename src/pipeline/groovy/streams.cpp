// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/streams.hpp"

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/scope.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

const Method* find_in(const MethodTable& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

/// Over a copy, which its own changes are made in too.
class IteratorObject final : public Object {
 public:
  IteratorObject(Values items, Value source, std::size_t place)
      : items_(std::move(items)), source_(std::move(source)), next_(place) {}
  std::string type_name() const override { return "java.util.ListIterator"; }
  Outcome<Values> items() override {
    return Values(items_.begin() + static_cast<std::ptrdiff_t>(next_), items_.end());
  }
  const Method* method(std::string_view name) const override;
  bool has_next() const { return next_ < items_.size(); }
  std::size_t place() const { return next_; }
  Outcome<Value> next() {
    if (!has_next()) return raise("java.util.NoSuchElementException", "no more elements");
    last_ = next_;
    return items_[next_++];
  }
  Outcome<Value> previous() {
    if (next_ == 0) return raise("java.util.NoSuchElementException", "no elements before");
    last_ = --next_;
    return items_[next_];
  }
  Outcome<Value> remove(MethodCall& call) {
    const auto last = TRY(last_given());
    if (!source_.list_here() && !source_.set_here() && !source_.map_here()) return refused();
    if (source_.list_here()) {
      TRY(unchanged());
      TRY(call.evaluator.invoke(source_, "removeAt", {place_value(last)}, call.context));
    } else {
      const auto entry = source_.map_here() ? as_entry(items_[last]) : std::nullopt;
      TRY(call.evaluator.invoke(source_, "remove", {entry ? entry->first : items_[last]},
                                call.context));
    }
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(last));
    if (last < next_) --next_;
    last_.reset();
    return Value();
  }
  Outcome<Value> replace(MethodCall& call) {
    const auto last = TRY(last_given());
    if (!source_.list_here()) return refused();
    TRY(unchanged());
    TRY(call.evaluator.invoke(source_, "set", {place_value(last), call[0]}, call.context));
    items_[last] = call[0];
    return Value();
  }
  Outcome<Value> add(MethodCall& call) {
    if (!source_.list_here()) return refused();
    TRY(unchanged());
    TRY(call.evaluator.invoke(source_, "add", {place_value(next_), call[0]}, call.context));
    items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(next_++), call[0]);
    last_.reset();
    return Value();
  }

 private:
  static Value place_value(std::size_t place) { return Value(static_cast<std::int64_t>(place)); }
  static tl::unexpected<Signal> refused() {
    return raise("java.lang.UnsupportedOperationException", "this iterator cannot change anything");
  }
  Outcome<std::size_t> last_given() const {
    if (!last_)
      return raise("java.lang.IllegalStateException",
                   "the iterator has given no element to change");
    return *last_;
  }
  Outcome<void> unchanged() const {
    if (source_.list_here()->items.size() == items_.size()) return {};
    return raise("java.util.ConcurrentModificationException", "the list has changed meanwhile");
  }

  Values items_;
  Value source_;
  std::size_t next_ = 0;
  std::optional<std::size_t> last_;  ///< what next() or previous() gave
};

class StreamObject final : public Object {
 public:
  explicit StreamObject(Values items) : items_(std::move(items)) {}
  std::string type_name() const override { return "java.util.stream.Stream"; }
  Outcome<Values> items() override { return items_; }
  const Method* method(std::string_view name) const override;

 private:
  Values items_;
};

class OptionalObject final : public Object {
 public:
  explicit OptionalObject(Value value) : value_(std::move(value)) {}
  std::string type_name() const override { return "java.util.Optional"; }
  std::string text() const override {
    const auto inner = to_text(value_);
    return value_.is_null() ? "Optional.empty" : "Optional[" + (inner ? *inner : "?") + "]";
  }
  Outcome<std::string> to_string() override { return text(); }
  Outcome<bool> truth() override { return !value_.is_null(); }
  Outcome<bool> equals(const Value& other) override {
    const auto* optional = dynamic_cast<const OptionalObject*>(other.object_here());
    return optional && TRY(equal_values(value_, optional->value_));
  }
  const Method* method(std::string_view name) const override;
  const Value& value() const { return value_; }

 private:
  Value value_;
};

class CollectorObject final : public Object {
 public:
  explicit CollectorObject(Value function) : collect(std::move(function)) {}
  std::string type_name() const override { return "java.util.stream.Collector"; }
  const Value collect;
};

IteratorObject& iterator(MethodCall& call) {
  return static_cast<IteratorObject&>(*call.self.object_here());
}
const Value& held(MethodCall& call) {
  return static_cast<OptionalObject&>(*call.self.object_here()).value();
}

/// A stream's operation by the method of lists that does the same.
Outcome<Value> of_list(MethodCall& call, std::string_view name) {
  const auto list = Value::list(TRY(call.items()));
  MethodCall same{call.evaluator, call.context, list, call.arguments};
  return call_method(*find_method(list, name), same, name);
}
Outcome<Value> stream_of(Outcome<Value> list) {
  return stream_value(TRY(elements_of(TRY(std::move(list)))));
}
Outcome<Value> optional_of(Outcome<Value> value) { return optional_value(TRY(std::move(value))); }

Outcome<Value> collect(MethodCall& call) {
  const auto* collector = dynamic_cast<const CollectorObject*>(call[0].object_here());
  if (!collector) return of_list(call, "collect");
  return call.evaluator.call(collector->collect, {Value::list(TRY(call.items()))}, call.context);
}

Outcome<Value> limit(MethodCall& call) { return stream_of(of_list(call, "take")); }

Outcome<Value> reduce(MethodCall& call) {
  if (call.count() == 2) return of_list(call, "inject");
  if (TRY(call.items()).empty()) return optional_value(Value());
  return optional_of(of_list(call, "inject"));
}

Outcome<Value> none_match(MethodCall& call) { return Value(!truth(TRY(of_list(call, "any")))); }

const MethodTable& iterator_methods() {
  static const MethodTable table = {
      {"hasNext",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(iterator(c).has_next()); }}},
      {"next", {0, 0, [](MethodCall& c) { return iterator(c).next(); }}},
      {"iterator", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"size", {0, 0, [](MethodCall& c) { return of_list(c, "size"); }}},
      {"hasPrevious",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(iterator(c).place() > 0); }}},
      {"previous", {0, 0, [](MethodCall& c) { return iterator(c).previous(); }}},
      {"nextIndex",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(iterator(c).place()));
        }}},
      {"previousIndex",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(iterator(c).place()) - 1);
        }}},
      {"remove", {0, 0, [](MethodCall& c) { return iterator(c).remove(c); }}},
      {"set", {1, 1, [](MethodCall& c) { return iterator(c).replace(c); }}},
      {"add", {1, 1, [](MethodCall& c) { return iterator(c).add(c); }}},
  };
  return table;
}

const MethodTable& stream_methods() {
  static const MethodTable table = {
      {"filter", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "findAll")); }}},
      {"map", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "collect")); }}},
      {"mapToInt", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "collect")); }}},
      {"mapToLong", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "collect")); }}},
      {"mapToObj", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "collect")); }}},
      {"boxed", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"flatMap", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "collectMany")); }}},
      {"distinct", {0, 0, [](MethodCall& c) { return stream_of(of_list(c, "toUnique")); }}},
      {"sorted", {0, 1, [](MethodCall& c) { return stream_of(of_list(c, "toSorted")); }}},
      {"limit", {1, 1, limit}},
      {"skip", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "drop")); }}},
      {"peek", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "each")); }}},
      {"takeWhile", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "takeWhile")); }}},
      {"dropWhile", {1, 1, [](MethodCall& c) { return stream_of(of_list(c, "dropWhile")); }}},
      {"forEach", {1, 1, [](MethodCall& c) { return of_list(c, "forEach"); }}},
      {"forEachOrdered", {1, 1, [](MethodCall& c) { return of_list(c, "forEach"); }}},
      {"collect", {1, 1, collect}},
      {"toArray", {0, 1, [](MethodCall& c) { return of_list(c, "toArray"); }}},
      {"toList", {0, 0, [](MethodCall& c) { return of_list(c, "toList"); }}},
      {"toSet", {0, 0, [](MethodCall& c) { return of_list(c, "toSet"); }}},
      {"count",
       {0, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::long_of(static_cast<std::int64_t>(TRY(c.items()).size()));
        }}},
      {"anyMatch", {1, 1, [](MethodCall& c) { return of_list(c, "any"); }}},
      {"allMatch", {1, 1, [](MethodCall& c) { return of_list(c, "every"); }}},
      {"noneMatch", {1, 1, none_match}},
      {"findFirst", {0, 0, [](MethodCall& c) { return optional_of(of_list(c, "find")); }}},
      {"findAny", {0, 0, [](MethodCall& c) { return optional_of(of_list(c, "find")); }}},
      {"max", {0, 1, [](MethodCall& c) { return optional_of(of_list(c, "max")); }}},
      {"min", {0, 1, [](MethodCall& c) { return optional_of(of_list(c, "min")); }}},
      {"reduce", {1, 2, reduce}},
      {"sum",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto total = TRY(of_list(c, "sum"));
          return total.is_null() ? Value(0) : total;
        }}},
      {"iterator",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return iterator_value(TRY(c.items())); }}},
      {"parallel", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"sequential", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
  };
  return table;
}

Outcome<Value> required(MethodCall& call) {
  if (held(call).is_null()) return raise("java.util.NoSuchElementException", "No value present");
  return held(call);
}

const MethodTable& optional_methods() {
  static const MethodTable table = {
      {"isPresent",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(!held(c).is_null()); }}},
      {"isEmpty", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(held(c).is_null()); }}},
      {"get", {0, 0, required}},
      {"orElseThrow", {0, 1, required}},
      {"orElse",
       {1, 1, [](MethodCall& c) -> Outcome<Value> { return held(c).is_null() ? c[0] : held(c); }}},
      {"orElseGet",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return held(c).is_null() ? c.apply({}) : Outcome<Value>(held(c));
        }}},
      {"ifPresent",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          if (!held(c).is_null()) TRY(c.apply({held(c)}));
          return Value();
        }}},
      {"map",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return optional_value(held(c).is_null() ? Value() : TRY(c.apply({held(c)})));
        }}},
      {"filter",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const bool kept = !held(c).is_null() && TRY(c.test({held(c)}));
          return optional_value(kept ? held(c) : Value());
        }}},
  };
  return table;
}

const Method* IteratorObject::method(std::string_view name) const {
  return find_in(iterator_methods(), name);
}
const Method* StreamObject::method(std::string_view name) const {
  return find_in(stream_methods(), name);
}
const Method* OptionalObject::method(std::string_view name) const {
  return find_in(optional_methods(), name);
}

template <typename T>
Value object(T held) {
  return Value(std::shared_ptr<Object>(std::make_shared<T>(std::move(held))));
}

}  // namespace

Value iterator_value(std::vector<Value> items, Value source, std::size_t place) {
  return object(IteratorObject(std::move(items), std::move(source), place));
}
Value stream_value(std::vector<Value> items) { return object(StreamObject(std::move(items))); }
Value optional_value(Value value) { return object(OptionalObject(std::move(value))); }
Value collector_value(Value collect) {
  return Value(std::shared_ptr<Object>(std::make_shared<CollectorObject>(std::move(collect))));
}

}  // namespace cupel::pipeline
