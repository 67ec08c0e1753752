// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/command.hpp"

namespace cupel::cli {

/// The words of the commands that read a pipeline and run nothing: lint, plan, convert, steps, lsp.
struct ReadingDraft {
  LintCommand lint;
  PlanCommand plan;
  ConvertCommand convert;
  StepsCommand steps;
  LspCommand lsp;
  std::vector<std::string> plan_parameters;
  std::string format = "text", to = "json";
  bool from_stdin = false, syntax_only = false;
};

void add_reading(CLI::App& top, ReadingDraft& draft);

/// The command of that name, or what is wrong with its words; nothing if it is none of these.
std::optional<std::variant<Command, std::string>> reading_command(const std::string& name,
                                                                  ReadingDraft& draft);

/// NAME=VALUE in two parts; the error says how it should be.
std::variant<std::pair<std::string, std::string>, std::string> name_and_value(
    const std::string& word);

}  // namespace cupel::cli
