// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

using Found = Interpreter::Found;
Found found(Value value) { return std::optional<Value>(std::move(value)); }
Found nothing() { return std::optional<Value>(); }

/// Whether names that the object does not know belong to what is around it.
bool sees_around(const Value& self, const InstanceState& state) {
  const auto& type = state.type;
  return (type.outer || !type.declaration) && !type.is_static && !state.outer.is_null() &&
         !state.outer.is(self);
}

}  // namespace

/// The getter, the field, the static variable, what is around, propertyMissing: in this order.
Interpreter::Found Interpreter::find_in_instance(const Value& self, const std::string& name,
                                                 Context& context) {
  auto& state = *self.object_here()->instance();
  auto& type = state.type;
  // Code of the class itself sees the field; of whoever asks from outside, the getter.
  for (const auto& getter : {getter_name(name), flag_getter_name(name)}) {
    if (!type.has_method(getter) || getting_.contains({self.object_here(), name})) continue;
    const auto* method = choose(type.find_methods(getter), {});
    if (!method) continue;
    const auto [entry, added] = getting_.insert({self.object_here(), name});
    auto value = call_user_method(*method, self, {}, context);
    if (added) getting_.erase(entry);
    return found(TRY(std::move(value)));
  }
  if (const auto* field = state.find(name)) return found(*field);
  if (name == "class") return found(class_of({&type, type.name}));
  if (const auto* value = type.find_static(name)) return found(*value);
  if (type.kind == UserClass::Kind::enum_ || type.native_base == "java.lang.Enum") {
    if (name == "name" || name == "ordinal") {
      std::vector<Value> none;
      return call_in_instance(self, name, none, context);
    }
  }
  if (auto* exception = dynamic_cast<UserException*>(self.object_here())) {
    auto value = exception->native_get(name, context);
    if (value) return found(std::move(*value));
  }
  if (!state.native.is_null()) {
    auto value = get(state.native, name, context);
    if (value) return found(std::move(*value));
  }
  if (sees_around(self, state))
    if (auto value = TRY(find_in(state.outer, name, context))) return value;
  if (const auto* missing = choose(type.find_methods("propertyMissing"), {Value(name)}))
    return found(TRY(call_user_method(*missing, self, {Value(name)}, context)));
  if (const auto* any = choose(type.find_methods("getProperty"), {Value(name)}))
    return found(TRY(call_user_method(*any, self, {Value(name)}, context)));
  return nothing();
}

Outcome<void> Interpreter::set_field(const Value&, InstanceState& state, const std::string& name,
                                     Value value, Context& context) {
  const auto* field = state.type.find_field(name);
  if (!field || field->is_static) {
    if (auto* variable = state.type.find_static(name)) {
      *variable = std::move(value);
      return {};
    }
    return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
                 state.type.name);
  }
  if (field->is_final && state.ready)
    return raise("groovy.lang.ReadOnlyPropertyException",
                 "Cannot set readonly property: {} for class: {}", name, state.type.name);
  const Home home{field->type->unit, Value(), const_cast<UserClass*>(field->type)};
  state.set(field->declarator->name.text,
            TRY(coerce(field->declarator->type, std::move(value), home, context)));
  return {};
}

Outcome<void> Interpreter::set_in_instance(const Value& self, const std::string& name, Value value,
                                           Context& context) {
  auto& state = *self.object_here()->instance();
  auto& type = state.type;
  const auto setter = setter_name(name);
  if (type.has_method(setter) && !getting_.contains({self.object_here(), setter})) {
    if (const auto* method = choose(type.find_methods(setter), {value})) {
      const auto [entry, added] = getting_.insert({self.object_here(), setter});
      auto done = call_user_method(*method, self, {std::move(value)}, context);
      if (added) getting_.erase(entry);
      TRY(std::move(done));
      return {};
    }
  }
  if (type.find_field(name) || type.find_static(name))
    return set_field(self, state, name, std::move(value), context);
  if (sees_around(self, state) && TRY(find_in(state.outer, name, context)))
    return set(state.outer, name, std::move(value), context);
  const std::vector<Value> values{Value(name), value};
  for (const char* hook : {"propertyMissing", "setProperty"})
    if (const auto* missing = choose(type.find_methods(hook), values)) {
      TRY(call_user_method(*missing, self, values, context));
      return {};
    }
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               type.name);
}

Interpreter::Found Interpreter::call_own(const Value& self, const std::string& name,
                                         std::vector<Value> values) {
  auto& type = self.object_here()->instance()->type;
  auto& context = here();
  if (const auto* method = choose(type.find_methods(name), values))
    return found(TRY(call_user_method(*method, self, std::move(values), context)));
  if (auto value = TRY(call_generated(self, name, values, context))) return value;
  const auto& native = self.object_here()->instance()->native;
  if (!native.is_null() && name != "asBoolean")
    return found(TRY(invoke(native, name, std::move(values), context)));
  return nothing();
}

Interpreter::Found Interpreter::call_default(UserClass& type, const Value& self,
                                             const std::string& name, std::vector<Value>& values,
                                             Context& context) {
  const auto* method = choose(type.find_methods(name), values);
  if (!method) return nothing();
  return found(TRY(call_user_method(*method, self, values, context)));
}

Interpreter::Found Interpreter::call_in_instance(const Value& self, const std::string& name,
                                                 std::vector<Value>& values, Context& context) {
  auto& state = *self.object_here()->instance();
  auto& type = state.type;
  if (const auto* method = choose(type.find_methods(name), values))
    return found(TRY(call_user_method(*method, self, values, context)));
  // What the property gives without its being written.
  if (values.empty())
    if (const auto property = property_of_getter(name); !property.empty()) {
      const auto* field = type.find_field(property);
      if (field && field->is_property) return find_in_instance(self, property, context);
    }
  if (values.size() == 1)
    if (const auto property = property_of_setter(name); !property.empty()) {
      const auto* field = type.find_field(property);
      if (field && field->is_property) {
        TRY(set_field(self, state, property, values[0], context));
        return found(Value());
      }
    }
  if (auto value = TRY(call_generated(self, name, values, context))) return value;
  // A closure that a field holds may be called as if it were a method.
  if (const auto* field = state.find(name); field && field->closure_here()) {
    const auto callee = *field;
    return found(TRY(call(callee, values, context)));
  }
  if (auto* exception = dynamic_cast<UserException*>(self.object_here())) {
    auto value = exception->native_call(name, values, context);
    if (value) return found(std::move(*value));
  }
  if (!state.native.is_null()) {
    auto value = invoke(state.native, name, values, context);
    if (value) return found(std::move(*value));
  }
  if (auto value = TRY(call_common(self, name, values, context))) return value;
  // Of an inner class, the object around.
  if (sees_around(self, state)) {
    CallArguments given;
    given.positional = values;
    Frame frame{std::make_shared<Scope>(nullptr), context, script_home_};
    if (auto value = TRY(call_on(state.outer, name, given, frame))) return value;
  }
  if (type.outer) {
    auto around = class_of({type.outer, type.outer->name});
    if (auto value = TRY(call_class(dynamic_cast<const ClassObject&>(*around.object_here()), name,
                                    values, context)))
      return value;
  }
  const std::vector<Value> missed{Value(name), Value::array(values, "java.lang.Object")};
  for (const char* hook : {"methodMissing", "invokeMethod"})
    if (const auto* missing = choose(type.find_methods(hook), missed))
      return found(TRY(call_user_method(*missing, self, missed, context)));
  return nothing();
}

}  // namespace cupel::pipeline
