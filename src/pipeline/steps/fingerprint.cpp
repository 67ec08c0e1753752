// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "os/glob.hpp"
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/fingerprints.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {

Outcome<void> record_fingerprints(const std::vector<std::string>& names, StepContext& context) {
  context.print("Recording fingerprints");
  if (names.empty()) return {};
  std::string list;
  for (const auto& name : names) list += "./" + name + '\0';
  const auto output = TRY(capture(
      context, {"sh", "-c", "cd -- \"$0\" && xargs -0 md5sum --", context.directory()}, list));
  if (output.exit.status != 0)
    return raise("java.io.IOException", "fingerprint: {}", trim(output.err));
  TRY(context.files().append_artifact("fingerprints.md5", output.out));
  return {};
}

namespace {

/// fingerprint 'out/*.bin'
class Fingerprint final : public SignedStep {
 public:
  Fingerprint()
      : SignedStep(step("fingerprint", "targets",
                        "Records the MD5 digests of files, in the artifact fingerprints.md5",
                        {needs("targets", Kind::text, "Ant patterns of the files"),
                         takes("excludes", Kind::text, "", "Ant patterns of those that are not"),
                         takes("caseSensitive", Kind::flag, "true", "Whether A is not a"),
                         takes("defaultExcludes", Kind::flag, "true",
                               "Whether Ant's default excludes are left out")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(context.node());
    using Defaults = os::Selection::Defaults;
    const bool defaults = TRY(arguments.flag("defaultExcludes", true));
    const bool exact = TRY(arguments.flag("caseSensitive", true));
    auto selection =
        selection_of(TRY(arguments.text("targets")), TRY(arguments.text("excludes", "")),
                     defaults ? Defaults::exclude : Defaults::keep);
    TRY(record_fingerprints(TRY(matching_files(context, context.directory(), selection,
                                               exact ? LetterCase::matters : LetterCase::ignored)),
                            context));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_fingerprint() { return std::make_unique<Fingerprint>(); }

}  // namespace cupel::pipeline::steps
