// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/environment.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"
#include "pipeline/interpreter/scm_value.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

bool is_missing_property(const Signal& signal, const std::string& name) {
  const auto exception = signal.exception();
  return exception && std::holds_alternative<Throw>(signal.kind()) &&
         exception->class_name() == "groovy.lang.MissingPropertyException" &&
         exception->message().starts_with("No such property: " + name + " ");
}

bool starts_upper_case(const std::string& name) {
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
}

}  // namespace

Outcome<Value> Interpreter::eval(const syntax::Variable& expression, Frame& frame) {
  // Inside environment { } the block's own names come first, in whatever order they stand.
  if (frame.context.lazy) {
    auto known = TRY(frame.context.lazy->find(expression.name, frame.context));
    if (known) return std::move(*known);
  }
  if (const auto* value = frame.scope->find(expression.name)) return *value;
  return value_of_name(expression.name, frame);
}

Outcome<Value> Interpreter::eval(const syntax::This&, Frame& frame) { return frame.home->self; }

Outcome<Value> Interpreter::value_of_name(const std::string& name, Frame& frame) {
  const auto& unit = *frame.home->unit;
  // A class beats a variable only by a capital letter, so that `env` is no package.
  if (starts_upper_case(name) || unit.imports.contains(name))
    if (auto type = find_class(name, unit, frame.home->type, frame.context)) return class_of(*type);
  if (auto value = TRY(find_name(name, frame))) return std::move(*value);
  if (auto value = TRY(static_import(name, unit, frame.context))) return std::move(*value);
  if (auto type = find_class(name, unit, frame.home->type, frame.context)) return class_of(*type);
  if (is_package(name)) return package_value(name);
  if (is_unsupported_global(name)) return refuse("'{}' is not supported yet", name);
  if (frame.context.lazy) return Value();
  auto type = frame.home->type ? frame.home->type->name : frame.home->unit->class_name;
  // As Jenkins says it of a script.
  if (!frame.home->type && &unit == units_.front().get()) type = "groovy.lang.Binding";
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               type);
}

Interpreter::Found Interpreter::find_name(const std::string& name, Frame& frame) {
  if (frame.closure) return find_in_closure(*frame.closure, name, frame.context);
  return find_in(frame.home->self, name, frame.context);
}

Interpreter::Found Interpreter::find_in_closure(const Closure& closure, const std::string& name,
                                                Context& context) {
  if (name == "delegate") return std::optional<Value>(closure.delegate);
  if (name == "owner") return std::optional<Value>(closure.owner);
  if (name == "thisObject") return std::optional<Value>(closure.this_object);
  const bool differ = !closure.delegate.is(closure.owner);
  const auto strategy = closure.strategy;
  if (strategy == Resolve::to_self) return std::optional<Value>();
  const bool delegate_first =
      strategy == Resolve::delegate_first || strategy == Resolve::delegate_only;
  if (delegate_first && differ)
    if (auto value = TRY(find_in(closure.delegate, name, context))) return value;
  if (strategy != Resolve::delegate_only || !differ)
    if (auto value = TRY(find_in(closure.owner, name, context))) return value;
  if (strategy == Resolve::owner_first && differ) return find_in(closure.delegate, name, context);
  return std::optional<Value>();
}

/// As a property of what a closure belongs to, or was given to.
Interpreter::Found Interpreter::find_in(const Value& target, const std::string& name,
                                        Context& context) {
  if (target.is_null()) return std::optional<Value>();
  if (const auto closure = target.as_closure()) return find_in_closure(*closure, name, context);
  if (auto* script = dynamic_cast<ScriptObject*>(target.object_here()))
    return find_in_script(*script, name, context);
  if (target.object_here() && target.object_here()->instance())
    return find_in_instance(target, name, context);
  auto value = get(target, name, context);
  if (value) return std::optional<Value>(std::move(*value));
  if (is_missing_property(value.error(), name)) return std::optional<Value>();
  return tl::unexpected(std::move(value.error()));
}

Interpreter::Found Interpreter::find_in_script(ScriptObject& script, const std::string& name,
                                               Context& context) {
  if (const auto* field = script.find_field(name)) return std::optional<Value>(*field);
  if (const auto* value = script.binding->find_text(name)) return std::optional<Value>(*value);
  if (name == "binding") return std::optional<Value>(binding_value(script.binding));
  if (name == "class") return std::optional<Value>(class_value(script.unit.class_name));
  // A property by its getter, as in any object.
  if (script.methods.contains(getter_name(name))) {
    auto values = std::vector<Value>();
    return std::optional<Value>(TRY(script.call(getter_name(name), values, context)));
  }
  return global(name, context);
}

Interpreter::Found Interpreter::global(const std::string& name, Context& context) {
  if (name == "env") return std::optional<Value>(Value(context.run.env));
  if (name == "params") return std::optional<Value>(Value(context.run.params));
  if (name == "currentBuild") return std::optional<Value>(Value(context.run.current_build));
  if (name == "docker") return std::optional<Value>(Value(context.run.docker));
  if (name == "scm") return std::optional<Value>(TRY(own_scm(context)));
  if (const auto known = globals_.find(name); known != globals_.end())
    return std::optional<Value>(known->second);
  if (auto value = context.variable(name)) return std::optional<Value>(Value(std::move(*value)));
  if (global_finder_) return global_finder_(name, context);
  return std::optional<Value>();
}

Interpreter::Found Interpreter::static_import(const std::string& name, const Unit& unit,
                                              Context& context) {
  const auto from = [&](const std::string& type, const std::string& member) -> Found {
    const auto found = find_full_class(type, context);
    if (!found) return std::optional<Value>();
    return find_in(class_of(*found), member, context);
  };
  if (const auto known = unit.members.find(name); known != unit.members.end())
    return from(known->second.type, known->second.name);
  for (const auto& type : unit.member_types)
    if (auto value = TRY(from(type, name))) return value;
  return std::optional<Value>();
}

const syntax::TypeName* Interpreter::kept_type(const syntax::TypeName& type) {
  return type.dimensions == 0 && (type.name.empty() || type.name == "Object") ? nullptr : &type;
}

Outcome<Value> Interpreter::assign_name(const std::string& name, Value value, Frame& frame) {
  if (auto* known = frame.scope->find_variable(name)) {
    if (known->type) {
      value = TRY(coerce(*known->type, std::move(value), *frame.home, frame.context));
      // Again: code of the pipeline may have declared variables meanwhile.
      known = frame.scope->find_variable(name);
    }
    known->value = value;
    return value;
  }
  if (frame.closure) {
    if (TRY(assign_in_closure(*frame.closure, name, value, frame.context))) return value;
  }
  TRY(set(frame.home->self, name, value, frame.context));
  return value;
}

/// To whom of owner and delegate the name belongs, if it does to one.
Outcome<bool> Interpreter::assign_in_closure(const Closure& closure, const std::string& name,
                                             const Value& value, Context& context) {
  const bool differ = !closure.delegate.is(closure.owner);
  const auto into = [&](const Value& target) -> Outcome<bool> {
    if (const auto inner = target.as_closure())
      return assign_in_closure(*inner, name, value, context);
    auto done = set(target, name, value, context);
    if (done) return true;
    if (is_missing_property(done.error(), name)) return false;
    return tl::unexpected(std::move(done.error()));
  };
  const auto strategy = closure.strategy;
  const bool delegate_first =
      strategy == Resolve::delegate_first || strategy == Resolve::delegate_only;
  if (delegate_first && differ && !closure.delegate.is_null())
    if (TRY(into(closure.delegate))) return true;
  if (strategy != Resolve::delegate_only || !differ)
    if (TRY(into(closure.owner))) return true;
  if (!delegate_first && differ && !closure.delegate.is_null()) return into(closure.delegate);
  return false;
}

}  // namespace cupel::pipeline
