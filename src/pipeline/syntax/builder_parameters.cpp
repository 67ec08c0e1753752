// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/cron.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

BuildParameter::Kind kind_of(std::string_view type) {
  using Kind = BuildParameter::Kind;
  if (type == "string") return Kind::text;
  if (type == "text") return Kind::lines;
  if (type == "booleanParam") return Kind::flag;
  if (type == "choice") return Kind::choice;
  if (type == "password") return Kind::password;
  if (type == "credentials") return Kind::credentials;
  if (type == "file" || type == "stashedFile") return Kind::file;
  if (type == "base64File") return Kind::base64_file;
  return type == "run" ? Kind::run : Kind::foreign;
}

/// The value of `name:` among the arguments, or null.
const Expression* named(const Directive& directive, std::string_view name) {
  for (const auto* argument : directive.arguments()) {
    const auto* key = literal_text(argument->key.get());
    if (key != nullptr && *key == name) return argument->value.get();
  }
  return nullptr;
}

}  // namespace

std::vector<BuildParameter> PipelineBuilder::parameters(const Directive& section) {
  std::vector<BuildParameter> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  for (const auto& directive : directives(*body, "Expected a build parameter definition")) {
    auto made = parameter(directive);
    if (!made) continue;
    const auto same = [&](const BuildParameter& other) {
      return other.name.text == made->name.text;
    };
    if (std::ranges::any_of(list, same))
      error(made->name.span, fmt::format("Duplicate parameter name: \"{}\"", made->name.text));
    list.push_back(std::move(*made));
  }
  return list;
}

std::optional<BuildParameter> PipelineBuilder::parameter(const Directive& directive) {
  const auto types = parameter_types();
  const auto known = std::ranges::find(types, directive.name, &StepSignature::name);
  if (known == types.end()) {
    if (directive.call != nullptr && is_foreign_parameter(directive.name))
      return foreign_parameter(directive);
    if (vocabulary_.others == Vocabulary::Others::ignored) return std::nullopt;
    const auto names = names_of(types);
    error(directive.name_span,
          fmt::format("Invalid parameter type \"{}\". Valid parameter types: {}", directive.name,
                      bracketed(names)),
          suggestion(directive.name, names));
    return std::nullopt;
  }
  if (directive.call != nullptr && directive.call->arguments.trailing_closures > 0)
    error(directive.name_span, "Build parameters definitions cannot have blocks");
  const auto given = arguments(directive, *known);
  BuildParameter made;
  made.kind = kind_of(directive.name);
  made.initial = given.find("defaultValue");
  made.description = given.find("description");
  made.project = given.find("projectName");
  made.filter = given.find("filter");
  made.credential_type = given.find("credentialType");
  made.required = given.flag("required");
  made.trim = given.flag("trim");
  if (const auto* list = given.find("choices")) choices(*list, made);
  if (made.initial != nullptr) script_value(*made.initial);
  if (made.choices_value != nullptr) script_value(*made.choices_value);
  const auto* name = given.find("name");
  if (name == nullptr) return std::nullopt;
  if (const auto* text = literal_text(name); text != nullptr && !text->empty())
    made.name = {*text, name->span};
  else
    error(name->span, "a parameter's name must be a string literal that is not empty");
  return made;
}

BuildParameter PipelineBuilder::foreign_parameter(const Directive& directive) {
  warning(directive.name_span,
          fmt::format("the parameter type '{}' is a plain text in cupel", directive.name));
  BuildParameter made;
  made.kind = BuildParameter::Kind::foreign;
  made.initial = named(directive, "defaultValue");
  made.description = named(directive, "description");
  made.name = {std::string(directive.name), directive.name_span};
  const auto* name = named(directive, "name");
  if (const auto* text = literal_text(name)) made.name = {*text, name->span};
  return made;
}

void PipelineBuilder::choices(const Expression& value, BuildParameter& parameter) {
  const auto* list = value.as<ListLiteral>();
  if (const auto* text = literal_text(&value)) {
    for (const auto& line : split(*text, '\n'))
      if (!trim(line).empty()) parameter.choices.emplace_back(trim(line));
  } else if (list != nullptr) {
    for (const auto& element : list->elements) {
      if (const auto* choice = literal_text(element.get())) {
        parameter.choices.push_back(*choice);
      } else if (element->as<IntegerLiteral>() != nullptr ||
                 element->as<BooleanLiteral>() != nullptr) {
        error(element->span, "Expected string literal");
        return;
      } else {
        parameter.choices.clear();
        parameter.choices_value = &value;
        return;
      }
    }
  } else if (value.as<IntegerLiteral>() != nullptr || value.as<BooleanLiteral>() != nullptr ||
             value.as<MapLiteral>() != nullptr) {
    error(value.span,
          "choices must be a list of strings, or one string with a choice on each line");
    return;
  } else {
    parameter.choices_value = &value;
    return;
  }
  if (parameter.choices.empty()) error(value.span, "a choice parameter needs at least one choice");
}

std::vector<Trigger> PipelineBuilder::triggers(const Directive& section) {
  std::vector<Trigger> list;
  const auto* body = filled_block(section);
  if (body == nullptr) return list;
  Seen seen;
  for (const auto& directive : directives(*body, "Expected a trigger")) {
    if (!seen.emplace(directive.name, directive.span).second)
      error(directive.name_span, fmt::format("Duplicate trigger name: \"{}\"", directive.name));
    if (auto made = trigger(directive)) list.push_back(std::move(*made));
  }
  return list;
}

std::optional<Trigger> PipelineBuilder::trigger(const Directive& directive) {
  using Kind = Trigger::Kind;
  Trigger made;
  made.name = {std::string(directive.name), directive.name_span};
  made.call = directive.call;
  made.span = directive.span;
  if (directive.call == nullptr) {
    error(directive.name_span, "Expected a trigger", fmt::format("write '{}()'", directive.name));
    return std::nullopt;
  }
  const auto types = trigger_types();
  const auto known = std::ranges::find(types, directive.name, &StepSignature::name);
  if (known == types.end()) {
    if (is_foreign_trigger(directive.name)) {
      warning(directive.name_span,
              fmt::format("the trigger '{}' has no effect in cupel", directive.name));
      return made;
    }
    if (vocabulary_.others == Vocabulary::Others::ignored) return made;
    const auto names = names_of(types);
    error(directive.name_span,
          fmt::format("Invalid trigger type \"{}\". Valid trigger types: {}", directive.name,
                      bracketed(names)),
          suggestion(directive.name, names));
    return std::nullopt;
  }
  if (directive.call->arguments.trailing_closures > 0)
    error(directive.name_span, "Triggers definitions cannot have blocks");
  const auto given = arguments(directive, *known);
  if (directive.name == "upstream") {
    made.kind = Kind::upstream;
    made.projects = given.find("upstreamProjects");
    made.threshold = given.find("threshold");
    return made;
  }
  made.kind = directive.name == "cron"      ? Kind::cron
              : directive.name == "pollSCM" ? Kind::poll_scm
                                            : Kind::parameterized_cron;
  made.spec = given.find(known->default_parameter);
  check_cron(made.spec, made.kind);
  return made;
}

void PipelineBuilder::check_cron(const Expression* spec, Trigger::Kind kind) {
  const auto* text = literal_text(spec);
  if (text == nullptr) return;
  const auto checked = kind == Trigger::Kind::parameterized_cron ? check_parameterized_cron(*text)
                                                                 : syntax::check_cron(*text);
  if (checked) return;
  const bool lines = text->find('\n') != std::string::npos;
  error(spec->span, lines
                        ? fmt::format("Invalid input: {}", checked.error().text())
                        : fmt::format("Invalid input: \"{}\": {}", *text, checked.error().text()));
}

Input PipelineBuilder::input(const Directive& section) {
  Input made;
  made.span = section.span;
  if (const auto* value = section.only_value();
      value != nullptr && literal_text(value) != nullptr) {
    error(section.span, "Expected a block for input", "write input { message 'x' }");
    return made;
  }
  const auto* body = block(section);
  if (body == nullptr) return made;
  const auto& fields = input_fields();
  Seen seen;
  for (const auto& key : directives(*body, "Expected to find 'key \"value\"'")) {
    const auto known = std::ranges::find(fields.parameters, key.name, &StepParameter::name);
    if (known == fields.parameters.end()) {
      std::vector<std::string> names;
      for (const auto& field : fields.parameters) names.push_back(field.name);
      error(key.name_span, fmt::format("Not a valid field for input: \"{}\"", key.name),
            suggestion(key.name, names));
      continue;
    }
    if (!first_of_its_kind(key, seen)) continue;
    if (key.name == "parameters") {
      made.parameters = parameters(key);
      continue;
    }
    const auto* value = key.only_value();
    if (value == nullptr) {
      error(key.name_span,
            fmt::format("{} for field \"{}\"",
                        key.arguments().empty() ? "No argument" : "Too many arguments", key.name));
      continue;
    }
    argument_type(*value, *known);
    if (key.name == "message") made.message = value;
    if (key.name == "id") made.id = value;
    if (key.name == "ok") made.ok = value;
    if (key.name == "submitter") made.submitter = value;
    if (key.name == "submitterParameter") made.submitter_parameter = value;
  }
  if (!seen.contains("message")) error(section.name_span, "No message specified for input");
  return made;
}

}  // namespace cupel::pipeline::syntax
