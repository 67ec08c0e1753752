// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/text_output.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/project.hpp"
#include "cupel/reading_commands.hpp"
#include "cupel/standard_input.hpp"
#include "pipeline/convert/to_groovy.hpp"
#include "pipeline/convert/to_json.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

Result<std::string> read_input(const std::string& file, const Stop& stop) {
  if (file == "-") return read_standard_input(largest_jenkinsfile, stop);
  return os::read_file(file, largest_jenkinsfile);
}

Result<int> to_json(const std::string& name, std::string text, const syntax::Vocabulary& vocabulary,
                    cli::TextOutput& output) {
  const syntax::Source source(name, std::move(text));
  const auto file = syntax::read_jenkinsfile(source, vocabulary);
  if (!file.valid()) {
    write_to_stderr(mistakes(source, file.diagnostics));
    return exit_usage;
  }
  const auto document = TRY(pipeline::convert::to_json(source, file.script, vocabulary));
  if (!file.pipeline->before.empty() || !file.pipeline->after.empty())
    tell(fmt::format("{}: the code outside of pipeline {{ }} has no place in JSON and is left out",
                     name));
  output.write(json::write(document) + "\n");
  return exit_success;
}

Result<int> convert_checked(const cli::ConvertCommand& command, const Surroundings& surroundings) {
  const Whereabouts where{
      ".", command.file == "-" ? os::fs::path("Jenkinsfile") : os::fs::path(command.file),
      command.config};
  const auto knowledge = TRY(Knowledge::of(TRY(settings_of(where, surroundings)), surroundings));
  const auto vocabulary = knowledge.vocabulary();
  const auto name = command.file == "-" ? "standard input" : command.file;
  auto text = TRY(read_input(command.file, surroundings.stop), "read {}", name);
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  if (command.to == cli::ConvertCommand::To::json)
    return to_json(name, std::move(text), vocabulary, output);
  const auto document = TRY(json::parse(text), "{}", name);
  const syntax::Source made(name + " as Groovy",
                            TRY(pipeline::convert::to_groovy(document, vocabulary), "{}", name));
  const auto checked = syntax::read_jenkinsfile(made, vocabulary);
  output.write(made.text());
  if (checked.valid()) return exit_success;
  write_to_stderr(mistakes(made, checked.diagnostics));
  return exit_usage;
}

}  // namespace

int convert(const cli::ConvertCommand& command, const Surroundings& surroundings) {
  return status_of(convert_checked(command, surroundings));
}

}  // namespace cupel
