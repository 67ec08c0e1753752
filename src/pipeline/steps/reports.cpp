// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// A report that cupel keeps with the artifacts and does not look into.
class KeptReport final : public SignedStep {
 public:
  enum class Says { files, directory };
  struct Form {
    const char* name;
    const char* pattern;    ///< the parameter that says which files, or in which directory
    const char* otherwise;  ///< which files where nothing is said; in a directory: always
    const char* what;
    const char* class_name = "";  ///< for step([$class: 'NAME']); may be ""
    Says says = Says::files;
  };
  explicit KeptReport(const Form& form) : SignedStep(signature_of(form)), form_(form) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* node = TRY(context.node());
    std::string patterns = form_.otherwise;
    auto directory = context.directory();
    if (const auto* given = arguments.find(form_.pattern)) {
      auto text = TRY(text_of(*given));
      if (form_.says == Says::directory)
        directory = TRY(context.resolve(text));
      else
        patterns = std::move(text);
    }
    const auto below = std::string("reports/") + form_.name;
    const auto selection = selection_of(patterns, "", os::Selection::Defaults::keep);
    auto names = fetch(node->place(), directory, selection, context.files().artifacts() / below,
                       context.stop());
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
    auto signature =
        step(form.name, "",
             std::string(form.what) +
                 ": the files are kept with the artifacts, recorded and not rendered",
             {takes(form.pattern, Kind::any, form.says == Says::files ? form.otherwise : ".",
                    form.says == Says::files ? "Which files" : "Where they are")});
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
    KeptReport::Form{"jacoco", "execPattern", "**/**.exec", "JaCoCo coverage", "JacocoPublisher"},
    KeptReport::Form{"cobertura", "coberturaReportFile", "**/coverage.xml", "Cobertura coverage",
                     "CoberturaPublisher"},
    KeptReport::Form{"publishCoverage", "adapters", "**/coverage.xml", "Coverage"},
    KeptReport::Form{"recordCoverage", "tools", "**/coverage.xml", "Coverage"},
    KeptReport::Form{"perfReport", "sourceDataFiles", "**/*.jtl", "Performance report"},
    KeptReport::Form{"clover", "cloverReportFileName", "**/clover.xml", "Clover coverage",
                     "CloverPublisher"},
    KeptReport::Form{"plot", "csvFileName", "**/*.csv", "Plot"},
    KeptReport::Form{"allure", "results", "allure-results/**", "Allure report"},
    KeptReport::Form{"xunit", "tools", "**/TEST-*.xml", "xUnit report", "XUnitPublisher"},
    KeptReport::Form{"robot", "outputPath", "*.xml, *.html, *.png", "Robot Framework report",
                     "RobotPublisher", KeptReport::Says::directory},
    KeptReport::Form{"cucumber", "fileIncludePattern", "**/*.json", "Cucumber report",
                     "CucumberReportPublisher"},
    KeptReport::Form{"testNG", "reportFilenamePattern", "**/testng-results.xml", "TestNG report"},
    KeptReport::Form{"nunit", "testResultsPattern", "**/TestResult.xml", "NUnit report"},
    KeptReport::Form{"mstest", "testResultsFile", "**/*.trx", "MSTest report"},
    KeptReport::Form{"tap", "testResults", "**/*.tap", "TAP report", "TapPublisher"},
    KeptReport::Form{"gatlingArchive", "results", "**/results/*/**", "Gatling report"},
    KeptReport::Form{"jmhReport", "resultPath", "**/jmh-result.json", "JMH report"},
    KeptReport::Form{"dependencyCheckPublisher", "pattern", "**/dependency-check-report.xml",
                     "Dependency check"},
    KeptReport::Form{"javadoc", "javadocDir", "**", "Javadoc", "JavadocArchiver",
                     KeptReport::Says::directory},
    KeptReport::Form{"findbugs", "pattern", "**/findbugsXml.xml", "FindBugs report",
                     "FindBugsPublisher"},
    KeptReport::Form{"checkstyle", "pattern", "**/checkstyle-result.xml", "Checkstyle report",
                     "CheckStylePublisher"},
    KeptReport::Form{"pmd", "pattern", "**/pmd.xml", "PMD report", "PmdPublisher"},
    KeptReport::Form{"dry", "pattern", "**/cpd.xml", "Duplicate code", "DryPublisher"},
    KeptReport::Form{"publishCppcheck", "pattern", "**/cppcheck.xml", "Cppcheck report",
                     "CppcheckPublisher"},
    KeptReport::Form{"sloccountPublish", "pattern", "**/sloccount.sc", "Lines of code",
                     "SloccountPublisher"},
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

std::unique_ptr<Step> make_report(std::string_view class_name) {
  for (const auto& form : reports)
    if (*form.class_name && form.class_name == class_name)
      return std::make_unique<KeptReport>(form);
  return nullptr;
}

void add_reports(std::vector<std::unique_ptr<Step>>& steps) {
  for (const auto& form : reports) steps.push_back(std::make_unique<KeptReport>(form));
  constexpr const char* sonar =
      "a SonarQube server of the controller is needed, which cupel has not; call sonar-scanner "
      "with its address and token, or map the step in [steps] of cupel.toml";
  steps.push_back(refused("withSonarQubeEnv", sonar, true));
  steps.push_back(refused("waitForQualityGate", sonar, false));
  steps.push_back(refused("getContext",
                          "there are no Jenkins objects behind a step; use env, pwd(), readFile, "
                          "currentBuild instead",
                          false));
}

}  // namespace cupel::pipeline::steps
