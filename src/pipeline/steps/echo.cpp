// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// echo 'text'
class Echo final : public SignedStep {
 public:
  Echo()
      : SignedStep(step("echo", "message", "Prints a text to the log",
                        {needs("message", Kind::text, "The text")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* message = arguments.find("message");
    context.print(TRY(to_text(message ? *message : Value())));
    return Value();
  }
};

/// println value: Groovy's own, which in a pipeline prints to the log.
class Println final : public SignedStep {
 public:
  Println()
      : SignedStep(step("println", "value", "Prints a value to the log, as Groovy's own",
                        {takes("value", Kind::any, "an empty line", "The value")})) {}

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
