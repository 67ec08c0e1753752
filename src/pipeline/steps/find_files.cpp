// SPDX-License-Identifier: Apache-2.0
#include "os/glob.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/read_only_object.hpp"
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr const char* type = "org.jenkinsci.plugins.pipeline.utility.steps.fs.FileWrapper";

/// What was recorded of a file, as Jenkins' object: "${file}" is its path.
Value file_object(const Value& recorded) {
  ReadOnlyObject::Properties properties;
  std::string path;
  for (const auto& [name, value] : recorded.as_map()->entries()) {
    if (*name.as_text() == "path") path = *value.as_text();
    properties.emplace(*name.as_text(), value);
  }
  return read_only(type, path, std::move(properties));
}

/// findFiles(glob: '**/*.log')
class FindFiles final : public SignedStep {
 public:
  FindFiles()
      : SignedStep(
            step("findFiles", "glob",
                 "Lists files of the node: each has name, path, directory, length, lastModified, "
                 "and prints its path",
                 {takes("glob", Kind::text, "all of the current directory, without what is below",
                        "Ant patterns of the files that are wanted, from the current directory"),
                  takes("excludes", Kind::text, "", "Ant patterns of those that are not")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    os::Selection selection;
    selection.includes = os::parse_patterns(TRY(arguments.text("glob", "")));
    selection.excludes = os::parse_patterns(TRY(arguments.text("excludes", "")));
    TRY(context.node());
    const auto digest = TRY(Outcome<std::string>(arguments.digest()));
    const auto known = TRY(context.run().interpreter.perform(
        {"findFiles", digest, Replay::reads}, context.outer(),
        [&](const StepId&, Attempt&) { return find(selection, context); }));
    std::vector<Value> files;
    for (const auto& one : known.as_list()->items) files.push_back(file_object(one));
    return Value::array(std::move(files), type);
  }

 private:
  static Outcome<Value> find(const os::Selection& selection, StepContext& context) {
    const bool plain = selection.includes.empty();
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
