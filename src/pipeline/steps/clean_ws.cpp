// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "os/glob.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using model::Verdict;

/// cleanWs()  |  cleanWs deleteDirs: true, patterns: [[pattern: 'out/**', type: 'INCLUDE']]
class CleanWs final : public SignedStep {
 public:
  CleanWs()
      : SignedStep(step(
            "cleanWs", "", "Removes what the current directory holds",
            {takes("patterns", Kind::list, "everything",
                   "[pattern: 'glob', type: 'INCLUDE' or 'EXCLUDE'] for each"),
             takes("deleteDirs", Kind::flag, "false", "Whether patterns are for directories too"),
             takes("cleanWhenSuccess", Kind::flag, "true", "Whether to when the run is SUCCESS"),
             takes("cleanWhenUnstable", Kind::flag, "true", "... is UNSTABLE"),
             takes("cleanWhenFailure", Kind::flag, "true", "... is FAILURE"),
             takes("cleanWhenNotBuilt", Kind::flag, "true", "... is NOT_BUILT"),
             takes("cleanWhenAborted", Kind::flag, "true", "... is ABORTED"),
             takes("skipWhenFailed", Kind::flag, "false", "Whether not to when it is FAILURE"),
             takes("notFailBuild", Kind::flag, "false", "Whether a file that stays is no failure"),
             ignores("cleanupMatrixParent", Kind::flag),
             ignores("disableDeferredWipeout", Kind::flag),
             ignores("externalDelete", Kind::text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(context.node());
    context.print("[WS-CLEANUP] Deleting project workspace...");
    if (!TRY(wanted(arguments, context.run_verdict()))) {
      context.print("[WS-CLEANUP] Skipped based on build state " +
                    std::string(model::name(context.run_verdict())));
      return Value();
    }
    auto cleaned = arguments.has("patterns") ? by_patterns(arguments, context) : all(context);
    if (!cleaned) {
      const auto exception = cleaned.error().exception();
      if (!TRY(arguments.flag("notFailBuild")) || !exception || exception->interruption)
        return tl::unexpected(std::move(cleaned.error()));
      context.print("[WS-CLEANUP] " + exception->message());
    }
    context.print("[WS-CLEANUP] done");
    return Value();
  }

 private:
  static Outcome<bool> wanted(const Arguments& arguments, Verdict verdict) {
    if (verdict == Verdict::failure && TRY(arguments.flag("skipWhenFailed"))) return false;
    switch (verdict) {
      case Verdict::success: return Outcome<bool>(arguments.flag("cleanWhenSuccess", true));
      case Verdict::unstable: return Outcome<bool>(arguments.flag("cleanWhenUnstable", true));
      case Verdict::failure: return Outcome<bool>(arguments.flag("cleanWhenFailure", true));
      case Verdict::not_built: return Outcome<bool>(arguments.flag("cleanWhenNotBuilt", true));
      case Verdict::aborted: return Outcome<bool>(arguments.flag("cleanWhenAborted", true));
    }
    return true;
  }

  static Outcome<void> all(StepContext& context) {
    const auto output = TRY(capture(
        context,
        {"sh", "-c", "[ ! -d \"$0\" ] || find \"$0\" -mindepth 1 -maxdepth 1 -exec rm -rf -- {} +",
         context.directory()}));
    if (output.exit.status != 0)
      return raise("java.io.IOException", "Cannot delete workspace: {}", trim(output.err));
    return {};
  }

  static Outcome<void> by_patterns(const Arguments& arguments, StepContext& context) {
    os::Selection selection;
    for (const auto& one :
         TRY(Outcome<std::vector<Value>>(elements(*arguments.find("patterns"))))) {
      const auto pattern = TRY(described_map(one, "cleanWs: a pattern"));
      const auto type = TRY(pattern.text("type", "INCLUDE"));
      if (type != "INCLUDE" && type != "EXCLUDE")
        return raise("java.lang.IllegalArgumentException",
                     "cleanWs: the type of a pattern is INCLUDE or EXCLUDE, not '{}'", type);
      auto& list = type == "INCLUDE" ? selection.includes : selection.excludes;
      for (auto& glob : os::parse_patterns(TRY(pattern.text("pattern"))))
        list.push_back(std::move(glob));
    }
    const bool directories = TRY(arguments.flag("deleteDirs"));
    std::string names;
    for (const auto& file : TRY(list_files(context, context.directory(), ListDepth::all))) {
      if (file.kind == ListedFile::Kind::directory && !directories) continue;
      if (os::selects(selection, file.path)) names += "./" + file.path + '\0';
    }
    if (names.empty()) return {};
    const auto output = TRY(capture(
        context, {"sh", "-c", "cd -- \"$0\" && xargs -0 rm -rf --", context.directory()}, names));
    if (output.exit.status != 0)
      return raise("java.io.IOException", "Cannot delete workspace: {}", trim(output.err));
    return {};
  }
};

}  // namespace

std::unique_ptr<Step> make_clean_ws() { return std::make_unique<CleanWs>(); }

}  // namespace cupel::pipeline::steps
