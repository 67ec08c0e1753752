// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

Matrix PipelineBuilder::matrix(const Directive& section) {
  Matrix made;
  made.span = section.span;
  const auto* body = block(section);
  if (body == nullptr) return made;
  Seen seen;
  for (const auto& one : directives(*body, "Not a valid matrix section definition"))
    if (first_of_its_kind(one, seen)) matrix_section(one, made);
  check_matrix(section, made, seen);
  return made;
}

void PipelineBuilder::matrix_section(const Directive& section, Matrix& matrix) {
  if (common_section(section, matrix)) return;
  if (section.name == "axes") {
    matrix.axes = axes(section);
  } else if (section.name == "excludes") {
    matrix.excludes = excludes(section);
  } else if (section.name == "stages") {
    matrix.stages = stages(section, Inside::matrix);
  } else {
    auto hint = suggestion(section.name, names_of(matrix_sections()));
    if (section.name == "failFast") hint = "'failFast' belongs beside the 'matrix' block";
    if (section.name == "steps") hint = "a matrix holds 'stages'";
    error(section.name_span, fmt::format("Unknown matrix section \"{}\"", section.name),
          std::move(hint));
  }
}

void PipelineBuilder::check_matrix(const Directive& section, const Matrix& matrix,
                                   const Seen& seen) {
  for (const auto* required : {"axes", "stages"})
    if (!seen.contains(required))
      error(section.name_span, fmt::format("Missing required section \"{}\"", required));
  std::size_t count = 1;
  for (const auto& axis : matrix.axes)
    count = std::min(count * std::max<std::size_t>(axis.values.size(), 1), max_cells + 1);
  if (count > max_cells)
    error(section.name_span, fmt::format("The matrix has more than {} cells", max_cells));
  for (const auto& exclude : matrix.excludes)
    for (const auto& excluded : exclude.axes) {
      const auto axis = std::ranges::find_if(
          matrix.axes, [&](const Axis& one) { return one.name.text == excluded.name.text; });
      if (axis == matrix.axes.end()) {
        std::vector<std::string> names;
        for (const auto& one : matrix.axes) names.push_back(one.name.text);
        if (!matrix.axes.empty() && !excluded.name.text.empty())
          error(excluded.name.span,
                fmt::format("The exclude names the axis \"{}\", which the matrix does not have",
                            excluded.name.text),
                suggestion(excluded.name.text, names));
        continue;
      }
      for (const auto& value : excluded.values)
        if (std::ranges::find(axis->values, value.text, &Name::text) == axis->values.end())
          warning(value.span, fmt::format("The axis \"{}\" has no value \"{}\"", excluded.name.text,
                                          value.text));
    }
}

std::vector<Axis> PipelineBuilder::axes(const Directive& section) {
  std::vector<Axis> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  for (const auto& directive : directives(*body, "Expected an axis")) {
    auto made = axis(directive);
    if (!made) continue;
    const auto same = [&](const Axis& other) { return other.name.text == made->name.text; };
    if (!made->name.text.empty() && std::ranges::any_of(list, same))
      error(made->name.span, fmt::format("Duplicate axis name: \"{}\"", made->name.text));
    list.push_back(std::move(*made));
  }
  return list;
}

std::optional<Axis> PipelineBuilder::axis(const Directive& directive) {
  // Jenkins does not look at the name: the block says enough.
  if (directive.name != "axis" && directive.only_block() != nullptr) {
    warning(directive.name_span, fmt::format("'{}' is taken as an axis", directive.name),
            "write 'axis'");
  } else if (directive.name != "axis") {
    error(directive.name_span, "Expected an axis");
    return std::nullopt;
  }
  const auto* body = block(directive);
  if (body == nullptr) return std::nullopt;
  Axis made;
  made.span = directive.span;
  Seen seen;
  for (const auto& key : directives(*body, "Expected 'name' or 'values'")) {
    if (!first_of_its_kind(key, seen)) continue;
    if (key.name == "name")
      made.name = axis_name(key);
    else if (key.name == "values")
      made.values = axis_values(key);
    else
      error(key.name_span, fmt::format("Unknown axis section \"{}\"", key.name),
            key.name == "notValues"
                ? "'notValues' is for the axes of an exclude"
                : suggestion(key.name, std::vector<std::string>{"name", "values"}));
  }
  for (const auto* required : {"name", "values"})
    if (!seen.contains(required))
      error(directive.name_span, fmt::format("Missing required section \"{}\"", required));
  for (const auto& value : made.values)
    if (std::ranges::count(made.values, value.text, &Name::text) > 1 &&
        &value != &*std::ranges::find(made.values, value.text, &Name::text))
      error(value.span,
            fmt::format("Duplicate value of the axis \"{}\": \"{}\"", made.name.text, value.text));
  return made;
}

std::vector<Exclude> PipelineBuilder::excludes(const Directive& section) {
  std::vector<Exclude> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  for (const auto& directive : directives(*body, "Expected an exclude")) {
    if (directive.name != "exclude")
      error(directive.name_span, "Expected an exclude");
    else
      list.push_back(exclude(directive));
  }
  return list;
}

Exclude PipelineBuilder::exclude(const Directive& directive) {
  Exclude made;
  made.span = directive.span;
  const auto* body = filled_block(directive);
  if (body == nullptr) return made;
  for (const auto& one : directives(*body, "Expected an axis")) {
    auto axis = excluded_axis(one);
    if (!axis) continue;
    const auto same = [&](const ExcludedAxis& other) { return other.name.text == axis->name.text; };
    if (!axis->name.text.empty() && std::ranges::any_of(made.axes, same))
      error(axis->name.span, fmt::format("Duplicate axis name: \"{}\"", axis->name.text));
    made.axes.push_back(std::move(*axis));
  }
  return made;
}

std::optional<ExcludedAxis> PipelineBuilder::excluded_axis(const Directive& directive) {
  if (directive.name != "axis") {
    error(directive.name_span, "Expected an axis");
    return std::nullopt;
  }
  const auto* body = block(directive);
  if (body == nullptr) return std::nullopt;
  ExcludedAxis made;
  made.span = directive.span;
  Seen seen;
  for (const auto& key : directives(*body, "Expected 'name', 'values' or 'notValues'")) {
    if (!first_of_its_kind(key, seen)) continue;
    if (key.name == "name") {
      made.name = axis_name(key);
    } else if (key.name == "values" || key.name == "notValues") {
      if (key.name == "notValues") made.of = ExcludedAxis::Of::not_values;
      made.values = axis_values(key);
    } else {
      error(key.name_span, fmt::format("Unknown axis section \"{}\"", key.name),
            suggestion(key.name, std::vector<std::string>{"name", "values", "notValues"}));
    }
  }
  if (!seen.contains("name")) error(directive.name_span, "Missing required section \"name\"");
  if (seen.contains("values") && seen.contains("notValues"))
    error(directive.name_span, "Only one of \"values\" or \"notValues\" allowed for an axis");
  if (!seen.contains("values") && !seen.contains("notValues"))
    error(directive.name_span, "Expected one of \"values\" or \"notValues\" for an axis");
  return made;
}

Name PipelineBuilder::axis_name(const Directive& key) {
  const auto* value = key.only_value();
  const auto* text = literal_text(value);
  if (text == nullptr || text->empty()) {
    error(key.span, "Expected string literal");
    return {};
  }
  return {*text, value->span};
}

std::vector<Name> PipelineBuilder::axis_values(const Directive& key) {
  std::vector<Name> list;
  for (const auto* argument : key.arguments()) {
    const auto& value = *argument->value;
    if (argument->kind != Argument::Kind::positional)
      error(argument->span, "Expected string literal");
    else if (const auto* text = literal_text(&value))
      list.push_back({*text, value.span});
    else if (const auto* number = value.as<IntegerLiteral>())
      list.push_back({number->digits, value.span});
    else if (const auto* decimal = value.as<DecimalLiteral>())
      list.push_back({decimal->text, value.span});
    else if (const auto* flag = value.as<BooleanLiteral>())
      list.push_back({flag->value ? "true" : "false", value.span});
    else
      error(value.span, "Expected string literal",
            value.as<ListLiteral>() != nullptr ? "write values 'a', 'b' without brackets" : "");
  }
  if (key.arguments().empty()) error(key.name_span, fmt::format("{} can not be empty", key.name));
  return list;
}

}  // namespace cupel::pipeline::syntax
