// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// archiveArtifacts 'logs/**'  |  archiveArtifacts artifacts: 'logs/**', allowEmptyArchive: true
class ArchiveArtifacts final : public SignedStep {
 public:
  ArchiveArtifacts()
      : SignedStep({"archiveArtifacts",
                    {{"artifacts", Kind::text, true},
                     {"excludes", Kind::text},
                     {"allowEmptyArchive", Kind::flag},
                     {"onlyIfSuccessful", Kind::flag},
                     {"fingerprint", Kind::flag},
                     {"followSymlinks", Kind::flag},
                     {"caseSensitive", Kind::flag},
                     {"defaultExcludes", Kind::flag}},
                    "artifacts",
                    false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto patterns = TRY(arguments.text("artifacts"));
    if (!TRY(arguments.flag("caseSensitive", true)))
      return refuse("archiveArtifacts: caseSensitive: false is not supported yet");
    using Defaults = os::Selection::Defaults;
    const auto selection = selection_of(
        patterns, TRY(arguments.text("excludes", "")),
        TRY(arguments.flag("defaultExcludes", true)) ? Defaults::exclude : Defaults::keep);
    if (selection.includes.empty())
      return raise("hudson.AbortException",
                   "No artifacts are configured for archiving. Probably a configuration error");
    auto* node = TRY(context.node());
    context.print("Archiving artifacts");
    if (TRY(arguments.flag("onlyIfSuccessful")) &&
        context.run_verdict() != model::Verdict::success) {
      context.print("Skipped archiving because build is not successful");
      return Value();
    }
    auto names = fetch(node->place(), context.directory(), selection, context.files().artifacts(),
                       context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    if (!names->empty()) {
      context.files().add_artifacts(std::move(*names));
      return Value();
    }
    const auto text =
        "No artifacts found that match the file pattern \"" + patterns + "\". Configuration error?";
    if (!TRY(arguments.flag("allowEmptyArchive")))
      return raise("hudson.AbortException", "{}", text);
    context.print(text);
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_archive_artifacts() { return std::make_unique<ArchiveArtifacts>(); }

}  // namespace cupel::pipeline::steps
