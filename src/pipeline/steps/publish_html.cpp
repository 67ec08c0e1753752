// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/interpreter/past_runs.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"
#include "place/transfer.hpp"

namespace cupel::pipeline::steps {
namespace {

/// A report's name as a directory.
std::string directory_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    plain += fine ? c : '_';
  }
  return plain.empty() || plain == "." || plain == ".." ? "HTML_Report" : plain;
}

/// publishHTML(target: [reportDir: 'site', reportFiles: 'index.html', reportName: 'Site'])
class PublishHtml final : public SignedStep {
 public:
  PublishHtml()
      : SignedStep(step(
            "publishHTML", "target", "Keeps an HTML report with the run's artifacts",
            {needs("target", Kind::map,
                   "reportDir, reportFiles, reportName, includes, allowMissing; keepAll, "
                   "alwaysLinkToLastBuild, reportTitles, escapeUnderscores say nothing here")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* value = arguments.find("target");
    const auto target = TRY(described_map(value ? *value : Value(), "publishHTML: target"));
    const auto directory = TRY(target.text("reportDir", ""));
    const auto files = TRY(target.text("reportFiles", "index.html"));
    const auto name = TRY(target.text("reportName", "HTML Report"));
    const bool missing_is_fine = TRY(target.flag("allowMissing"));
    auto* node = TRY(context.node());
    const auto from = TRY(context.resolve(directory.empty() ? "." : directory));
    context.print("[htmlpublisher] Archiving HTML reports...");
    context.print("[htmlpublisher] Archiving at BUILD level " + from + " to " + name);
    auto selection =
        selection_of(TRY(target.text("includes", "**/*")), "", os::Selection::Defaults::keep);
    const auto below = "htmlreports/" + directory_name(name);
    auto names =
        fetch(node->place(), from, selection, context.files().artifacts() / below, context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    for (const auto& wanted : os::parse_patterns(files))
      if (std::find(names->begin(), names->end(), wanted) == names->end() && !missing_is_fine)
        return raise("hudson.AbortException", "Specified HTML directory '{}' does not hold '{}'",
                     from, wanted);
    for (auto& one : *names) one = below + "/" + one;
    context.files().add_artifacts(std::move(*names));
    return Value();
  }
};

/// copyArtifacts projectName: 'lib', filter: 'out/*.a'
class CopyArtifacts final : public SignedStep {
 public:
  CopyArtifacts()
      : SignedStep(step(
            "copyArtifacts", "projectName",
            "Copies artifacts of an earlier run on this host to the node",
            {needs("projectName", Kind::text, "The project's directory or its Jenkinsfile's path"),
             takes("filter", Kind::text, "everything", "Ant patterns of the artifacts"),
             takes("excludes", Kind::text, "", "Ant patterns of those that are not wanted"),
             takes("target", Kind::text, "the current directory", "Where they go"),
             takes("flatten", Kind::flag, "false", "Whether their directories are left out"),
             takes("optional", Kind::flag, "false", "Whether none at all is fine"),
             takes("selector", Kind::map, "lastSuccessful()",
                   "lastSuccessful(), lastCompleted(), specific('7')"),
             ignores("fingerprintArtifacts", Kind::flag), ignores("parameters", Kind::text),
             ignores("resultVariableSuffix", Kind::text),
             ignores("includeBuildNumberInTargetPath", Kind::flag)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto job = TRY(arguments.text("projectName"));
    const bool optional = TRY(arguments.flag("optional"));
    TRY(context.node());
    const auto* runs = context.services().past_runs;
    if (!runs) return raise("hudson.AbortException", "copyArtifacts: there are no earlier runs");
    const auto selector = TRY(selector_of(arguments));
    const auto found = runs->find(job, selector.which, selector.number);
    if (!found && optional) {
      context.print(found.error().text());
      return Value();
    }
    if (!found)
      return raise("hudson.AbortException", "Unable to find a build for artifact copy: {}",
                   found.error().text());
    const auto count = TRY(copy(found->artifacts, arguments, context));
    if (count == 0 && !optional)
      return raise("hudson.AbortException", "Failed to copy artifacts from {} with filter: {}", job,
                   TRY(arguments.text("filter", "")));
    context.print(
        fmt::format("Copied {} artifacts from \"{}\" build number {}", count, job, found->number));
    return Value();
  }

 private:
  struct Selector {
    PastRuns::Which which = PastRuns::Which::successful;
    std::optional<unsigned> number;
  };
  static Outcome<Selector> selector_of(const Arguments& arguments) {
    Selector selector;
    const auto* given = arguments.find("selector");
    if (!given) return selector;
    const auto object = TRY(described(given, "copyArtifacts"));
    if (object.kind == "lastCompleted" || object.kind == "LastCompletedBuildSelector") {
      selector.which = PastRuns::Which::completed;
    } else if (object.kind == "specific" || object.kind == "SpecificBuildSelector") {
      const auto wanted = TRY(object.arguments.integer("buildNumber"));
      selector.number = static_cast<unsigned>(std::clamp<std::int64_t>(wanted, 0, 1U << 30));
    } else if (object.kind != "lastSuccessful" && object.kind != "StatusBuildSelector") {
      return raise("java.lang.UnsupportedOperationException",
                   "copyArtifacts: the selector '{}' is not supported; there are lastSuccessful, "
                   "lastCompleted, specific",
                   object.kind);
    }
    return selector;
  }

  static Outcome<std::size_t> copy(const os::fs::path& from, const Arguments& arguments,
                                   StepContext& context) {
    auto filter = TRY(arguments.text("filter", ""));
    if (filter.empty()) filter = "**";
    auto names = TRY(Outcome<std::vector<std::string>>(artifacts_below(from, filter)));
    os::Selection excluded;
    excluded.includes = os::parse_patterns(TRY(arguments.text("excludes", "")));
    if (!excluded.includes.empty())
      std::erase_if(names, [&](const auto& name) { return os::selects(excluded, name); });
    if (names.empty()) return std::size_t{0};
    const bool flat = TRY(arguments.flag("flatten"));
    const auto aside = TRY(os::TempDir::make("copy"));
    for (const auto& name : names) {
      const auto to = aside.path() / (flat ? os::fs::path(name).filename().string() : name);
      TRY(os::make_directories(to.parent_path()));
      std::error_code error;
      os::fs::copy(from / name, to,
                   os::fs::copy_options::copy_symlinks | os::fs::copy_options::overwrite_existing,
                   error);
      if (error) return raise("java.io.IOException", "copy {}: {}", name, error.message());
    }
    auto* node = TRY(context.node());
    const auto target = TRY(arguments.text("target", ""));
    auto pushed =
        place::push_directory(node->place(), TRY(context.resolve(target.empty() ? "." : target)),
                              aside.path(), context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    return names.size();
  }
};

}  // namespace

std::unique_ptr<Step> make_publish_html() { return std::make_unique<PublishHtml>(); }
std::unique_ptr<Step> make_copy_artifacts() { return std::make_unique<CopyArtifacts>(); }

}  // namespace cupel::pipeline::steps
