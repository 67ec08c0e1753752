// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// buildName "#${BUILD_NUMBER} of main"  |  buildDescription 'nightly'
class SetNote final : public SignedStep {
 public:
  SetNote(const char* name, const char* parameter, const char* note)
      : SignedStep(step(name, parameter, std::string("Sets currentBuild.") + note,
                        {needs(parameter, Kind::text, "What it shall be")})),
        parameter_(parameter),
        note_(note) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto text = TRY(arguments.text(parameter_));
    context.run().state.set_note(note_, text);
    context.print(std::string(note_) + " is '" + text + "'");
    return Value();
  }

 private:
  const char* parameter_;
  const char* note_;
};

/// Badges and short texts beside a build: said in the log and at the end of the run.
class Badge final : public SignedStep {
 public:
  explicit Badge(const char* name) : SignedStep(signature_of(name)) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto text = TRY(arguments.text("text", ""));
    context.print(signature().name + ": " + text);
    if (!text.empty()) context.files().add_remark(context.hide(text));
    return Value();
  }

 private:
  static syntax::StepSignature signature_of(const char* name) {
    auto made = step(name, "text", "Says a text about the run at its end",
                     {takes("text", Kind::text, "", "The text")});
    made.open = true;
    return made;
  }
};

/// Of plugins that only serve pages of Jenkins: taken, and said so.
class Unneeded final : public SignedStep {
 public:
  explicit Unneeded(const char* name) : SignedStep(signature_of(name)) {}
  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    context.print(signature().name + ": has no effect in cupel");
    return Value();
  }

 private:
  static syntax::StepSignature signature_of(const char* name) {
    auto made = step(name, "", "Without effect here: it serves pages of Jenkins", {});
    made.open = true;
    return made;
  }
};

/// splitTests parallelism: count(4)
class SplitTests final : public SignedStep {
 public:
  SplitTests() : SignedStep(own_signature()) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const bool inclusions = TRY(arguments.flag("generateInclusions"));
    context.print("No record of earlier tests, so cannot split: all of them are in one");
    auto split = Value::list({});
    if (inclusions) {
      auto map = std::make_shared<Map>();
      TRY(Outcome<void>(map->put(Value("includes"), Value(false))));
      TRY(Outcome<void>(map->put(Value("list"), split)));
      split = Value(std::move(map));
    }
    return Value::list({std::move(split)});
  }

 private:
  static syntax::StepSignature own_signature() {
    auto made = step("splitTests", "parallelism",
                     "Splits tests for parallel branches: here always into one split of all",
                     {takes("parallelism", Kind::any, "", "count(N) or time(MINUTES)"),
                      takes("generateInclusions", Kind::flag, "false",
                            "Whether a split is a map with includes and list")});
    made.open = true;
    return made;
  }
};

}  // namespace

void add_build_marks(std::vector<std::unique_ptr<Step>>& steps) {
  steps.push_back(std::make_unique<SetNote>("buildName", "nameTemplate", "displayName"));
  steps.push_back(
      std::make_unique<SetNote>("buildDescription", "descriptionTemplate", "description"));
  for (const auto* name : {"addBadge", "addInfoBadge", "addWarningBadge", "addErrorBadge",
                           "addShortText", "addHtmlBadge"})
    steps.push_back(std::make_unique<Badge>(name));
  for (const auto* name :
       {"removeBadges", "discoverGitReferenceBuild", "discoverReferenceBuild", "mineRepository"})
    steps.push_back(std::make_unique<Unneeded>(name));
  steps.push_back(std::make_unique<SplitTests>());
}

}  // namespace cupel::pipeline::steps
