// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;
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

Outcome<Verdict> verdict(const Arguments& arguments, std::string_view name, Verdict otherwise) {
  if (!arguments.has(name)) return otherwise;
  const auto text = TRY(arguments.text(name));
  for (const auto one : {Verdict::success, Verdict::unstable, Verdict::failure, Verdict::not_built,
                         Verdict::aborted})
    if (model::name(one) == text) return one;
  return raise("java.lang.IllegalArgumentException",
               "{} must be SUCCESS, UNSTABLE, FAILURE, "
               "NOT_BUILT or ABORTED, not '{}'",
               name, text);
}

/// catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') { ... }
class CatchError final : public SignedStep {
 public:
  CatchError()
      : SignedStep({"catchError",
                    {{"message", Kind::text},
                     {"buildResult", Kind::text},
                     {"stageResult", Kind::text},
                     {"catchInterruptions", Kind::flag}},
                    "message",
                    true}) {}

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
      : SignedStep({"warnError",
                    {{"message", Kind::text, true}, {"catchInterruptions", Kind::flag}},
                    "message",
                    true}) {}

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
