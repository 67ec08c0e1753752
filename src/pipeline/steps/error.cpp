// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// error 'text'
class ErrorStep final : public SignedStep {
 public:
  ErrorStep()
      : SignedStep(step("error", "message", "Fails, as an exception that the pipeline may catch",
                        {takes("message", Kind::text, "", "What failed")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext&) const override {
    return raise("hudson.AbortException", "{}", TRY(arguments.text("message", "")));
  }
};

/// unstable 'text': marks the run and the stage, and goes on.
class Unstable final : public SignedStep {
 public:
  Unstable()
      : SignedStep(step("unstable", "message", "Makes the run and the stage UNSTABLE, and goes on",
                        {needs("message", Kind::text, "Why; printed to the log")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    context.print("WARNING: " + TRY(arguments.text("message")));
    context.worsen_run(model::Verdict::unstable);
    context.worsen_stage(model::Verdict::unstable);
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_error() { return std::make_unique<ErrorStep>(); }
std::unique_ptr<Step> make_unstable() { return std::make_unique<Unstable>(); }

}  // namespace cupel::pipeline::steps
