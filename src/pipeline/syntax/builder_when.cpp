// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr auto comparators = std::to_array<std::string_view>({"GLOB", "REGEXP", "EQUALS"});

using Field = ChangeRequestCondition::Field;
constexpr auto fields = std::to_array<std::pair<std::string_view, Field>>(
    {{"id", Field::id},
     {"target", Field::target},
     {"branch", Field::branch},
     {"fork", Field::fork},
     {"url", Field::url},
     {"title", Field::title},
     {"author", Field::author},
     {"authorDisplayName", Field::author_display_name},
     {"authorEmail", Field::author_email}});

bool is_nested(std::string_view name) {
  return name == "not" || name == "allOf" || name == "anyOf";
}

}  // namespace

std::string_view name(Comparator comparator) {
  return comparators.at(static_cast<std::size_t>(comparator));
}

When PipelineBuilder::when(const Directive& section) {
  When made;
  made.span = section.span;
  const auto* body = block(section);
  if (body == nullptr) return made;
  Seen seen;
  for (const auto& one : directives(*body, "Expected a when condition")) {
    bool* flag = nullptr;
    if (one.name == "beforeAgent") flag = &made.before_agent;
    if (one.name == "beforeInput") flag = &made.before_input;
    if (one.name == "beforeOptions") flag = &made.before_options;
    if (flag == nullptr) {
      if (auto found = condition(one)) made.conditions.push_back(std::move(*found));
      seen.emplace("condition", one.span);
      continue;
    }
    first_of_its_kind(one, seen);
    const auto* value = one.only_value();
    const auto* literal = value != nullptr ? value->as<BooleanLiteral>() : nullptr;
    if (literal == nullptr)
      error(one.name_span, fmt::format("Expected a boolean with {}", one.name));
    else
      *flag = literal->value;
  }
  if (!seen.contains("condition"))
    error(section.name_span, "Empty when closure, remove the property or add some content");
  return made;
}

std::optional<Condition> PipelineBuilder::condition(const Directive& directive) {
  const auto types = when_conditions();
  const auto known = std::ranges::find(types, directive.name, &StepSignature::name);
  if (known == types.end()) {
    if (vocabulary_.others == Vocabulary::Others::ignored) return std::nullopt;
    const auto names = names_of(types);
    const bool flag = directive.name.starts_with("before");
    error(directive.name_span,
          fmt::format("Unknown conditional {}. Valid conditionals are: {}", directive.name,
                      bracketed(names)),
          suggestion(directive.name, flag ? names_of(when_flags()) : names));
    return std::nullopt;
  }
  if (is_nested(directive.name)) return nested_condition(directive);
  Condition made;
  made.span = directive.span;
  if (directive.name == "expression") {
    const auto* body = directive.only_block();
    if (body == nullptr)
      error(directive.name_span, "Expected a block for expression");
    else if (body->statements.empty())
      error(directive.name_span, "expression can not be empty");
    else
      script_block(*body);
    made.kind = ExpressionCondition{body};
    return made;
  }
  if (directive.call != nullptr && directive.call->arguments.trailing_closures > 0) {
    error(directive.name_span,
          fmt::format("No children when conditions are allowed for when condition \"{}\"",
                      directive.name));
    return std::nullopt;
  }
  if (directive.call == nullptr) {
    error(directive.name_span, "Expected a when condition",
          fmt::format("write '{}()'", directive.name));
    return std::nullopt;
  }
  made.kind = simple_condition(directive, arguments(directive, *known));
  return made;
}

std::optional<Condition> PipelineBuilder::nested_condition(const Directive& directive) {
  if (!directive.arguments().empty()) {
    error(directive.name_span,
          fmt::format("No additional arguments are allowed for children when condition \"{}\"",
                      directive.name));
    return std::nullopt;
  }
  const auto* body = block(directive);
  if (body == nullptr) return std::nullopt;
  auto inner = conditions(*body);
  if (directive.name == "not" && body->statements.size() != 1)
    error(directive.name_span,
          "Nested when condition \"not\" requires exactly 1 child condition(s)");
  else if (body->statements.empty())
    error(directive.name_span,
          fmt::format("Nested when condition \"{}\" requires at least one child condition",
                      directive.name));
  Condition made;
  made.span = directive.span;
  if (directive.name == "not")
    made.kind = NotCondition{std::move(inner)};
  else if (directive.name == "allOf")
    made.kind = AllOfCondition{std::move(inner)};
  else
    made.kind = AnyOfCondition{std::move(inner)};
  return made;
}

std::vector<Condition> PipelineBuilder::conditions(const Block& block) {
  std::vector<Condition> list;
  for (const auto& one : directives(block, "Expected a when condition"))
    if (auto made = condition(one)) list.push_back(std::move(*made));
  return list;
}

Comparator PipelineBuilder::comparator(const NamedArguments& given, Comparator otherwise) {
  const auto* value = given.find("comparator");
  if (value == nullptr) return otherwise;
  const auto* text = literal_text(value);
  const auto* known = std::ranges::find(comparators, text != nullptr ? *text : "");
  if (known != comparators.end()) return static_cast<Comparator>(known - comparators.begin());
  const std::vector<std::string> names(comparators.begin(), comparators.end());
  error(value->span,
        fmt::format("Expecting one of {} for parameter \"comparator\"", bracketed(names)),
        text != nullptr ? suggestion(*text, names) : "");
  return otherwise;
}

Condition::Kind PipelineBuilder::simple_condition(const Directive& directive,
                                                  const NamedArguments& given) {
  const auto name = directive.name;
  const auto* pattern = given.find("pattern");
  if (name == "changeset" && pattern == nullptr) {
    pattern = given.find("glob");
    if (pattern == nullptr) error(directive.name_span, "Missing required parameter: \"pattern\"");
  }
  if (name == "branch") return BranchCondition{pattern, comparator(given, Comparator::glob)};
  if (name == "tag") return TagCondition{pattern, comparator(given, Comparator::glob)};
  if (name == "buildingTag") return BuildingTagCondition{};
  if (name == "changelog") return ChangelogCondition{pattern};
  if (name == "changeset")
    return ChangesetCondition{pattern, comparator(given, Comparator::glob),
                              given.flag("caseSensitive")};
  if (name == "environment")
    return EnvironmentCondition{given.find("name"), given.find("value"), given.flag("ignoreCase")};
  if (name == "equals") return EqualsCondition{given.find("expected"), given.find("actual")};
  if (name == "triggeredBy") return TriggeredByCondition{given.find("cause"), given.find("detail")};
  if (name == "isRestartedRun") return RestartedRunCondition{};
  ChangeRequestCondition request;
  request.comparator = comparator(given, Comparator::equals);
  for (const auto& [word, field] : fields)
    if (const auto* value = given.find(word)) request.fields.emplace_back(field, value);
  return request;
}

}  // namespace cupel::pipeline::syntax
