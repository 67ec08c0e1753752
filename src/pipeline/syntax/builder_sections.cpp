// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"

namespace cupel::pipeline::syntax {

namespace {

const std::vector<std::string>& sections_of(Where where) {
  static const std::vector<std::string> pipeline{"agent",       "stages",     "options",
                                                 "environment", "parameters", "post",
                                                 "triggers",    "tools",      "libraries"};
  static const std::vector<std::string> stage{"agent", "stages",   "options", "environment",
                                              "steps", "parallel", "post",    "failFast",
                                              "when",  "matrix",   "tools",   "input"};
  return where == Where::pipeline ? pipeline : stage;
}

}  // namespace

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format("did you mean '{}'?", *near) : std::string();
}

void PipelineBuilder::unsupported(const Span& span, std::string_view what) {
  error(span, fmt::format("cupel does not support {} yet", what));
}

const Block* PipelineBuilder::block(const Directive& directive) {
  const auto* found = directive.only_block();
  if (found == nullptr)
    error(directive.name_span, fmt::format("Expected a block for {}", directive.name));
  return found;
}

std::vector<Directive> PipelineBuilder::directives(const Block& block, std::string_view expected) {
  std::vector<Directive> list;
  for (const auto& statement : block.statements) {
    if (auto directive = directive_of(*statement))
      list.push_back(*directive);
    else if (statement->as<BadStatement>() == nullptr)
      error(statement->span, std::string(expected));
  }
  return list;
}

bool PipelineBuilder::first_of_its_kind(const Directive& section, Seen& seen) {
  if (seen.emplace(section.name, section.name_span).second) return true;
  error(section.name_span, fmt::format("Multiple occurrences of the {} section", section.name));
  return false;
}

void PipelineBuilder::unknown_section(const Directive& section, Where where) {
  const auto name = section.name;
  if (is_unsupported(where, name)) return unsupported(section.name_span, fmt::format("'{}'", name));
  if (where == Where::pipeline && (name == "notifications" || name == "postBuild"))
    return error(section.name_span, fmt::format("Undefined section \"{}\"", name), "use 'post'");
  if (where == Where::pipeline && (name == "properties" || name == "jobProperties"))
    return error(section.name_span, fmt::format("Undefined section \"{}\"", name), "use 'options'");
  auto hint = suggestion(name, sections_of(where));
  if (where == Where::pipeline)
    return error(section.name_span, fmt::format("Undefined section \"{}\"", name), std::move(hint));
  if (find_signature(steps_, name) != nullptr || name == "script")
    hint = "steps of a stage must be in a 'steps' block";
  error(section.name_span, fmt::format("Unknown stage section \"{}\"", name), std::move(hint));
}

Pipeline PipelineBuilder::pipeline(const Directive& directive) {
  Pipeline made;
  made.span = directive.span;
  const auto* body = block(directive);
  if (body == nullptr) return made;
  Seen seen;
  for (const auto& section : directives(*body, "Not a valid section definition"))
    if (first_of_its_kind(section, seen)) pipeline_section(section, made);
  for (const auto* required : {"agent", "stages"})
    if (!seen.contains(required))
      error(directive.name_span, fmt::format("Missing required section \"{}\"", required));
  return made;
}

void PipelineBuilder::pipeline_section(const Directive& section, Pipeline& pipeline) {
  if (section.name == "agent")
    pipeline.agent = agent(section);
  else if (section.name == "stages")
    pipeline.stages = stages(section, Inside::sequence);
  else if (section.name == "options")
    pipeline.options = options(section);
  else if (section.name == "environment")
    pipeline.environment = environment(section);
  else if (section.name == "parameters")
    pipeline.parameters = parameters(section);
  else if (section.name == "post")
    pipeline.post = post(section);
  else
    unknown_section(section, Where::pipeline);
}

std::vector<Stage> PipelineBuilder::stages(const Directive& section, Inside inside) {
  std::vector<Stage> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  Seen names;
  const auto found = directives(*body, "Expected a stage");
  for (const auto& directive : found) {
    auto made = stage(directive, inside);
    if (!made) continue;
    list.push_back(std::move(*made));
    const auto& name = *literal_text(directive.arguments().front()->value.get());
    if (!names.emplace(name, directive.span).second)
      error(list.back().name.span, fmt::format("Duplicate stage name: \"{}\"", name));
  }
  if (body->statements.empty()) error(section.name_span, "No stages specified");
  return list;
}

std::optional<Stage> PipelineBuilder::stage(const Directive& directive, Inside inside) {
  if (directive.name != "stage") {
    if (is_unsupported(Where::stage, directive.name))
      unsupported(directive.name_span, fmt::format("'{}' here", directive.name));
    else
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
  check_stage(made, seen, bodies);
  const auto flag = std::ranges::find(sections, "failFast", &Directive::name);
  const bool fails_fast = flag != sections.end() && fail_fast(*flag);
  if (auto* parallel = std::get_if<Parallel>(&made.body)) parallel->fail_fast = fails_fast;
  return made;
}

void PipelineBuilder::stage_section(const Directive& section, Stage& stage, Seen& bodies,
                                    Inside inside) {
  if (section.name == "agent") {
    stage.agent = agent(section);
  } else if (section.name == "options") {
    stage.options = options(section);
  } else if (section.name == "environment") {
    stage.environment = environment(section);
  } else if (section.name == "post") {
    stage.post = post(section);
  } else if (section.name == "failFast") {
    // Taken up by stage(), once it is known what the stage holds.
  } else if (section.name == "steps") {
    bodies.emplace(section.name, section.name_span);
    const auto* body = block(section);
    if (body == nullptr) return;
    steps(*body);
    stage.body = Steps{body};
  } else if (section.name == "stages") {
    bodies.emplace(section.name, section.name_span);
    stage.body = Stages{stages(section, inside)};
  } else if (section.name == "parallel") {
    bodies.emplace(section.name, section.name_span);
    if (inside == Inside::parallel)
      error(section.name_span,
            "Parallel stages or branches can only be included in a top-level stage");
    stage.body = Parallel{stages(section, Inside::parallel), false};
  } else {
    if (section.name == "matrix") bodies.emplace(section.name, section.name_span);
    unknown_section(section, Where::stage);
  }
}

void PipelineBuilder::check_stage(const Stage& stage, const Seen& seen, const Seen& bodies) {
  if (bodies.empty())
    error(stage.name.span,
          fmt::format("Expected one of \"steps\", \"stages\", or \"parallel\" for stage \"{}\"",
                      stage.name.text));
  if (bodies.size() > 1)
    error(stage.name.span,
          fmt::format("Only one of \"parallel\", \"stages\", or \"steps\" allowed for stage \"{}\"",
                      stage.name.text));
  if (bodies.contains("parallel") && stage.agent)
    error(stage.agent->span,
          fmt::format("\"agent\" is not allowed in stage \"{}\" as it contains parallel stages",
                      stage.name.text));
  if (const auto flag = seen.find("failFast"); flag != seen.end() && !bodies.contains("parallel"))
    error(flag->second, "\"failFast\" is only allowed in a stage that contains parallel stages");
}

}  // namespace cupel::pipeline::syntax
