// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/stage_frame.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// stage('Build') { ... }; the old form stage 'Build' only says where the run is.
class Stage final : public SignedStep {
 public:
  Stage()
      : SignedStep(
            {.name = "stage",
             .parameters =
                 {{.name = "name", .kind = Kind::text, .required = true, .about = "as shown"},
                  {.name = "concurrency",
                   .kind = Kind::number,
                   .about = "refused, as Jenkins does today: use lock or milestone"}},
             .default_parameter = "name",
             .takes_body = true,
             .about = "Runs the body as a stage.",
             .body_optional = true}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto name = TRY(arguments.text("name"));
    if (name.empty()) return raise("java.lang.IllegalArgumentException", "Stage name must be set");
    if (!context.has_body()) {
      context.note("Using the ‘stage’ step without a block argument is deprecated");
      if (arguments.has("concurrency"))
        return refuse("stage: 'concurrency' is not supported; use lock or milestone");
      context.note("Entering stage " + name);
      auto path = context.here().path;
      path.push_back(name);
      context.run().state.begin_mark(std::move(path));
      return Value();
    }
    return in_stage(name, Observer::StageKind::stage, context.here(), [&](Context& inner) {
      inner.overrides["STAGE_NAME"] = name;
      return context.run_bare_body(inner);
    });
  }
};

}  // namespace

std::unique_ptr<Step> make_stage() { return std::make_unique<Stage>(); }

}  // namespace cupel::pipeline::steps
