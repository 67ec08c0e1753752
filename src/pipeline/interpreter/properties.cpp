// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

tl::unexpected<Signal> no_property(const std::string& name, const std::string& type) {
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               type);
}

bool is_missing(const Signal& signal, std::string_view text) {
  const auto exception = signal.exception();
  return exception && std::holds_alternative<Throw>(signal.kind()) &&
         exception->message().starts_with(text);
}

}  // namespace

Outcome<Value> Interpreter::get(const Value& receiver, const std::string& name, Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot get property '{}' on null object", name);
  if (const auto* map = receiver.map_here()) {
    if (const auto* value = map->find_text(name)) return *value;
    if (map->fallback.closure_here()) return index(receiver, Value(name), context);
    return Value();
  }
  if (const auto closure = receiver.as_closure()) return get_of_closure(*closure, name);
  if (const auto object = receiver.as_object()) {
    if (const auto* type = dynamic_cast<const ClassObject*>(object.get()))
      return get_of_class(*type, name, context);
    if (name == "class") {
      if (const auto* state = object->instance()) return class_of({&state->type, state->type.name});
      return class_value(object->type_name());
    }
    auto value = object->get(name, context);
    if (value || !is_missing(value.error(), "No such property: " + name)) return value;
    if (auto got = TRY(find_by_getter(receiver, name, context))) return std::move(*got);
    return value;
  }
  if (name == "class") return class_value(receiver.type_name());
  if (auto got = TRY(find_by_getter(receiver, name, context))) return std::move(*got);
  const auto* list = receiver.list_here();
  if (list && list->is_array() && name == "length")
    return Value(static_cast<std::int64_t>(list->items.size()));
  if (const auto* range = receiver.as_range()) {
    if (name == "from" || name == "to")
      return range->value_at(name == "from" ? 0 : range->size() - 1);
    if (name == "reverse") return Value(range->from > range->to);
  }
  if (list || receiver.set_here()) {
    std::vector<Value> values;
    for (const auto& item : TRY(elements_of(receiver)))
      values.push_back(item.is_null() ? Value() : TRY(get(item, name, context)));
    return Value::list(std::move(values));
  }
  return no_property(name, receiver.type_name());
}

/// getName() or isName() of a built-in value or one of our objects.
Interpreter::Found Interpreter::find_by_getter(const Value& receiver, const std::string& name,
                                               Context& context) {
  for (const auto& method : {getter_name(name), flag_getter_name(name)}) {
    std::vector<Value> values;
    if (const auto object = receiver.as_object()) {
      if (const auto* own = object->method(method); own && own->least == 0) {
        MethodCall call{*this, context, receiver, values};
        return std::optional<Value>(TRY(own->run(call)));
      }
      auto value = object->call(method, values, context);
      if (value) return std::optional<Value>(std::move(*value));
      if (!is_missing(value.error(), "No signature of method: "))
        return tl::unexpected(std::move(value.error()));
      continue;
    }
    if (const auto* known = find_method(receiver, method); known && known->least == 0) {
      MethodCall call{*this, context, receiver, values};
      return std::optional<Value>(TRY(known->run(call)));
    }
    if (name == "empty" && method == "isEmpty")
      if (const auto* known = find_method(receiver, method)) {
        MethodCall call{*this, context, receiver, values};
        return std::optional<Value>(TRY(known->run(call)));
      }
  }
  return std::optional<Value>();
}

Outcome<void> Interpreter::set(const Value& receiver, const std::string& name, Value value,
                               Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot set property '{}' on null object", name);
  if (receiver.map_here()) return put(receiver, Value(name), std::move(value), context);
  if (const auto closure = receiver.as_closure()) return set_of_closure(*closure, name, value);
  const auto object = receiver.as_object();
  if (const auto* type = dynamic_cast<const ClassObject*>(object.get())) {
    const auto own = find_full_class(type->name(), context);
    if (own && own->own) {
      TRY(start(*own->own, context));
      if (auto* variable = own->own->find_static(name)) {
        *variable = std::move(value);
        return {};
      }
      std::vector<Value> values{value};
      if (TRY(call_class(*type, setter_name(name), values, context))) return {};
    }
    return no_property(name, type->name());
  }
  if (object) {
    auto done = object->set(name, value, context);
    if (done || object->instance() || !is_missing(done.error(), "No such property: " + name))
      return done;
    std::vector<Value> values{value};
    auto called = object->call(setter_name(name), values, context);
    if (called) return {};
    if (is_missing(called.error(), "No signature of method: ")) return done;
    return tl::unexpected(std::move(called.error()));
  }
  return no_property(name, receiver.type_name());
}

/// The field itself, without its getter.
Outcome<Value> Interpreter::attribute(const Value& receiver, const std::string& name,
                                      Context& context) {
  if (receiver.object_here())
    if (auto* state = receiver.object_here()->instance())
      if (const auto* field = state->find(name)) return *field;
  const auto* object = receiver.object_here();
  if (object && object->is_a("groovy.util.slurpersupport.GPathResult"))
    return get(receiver, "@" + name, context);
  return get(receiver, name, context);
}

Outcome<Value> Interpreter::get_of_closure(Closure& closure, const std::string& name) {
  if (name == "delegate") return closure.delegate;
  if (name == "owner") return closure.owner;
  if (name == "thisObject") return closure.this_object;
  if (name == "resolveStrategy") return Value(static_cast<int>(closure.strategy));
  if (name == "maximumNumberOfParameters")
    return Value(static_cast<std::int64_t>(closure.parameter_count()));
  if (name == "parameterTypes") {
    std::vector<Value> types;
    for (std::size_t i = 0; i < closure.parameter_count(); ++i) {
      const bool typed = closure.code && i < closure.code->parameters.size();
      const auto* full = typed ? full_class_name(closure.code->parameters[i].type.name) : nullptr;
      types.push_back(class_value(full ? *full : "java.lang.Object"));
    }
    return Value::array(std::move(types), "java.lang.Class");
  }
  if (name == "class") return class_value("groovy.lang.Closure");
  return no_property(name, "groovy.lang.Closure");
}

Outcome<void> Interpreter::set_of_closure(Closure& closure, const std::string& name,
                                          const Value& value) {
  if (name == "delegate") {
    closure.delegate = value;
    return {};
  }
  if (name == "resolveStrategy" && value.as_integer() && *value.as_integer() >= 0 &&
      *value.as_integer() <= 4) {
    closure.strategy = static_cast<Resolve>(*value.as_integer());
    return {};
  }
  return no_property(name, "groovy.lang.Closure");
}

Outcome<Value> Interpreter::get_of_class(const ClassObject& type, const std::string& name,
                                         Context& context) {
  if (name == "class") return class_value(type.name());  // String.class, as it is written
  const auto named = find_full_class(type.name(), context);
  if (named && named->own) {
    auto& own = *named->own;
    TRY(start(own, context));
    if (const auto* value = own.find_static(name)) return *value;
    const auto inner = classes_.find(own.name + "$" + name);
    if (inner != classes_.end()) return class_of({inner->second.get(), inner->first});
    for (const auto& getter : {getter_name(name), flag_getter_name(name)}) {
      std::vector<Value> values;
      if (!own.has_method(getter)) continue;
      if (auto value = TRY(call_class(type, getter, values, context))) return std::move(*value);
    }
    if (name == "enumConstants") return Value::array(own.constants, own.name);
    if (name == "superclass")
      return own.base ? class_of({own.base, own.base->name}) : class_value(own.native_base);
    if (name == "simpleName") return Value(own.simple);
  } else if (const auto* known = find_java_class(type.name())) {
    std::vector<Value> values;
    StaticCall call{*this, context, values};
    if (const auto found = known->properties.find(name); found != known->properties.end())
      return found->second(call);
    if (const auto* inner = full_class_name(type.name() + "$" + name)) return class_value(*inner);
    if (const auto found = known->methods.find(getter_name(name));
        found != known->methods.end() && found->second.least == 0)
      return found->second.run(call);
  }
  if (type.name() == "groovy.lang.Closure") {
    static const std::map<std::string_view, int> strategies = {{"OWNER_FIRST", 0},
                                                               {"DELEGATE_FIRST", 1},
                                                               {"OWNER_ONLY", 2},
                                                               {"DELEGATE_ONLY", 3},
                                                               {"TO_SELF", 4}};
    if (const auto found = strategies.find(name); found != strategies.end())
      return Value(found->second);
  }
  auto self = type;
  auto value = self.ClassObject::get(name, context);
  if (value || !is_missing(value.error(), "No such property: ")) return value;
  return no_property(name, type.name());
}

}  // namespace cupel::pipeline
