// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/view.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/operator_names.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

bool is_missing(const Signal& signal, const std::string& name) {
  const auto exception = signal.exception();
  return exception && std::holds_alternative<Throw>(signal.kind()) &&
         exception->class_name() == "groovy.lang.MissingMethodException" &&
         exception->message().find("." + name + "() is applicable for ") != std::string::npos;
}

using Found = Interpreter::Found;
Found found(Value value) { return std::optional<Value>(std::move(value)); }
Found nothing() { return std::optional<Value>(); }

}  // namespace

Outcome<Value> Interpreter::call_method(const Value& receiver, const std::string& name,
                                        CallArguments& given, Frame& frame) {
  auto& context = frame.context;
  if (receiver.is_null()) {
    const auto values = given.all();
    if ((name == "toString" || name == "inspect") && values.empty()) return Value("null");
    if ((name == "equals" || name == "is") && values.size() == 1) return Value(values[0].is_null());
    if (name == "asBoolean" && values.empty()) return Value(false);
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 name);
  }
  if (auto* script = dynamic_cast<ScriptObject*>(receiver.object_here())) {
    if (auto value = TRY(call_in_script(*script, name, given, frame))) return std::move(*value);
    if (script->methods.contains(name))
      return no_method(script->unit.class_name, name, given.all());
    return no_such_step(name);
  }
  auto values = given.all();
  if (receiver.closure_here()) {
    if (auto value = TRY(call_of_closure(receiver, name, values, context)))
      return std::move(*value);
  } else if (const auto object = receiver.as_object()) {
    if (const auto* type = dynamic_cast<const ClassObject*>(object.get())) {
      if (auto value = TRY(call_class(*type, name, values, context))) return std::move(*value);
    }
    if (object->method(name))
      if (auto value = TRY(call_built_in(receiver, name, values, context)))
        return std::move(*value);
    auto result = object->call(name, values, context);
    if (result || !is_missing(result.error(), name)) return result;
    if (object->instance()) return result;
    if (auto value = TRY(call_common(receiver, name, values, context))) return std::move(*value);
    // Any object can be iterated over, if only as the one thing that it is.
    if (auto value = TRY(call_built_in(receiver, name, values, context))) return std::move(*value);
    return result;
  } else if (auto value = TRY(call_built_in(receiver, name, values, context))) {
    return std::move(*value);
  }
  if (auto value = TRY(call_common(receiver, name, values, context))) return std::move(*value);
  // A closure that a map holds may be called as if it were a method.
  if (const auto* map = receiver.map_here())
    if (const auto* held = map->find_text(name); held && held->closure_here()) {
      const auto callee = *held;
      return call(callee, std::move(values), context);
    }
  return missing_method(receiver, name, values);
}

Interpreter::Found Interpreter::call_built_in(const Value& receiver, const std::string& name,
                                              std::vector<Value>& values, Context& context) {
  const auto* method = find_method(receiver, name);
  if (!method || values.size() < method->least || values.size() > method->most) return nothing();
  MethodCall call{*this, context, receiver, values};
  return found(TRY(run_on_view(*method, call, name)));
}

Interpreter::Found Interpreter::call_operator(const Value& receiver, const std::string& name,
                                              std::vector<Value>& values, Context& context) {
  if (values.empty()) {
    if (name == "next" || name == "previous")
      return found(TRY(stepped(receiver, name == "next" ? 1 : -1, context)));
    if (name == "negative" && receiver.is_number()) return found(TRY(negated(receiver)));
    if (name == "positive" && receiver.is_number()) return found(receiver);
    return nothing();
  }
  if (values.size() == 1) {
    if (name == "getAt") return found(TRY(index(receiver, values[0], context)));
    if (name == "intdiv" && receiver.is_number() && values[0].is_number())
      return found(TRY(whole_quotient(receiver, values[0])));
    if (name == "isCase") return found(Value(TRY(is_case(receiver, values[0], context))));
    // Objects define their operators themselves.
    if (receiver.object_here()) return nothing();
    if (const auto op = operator_of_method(name == "remainder" ? "mod" : name))
      return found(TRY(operate(*op, receiver, values[0], context)));
  }
  if (values.size() == 2 && name == "putAt") {
    TRY(put(receiver, values[0], values[1], context));
    return found(Value());
  }
  return nothing();
}

/// What each object has, from java.lang.Object or Groovy.
Interpreter::Found Interpreter::call_common(const Value& receiver, const std::string& name,
                                            std::vector<Value>& values, Context& context) {
  if (name == "with" || name == "tap") {
    if (values.size() != 1 || !values[0].closure_here()) return nothing();
    auto closure = std::make_shared<Closure>(*values[0].closure_here());
    closure->delegate = receiver;
    closure->strategy = Resolve::delegate_first;
    auto result = TRY(call(*closure, {receiver}, context));
    return found(name == "with" ? std::move(result) : receiver);
  }
  if (values.empty()) {
    if (name == "getClass") return found(TRY(get(receiver, "class", context)));
    if (name == "toString") return found(Value(TRY(text(receiver, context))));
    if (name == "hashCode") return found(Value(static_cast<std::int64_t>(TRY(hash_of(receiver)))));
    if (name == "asBoolean") return found(Value(TRY(truth_of(receiver))));
    if (name == "getMetaClass") return refuse("the metaClass of a {}", receiver.type_name());
  }
  if (values.size() == 1) {
    if (name == "is") return found(Value(receiver.is(values[0])));
    if (name == "equals") return found(Value(TRY(equal_values(receiver, values[0]))));
    if (name == "getProperty")
      return found(TRY(get(receiver, TRY(text(values[0], context)), context)));
    if (name == "asType") {
      const auto* type = dynamic_cast<const ClassObject*>(values[0].object_here());
      if (type) return found(TRY(cast(receiver, type->name(), context)));
    }
    if (name == "hasProperty") {
      const auto property = get(receiver, TRY(text(values[0], context)), context);
      return found(property ? values[0] : Value());
    }
  }
  if (name == "setProperty" && values.size() == 2) {
    TRY(set(receiver, TRY(text(values[0], context)), values[1], context));
    return found(Value());
  }
  if (name == "respondsTo" && !values.empty()) {
    const auto method = TRY(text(values[0], context));
    auto* state = receiver.object_here() ? receiver.object_here()->instance() : nullptr;
    const auto* script = dynamic_cast<const ScriptObject*>(receiver.object_here());
    const bool has = state    ? state->type.has_method(method)
                     : script ? script->methods.contains(method)
                              : find_method(receiver, method) != nullptr;
    return found(Value::list(has ? std::vector<Value>{values[0]} : std::vector<Value>{}));
  }
  if (name == "invokeMethod" && values.size() == 2) {
    auto arguments =
        values[1].is_sequence() ? TRY(elements_of(values[1])) : std::vector<Value>{values[1]};
    return found(
        TRY(invoke(receiver, TRY(text(values[0], context)), std::move(arguments), context)));
  }
  if (name == "use" && !values.empty() && values.back().closure_here())
    return refuse("categories (use) are not supported");
  if (auto value = TRY(call_operator(receiver, name, values, context))) return value;
  if (const auto* any = find_any_method(name);
      any && values.size() >= any->least && values.size() <= any->most) {
    MethodCall call{*this, context, receiver, values};
    return found(TRY(any->run(call)));
  }
  return nothing();
}

}  // namespace cupel::pipeline
