// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {
namespace {

/// AtomicInteger, AtomicLong, AtomicBoolean, AtomicReference: a value that can be exchanged. Groovy
/// code runs under one lock, so that each call is atomic by itself.
class AtomicObject final : public Object {
 public:
  AtomicObject(std::string type, Value start) : value(std::move(start)), type_(std::move(type)) {}
  std::string type_name() const override { return type_; }
  std::string text() const override {
    const auto text = pipeline::to_text(value);
    return text ? *text : type_;
  }
  Outcome<std::string> to_string() override { return text_of(value); }
  std::optional<Value> plain() const override { return value; }
  const Method* method(std::string_view name) const override;
  bool is_long() const { return type_.ends_with("Long"); }
  Value value;

 private:
  std::string type_;
};

AtomicObject& self(MethodCall& call) {
  return static_cast<AtomicObject&>(*call.self.object_here());
}

enum class Give { before, after };
Outcome<Value> exchange(AtomicObject& atomic, Value next, Give give) {
  auto before = std::exchange(atomic.value, std::move(next));
  return give == Give::before ? before : atomic.value;
}

template <Give give>
Outcome<Value> stepped(MethodCall& call, std::int64_t by) {
  auto& atomic = self(call);
  auto sum = TRY(calculate(syntax::BinaryOperator::add, atomic.value, Value(by)));
  return exchange(atomic, narrowed(sum, atomic.is_long() ? Width::long_ : Width::integer), give);
}

template <Give give>
Outcome<Value> added(MethodCall& call) {
  return stepped<give>(call, TRY(call.integer(0)));
}

template <Give give>
Outcome<Value> updated(MethodCall& call) {
  return exchange(self(call), TRY(call.apply({self(call).value})), give);
}

Outcome<Value> compare_and_set(MethodCall& call) {
  if (!TRY(equal_values(self(call).value, call[0]))) return Value(false);
  self(call).value = call[1];
  return Value(true);
}

const MethodTable& atomic_methods() {
  static const MethodTable table = {
      {"get", {0, 0, [](MethodCall& c) -> Outcome<Value> { return self(c).value; }}},
      {"intValue", {0, 0, [](MethodCall& c) -> Outcome<Value> { return self(c).value; }}},
      {"longValue", {0, 0, [](MethodCall& c) -> Outcome<Value> { return self(c).value; }}},
      {"set",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          self(c).value = c[0];
          return Value();
        }}},
      {"getAndSet", {1, 1, [](MethodCall& c) { return exchange(self(c), c[0], Give::before); }}},
      {"incrementAndGet", {0, 0, [](MethodCall& c) { return stepped<Give::after>(c, 1); }}},
      {"decrementAndGet", {0, 0, [](MethodCall& c) { return stepped<Give::after>(c, -1); }}},
      {"getAndIncrement", {0, 0, [](MethodCall& c) { return stepped<Give::before>(c, 1); }}},
      {"getAndDecrement", {0, 0, [](MethodCall& c) { return stepped<Give::before>(c, -1); }}},
      {"next", {0, 0, [](MethodCall& c) { return stepped<Give::after>(c, 1); }}},
      {"addAndGet", {1, 1, added<Give::after>}},
      {"getAndAdd", {1, 1, added<Give::before>}},
      {"updateAndGet", {1, 1, updated<Give::after>}},
      {"getAndUpdate", {1, 1, updated<Give::before>}},
      {"compareAndSet", {2, 2, compare_and_set}},
  };
  return table;
}

const Method* AtomicObject::method(std::string_view name) const {
  const auto found = atomic_methods().find(name);
  return found == atomic_methods().end() ? nullptr : &found->second;
}

Outcome<Value> make(StaticCall& call, std::string type, Value otherwise) {
  return Value(std::shared_ptr<Object>(std::make_shared<AtomicObject>(
      std::move(type), call.count() == 1 ? call.arguments[0] : std::move(otherwise))));
}

}  // namespace

std::span<const JavaClass> atomic_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.concurrent.atomic.AtomicInteger",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return make(c, "java.util.concurrent.atomic.AtomicInteger", Value(0));
                     }}},
      {.name = "java.util.concurrent.atomic.AtomicLong",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return make(c, "java.util.concurrent.atomic.AtomicLong", Value::long_of(0));
                     }}},
      {.name = "java.util.concurrent.atomic.AtomicBoolean",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return make(c, "java.util.concurrent.atomic.AtomicBoolean", Value(false));
                     }}},
      {.name = "java.util.concurrent.atomic.AtomicReference",
       .construct = {0, 1,
                     [](StaticCall& c) {
                       return make(c, "java.util.concurrent.atomic.AtomicReference", Value());
                     }}},
  };
  return classes;
}

}  // namespace cupel::pipeline
