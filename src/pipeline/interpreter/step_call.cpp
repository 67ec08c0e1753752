// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/step_label.hpp"
#include "pipeline/interpreter/timed.hpp"

namespace cupel::pipeline {

Outcome<Value> Interpreter::described(const syntax::Describable& describable, CallArguments& given,
                                      Context& context) {
  auto map = std::make_shared<Map>();
  TRY(Outcome<void>(map->put(Value("$class"), Value(describable.name))));
  if (given.named)
    for (const auto& [key, value] : given.named->entries()) {
      auto plain = value.as_gstring() ? Value(TRY(text(value, context))) : value;
      TRY(Outcome<void>(map->put(Value(TRY(text(key, context))), std::move(plain))));
    }
  if (given.positional.size() > 1 || given.trailing)
    return refuse("'{}' takes named arguments", describable.name);
  if (given.positional.empty()) return Value(std::move(map));
  if (describable.default_parameter.empty())
    return refuse("'{}' takes no argument without a name", describable.name);
  TRY(Outcome<void>(map->put(Value(describable.default_parameter), given.positional[0])));
  return Value(std::move(map));
}

namespace {

void warn_of_leak(const std::string& step, std::vector<std::string> variables, Context& context) {
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
  context.note(
      fmt::format("Warning: A secret was passed to \"{}\" using Groovy String interpolation, which "
                  "is insecure.",
                  step));
  context.note(fmt::format("\t\t Affected argument(s) used the following variable(s): [{}]",
                           join(variables, ", ")));
  context.note("\t\t See https://jenkins.io/redirect/groovy-string-interpolation for details.");
}

/// A map that stands for one object, which the step takes as its only argument.
bool is_object_of(const Map& map, const syntax::StepSignature& signature) {
  if (signature.default_parameter.empty()) return false;
  return map.find(Value("$class")) != nullptr ||
         (syntax::takes_one_map(signature) && !map.find(Value(signature.default_parameter)));
}

}  // namespace

Outcome<Arguments> Interpreter::step_arguments(const syntax::StepSignature& signature,
                                               CallArguments& given, Context& context) {
  // step([a: 1]) is step(a: 1), and step($class: 'X') is step([$class: 'X']).
  if (!given.named && given.positional.size() == 1 && given.positional[0].as_map() &&
      !is_object_of(*given.positional[0].as_map(), signature)) {
    given.named = given.positional[0].as_map();
    given.positional.clear();
  }
  if (given.named && given.positional.empty() && is_object_of(*given.named, signature))
    given.positional.emplace_back(std::exchange(given.named, nullptr));
  std::vector<std::pair<std::string, Value>> values;
  std::vector<std::string> leaked;
  const auto add = [&](const std::string& name, const Value& value) -> Outcome<void> {
    auto resolved = value;
    if (value.as_gstring()) {
      auto whole = TRY(text(value, context));
      for (auto& secret : context.run.masks.names_in(whole)) leaked.push_back(std::move(secret));
      resolved = Value(std::move(whole));
    }
    values.emplace_back(name, TRY(Outcome<Value>(frozen(resolved))));
    return {};
  };
  if (given.named)
    for (const auto& [key, value] : given.named->entries()) {
      const auto name = TRY(text(key, context));
      std::vector<std::string> known;
      for (const auto& parameter : signature.parameters) known.push_back(parameter.name);
      if (!signature.open && std::find(known.begin(), known.end(), name) == known.end())
        return refuse("the step '{}' has no parameter '{}'; it has: {}", signature.name, name,
                      known.empty() ? "none" : join(known, ", "));
      TRY(add(name, value));
    }
  if (given.positional.size() > 1 && syntax::takes_several(signature)) {
    auto list = std::make_shared<List>();
    list->items = std::exchange(given.positional, {});
    given.positional.emplace_back(std::move(list));
  }
  if (given.positional.size() > 1)
    return refuse("the step '{}' takes one argument without a name, but {} were given",
                  signature.name, given.positional.size());
  if (!given.positional.empty()) {
    if (signature.default_parameter.empty())
      return refuse("the step '{}' takes no argument without a name", signature.name);
    if (given.named)
      return refuse("the step '{}' mixes named and unnamed arguments", signature.name);
    TRY(add(signature.default_parameter, given.positional[0]));
  }
  if (!leaked.empty()) warn_of_leak(signature.name, std::move(leaked), context);
  return Arguments(std::move(values));
}

Outcome<Value> Interpreter::call_step(const Step& step, CallArguments& given, Frame& frame) {
  const auto& signature = step.signature();
  auto body = given.trailing;
  if (signature.takes_body && !body && !given.positional.empty() &&
      given.positional.back().as_closure()) {
    body = given.positional.back().as_closure();
    given.positional.pop_back();
  }
  if (signature.takes_body && !body && !signature.body_optional)
    return refuse("the step '{}' needs a body", signature.name);
  if (!signature.takes_body && body) return refuse("the step '{}' takes no body", signature.name);
  const auto values = TRY(step_arguments(signature, given, frame.context));
  return run_step(step, values, std::move(body), frame.context);
}

Outcome<Value> Interpreter::run_step(std::string_view name, const Arguments& arguments,
                                     std::shared_ptr<Closure> body, Context& context) {
  const auto* step = steps_.find(name);
  if (!step) return refuse("there is no step '{}'", name);
  return run_step(*step, arguments, std::move(body), context);
}

Outcome<Value> Interpreter::run_step(const Step& step, const Arguments& arguments,
                                     std::shared_ptr<Closure> body, Context& context) {
  const auto replay = step.replay();
  // One whose body may be left out is without it a step like any other that nobody knows.
  const bool alone = step.signature().body_optional && !body;
  if (replay == Replay::code || (replay == Replay::acquires && !alone))
    return run_block(step, arguments, std::move(body), context);
  return run_simple(step, arguments, context);
}

namespace {

/// Runs a step and tells the observer.
Outcome<Value> run_told(const Step& step, const Arguments& arguments, StepContext& step_context,
                        Context& context) {
  const auto kind = step_context.has_body() ? Observer::StepKind::body : Observer::StepKind::simple;
  const auto& name = step.signature().name;
  auto& observer = context.run.observer;
  const auto begin = std::chrono::steady_clock::now();
  observer.step_started(context.path, name, step_label(step.signature(), arguments), kind);
  auto result = step.run(arguments, step_context);
  observer.step_finished(context.path, name,
                         std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::steady_clock::now() - begin),
                         kind);
  return result;
}

}  // namespace

Outcome<Value> Interpreter::run_around(const syntax::Call& call, Context& context,
                                       const ContextBody& body) {
  const auto* step = steps_.find(call.name.text);
  if (!step) return refuse("the option '{}' is not supported yet", call.name.text);
  const Turn turn(*this);
  auto frame = pipeline_frame(context);
  auto given = TRY(arguments(call.arguments, frame));
  const auto values = TRY(step_arguments(step->signature(), given, context));
  return run_block(*step, values, body, context);
}

Outcome<Value> Interpreter::run_block(const Step& step, const Arguments& arguments, AnyBody body,
                                      Context& context) {
  if (sees_stop(context, step.signature().name)) return interrupted(context);
  StepContext step_context(context, context.next_step(), std::move(body));
  if (step.replay() == Replay::code) return run_told(step, arguments, step_context, context);
  // Who got a lock first shall get it first again.
  TRY(turns_.await({context.branch->path, context.branch->steps}));
  return apart(context, step.signature().name,
               [&] { return run_told(step, arguments, step_context, context); });
}

Outcome<Value> Interpreter::run_simple(const Step& step, const Arguments& arguments,
                                       Context& context) {
  const auto replay = step.replay() == Replay::acquires ? Replay::once : step.replay();
  Effect effect{step.signature().name, "", replay};
  if (turns_.journaled()) effect.arguments = TRY(Outcome<std::string>(arguments.digest()));
  return perform(effect, context, [&](const StepId& id, Attempt& attempt) {
    StepContext step_context(context, id, {}, &attempt);
    return run_told(step, arguments, step_context, context);
  });
}

}  // namespace cupel::pipeline
