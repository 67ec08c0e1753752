// SPDX-License-Identifier: Apache-2.0
#include "os/glob.hpp"
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// findFiles(glob: '**/*.log')
class FindFiles final : public SignedStep {
 public:
  FindFiles()
      : SignedStep(
            step("findFiles", "glob",
                 "Lists files of the node: a list of maps with name, path, directory, length, "
                 "lastModified",
                 {takes("glob", Kind::text, "all of the current directory, without what is below",
                        "Ant patterns of the files that are wanted, from the current directory"),
                  takes("excludes", Kind::text, "", "Ant patterns of those that are not")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    os::Selection selection;
    selection.includes = os::parse_patterns(TRY(arguments.text("glob", "")));
    selection.excludes = os::parse_patterns(TRY(arguments.text("excludes", "")));
    const bool plain = selection.includes.empty();
    TRY(context.node());
    std::vector<Value> found;
    for (const auto& file :
         TRY(list_files(context, context.directory(), plain ? ListDepth::one : ListDepth::all))) {
      if (!plain && file.kind == ListedFile::Kind::directory) continue;
      if (os::selects(selection, file.path)) found.push_back(TRY(file_value(file, file.path)));
    }
    return Value::list(std::move(found));
  }
};

}  // namespace

std::unique_ptr<Step> make_find_files() { return std::make_unique<FindFiles>(); }

}  // namespace cupel::pipeline::steps
