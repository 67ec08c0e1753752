// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "base/json.hpp"
#include "cli/text_output.hpp"
#include "cupel/project.hpp"
#include "cupel/reading_commands.hpp"
#include "cupel/standard_input.hpp"
#include "pipeline/interpreter/lint.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

/// What was found in one file.
struct Checked {
  syntax::Source source;
  std::vector<syntax::Diagnostic> found;
  std::int64_t count(syntax::Severity severity) const {
    return std::count_if(found.begin(), found.end(),
                         [&](const auto& one) { return one.severity == severity; });
  }
};

Result<std::vector<syntax::Source>> read_sources(const cli::LintCommand& command,
                                                 const Stop& stop) {
  std::vector<syntax::Source> sources;
  if (command.from == cli::LintCommand::From::standard_input) {
    sources.emplace_back(command.stdin_name, TRY(read_standard_input(largest_jenkinsfile, stop),
                                                 "read standard input"));
    return sources;
  }
  auto files = command.files;
  if (files.empty()) files.emplace_back("Jenkinsfile");
  for (const auto& file : files) {
    const auto path = command.directory / file;
    std::error_code error;
    if (!os::fs::exists(path, error))
      return fail(Fault::not_found, "no {} in {}: name another one, or the project with -C DIR",
                  file, command.directory.string());
    sources.emplace_back(file, TRY(os::read_file(path, largest_jenkinsfile), "read {}", file));
  }
  return sources;
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
    files.emplace_back(json::Object{{"file", one.source.name()},
                                    {"valid", one.count(Severity::error) == 0},
                                    {"diagnostics", std::move(diagnostics)}});
  }
  return json::write(json::Object{
             {"files", std::move(files)}, {"errors", errors}, {"warnings", warnings}}) +
         "\n";
}

std::string text_of(const std::vector<Checked>& all) {
  std::string text;
  for (const auto& one : all) {
    for (const auto& found : one.found) text += syntax::render_for_lint(one.source, found);
    if (one.count(syntax::Severity::error) == 0)
      text += fmt::format("{}: no errors\n", one.source.name());
  }
  return text;
}

Result<int> lint_checked(const cli::LintCommand& command, const Surroundings& surroundings) {
  const auto steps = TRY(known_steps(command.directory, surroundings));
  syntax::Vocabulary vocabulary(steps.signatures());
  if (command.check == cli::LintCommand::Check::syntax)
    vocabulary.others = syntax::Vocabulary::Others::ignored;
  std::vector<Checked> all;
  for (auto& source : TRY(read_sources(command, surroundings.stop))) {
    auto found = pipeline::lint(source, vocabulary);
    all.push_back({std::move(source), std::move(found)});
  }
  cli::TextOutput(STDOUT_FILENO, surroundings.stop)
      .write(command.format == cli::Format::json ? json_of(all) : text_of(all));
  const bool valid = std::all_of(all.begin(), all.end(), [](const Checked& one) {
    return one.count(syntax::Severity::error) == 0;
  });
  return valid ? exit_success : exit_failure;
}

}  // namespace

int lint(const cli::LintCommand& command, const Surroundings& surroundings) {
  return status_of(lint_checked(command, surroundings));
}

}  // namespace cupel
