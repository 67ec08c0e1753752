// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/run_parameters.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

RunParameters& RunParameters::of(const Run& run) {
  return dynamic_cast<RunParameters&>(*run.params);
}

const Value* RunParameters::find(const std::string& name) const {
  for (const auto& [known, value] : values_)
    if (known == name) return &value;
  return nullptr;
}

Outcome<void> RunParameters::declare(const std::vector<DeclaredParameter>& parameters,
                                     Context& context, Unclaimed unclaimed) {
  for (const auto& parameter : parameters) {
    const auto given = unclaimed_.find(parameter.name);
    if (find(parameter.name)) continue;
    auto value = TRY(Outcome<Value>(
        parameter_value(parameter, given == unclaimed_.end() ? nullptr : &given->second)));
    if (given != unclaimed_.end()) unclaimed_.erase(given);
    const auto text = TRY(Outcome<std::string>(to_text(value)));
    if (parameter.kind == DeclaredParameter::Kind::password)
      context.run.masks.add(parameter.name, text);
    if (!context.run.base.contains(parameter.name) &&
        !context.run.state.global(parameter.name).has_value())
      context.run.state.set_global(parameter.name, text);
    values_.emplace_back(parameter.name, std::move(value));
  }
  if (unclaimed == Unclaimed::wait || unclaimed_.empty() || parameters.empty()) return {};
  std::vector<std::string> known;
  for (const auto& [name, _] : values_) known.push_back(name);
  return raise("hudson.AbortException", "the pipeline has no parameter '{}'; it has: {}",
               unclaimed_.begin()->first, join(known, ", "));
}

std::shared_ptr<Map> RunParameters::map() const {
  auto made = std::make_shared<Map>();
  for (const auto& [name, value] : values_) static_cast<void>(made->put(Value(name), value));
  return made;
}

std::string RunParameters::text() const { return to_text(Value(map())).value_or("[:]"); }

Outcome<Value> RunParameters::get(const std::string& name, Context&) {
  const auto* value = find(name);
  return value ? *value : Value();
}

Outcome<void> RunParameters::set(const std::string& name, const Value&, Context&) {
  return raise("java.lang.UnsupportedOperationException", "params.{} cannot be changed", name);
}

Outcome<Value> RunParameters::call(const std::string& name, std::vector<Value>& arguments,
                                   Context& context) {
  auto& interpreter = context.run.interpreter;
  if ((name == "get" || name == "containsKey") && arguments.size() == 1) {
    const auto* value = find(TRY(interpreter.text(arguments[0], context)));
    return name == "get" ? (value ? *value : Value()) : Value(value != nullptr);
  }
  // Whatever else a map can do: each, findAll, collect, keySet, getOrDefault, ...
  return interpreter.invoke(Value(map()), name, std::move(arguments), context);
}

}  // namespace cupel::pipeline
