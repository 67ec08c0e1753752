// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format("did you mean '{}'?", *near) : std::string();
}

std::string bracketed(std::span<const std::string> names) {
  return fmt::format("[{}]", join(names, ", "));
}

std::string_view name(PostCondition condition) {
  return post_conditions()[static_cast<std::size_t>(condition)].name;
}

const Block* PipelineBuilder::block(const Directive& directive) {
  const auto* found = directive.only_block();
  if (found == nullptr)
    error(directive.name_span, fmt::format("Expected a block for {}", directive.name));
  return found;
}

const Block* PipelineBuilder::filled_block(const Directive& directive) {
  const auto* found = block(directive);
  if (found != nullptr && found->statements.empty())
    error(directive.name_span, fmt::format("{} can not be empty", directive.name));
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

void PipelineBuilder::unknown_section(const Directive& section) {
  struct Renamed {
    std::string_view name, text;
  };
  static constexpr Renamed renamed[] = {
      {"notifications",
       "The 'notifications' section has been removed as of version 0.6. Use 'post' for all "
       "post-build actions"},
      {"postBuild",
       "The 'postBuild' section has been renamed as of version 0.6. Use 'post' for all post-build "
       "actions"},
      {"jobProperties",
       "The 'jobProperties' section has been renamed as of version 0.7. Use 'options' instead"},
      {"properties",
       "The 'properties' section has been renamed as of version 0.8. Use 'options' instead"}};
  for (const auto& one : renamed)
    if (one.name == section.name) return error(section.name_span, std::string(one.text));
  const auto inside_stage = names_of(stage_sections());
  const auto names = names_of(pipeline_sections());
  auto hint = suggestion(section.name, names);
  if (section.name == "stage") {
    hint = "stages must be in a 'stages' block";
  } else if (std::ranges::find(inside_stage, section.name) != inside_stage.end()) {
    hint = fmt::format("'{}' belongs into a stage", section.name);
  }
  error(section.name_span, fmt::format("Undefined section \"{}\"", section.name), std::move(hint));
}

Pipeline PipelineBuilder::pipeline(const Directive& directive) {
  const auto* body = block(directive);
  auto made = body != nullptr ? pipeline(*body, directive.name_span) : Pipeline();
  made.span = directive.span;
  return made;
}

Pipeline PipelineBuilder::pipeline(const Block& body, const Span& name) {
  Pipeline made;
  made.span = body.span;
  Seen seen;
  const auto sections = directives(body, "Not a valid section definition");
  if (std::ranges::find(sections, "libraries", &Directive::name) != sections.end())
    has_libraries_ = true;
  for (const auto& section : sections)
    if (first_of_its_kind(section, seen)) pipeline_section(section, made);
  for (const auto* required : {"agent", "stages"})
    if (!seen.contains(required))
      error(name, fmt::format("Missing required section \"{}\"", required));
  return made;
}

void PipelineBuilder::pipeline_section(const Directive& section, Pipeline& pipeline) {
  if (section.name == "agent")
    pipeline.agent = agent(section);
  else if (section.name == "stages")
    pipeline.stages = stages(section, Inside::sequence);
  else if (section.name == "options")
    pipeline.options = options(section, Of::pipeline);
  else if (section.name == "environment")
    pipeline.environment = environment(section);
  else if (section.name == "parameters")
    pipeline.parameters = parameters(section);
  else if (section.name == "triggers")
    pipeline.triggers = triggers(section);
  else if (section.name == "tools")
    pipeline.tools = tools(section);
  else if (section.name == "libraries")
    pipeline.libraries = libraries(section);
  else if (section.name == "post")
    pipeline.post = post(section);
  else
    unknown_section(section);
}

std::vector<PostBlock> PipelineBuilder::post(const Directive& section) {
  std::vector<PostBlock> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  const auto names = names_of(post_conditions());
  const auto expected = fmt::format(
      "The 'post' section can only contain build condition names with code blocks. Valid "
      "condition names are {}",
      bracketed(names));
  for (const auto& directive : directives(*body, expected)) {
    const auto known = std::ranges::find(names, directive.name);
    if (known == names.end()) {
      error(directive.name_span,
            fmt::format("Invalid condition \"{}\" - valid conditions are {}", directive.name,
                        bracketed(names)),
            suggestion(directive.name, names));
      continue;
    }
    const auto* inner = block(directive);
    if (inner == nullptr) continue;
    steps(*inner);
    const auto condition = static_cast<PostCondition>(known - names.begin());
    if (std::ranges::find(list, condition, &PostBlock::condition) != list.end())
      error(directive.name_span,
            fmt::format("Duplicate build condition name: \"{}\"", directive.name));
    list.push_back({condition, inner, directive.span});
  }
  std::ranges::stable_sort(list, {}, &PostBlock::condition);
  return list;
}

std::vector<Tool> PipelineBuilder::tools(const Directive& section) {
  std::vector<Tool> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  if (body->statements.empty()) error(section.name_span, "No tools specified");
  for (const auto& directive : directives(*body, "Expected to find 'someTool \"someVersion\"'")) {
    const auto given = directive.arguments();
    const auto* version = directive.only_value();
    if (version == nullptr || version->as<Closure>() != nullptr) {
      error(directive.name_span,
            fmt::format("{} for tool \"{}\"", given.empty() ? "No argument" : "Too many arguments",
                        directive.name));
      continue;
    }
    const auto same = [&](const Tool& other) { return other.type.text == directive.name; };
    if (std::ranges::any_of(list, same))
      error(directive.name_span, fmt::format("Duplicate tool type: \"{}\"", directive.name));
    list.push_back({{std::string(directive.name), directive.name_span}, version});
  }
  return list;
}

std::vector<LibraryUse> PipelineBuilder::libraries(const Directive& section) {
  std::vector<LibraryUse> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  for (const auto& directive : directives(*body, "Expected a \"lib(...)\"")) {
    if (directive.name != "lib") {
      error(directive.name_span, fmt::format("Expected a \"lib(...)\" but got {}", directive.name));
      continue;
    }
    const auto* text = literal_text(directive.only_value());
    if (text == nullptr || text->empty() || text->starts_with('@')) {
      error(directive.span, "Expected string literal", "write lib('name@version')");
      continue;
    }
    const auto at = text->find('@');
    list.push_back({text->substr(0, at),
                    at == std::string::npos ? std::string() : text->substr(at + 1),
                    directive.span});
  }
  return list;
}

}  // namespace cupel::pipeline::syntax
