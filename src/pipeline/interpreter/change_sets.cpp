// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/change_sets.hpp"

#include <ctime>

#include "base/text.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/read_only_object.hpp"

namespace cupel::pipeline {
namespace {

std::string date_text(long long seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[64];
  const auto length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S +0000", &parts);
  return {text, length};
}

std::string_view edit_name(const Change& change, std::size_t i) {
  const char edit = i < change.edits.size() ? change.edits[i] : 'M';
  return edit == 'A' ? "add" : edit == 'D' ? "delete" : "edit";
}

Value affected_file(const std::string& path, std::string_view edit) {
  const auto type = read_only("hudson.scm.EditType", std::string(edit),
                              {{"name", Value(edit)}, {"description", Value(edit)}});
  return read_only("hudson.plugins.git.GitChangeSet$Path", path,
                   {{"path", Value(path)}, {"editType", type}});
}

Value item(const Change& change) {
  const auto author = read_only("hudson.model.User", change.author,
                                {{"id", Value(change.author)},
                                 {"fullName", Value(change.author)},
                                 {"displayName", Value(change.author)}});
  std::vector<Value> files, paths;
  for (std::size_t i = 0; i < change.paths.size(); ++i) {
    files.push_back(affected_file(change.paths[i], edit_name(change, i)));
    paths.emplace_back(change.paths[i]);
  }
  const auto first_line = change.message.substr(0, change.message.find('\n'));
  return read_only("hudson.plugins.git.GitChangeSet", change.commit,
                   {{"commitId", Value(change.commit)},
                    {"id", Value(change.commit)},
                    {"revision", Value(change.commit)},
                    {"author", author},
                    {"authorName", Value(change.author)},
                    {"msg", Value(first_line)},
                    {"comment", Value(change.message + "\n")},
                    {"timestamp", Value::long_of(change.seconds * 1000)},
                    {"date", Value(date_text(change.seconds))},
                    {"affectedFiles", Value::list(files)},
                    {"paths", Value::list(std::move(files))},
                    {"affectedPaths", Value::list(std::move(paths))}});
}

/// The set itself can be walked through, as `for (entry in set)`.
class ChangeSet final : public ReadOnlyObject {
 public:
  explicit ChangeSet(std::vector<Value> all)
      : ReadOnlyObject("hudson.plugins.git.GitChangeSetList", "git",
                       {{"items", Value::array(all, "java.lang.Object")},
                        {"logs", Value::list(all)},
                        {"kind", Value("git")},
                        {"emptySet", Value(all.empty())}}),
        all_(std::move(all)) {}
  Outcome<std::vector<Value>> items() override { return all_; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    auto own = ReadOnlyObject::call(name, arguments, context);
    if (own || name.starts_with("get") || name.starts_with("is")) return own;
    // Whatever a list can do: each, collect, size, ...
    return context.run.interpreter.invoke(Value::list(all_), name, std::move(arguments), context);
  }

 private:
  std::vector<Value> all_;
};

}  // namespace

Outcome<Value> change_sets(Context& context) {
  const auto& changes = context.run.facts.changes;
  if (changes.empty()) return Value::list({});
  std::vector<Value> items;
  for (const auto& change : changes) items.push_back(item(change));
  return Value::list(
      {Value(std::shared_ptr<Object>(std::make_shared<ChangeSet>(std::move(items))))});
}

}  // namespace cupel::pipeline
