// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/interruption_cause.hpp"

namespace cupel::pipeline {

InterruptionCause::InterruptionCause(std::string type, std::string description, std::string user)
    : type_(std::move(type)), description_(std::move(description)), user_(std::move(user)) {}

Value InterruptionCause::from(const std::string& message) {
  const auto cause = [](std::string type, std::string description, std::string user = {}) {
    return Value(std::make_shared<InterruptionCause>(std::move(type), std::move(description),
                                                     std::move(user)));
  };
  constexpr std::string_view rejected = "Rejected by ";
  if (message == "Timeout has been exceeded")
    return cause("org.jenkinsci.plugins.workflow.steps.TimeoutStepExecution$ExceededTimeout",
                 message);
  if (message.starts_with(rejected))
    return cause("org.jenkinsci.plugins.workflow.support.steps.input.Rejection", message,
                 message.substr(rejected.size()));
  if (message.empty())
    return cause("jenkins.model.CauseOfInterruption$UserInterruption", "Aborted by user", "user");
  return cause("jenkins.model.CauseOfInterruption", message);
}

Outcome<Value> InterruptionCause::get(const std::string& name, Context& context) {
  if (name == "shortDescription") return Value(description_);
  if (name == "user" && !user_.empty()) return Value(user_);
  return Object::get(name, context);
}

Outcome<Value> InterruptionCause::call(const std::string& name, std::vector<Value>& arguments,
                                       Context& context) {
  if (arguments.empty() && name == "getShortDescription") return get("shortDescription", context);
  if (arguments.empty() && name == "getUser" && !user_.empty()) return get("user", context);
  return Object::call(name, arguments, context);
}

}  // namespace cupel::pipeline
