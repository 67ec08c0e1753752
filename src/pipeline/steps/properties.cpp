// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "pipeline/interpreter/run_parameters.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/parameter_definition.hpp"
#include "pipeline/steps/signatures.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::steps {
namespace {

/// Properties that cupel knows by the names of their classes.
constexpr auto known_classes = std::to_array<std::string_view>(
    {"BuildDiscarderProperty", "DisableConcurrentBuildsJobProperty", "DisableResumeJobProperty",
     "DurabilityHintJobProperty", "PreserveStashesJobProperty", "QuietPeriodJobProperty",
     "RateLimitBranchProperty", "OverrideIndexTriggersJobProperty"});

bool is_class(std::string_view kind) { return !kind.empty() && kind[0] >= 'A' && kind[0] <= 'Z'; }

Outcome<void> check_triggers(const Value* triggers) {
  for (const auto& trigger : TRY(all_described(triggers, "pipelineTriggers"))) {
    const auto types = syntax::names_of(syntax::trigger_types());
    if (std::find(types.begin(), types.end(), trigger.kind) != types.end() ||
        syntax::is_foreign_trigger(trigger.kind) || is_class(trigger.kind))
      continue;
    const auto close = nearest(trigger.kind, types);
    return raise("java.lang.IllegalArgumentException",
                 "properties: '{}' is no trigger; there are {}{}", trigger.kind, join(types, ", "),
                 close ? ": did you mean '" + *close + "'?" : "");
  }
  return {};
}

/// properties([parameters([string(name: 'X')]), buildDiscarder(logRotator(numToKeepStr: '5'))])
class Properties final : public SignedStep {
 public:
  Properties()
      : SignedStep(step(
            "properties", "properties",
            "Sets properties of the job. Parameters are known from here on, and before the run "
            "where they are literals; buildDiscarder, disableConcurrentBuilds and preserveStashes "
            "hold where they are literals; others are taken and have no effect",
            {needs("properties", Kind::list,
                   "parameters([...]), pipelineTriggers([...]), buildDiscarder(...), ...")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    for (const auto& one : TRY(all_described(arguments.find("properties"), "properties")))
      TRY(take(one, context));
    return Value();
  }

 private:
  static Outcome<void> take(const Described& property, StepContext& context) {
    const auto& kind = property.kind;
    if (kind == "parameters" || kind == "ParametersDefinitionProperty") {
      std::vector<DeclaredParameter> declared;
      for (const auto& one :
           TRY(all_described(property.arguments.find("parameterDefinitions"), "parameters")))
        declared.push_back(TRY(parameter_definition(one)));
      return RunParameters::of(context.run()).declare(declared, context.outer());
    }
    if (kind == "pipelineTriggers" || kind == "PipelineTriggersJobProperty")
      return check_triggers(property.arguments.find("triggers"));
    if (syntax::is_job_property(kind) ||
        std::find(known_classes.begin(), known_classes.end(), kind) != known_classes.end())
      return {};
    if (syntax::is_foreign_option(kind) || is_class(kind)) {
      context.note("properties: " + kind + " has no effect in cupel");
      return {};
    }
    return unknown(kind);
  }

  static Outcome<void> unknown(const std::string& kind) {
    std::vector<std::string> names{"parameters", "pipelineTriggers"};
    for (const auto& type : syntax::option_types())
      if (syntax::is_job_property(type.name)) names.push_back(type.name);
    const auto close = nearest(kind, names);
    return raise("java.lang.IllegalArgumentException",
                 "properties: '{}' is no job property; there are {}{}", kind, join(names, ", "),
                 close ? ": did you mean '" + *close + "'?" : "");
  }
};

}  // namespace

std::unique_ptr<Step> make_properties() { return std::make_unique<Properties>(); }

}  // namespace cupel::pipeline::steps
