// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

/// Whether the error says that there is no such method there, and not one further in.
bool is_missing_method(const Signal& signal, const std::string& name) {
  const auto exception = signal.exception();
  if (!exception || !std::holds_alternative<Throw>(signal.kind())) return false;
  if (exception->class_name() == "java.lang.NoSuchMethodError")
    return exception->message().starts_with("No such DSL method '" + name + "' ");
  return exception->class_name() == "groovy.lang.MissingMethodException" &&
         exception->message().find("." + name + "() is applicable for ") != std::string::npos;
}

bool is_callable(const Value& value) {
  if (value.closure_here()) return true;
  auto* object = value.object_here();
  if (!object) return false;
  if (auto* state = object->instance()) return state->type.has_method("call");
  if (object->method("call")) return true;
  const auto* script = dynamic_cast<const ScriptObject*>(object);
  return script && script->methods.contains("call");
}

}  // namespace

Outcome<CallArguments> Interpreter::arguments(const syntax::Arguments& written, Frame& frame) {
  CallArguments given;
  const auto plain = written.items.size() - written.trailing_closures;
  for (std::size_t i = 0; i < written.items.size(); ++i) {
    const auto& item = written.items[i];
    auto value = TRY(evaluate(*item.value, frame));
    switch (item.kind) {
      case syntax::Argument::Kind::positional:
        if (i >= plain && i + 1 == written.items.size())
          given.trailing = value.as_closure();
        else
          given.positional.push_back(std::move(value));
        break;
      case syntax::Argument::Kind::named: {
        if (!given.named) given.named = std::make_shared<Map>();
        const auto key = TRY(evaluate(*item.key, frame));
        TRY(Outcome<void>(given.named->put(key, std::move(value))));
        break;
      }
      case syntax::Argument::Kind::spread:
        for (auto& one : TRY(elements_of(value))) given.positional.push_back(std::move(one));
        break;
      case syntax::Argument::Kind::spread_map:
        if (!value.map_here()) return refuse("*: of a {} is not supported", value.type_name());
        if (!given.named) given.named = std::make_shared<Map>();
        for (const auto& [key, one] : value.map_here()->entries())
          TRY(Outcome<void>(given.named->put(key, one)));
        break;
    }
  }
  return given;
}

Outcome<Value> Interpreter::eval(const syntax::Call& call, Frame& frame) {
  if (!call.receiver) {
    const auto name = TRY(name_of(call.name, call.computed_name, frame));
    auto given = TRY(arguments(call.arguments, frame));
    return call_name(name, given, frame);
  }
  if (call.receiver->as<syntax::Super>()) {
    auto given = TRY(arguments(call.arguments, frame));
    return call_super(call, given, frame);
  }
  const auto receiver = TRY(evaluate(*call.receiver, frame));
  if (call.access == syntax::Access::safe && receiver.is_null()) return Value();
  const auto name = TRY(name_of(call.name, call.computed_name, frame));
  auto given = TRY(arguments(call.arguments, frame));
  if (call.access != syntax::Access::spread) return call_method(receiver, name, given, frame);
  if (receiver.is_null()) return Value();
  std::vector<Value> results;
  for (const auto& item : TRY(elements_of(receiver))) {
    auto again = given;
    results.push_back(item.is_null() ? Value() : TRY(call_method(item, name, again, frame)));
  }
  return Value::list(std::move(results));
}

Outcome<Value> Interpreter::eval(const syntax::ValueCall& expression, Frame& frame) {
  const auto given_here = [&] { return arguments(expression.arguments, frame); };
  // this(...) and super(...) in a constructor.
  if (expression.callee->as<syntax::This>() && frame.home->type) {
    TRY(initialise(frame.home->self, *frame.home->type, TRY(given_here()).all(), frame.context));
    return Value();
  }
  if (expression.callee->as<syntax::Super>() && frame.home->type) {
    TRY(initialise_base(frame.home->self, *frame.home->type, TRY(given_here()).all(),
                        frame.context));
    return Value();
  }
  const auto callee = TRY(evaluate(*expression.callee, frame));
  if (callee.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method call() on null object");
  return call(callee, TRY(given_here()).all(), frame.context);
}

Outcome<Value> Interpreter::call(const Value& callable, std::vector<Value> values,
                                 Context& context) {
  if (const auto closure = callable.as_closure()) return call(*closure, std::move(values), context);
  return invoke(callable, "call", std::move(values), context);
}

Outcome<Value> Interpreter::invoke(const Value& receiver, const std::string& name,
                                   std::vector<Value> values, Context& context) {
  Frame frame{main_->locals, context, script_home_};
  CallArguments given;
  given.positional = std::move(values);
  return call_method(receiver, name, given, frame);
}

Outcome<Value> Interpreter::call_name(const std::string& name, CallArguments& given, Frame& frame) {
  if (const auto* variable = frame.scope->find(name); variable && is_callable(*variable)) {
    const auto held = *variable;
    return call(held, given.all(), frame.context);
  }
  auto result = frame.closure ? TRY(call_in_closure(*frame.closure, name, given, frame))
                              : TRY(call_on(frame.home->self, name, given, frame));
  if (result) return std::move(*result);
  const auto& unit = *frame.home->unit;
  if (auto member = TRY(static_import(name, unit, frame.context)); member && is_callable(*member))
    return call(*member, given.all(), frame.context);
  const auto from = [&](const std::string& type, const std::string& method) -> Found {
    const auto found = find_full_class(type, frame.context);
    if (!found) return std::optional<Value>();
    auto values = given.all();
    return call_class(dynamic_cast<const ClassObject&>(*class_of(*found).object_here()), method,
                      values, frame.context);
  };
  if (const auto known = unit.members.find(name); known != unit.members.end())
    if (auto value = TRY(from(known->second.type, known->second.name))) return std::move(*value);
  for (const auto& type : unit.member_types)
    if (auto value = TRY(from(type, name))) return std::move(*value);
  if (name == "println" || name == "print" || name == "printf")
    return print(name, given.all(), frame);
  if (frame.home->type) return no_method(frame.home->type->name, name, given.all());
  if (frame.home->script() && frame.home->script()->methods.contains(name))
    return no_method(frame.home->unit->class_name, name, given.all());
  return no_such_step(name);
}

Outcome<Value> Interpreter::no_such_step(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& signature : steps_.signatures()) known.push_back(signature.name);
  const auto close = nearest(name, known);
  return raise("java.lang.NoSuchMethodError", "No such DSL method '{}' found among steps{}", name,
               close ? "; did you mean '" + *close + "'?" : " ('cupel steps' lists them)");
}

Interpreter::Found Interpreter::call_in_closure(const Closure& closure, const std::string& name,
                                                CallArguments& given, Frame& frame) {
  const bool differ = !closure.delegate.is(closure.owner);
  const auto strategy = closure.strategy;
  if (strategy == Resolve::to_self) return std::optional<Value>();
  const bool delegate_first =
      strategy == Resolve::delegate_first || strategy == Resolve::delegate_only;
  if (delegate_first && differ)
    if (auto value = TRY(call_on(closure.delegate, name, given, frame))) return value;
  if (strategy != Resolve::delegate_only || !differ)
    if (auto value = TRY(call_on(closure.owner, name, given, frame))) return value;
  if (strategy == Resolve::owner_first && differ)
    return call_on(closure.delegate, name, given, frame);
  return std::optional<Value>();
}

/// A bare call, on what the code belongs to or a closure was given to.
Interpreter::Found Interpreter::call_on(const Value& target, const std::string& name,
                                        CallArguments& given, Frame& frame) {
  if (target.is_null()) return std::optional<Value>();
  if (const auto closure = target.as_closure())
    return call_in_closure(*closure, name, given, frame);
  if (auto* script = dynamic_cast<ScriptObject*>(target.object_here()))
    return call_in_script(*script, name, given, frame);
  auto again = given;
  // Of its own class, the code sees static methods of the classes around too.
  if (const auto* type = dynamic_cast<const ClassObject*>(target.object_here())) {
    auto values = again.all();
    return call_class(*type, name, values, frame.context);
  }
  auto value = call_method(target, name, again, frame);
  if (value) return std::optional<Value>(std::move(*value));
  if (is_missing_method(value.error(), name)) return std::optional<Value>();
  return tl::unexpected(std::move(value.error()));
}

Interpreter::Found Interpreter::call_in_script(ScriptObject& script, const std::string& name,
                                               CallArguments& given, Frame& frame) {
  auto& context = frame.context;
  const Value self(script.shared_from_this());
  if (const auto known = script.methods.find(name); known != script.methods.end()) {
    auto values = given.all();
    if (const auto* method = choose(known->second, values))
      return std::optional<Value>(TRY(call_user_method(*method, self, std::move(values), context)));
  }
  const auto* held = script.find_field(name);
  if (!held) held = script.binding->find_text(name);
  if (held && is_callable(*held)) {
    const auto callee = *held;
    return std::optional<Value>(TRY(call(callee, given.all(), context)));
  }
  // Groovy's own: a map is a value to them, not the names of parameters.
  if (name == "println" || name == "print" || name == "printf")
    return std::optional<Value>(TRY(print(name, given.all(), frame)));
  // A variable of a library comes before a step of that name, as in Jenkins.
  if (global_finder_) {
    if (auto value = TRY(global_finder_(name, context)); value && is_callable(*value))
      return std::optional<Value>(TRY(call(*value, given.all(), context)));
  }
  if (const auto* step = steps_.find(name)) {
    auto result = call_step(*step, given, frame);
    resume(context);
    return std::optional<Value>(TRY(std::move(result)));
  }
  if (const auto* describable = syntax::find_describable(name))
    return std::optional<Value>(TRY(described(*describable, given, context)));
  if (const auto known = globals_.find(name); known != globals_.end())
    return std::optional<Value>(TRY(call(known->second, given.all(), context)));
  // script { } inside script { } changes nothing.
  if (name == "script" && given.trailing)
    return std::optional<Value>(TRY(call(*given.trailing, {}, context)));
  auto values = given.all();
  if (name == "sprintf")
    return std::optional<Value>(
        TRY(invoke(class_value("java.lang.String"), "format", std::move(values), context)));
  if (name == "getBinding" && values.empty())
    return std::optional<Value>(binding_value(script.binding));
  return call_common(self, name, values, context);
}

/// Another branch may have had the lock.
void Interpreter::resume(Context& context) { here_ = &context; }

/// Jenkins' println of a script goes to the log; so does that of classes here.
Outcome<Value> Interpreter::print(const std::string& name, std::vector<Value> values,
                                  Frame& frame) {
  const auto* step = steps_.find("println");
  if (!step) step = steps_.find("echo");
  if (!step) return refuse("{} is not supported here", name);
  CallArguments given;
  if (name == "printf")
    given.positional = {
        TRY(invoke(class_value("java.lang.String"), "format", std::move(values), frame.context))};
  else
    given.positional = {
        Value(values.empty() ? std::string() : TRY(text(values[0], frame.context)))};
  auto result = call_step(*step, given, frame);
  resume(frame.context);
  TRY(std::move(result));
  return Value();
}

Outcome<Value> Interpreter::call_super(const syntax::Call& call, CallArguments& given,
                                       Frame& frame) {
  const auto& home = *frame.home;
  const auto name = TRY(name_of(call.name, call.computed_name, frame));
  auto values = given.all();
  if (!home.type) return call_method(home.self, name, given, frame);
  // What the bases and traits define, but not the class itself.
  std::vector<UserMethod> candidates;
  const auto add = [&](const UserClass& type) {
    for (const auto& method : type.find_methods(name)) candidates.push_back(method);
  };
  for (auto part = home.type->interfaces.rbegin(); part != home.type->interfaces.rend(); ++part)
    add(**part);
  if (home.type->base) add(*home.type->base);
  if (const auto* method = choose(candidates, values))
    return call_user_method(*method, home.self, std::move(values), frame.context);
  if (auto* exception = dynamic_cast<UserException*>(home.self.object_here())) {
    if (name == "toString") return Value(TRY(exception->native_to_string()));
    return exception->native_call(name, values, frame.context);
  }
  if (name == "toString" && values.empty())
    return Value(home.type->name + "@" +
                 std::to_string(home.self.object_here()->instance()->number));
  if (name == "equals" && values.size() == 1) return Value(home.self.is(values[0]));
  if (name == "hashCode" && values.empty())
    return Value(static_cast<std::int64_t>(home.self.object_here()->instance()->number));
  if (auto value = TRY(call_generated(home.self, name, values, frame.context)))
    return std::move(*value);
  return no_method(home.type->native_base, name, values);
}

}  // namespace cupel::pipeline
