// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using model::Verdict;

struct Marks {
  std::string message;
  Verdict run = Verdict::failure;
  Verdict stage = Verdict::success;
  bool interruptions = true;
};

/// Runs the body; what it throws becomes marks on the run and the stage.
Outcome<Value> run_caught(const Marks& marks, StepContext& context) {
  auto inner = context.inner();
  auto result = context.run_body(inner);
  if (result) return Value();
  const auto* thrown = std::get_if<Throw>(&result.error().kind());
  if (!thrown) return result;
  const auto& exception = *thrown->exception;
  if (exception.infrastructure || (exception.interruption && !marks.interruptions)) return result;
  if (!marks.message.empty()) context.print(marks.message);
  if (!exception.message().empty()) context.print("ERROR: " + exception.message());
  // An interruption brings its own result.
  const bool own = exception.interruption.has_value();
  context.worsen_run(own ? *exception.interruption : marks.run);
  context.worsen_stage(own ? *exception.interruption : marks.stage);
  return Value();
}

std::vector<std::string> verdict_names() {
  return {"SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"};
}

Outcome<Verdict> verdict(const Arguments& arguments, std::string_view name, Verdict otherwise) {
  if (!arguments.has(name)) return otherwise;
  const auto text = TRY(arguments.text(name));
  if (const auto known = model::verdict_named(text)) return *known;
  return raise("java.lang.IllegalArgumentException",
               "{} must be SUCCESS, UNSTABLE, FAILURE, "
               "NOT_BUILT or ABORTED, not '{}'",
               name, text);
}

/// catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') { ... }
class CatchError final : public SignedStep {
 public:
  CatchError()
      : SignedStep(block(
            "catchError", "message", "Goes on after a failure of its body, which it marks",
            {takes("message", Kind::text, "", "Printed when the body failed"),
             takes_one_of("buildResult", verdict_names(), "FAILURE", "What the run becomes then"),
             takes_one_of("stageResult", verdict_names(), "SUCCESS", "What the stage becomes then"),
             takes("catchInterruptions", Kind::flag, "true",
                   "Whether an abort or a timeout is caught too")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Marks marks;
    marks.message = TRY(arguments.text("message", ""));
    marks.run = TRY(verdict(arguments, "buildResult", Verdict::failure));
    marks.stage = TRY(verdict(arguments, "stageResult", Verdict::success));
    marks.interruptions = TRY(arguments.flag("catchInterruptions", true));
    return run_caught(marks, context);
  }
};

/// warnError('text') { ... }
class WarnError final : public SignedStep {
 public:
  WarnError()
      : SignedStep(block("warnError", "message",
                         "Makes the run and the stage UNSTABLE when its body fails, and goes on",
                         {needs("message", Kind::text, "Printed when the body failed"),
                          takes("catchInterruptions", Kind::flag, "true",
                                "Whether an abort or a timeout is caught too")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Marks marks;
    marks.message = TRY(arguments.text("message"));
    marks.run = marks.stage = Verdict::unstable;
    marks.interruptions = TRY(arguments.flag("catchInterruptions", true));
    return run_caught(marks, context);
  }
};

}  // namespace

std::unique_ptr<Step> make_catch_error() { return std::make_unique<CatchError>(); }
std::unique_ptr<Step> make_warn_error() { return std::make_unique<WarnError>(); }

}  // namespace cupel::pipeline::steps
