// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/fingerprints.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// archiveArtifacts 'logs/**'  |  archiveArtifacts artifacts: 'logs/**', allowEmptyArchive: true
class ArchiveArtifacts final : public SignedStep {
 public:
  ArchiveArtifacts()
      : SignedStep(step(
            "archiveArtifacts", "artifacts", "Keeps files of the node with the run",
            {needs("artifacts", Kind::text, "Ant patterns, from the current directory"),
             takes("excludes", Kind::text, "", "Ant patterns of files that are not wanted"),
             takes("allowEmptyArchive", Kind::flag, "false", "Whether no file at all is fine"),
             takes("onlyIfSuccessful", Kind::flag, "false", "Only while the run is SUCCESS"),
             takes("fingerprint", Kind::flag, "false", "Whether their MD5 digests are recorded"),
             takes("followSymlinks", Kind::flag, "true", "Links are kept as links in any case"),
             takes("caseSensitive", Kind::flag, "true", "Whether A is not a in the patterns"),
             takes("defaultExcludes", Kind::flag, "true",
                   "Whether Ant's default excludes are left out")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto patterns = TRY(arguments.text("artifacts"));
    using Defaults = os::Selection::Defaults;
    const auto selection = selection_of(
        patterns, TRY(arguments.text("excludes", "")),
        TRY(arguments.flag("defaultExcludes", true)) ? Defaults::exclude : Defaults::keep);
    if (selection.includes.empty())
      return raise("hudson.AbortException",
                   "No artifacts are configured for archiving. Probably a configuration error");
    TRY(context.node());
    context.print("Archiving artifacts");
    if (TRY(arguments.flag("onlyIfSuccessful")) &&
        context.run_verdict() != model::Verdict::success) {
      context.print("Skipped archiving because build is not successful");
      return Value();
    }
    auto names = TRY(archive(arguments, selection, context));
    if (!names.empty()) {
      context.files().add_artifacts(names);
      if (TRY(arguments.flag("fingerprint"))) TRY(record_fingerprints(names, context));
      return Value();
    }
    const auto text =
        "No artifacts found that match the file pattern \"" + patterns + "\". Configuration error?";
    if (!TRY(arguments.flag("allowEmptyArchive")))
      return raise("hudson.AbortException", "{}", text);
    context.print(text);
    return Value();
  }

 private:
  static Outcome<std::vector<std::string>> archive(const Arguments& arguments,
                                                   os::Selection selection, StepContext& context) {
    auto* node = TRY(context.node());
    if (!TRY(arguments.flag("caseSensitive", true))) {
      auto names =
          TRY(matching_files(context, context.directory(), selection, LetterCase::ignored));
      if (names.empty()) return names;
      selection = {};
      for (auto& name : names) selection.includes.push_back(std::move(name));
    }
    auto names = fetch(node->place(), context.directory(), selection, context.files().artifacts(),
                       context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    return std::move(*names);
  }
};

}  // namespace

std::unique_ptr<Step> make_archive_artifacts() { return std::make_unique<ArchiveArtifacts>(); }

}  // namespace cupel::pipeline::steps
