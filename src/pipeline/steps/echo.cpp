// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

/// echo 'text'
class Echo final : public SignedStep {
 public:
  Echo()
      : SignedStep({"echo", {{"message", syntax::ParameterKind::any, true}}, "message", false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* message = arguments.find("message");
    context.print(TRY(to_text(message ? *message : Value())));
    return Value();
  }
};

/// println value: Groovy's own, which in a pipeline prints to the log.
class Println final : public SignedStep {
 public:
  Println() : SignedStep({"println", {{"value", syntax::ParameterKind::any}}, "value", false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* value = arguments.find("value");
    context.print(value ? TRY(to_text(*value)) : std::string());
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_echo() { return std::make_unique<Echo>(); }
std::unique_ptr<Step> make_println() { return std::make_unique<Println>(); }

}  // namespace cupel::pipeline::steps
