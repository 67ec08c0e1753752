// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/java_classes.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// A java.util.PriorityQueue: the same heap as Java's, so that it is printed and iterated over in
/// the same order.
class PriorityQueueObject final : public Object {
 public:
  /// A closure or a Comparator; null: by compareTo.
  explicit PriorityQueueObject(Value by) : comparator(std::move(by)) {}
  std::string type_name() const override { return "java.util.PriorityQueue"; }
  Outcome<std::string> to_string() override { return text_of(Value::list(heap)); }
  Outcome<bool> truth() override { return !heap.empty(); }
  Outcome<Values> items() override { return heap; }
  std::optional<Value> plain() const override { return Value::list(heap); }
  const Method* method(std::string_view name) const override;

  const Value comparator;
  Values heap;
};

/// Its heap, with the order that holds in this call. What the comparator does may change the queue:
/// places are checked each time.
class Heap {
 public:
  static Outcome<Heap> of(MethodCall& call) {
    auto& queue = static_cast<PriorityQueueObject&>(*call.self.object_here());
    return Heap(queue.heap, TRY(order_of(call, queue.comparator)));
  }

  Outcome<void> add(const Value& value) {
    if (value.is_null()) return raise("java.lang.NullPointerException", "{}", "null");
    if (items_.size() >= max_items)
      return refuse("the queue would hold more than {} items", max_items);
    items_.push_back(value);
    return up(items_.size() - 1);
  }

  /// Makes a heap of what is there in any order, as Java does of a collection.
  Outcome<void> arrange() {
    for (auto place = items_.size() / 2; place-- > 0;) TRY(down(place));
    return {};
  }

  /// Takes what is at a place, which must be there.
  Outcome<Value> take(std::size_t place) {
    auto taken = std::move(items_[place]);
    auto last = std::move(items_.back());
    items_.pop_back();
    if (place == items_.size()) return taken;
    items_[place] = last;
    TRY(down(place));
    if (place < items_.size() && items_[place].is(last)) TRY(up(place));
    return taken;
  }

 private:
  Heap(Values& items, Order order) : items_(items), order_(std::move(order)) {}

  Outcome<void> up(std::size_t place) {
    while (place > 0 && place < items_.size()) {
      const auto parent = (place - 1) / 2;
      const Value below = items_[place], above = items_[parent];
      if (TRY(order_(below, above)) >= 0) break;
      if (place < items_.size()) std::swap(items_[place], items_[parent]);
      place = parent;
    }
    return {};
  }

  Outcome<void> down(std::size_t place) {
    while (2 * place + 1 < items_.size()) {
      auto child = 2 * place + 1;
      if (child + 1 < items_.size()) {
        const Value left = items_[child], right = items_[child + 1];
        if (TRY(order_(left, right)) > 0) ++child;
      }
      if (child >= items_.size()) break;
      const Value above = items_[place], below = items_[child];
      if (TRY(order_(above, below)) <= 0) break;
      if (child < items_.size()) std::swap(items_[place], items_[child]);
      place = child;
    }
    return {};
  }

  Values& items_;
  Order order_;
};

Values& heap_of(MethodCall& call) {
  return static_cast<PriorityQueueObject&>(*call.self.object_here()).heap;
}

Outcome<Value> add(MethodCall& call) {
  TRY(call.evaluator.charge(sizeof(Value)));
  auto heap = TRY(Heap::of(call));
  TRY(heap.add(call[0]));
  return Value(true);
}

Outcome<Value> left_shift(MethodCall& call) {
  TRY(add(call));
  return call.self;
}

Outcome<Value> add_all(MethodCall& call) {
  const auto more = TRY(collection(call, 0));
  TRY(call.evaluator.charge(more.size() * sizeof(Value)));
  auto heap = TRY(Heap::of(call));
  for (const auto& one : more) TRY(heap.add(one));
  return Value(!more.empty());
}

Outcome<Value> poll(MethodCall& call) {
  if (heap_of(call).empty()) return Value();
  auto heap = TRY(Heap::of(call));
  return heap.take(0);
}

Outcome<Value> peek(MethodCall& call) {
  return heap_of(call).empty() ? Value() : heap_of(call).front();
}

tl::unexpected<Signal> nothing_left() {
  return raise("java.util.NoSuchElementException", "the queue is empty");
}

Outcome<Value> element(MethodCall& call) {
  if (heap_of(call).empty()) return nothing_left();
  return peek(call);
}

/// remove(): the first; remove(value): whether it was there.
Outcome<Value> remove(MethodCall& call) {
  if (call.count() == 0) {
    if (heap_of(call).empty()) return nothing_left();
    return poll(call);
  }
  const auto before = heap_of(call);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!TRY(Outcome<bool>(same_key(before[i], call[0])))) continue;
    if (i >= heap_of(call).size()) return Value(false);
    auto heap = TRY(Heap::of(call));
    TRY(heap.take(i));
    return Value(true);
  }
  return Value(false);
}

Outcome<Value> contains(MethodCall& call) {
  for (const auto& item : Values(heap_of(call)))
    if (TRY(Outcome<bool>(same_key(item, call[0])))) return Value(true);
  return Value(false);
}

Outcome<Value> clear(MethodCall& call) {
  heap_of(call).clear();
  return Value();
}

const MethodTable& queue_methods() {
  static const MethodTable table = {
      {"add", {1, 1, add}},
      {"offer", {1, 1, add}},
      {"leftShift", {1, 1, left_shift}},
      {"addAll", {1, 1, add_all}},
      {"poll", {0, 0, poll}},
      {"peek", {0, 0, peek}},
      {"element", {0, 0, element}},
      {"remove", {0, 1, remove}},
      {"contains", {1, 1, contains}},
      {"clear", {0, 0, clear}},
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(heap_of(c).size()));
        }}},
      {"isEmpty",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(heap_of(c).empty()); }}},
      {"comparator",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return static_cast<PriorityQueueObject&>(*c.self.object_here()).comparator;
        }}},
  };
  return table;
}

const Method* PriorityQueueObject::method(std::string_view name) const {
  const auto found = queue_methods().find(name);
  return found == queue_methods().end() ? nullptr : &found->second;
}

bool is_comparator(const Value& value) {
  return value.closure_here() ||
         (value.object_here() && value.object_here()->is_a("java.util.Comparator"));
}

/// new PriorityQueue(), (capacity), (comparator), (capacity, comparator), (collection)
Outcome<Value> new_queue(StaticCall& call) {
  Value by;
  Values items;
  if (call.count() > 0) {
    const auto& last = call.arguments.back();
    if (const auto* other = dynamic_cast<const PriorityQueueObject*>(last.object_here()))
      by = other->comparator;
    if (is_comparator(last) || call.count() == 2)
      by = last;
    else if (!last.is_number())
      items = TRY(elements_of(last));
  }
  TRY(call.evaluator.charge(items.size() * sizeof(Value)));
  const auto queue = std::make_shared<PriorityQueueObject>(by);  // shared: a Groovy value
  queue->heap = std::move(items);
  const Value value{std::shared_ptr<Object>(queue)};
  MethodCall arranging{call.evaluator, call.context, value, call.arguments};
  auto heap = TRY(Heap::of(arranging));
  TRY(heap.arrange());
  return value;
}

}  // namespace

std::span<const JavaClass> queue_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.PriorityQueue", .construct = {0, 2, new_queue}},
  };
  return classes;
}

}  // namespace cupel::pipeline
