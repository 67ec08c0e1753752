// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>

#include "base/json.hpp"
#include "cli/text_output.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/project.hpp"
#include "cupel/reading_commands.hpp"
#include "cupel/standard_input.hpp"
#include "os/memory.hpp"
#include "pipeline/interpreter/lint.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

/// Of memory, for the tokens and the tree of a file of usual density.
constexpr std::uint64_t tree_per_byte = 50;

/// What was found in one file.
struct Checked {
  syntax::Source source;
  std::vector<syntax::Diagnostic> found;
  std::string trouble = {};  ///< why the file could not be read
  std::int64_t count(syntax::Severity severity) const {
    return std::count_if(found.begin(), found.end(),
                         [&](const auto& one) { return one.severity == severity; });
  }
  bool valid() const { return trouble.empty() && count(syntax::Severity::error) == 0; }
};

std::vector<std::string> names_of(const cli::LintCommand& command) {
  if (command.from == cli::LintCommand::From::standard_input) return {command.stdin_name};
  return command.files.empty() ? std::vector<std::string>{"Jenkinsfile"} : command.files;
}

Result<syntax::Source> read(const std::string& name, const cli::LintCommand& command,
                            const Stop& stop) {
  if (command.from == cli::LintCommand::From::standard_input)
    return syntax::Source(
        name, TRY(read_standard_input(largest_jenkinsfile, stop), "read standard input"));
  const auto path = command.directory / name;
  std::error_code error;
  if (!os::fs::exists(path, error))
    return fail(Fault::not_found, "no {} in {}: name another one, or the project with -C DIR", name,
                command.directory.string());
  return syntax::Source(name, TRY(os::read_file(path, largest_jenkinsfile), "read {}", name));
}

json::Value to_json(const syntax::Diagnostic& diagnostic) {
  const auto number = [](std::uint32_t value) { return static_cast<std::int64_t>(value); };
  json::Object made{
      {"severity", diagnostic.severity == syntax::Severity::error ? "error" : "warning"},
      {"line", number(diagnostic.span.begin.line)},
      {"column", number(diagnostic.span.begin.column)},
      {"endLine", number(diagnostic.span.end.line)},
      {"endColumn", number(diagnostic.span.end.column)},
      {"message", diagnostic.message}};
  if (!diagnostic.hint.empty()) made.emplace_back("hint", diagnostic.hint);
  return made;
}

std::string json_of(const std::vector<Checked>& all) {
  using syntax::Severity;
  json::Array files;
  std::int64_t errors = 0;
  std::int64_t warnings = 0;
  for (const auto& one : all) {
    json::Array diagnostics;
    for (const auto& found : one.found) diagnostics.emplace_back(to_json(found));
    errors += one.count(Severity::error);
    warnings += one.count(Severity::warning);
    json::Object made{{"file", one.source.name()},
                      {"valid", one.valid()},
                      {"diagnostics", std::move(diagnostics)}};
    if (!one.trouble.empty()) made.emplace_back("unreadable", one.trouble);
    files.emplace_back(std::move(made));
  }
  return json::write(json::Object{
             {"files", std::move(files)}, {"errors", errors}, {"warnings", warnings}}) +
         "\n";
}

std::string text_of(const std::vector<Checked>& all) {
  std::string text;
  for (const auto& one : all) {
    for (const auto& found : one.found) text += syntax::render_for_lint(one.source, found);
    if (one.valid()) text += fmt::format("{}: no errors\n", one.source.name());
  }
  return text;
}

syntax::Jenkinsfile check(const syntax::Source& source, const Knowledge& knowledge,
                          const cli::LintCommand& command) {
  if (command.check == cli::LintCommand::Check::everything) {
    auto file = knowledge.read(source);
    check_topologies(file, command.directory);
    return file;
  }
  auto vocabulary = knowledge.vocabulary();
  vocabulary.others = syntax::Vocabulary::Others::ignored;
  return pipeline::read_and_lint(source, vocabulary);
}

/// What is known where each file lies; settings are read once for the files that share them.
class KnowledgeOfFiles {
 public:
  KnowledgeOfFiles(const cli::LintCommand& command, const Surroundings& surroundings)
      : command_(command), surroundings_(surroundings) {}

  Result<const Knowledge*> of(const os::fs::path& file) {
    const auto files =
        TRY(settings_files({command_.directory, file, command_.config}, surroundings_));
    auto known = known_.find(files.usual.front());
    if (known == known_.end())
      known = known_
                  .emplace(files.usual.front(),
                           TRY(Knowledge::of(TRY(fleet::load_settings(files)), surroundings_)))
                  .first;
    return &known->second;
  }

 private:
  const cli::LintCommand& command_;
  const Surroundings& surroundings_;
  std::map<os::fs::path, Knowledge> known_;  // by the project's own file
};

Result<int> lint_checked(const cli::LintCommand& command, const Surroundings& surroundings) {
  KnowledgeOfFiles known(command, surroundings);
  std::vector<Checked> all;
  std::optional<syntax::Jenkinsfile> last;
  int status = exit_success;
  for (const auto& name : names_of(command)) {
    auto source = read(name, command, surroundings.stop);
    if (!source) {
      // The others are checked all the same.
      TRY(surroundings.stop.check());
      status = exit_usage;
      complain(source.error());
      all.push_back({syntax::Source(name, ""), {}, source.error().text()});
      continue;
    }
    const auto* knowledge = TRY(known.of(name));
    os::expect_heap(Bytes{source->text().size() * tree_per_byte});
    last.reset();
    last = check(*source, *knowledge, command);
    all.push_back({std::move(*source), std::move(last->diagnostics)});
    if (!all.back().valid()) status = std::max<int>(status, exit_failure);
  }
  cli::TextOutput(STDOUT_FILENO, surroundings.stop)
      .write(command.format == cli::Format::json ? json_of(all) : text_of(all));
  std::_Exit(status);  // taking the tree apart would be a tenth of the time
}

}  // namespace

int lint(const cli::LintCommand& command, const Surroundings& surroundings) {
  return status_of(lint_checked(command, surroundings));
}

}  // namespace cupel
