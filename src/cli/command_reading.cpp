// SPDX-License-Identifier: Apache-2.0
#include "cli/command_reading.hpp"

#include "base/text.hpp"

namespace cupel::cli {
namespace {

void add_format(CLI::App* app, std::string& format) {
  app->add_option("--format", format, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void add_config(CLI::App* app, std::optional<std::filesystem::path>& config) {
  app->add_option("--config", config, "Settings that come before all others")->type_name("FILE");
}

void add_lint(CLI::App& top, ReadingDraft& draft) {
  auto* lint = top.add_subcommand("lint", "Check pipelines without running them");
  lint->add_option("-C", draft.lint.directory, "The project (default: here)")->type_name("DIR");
  auto* files =
      lint->add_option("FILE", draft.lint.files, "The pipelines, relative to the project");
  auto* from_stdin = lint->add_flag("--stdin", draft.from_stdin, "Read one from the standard input")
                         ->excludes(files);
  lint->add_option("--stdin-name", draft.lint.stdin_name, "What messages call that one")
      ->type_name("NAME")
      ->needs(from_stdin)
      ->capture_default_str();
  lint->add_flag("--syntax-only", draft.syntax_only,
                 "Leave steps and libraries alone that are not known");
  add_config(lint, draft.lint.config);
  add_format(lint, draft.format);
  lint->footer(
      "Prints every mistake as FILE:LINE:COL: error: TEXT, with its line. Exit status: 0 no "
      "errors,\n"
      "1 errors, 2 wrong usage or a file that cannot be read.\n\n"
      "Examples:\n"
      "  cupel lint                       ./Jenkinsfile\n"
      "  cupel lint ci/*.jenkinsfile --format json\n"
      "  cupel lint --stdin --stdin-name ci/Jenkinsfile <buffer\n");
}

void add_plan(CLI::App& top, ReadingDraft& draft) {
  auto* plan = top.add_subcommand("plan", "Show what a pipeline would do, and where");
  plan->add_option("-C", draft.plan.directory, "The project (default: here)")->type_name("DIR");
  plan->add_option("JENKINSFILE", draft.plan.jenkinsfile, "The pipeline, relative to the project")
      ->capture_default_str();
  plan->add_option("-p,--parameter", draft.plan_parameters, "A build parameter; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  plan->add_option("--branch", draft.plan.branch, "As if this branch were built")
      ->type_name("NAME");
  plan->add_option("--tag", draft.plan.tag, "As if this tag were built")->type_name("NAME");
  plan->add_option("--change-request", draft.plan.change_request,
                   "As if this change request were built, to the branch of --branch")
      ->type_name("ID");
  add_config(plan, draft.plan.config);
  add_format(plan, draft.format);
  plan->footer(
      "Nothing is run: a condition that can be told from its text, the parameters and the options\n"
      "above says whether its stage would be skipped; of the others it says that it depends.\n");
}

}  // namespace

void add_reading(CLI::App& top, ReadingDraft& draft) {
  add_lint(top, draft);
  add_plan(top, draft);
  auto* convert = top.add_subcommand("convert", "A declarative pipeline as JSON, and back");
  convert->add_option("FILE", draft.convert.file, "The pipeline, or its JSON; -: standard input")
      ->capture_default_str();
  convert->add_option("--to", draft.to, "json: the form of Jenkins' converter; groovy: back")
      ->check(CLI::IsMember({"json", "groovy"}))
      ->required();
  add_config(convert, draft.convert.config);
  auto* steps = top.add_subcommand("steps", "The steps that there are, with their parameters");
  steps->add_option("NAME", draft.steps.name, "This one alone");
  add_config(steps, draft.steps.config);
  add_format(steps, draft.format);
  auto* lsp = top.add_subcommand("lsp", "Serve an editor: Language Server Protocol on stdio");
  add_config(lsp, draft.lsp.config);
  lsp->footer("For Neovim, VS Code, Emacs and others: see docs/editor.md.\n");
}

std::variant<std::pair<std::string, std::string>, std::string> name_and_value(
    const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    return fmt::format("-p {}: a parameter is NAME=VALUE", printable(word));
  return std::pair{word.substr(0, equals), word.substr(equals + 1)};
}

std::optional<std::variant<Command, std::string>> reading_command(const std::string& name,
                                                                  ReadingDraft& draft) {
  const auto format = draft.format == "json" ? Format::json : Format::text;
  if (name == "lint") {
    if (draft.from_stdin) draft.lint.from = LintCommand::From::standard_input;
    if (draft.syntax_only) draft.lint.check = LintCommand::Check::syntax;
    draft.lint.format = format;
    return Command(std::move(draft.lint));
  }
  if (name == "plan") {
    for (const auto& word : draft.plan_parameters) {
      auto parsed = name_and_value(word);
      if (auto* wrong = std::get_if<std::string>(&parsed)) return std::move(*wrong);
      draft.plan.parameters.push_back(std::get<0>(std::move(parsed)));
    }
    draft.plan.format = format;
    return Command(std::move(draft.plan));
  }
  if (name == "convert") {
    if (draft.to == "groovy") draft.convert.to = ConvertCommand::To::groovy;
    return Command(std::move(draft.convert));
  }
  if (name == "steps") {
    draft.steps.format = format;
    return Command(std::move(draft.steps));
  }
  if (name == "lsp") return Command(std::move(draft.lsp));
  return std::nullopt;
}

}  // namespace cupel::cli
