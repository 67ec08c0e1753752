// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

using Found = Interpreter::Found;
Found found(Value value) { return std::optional<Value>(std::move(value)); }

/// Puts fixed values among those of a call: from the front, from the back, or from a place on.
enum class Curry { front, back, place };

Value curried(const Value& closure, std::vector<Value> fixed, Curry how, std::size_t place,
              Evaluator& evaluator) {
  const auto taken = closure.closure_here()->parameter_count();
  const auto left = taken > fixed.size() ? taken - fixed.size() : 0;
  auto made = native_closure(
      [closure, fixed = std::move(fixed), how, place, &evaluator](
          std::vector<Value> values, Context& context) -> Outcome<Value> {
        const auto at = how == Curry::front  ? std::size_t{0}
                        : how == Curry::back ? values.size()
                                             : std::min(place, values.size());
        values.insert(values.begin() + static_cast<std::ptrdiff_t>(at), fixed.begin(), fixed.end());
        return evaluator.call(closure, std::move(values), context);
      },
      left);
  made.closure_here()->evaluator = &evaluator;
  return made;
}

Value memoized(const Value& closure, Evaluator& evaluator) {
  const auto known = std::make_shared<Map>();  // shared: by the copies of the closure
  auto made = native_closure(
      [closure, known, &evaluator](std::vector<Value> values, Context& context) -> Outcome<Value> {
        const auto key = Value::list(values);
        if (const auto* value = known->find(key)) return *value;
        auto value = TRY(evaluator.call(closure, std::move(values), context));
        TRY(Outcome<void>(known->put(key, value)));
        TRY(evaluator.charge(sizeof(Map::Entry)));
        return value;
      },
      closure.closure_here()->parameter_count());
  made.closure_here()->evaluator = &evaluator;
  return made;
}

/// Calls what the closure returns, as long as that is a closure.
Value trampolined(const Value& closure, Evaluator& evaluator) {
  auto made = native_closure(
      [closure, &evaluator](std::vector<Value> values, Context& context) -> Outcome<Value> {
        auto value = TRY(evaluator.call(closure, std::move(values), context));
        while (value.closure_here()) value = TRY(evaluator.call(value, {}, context));
        return value;
      },
      closure.closure_here()->parameter_count());
  made.closure_here()->evaluator = &evaluator;
  made.closure_here()->this_object = closure;  // what it bounces
  return made;
}

}  // namespace

Interpreter::Found Interpreter::call_of_closure(const Value& receiver, const std::string& name,
                                                std::vector<Value>& values, Context& context) {
  const auto closure = receiver.as_closure();
  if (name == "call" || name == "doCall" || name == "run" || name == "apply" || name == "accept" ||
      name == "test" || name == "compare")
    return found(TRY(call(*closure, std::move(values), context)));
  if (name == "curry") return found(curried(receiver, values, Curry::front, 0, *this));
  if (name == "rcurry") return found(curried(receiver, values, Curry::back, 0, *this));
  if (name == "ncurry" && !values.empty() && values[0].as_integer()) {
    const auto place = static_cast<std::size_t>(std::max<std::int64_t>(*values[0].as_integer(), 0));
    return found(curried(receiver, {values.begin() + 1, values.end()}, Curry::place, place, *this));
  }
  if (name.starts_with("memoize")) return found(memoized(receiver, *this));
  if (name == "trampoline") {
    if (values.empty()) return found(trampolined(receiver, *this));
    // The next bounce is of the code itself, or each would be inside the one before.
    const bool bounced = closure->native && closure->this_object.closure_here();
    return found(
        curried(bounced ? closure->this_object : receiver, values, Curry::front, 0, *this));
  }
  if (name == "clone" || name == "dehydrate")
    return found(Value(std::make_shared<Closure>(*closure)));
  if (name == "rehydrate" && values.size() == 3) {
    auto copy = std::make_shared<Closure>(*closure);
    copy->delegate = values[0];
    copy->owner = values[1];
    copy->this_object = values[2];
    return found(Value(std::move(copy)));
  }
  if (values.empty())
    if (const auto property = property_of_getter(name); !property.empty() && name != "getClass")
      return found(TRY(get_of_closure(*closure, property)));
  if (values.size() == 1)
    if (const auto property = property_of_setter(name); !property.empty()) {
      TRY(set_of_closure(*closure, property, values[0]));
      return found(Value());
    }
  return std::optional<Value>();
}

}  // namespace cupel::pipeline
