// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/notify.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// A class of Jenkins', the step that does the same, and arguments that are called otherwise there.
struct Known {
  std::string_view class_name;
  std::unique_ptr<Step> (*make)();
  std::vector<std::pair<std::string_view, std::string_view>> renamed;
};

const std::vector<Known>& known_classes() {
  static const std::vector<Known> all = {
      {"JUnitResultArchiver", make_junit, {}},
      {"ArtifactArchiver", make_archive_artifacts, {}},
      {"WsCleanup", make_clean_ws, {}},
      {"Fingerprinter", make_fingerprint, {}},
      {"CopyArtifact", make_copy_artifacts, {}},
      {"HtmlPublisher", make_publish_html, {{"reportTargets", "target"}}},
  };
  return all;
}

/// Only told to somebody else.
bool is_notifier(std::string_view name) {
  return name == "GitHubCommitStatusSetter" || name == "GitHubSetCommitStatusBuilder" ||
         name == "Mailer" || name == "ExtendedEmailPublisher" || name == "SlackNotifier" ||
         name == "StashNotifier" || name == "GitLabCommitStatusPublisher" ||
         name == "InfluxDbPublisher";
}

/// step([$class: 'JUnitResultArchiver', testResults: '*.xml'])
class GeneralStep final : public SignedStep {
 public:
  GeneralStep()
      : SignedStep(step("step", "delegate",
                        "Runs a build step by its class: JUnitResultArchiver, ArtifactArchiver, "
                        "WsCleanup, Fingerprinter, CopyArtifact, and notifiers, which are recorded",
                        {needs("delegate", Kind::map, "[$class: 'NAME', ...]")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto object = TRY(described(arguments.find("delegate"), "step"));
    for (const auto& known : known_classes())
      if (known.class_name == object.kind) return run_as(known, object, context);
    if (is_notifier(object.kind)) return recorded(object, context);
    if (const auto report = make_report(object.kind)) return report->run(object.arguments, context);
    std::vector<std::string> names;
    for (const auto& known : known_classes()) names.emplace_back(known.class_name);
    return raise("java.lang.UnsupportedOperationException",
                 "step: the class '{}' is not supported; there are {}, reports and notifiers",
                 object.kind, join(names, ", "));
  }

 private:
  static Outcome<Value> run_as(const Known& known, const Described& object, StepContext& context) {
    const auto step = known.make();
    std::vector<std::pair<std::string, Value>> values;
    for (const auto& [name, value] : object.arguments.all()) {
      if (name == "$class") continue;
      auto own = name;
      for (const auto& [theirs, ours] : known.renamed)
        if (name == theirs) own = ours;
      const auto& parameters = step->signature().parameters;
      if (std::none_of(parameters.begin(), parameters.end(),
                       [&](const auto& one) { return one.name == own; }))
        return raise("java.lang.IllegalArgumentException", "step: '{}' has no parameter '{}'",
                     object.kind, name);
      values.emplace_back(std::move(own), value);
    }
    return step->run(Arguments(std::move(values)), context);
  }

  static Outcome<Value> recorded(const Described& object, StepContext& context) {
    Notification notification;
    notification.step = object.kind;
    for (const auto& [name, value] : object.arguments.all())
      if (name != "$class") notification.more[name] = TRY(Outcome<std::string>(to_text(value)));
    const auto recipients = notification.more.find("recipients");
    if (recipients != notification.more.end()) notification.to = recipients->second;
    TRY(notify(notification, context));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_general_step() { return std::make_unique<GeneralStep>(); }

}  // namespace cupel::pipeline::steps
