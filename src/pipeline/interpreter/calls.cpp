// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"

namespace cupel::pipeline {

std::vector<Value> Interpreter::CallArguments::all() const {
  std::vector<Value> values;
  if (named) values.emplace_back(named);
  values.insert(values.end(), positional.begin(), positional.end());
  if (trailing) values.emplace_back(trailing);
  return values;
}

Outcome<Interpreter::CallArguments> Interpreter::arguments(const syntax::Arguments& written,
                                                           Frame& frame) {
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
        for (auto& one : TRY(Outcome<std::vector<Value>>(elements(value))))
          given.positional.push_back(std::move(one));
        break;
      case syntax::Argument::Kind::spread_map:
        if (!value.as_map()) return refuse("*: of a {} is not supported", value.type_name());
        if (!given.named) given.named = std::make_shared<Map>();
        for (const auto& [key, one] : value.as_map()->entries())
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
  const auto receiver = TRY(evaluate(*call.receiver, frame));
  if (call.access == syntax::Access::safe && receiver.is_null()) return Value();
  const auto name = TRY(name_of(call.name, call.computed_name, frame));
  auto given = TRY(arguments(call.arguments, frame));
  if (call.access != syntax::Access::spread) return call_method(receiver, name, given, frame);
  std::vector<Value> results;
  for (const auto& item : TRY(Outcome<std::vector<Value>>(elements(receiver)))) {
    auto again = given;
    results.push_back(item.is_null() ? Value() : TRY(call_method(item, name, again, frame)));
  }
  return Value::list(std::move(results));
}

Outcome<Value> Interpreter::eval(const syntax::ValueCall& expression, Frame& frame) {
  const auto callee = TRY(evaluate(*expression.callee, frame));
  return call(callee, TRY(arguments(expression.arguments, frame)).all(), frame.context);
}

Outcome<Value> Interpreter::call(const Value& callable, std::vector<Value> values,
                                 Context& context) {
  if (const auto closure = callable.as_closure()) return call(*closure, std::move(values), context);
  return invoke(callable, "call", std::move(values), context);
}

Outcome<Value> Interpreter::invoke(const Value& receiver, const std::string& name,
                                   std::vector<Value> values, Context& context) {
  Frame frame{script_, context};
  CallArguments given;
  given.positional = std::move(values);
  return call_method(receiver, name, given, frame);
}

Outcome<Value> Interpreter::call_name(const std::string& name, CallArguments& given, Frame& frame) {
  const auto* variable = frame.scope->find(name);
  if (!variable) variable = binding_->find(name);
  if (variable)
    if (const auto closure = variable->as_closure())
      return call(*closure, given.all(), frame.context);
  if (methods_.contains(name)) return call_script_method(name, given, frame.context);
  if (const auto* step = steps_.find(name)) return call_step(*step, given, frame);
  if (const auto* describable = syntax::find_describable(name))
    return described(*describable, given, frame.context);
  std::vector<std::string> known;
  for (const auto& signature : steps_.signatures()) known.push_back(signature.name);
  const auto close = nearest(name, known);
  return raise("java.lang.NoSuchMethodError", "No such DSL method '{}' found among steps{}", name,
               close ? "; did you mean '" + *close + "'?" : " [" + join(known, ", ") + "]");
}

Outcome<Value> Interpreter::call_method(const Value& receiver, const std::string& name,
                                        CallArguments& given, Frame& frame) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 name);
  auto values = given.all();
  if (const auto closure = receiver.as_closure(); closure && name == "call")
    return call(*closure, std::move(values), frame.context);
  if (name == "getClass" && values.empty()) return class_value(receiver.type_name());
  const auto object = receiver.as_object();
  const auto* method = find_method(receiver, name);
  if (object && (!method || name != "toString")) return object->call(name, values, frame.context);
  // A closure that a map holds may be called as if it were a method.
  if (const auto map = receiver.as_map(); map && !method)
    if (const auto* held = map->find(Value(name)))
      if (const auto closure = held->as_closure())
        return call(*closure, std::move(values), frame.context);
  if (!method)
    return refuse("the method {}() of {} is not supported yet", name, receiver.type_name());
  if (values.size() < method->least || values.size() > method->most)
    return raise("groovy.lang.MissingMethodException",
                 "No signature of method: {}.{}() is applicable for {} argument(s)",
                 receiver.type_name(), name, values.size());
  MethodCall method_call{*this, frame.context, receiver, values};
  return method->run(method_call);
}

Outcome<void> Interpreter::bind(const std::vector<syntax::Parameter>& parameters,
                                std::vector<Value> values, Frame& inner, const std::string& what) {
  const bool variadic = !parameters.empty() && parameters.back().variadic;
  if (variadic) {
    // The last parameter is the list of all that is left, possibly of nothing.
    const auto fixed = parameters.size() - 1;
    if (values.size() >= fixed) {
      const auto rest = values.begin() + static_cast<std::ptrdiff_t>(fixed);
      auto gathered = Value::list({rest, values.end()});
      values.erase(rest, values.end());
      values.push_back(std::move(gathered));
    }
  }
  if (values.size() > parameters.size())
    return raise("groovy.lang.MissingMethodException", "{} takes {} argument(s), but {} were given",
                 what, parameters.size(), values.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    if (i >= values.size() && !parameter.initial)
      return raise("groovy.lang.MissingMethodException", "{} misses its argument '{}'", what,
                   parameter.name.text);
    auto value =
        i < values.size() ? std::move(values[i]) : TRY(evaluate(*parameter.initial, inner));
    if (parameter.type.name == "String" && value.as_gstring())
      value = Value(TRY(text(value, inner.context)));
    inner.scope->declare(parameter.name.text, std::move(value));
  }
  return {};
}

namespace {

/// Depth of calls, for as long as one is made.
class Deeper {
 public:
  explicit Deeper(Context& context) : context_(context) { ++context_.depth; }
  ~Deeper() { --context_.depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Context& context_;
};

Outcome<Value> returned(Outcome<Value> result) {
  if (result) return result;
  if (const auto* value = std::get_if<Return>(&result.error().kind())) return value->value;
  return result;
}

}  // namespace

Outcome<Value> Interpreter::call_script_method(const std::string& name, CallArguments& given,
                                               Context& context) {
  const auto& candidates = methods_.at(name);
  const auto values = given.all();
  const syntax::MethodDeclaration* chosen = candidates.front();
  for (const auto* candidate : candidates)
    if (candidate->parameters.size() == values.size()) chosen = candidate;
  if (context.depth >= limits_.depth)
    return refuse("calls are nested more than {} deep", limits_.depth);
  const Deeper deeper(context);
  Frame inner{inner_scope(binding_), context};
  TRY(bind(chosen->parameters, values, inner, name + "()"));
  return returned(execute_body(*chosen->body, inner));
}

Outcome<Value> Interpreter::call(const Closure& closure, std::vector<Value> values,
                                 Context& context) {
  if (context.depth >= limits_.depth)
    return refuse("calls are nested more than {} deep", limits_.depth);
  const Deeper deeper(context);
  here_ = &context;
  if (closure.native) return closure.native(std::move(values), context);
  Frame inner{inner_scope(closure.scope), context};
  const auto& code = *closure.code;
  if (code.explicit_parameters) {
    // One list for several parameters is taken apart, as each { k, v -> } needs it.
    if (values.size() == 1 && code.parameters.size() > 1 && values[0].as_list())
      values = std::vector<Value>(values[0].as_list()->items);
    TRY(bind(code.parameters, std::move(values), inner, "the closure"));
  } else {
    if (values.size() > 1)
      return raise("groovy.lang.MissingMethodException",
                   "the closure takes 1 argument, but {} were given", values.size());
    inner.scope->declare("it", values.empty() ? Value() : std::move(values[0]));
  }
  return returned(execute_body(code.body, inner));
}

}  // namespace cupel::pipeline
