// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

std::vector<Stage> PipelineBuilder::stages(const Directive& section, Inside inside) {
  std::vector<Stage> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  Seen names;
  for (const auto& directive : directives(*body, "Expected a stage")) {
    auto made = stage(directive, inside);
    if (!made) continue;
    const auto& name = *literal_text(directive.arguments().front()->value.get());
    if (!names.emplace(name, directive.span).second)
      error(made->name.span, fmt::format("Duplicate stage name: \"{}\"", name));
    list.push_back(std::move(*made));
  }
  if (body->statements.empty()) error(section.name_span, "No stages specified");
  return list;
}

std::optional<Stage> PipelineBuilder::stage(const Directive& directive, Inside inside) {
  if (directive.name != "stage") {
    error(directive.name_span, "Expected a stage");
    return std::nullopt;
  }
  const auto given = directive.arguments();
  const auto* name = given.empty() ? nullptr : literal_text(given.front()->value.get());
  if (given.size() != 1 || name == nullptr) {
    error(given.empty() ? directive.name_span : given.front()->span,
          given.empty() ? "Expected a stage name but didn't find any" : "Expected string literal");
    return std::nullopt;
  }
  Stage made;
  made.name = {*name, given.front()->span};
  made.span = directive.span;
  if (name->empty()) error(made.name.span, "Stage does not have a name");
  const auto& all = directive.call->arguments;
  const auto* body = all.trailing_closures == 1 ? block_of(all.items.back().value.get()) : nullptr;
  if (body == nullptr) {
    error(directive.name_span, "Stage doesn't have a block");
    return made;
  }
  Seen seen;
  Seen bodies;
  const auto sections = directives(*body, "Not a valid stage section definition");
  for (const auto& section : sections)
    if (first_of_its_kind(section, seen)) stage_section(section, made, bodies, inside);
  check_bodies(made, bodies);
  check_sections(made, seen, bodies);
  const auto flag = std::ranges::find(sections, "failFast", &Directive::name);
  const bool fails_fast = flag != sections.end() && fail_fast(*flag);
  if (auto* parallel = std::get_if<Parallel>(&made.body)) parallel->fail_fast = fails_fast;
  if (auto* matrix = std::get_if<Matrix>(&made.body)) matrix->fail_fast = fails_fast;
  return made;
}

bool PipelineBuilder::common_section(const Directive& section, StageSections& sections) {
  if (section.name == "agent")
    sections.agent = agent(section);
  else if (section.name == "when")
    sections.when = when(section);
  else if (section.name == "options")
    sections.options = options(section, Of::stage);
  else if (section.name == "environment")
    sections.environment = environment(section);
  else if (section.name == "tools")
    sections.tools = tools(section);
  else if (section.name == "input")
    sections.input = input(section);
  else if (section.name == "post")
    sections.post = post(section);
  else
    return false;
  return true;
}

void PipelineBuilder::stage_section(const Directive& section, Stage& stage, Seen& bodies,
                                    Inside inside) {
  if (common_section(section, stage)) return;
  const auto name = section.name;
  if (name == "failFast") return;  // taken up by stage(), once it is known what the stage holds
  if (name != "steps" && name != "stages" && name != "parallel" && name != "matrix")
    return unknown_stage_section(section);
  bodies.emplace(name, section.name_span);
  if (name == "steps") {
    const auto* body = block(section);
    if (body == nullptr) return;
    steps(*body);
    stage.body = Steps{body};
  } else if (name == "stages") {
    stage.body = Stages{stages(section, inside)};
  } else {
    if (inside != Inside::sequence)
      error(section.name_span,
            "Parallel stages or branches can only be included in a top-level stage");
    if (name == "matrix")
      stage.body = matrix(section);
    else
      stage.body = Parallel{stages(section, Inside::parallel), false};
  }
}

void PipelineBuilder::unknown_stage_section(const Directive& section) {
  auto hint = suggestion(section.name, names_of(stage_sections()));
  if (section.name == "triggers" || section.name == "parameters" || section.name == "libraries")
    hint = fmt::format("'{}' belongs into the pipeline, outside of its stages", section.name);
  else if (section.name == "axes" || section.name == "excludes")
    hint = fmt::format("'{}' belongs into a 'matrix' block", section.name);
  else if (find_step(section.name) != nullptr || section.name == "script")
    hint = "steps of a stage must be in a 'steps' block";
  error(section.name_span, fmt::format("Unknown stage section \"{}\"", section.name),
        std::move(hint));
}

void PipelineBuilder::check_bodies(const Stage& stage, const Seen& bodies) {
  if (bodies.empty())
    error(stage.name.span,
          fmt::format("Expected one of \"steps\", \"stages\", \"parallel\", or \"matrix\" for "
                      "stage \"{}\"",
                      stage.name.text));
  if (bodies.size() > 1)
    error(stage.name.span,
          fmt::format("Only one of \"matrix\", \"parallel\", \"stages\", or \"steps\" allowed for "
                      "stage \"{}\"",
                      stage.name.text));
}

void PipelineBuilder::check_sections(const Stage& stage, const Seen& seen, const Seen& bodies) {
  const bool parallel = bodies.contains("parallel");
  const bool matrix = bodies.contains("matrix");
  const auto* holds = parallel ? "parallel stages" : "a matrix";
  if (parallel || matrix)
    for (const auto* word : {"agent", "tools"})
      if (const auto found = seen.find(word); found != seen.end())
        error(found->second,
              fmt::format("\"{}\" is not allowed in stage \"{}\" as it contains {}", word,
                          stage.name.text, holds),
              matrix ? fmt::format("put '{}' into the 'matrix' block", word) : "");
  if (const auto flag = seen.find("failFast"); flag != seen.end() && !parallel && !matrix)
    error(flag->second,
          "\"failFast\" is only allowed in a stage that contains parallel stages or a matrix");
}

bool PipelineBuilder::fail_fast(const Directive& section) {
  const auto* value = section.only_value();
  const auto* flag = value != nullptr ? value->as<BooleanLiteral>() : nullptr;
  if (flag == nullptr) error(section.name_span, "Expected a boolean with failFast");
  return flag != nullptr && flag->value;
}

}  // namespace cupel::pipeline::syntax
