// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/step_label.hpp"

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

/// A map that stands for one object, which the step takes as its only argument.
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

bool is_object_of(const Map& map, const syntax::StepSignature& signature) {
  return !signature.default_parameter.empty() && map.find(Value("$class")) != nullptr;
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

namespace {

/// Gives up the interpreter's lock, and takes it back at the end.
class Pause {
 public:
  explicit Pause(std::mutex& mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~Pause() { mutex_.lock(); }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  std::mutex& mutex_;
};

}  // namespace

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
  if (context.stop.requested()) return interrupt("", model::Verdict::aborted);
  const auto& signature = step.signature();
  const auto kind = body ? Observer::StepKind::body : Observer::StepKind::simple;
  StepContext step_context(context, context.next_step(), std::move(body));
  const auto label = step_label(signature, arguments);
  const Pause pause(mutex_);
  const auto begin = std::chrono::steady_clock::now();
  context.run.observer.step_started(context.path, signature.name, label, kind);
  auto result = step.run(arguments, step_context);
  context.run.observer.step_finished(context.path, signature.name,
                                     std::chrono::duration_cast<std::chrono::milliseconds>(
                                         std::chrono::steady_clock::now() - begin),
                                     kind);
  return result;
}

Outcome<Value> Interpreter::run_around(const syntax::Call& call, Context& context,
                                       const ContextBody& body) {
  const auto* step = steps_.find(call.name.text);
  if (!step) return refuse("the option '{}' is not supported yet", call.name.text);
  const auto& signature = step->signature();
  Arguments values;
  {
    const Turn turn(*this);
    Frame frame{script_, context};
    auto given = TRY(arguments(call.arguments, frame));
    values = TRY(step_arguments(signature, given, context));
  }
  if (context.stop.requested()) return interrupt("", model::Verdict::aborted);
  StepContext step_context(context, context.next_step(), body);
  const auto begin = std::chrono::steady_clock::now();
  auto& observer = context.run.observer;
  observer.step_started(context.path, signature.name, step_label(signature, values),
                        Observer::StepKind::body);
  auto result = step->run(values, step_context);
  observer.step_finished(context.path, signature.name,
                         std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::steady_clock::now() - begin),
                         Observer::StepKind::body);
  return result;
}

}  // namespace cupel::pipeline
