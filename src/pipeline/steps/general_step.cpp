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
    std::vector<std::string> names;
    for (const auto& known : known_classes()) names.emplace_back(known.class_name);
    return raise("java.lang.UnsupportedOperationException",
                 "step: the class '{}' is not supported; there are {}", object.kind,
                 join(names, ", "));
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

/// A report that cupel keeps with the artifacts and does not look into.
class KeptReport final : public SignedStep {
 public:
  struct Form {
    const char* name;
    const char* pattern;    ///< the parameter that says which files
    const char* otherwise;  ///< ... and what it is where nothing is said
    const char* what;
  };
  explicit KeptReport(const Form& form) : SignedStep(signature_of(form)), form_(form) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* node = TRY(context.node());
    std::string patterns = form_.otherwise;
    if (const auto* given = arguments.find(form_.pattern)) patterns = TRY(text_of(*given));
    const auto below = std::string("reports/") + form_.name;
    const auto selection = selection_of(patterns, "", os::Selection::Defaults::keep);
    auto names = fetch(node->place(), context.directory(), selection,
                       context.files().artifacts() / below, context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    context.print(fmt::format("{}: kept {} file(s) in {}; they are not evaluated", form_.name,
                              names->size(), below));
    for (auto& one : *names) one = below + "/" + one;
    context.files().add_remark(
        fmt::format("{}: {} file(s) kept, not evaluated", form_.what, names->size()));
    context.files().add_artifacts(std::move(*names));
    return Value();
  }

 private:
  static syntax::StepSignature signature_of(const Form& form) {
    auto signature = step(form.name, "",
                          std::string(form.what) +
                              ": the files are kept with the artifacts, recorded and not rendered",
                          {takes(form.pattern, Kind::any, form.otherwise, "Which files")});
    signature.open = true;
    return signature;
  }

  /// A pattern, a list of them, or of objects that hold one.
  static Outcome<std::string> text_of(const Value& value) {
    std::string all;
    for (const auto& one : value.as_list() ? TRY(Outcome<std::vector<Value>>(elements(value)))
                                           : std::vector<Value>{value}) {
      auto text = one;
      if (one.as_map())
        for (const auto* key : {"pattern", "path"})
          if (const auto* inner = one.as_map()->find(Value(key))) text = *inner;
      if (!text.is_text()) continue;
      all += (all.empty() ? "" : ",") + TRY(Outcome<std::string>(to_text(text)));
    }
    return all.empty() ? std::string("none") : all;
  }

  const Form& form_;
};

constexpr std::array reports = {
    KeptReport::Form{"jacoco", "execPattern", "**/**.exec", "JaCoCo coverage"},
    KeptReport::Form{"cobertura", "coberturaReportFile", "**/coverage.xml", "Cobertura coverage"},
    KeptReport::Form{"publishCoverage", "adapters", "**/coverage.xml", "Coverage"},
    KeptReport::Form{"recordCoverage", "tools", "**/coverage.xml", "Coverage"},
    KeptReport::Form{"perfReport", "sourceDataFiles", "**/*.jtl", "Performance report"},
    KeptReport::Form{"clover", "cloverReportFileName", "**/clover.xml", "Clover coverage"},
    KeptReport::Form{"plot", "csvFileName", "**/*.csv", "Plot"},
    KeptReport::Form{"allure", "results", "allure-results/**", "Allure report"},
    KeptReport::Form{"xunit", "tools", "**/TEST-*.xml", "xUnit report"},
};

/// Known, and impossible here: says why.
class Refused final : public SignedStep {
 public:
  Refused(syntax::StepSignature signature, const char* reason)
      : SignedStep(std::move(signature)), reason_(reason) {}
  Outcome<Value> run(const Arguments&, StepContext&) const override {
    return raise("java.lang.UnsupportedOperationException", "{}: {}", signature().name, reason_);
  }

 private:
  const char* reason_;
};

std::unique_ptr<Step> refused(const char* name, const char* reason, bool with_body) {
  auto signature =
      (with_body ? block : step)(name, "value", std::string("Not supported: ") + reason,
                                 {takes("value", Kind::any, "", "Whatever is said")});
  signature.open = true;
  return std::make_unique<Refused>(std::move(signature), reason);
}

}  // namespace

std::unique_ptr<Step> make_general_step() { return std::make_unique<GeneralStep>(); }

void add_reports(std::vector<std::unique_ptr<Step>>& steps) {
  for (const auto& form : reports) steps.push_back(std::make_unique<KeptReport>(form));
  constexpr const char* sonar =
      "a SonarQube server of the controller is needed, which cupel has not; call sonar-scanner "
      "with its address and token, or map the step in [steps] of cupel.toml";
  steps.push_back(refused("withSonarQubeEnv", sonar, true));
  steps.push_back(refused("waitForQualityGate", sonar, false));
}

}  // namespace cupel::pipeline::steps
