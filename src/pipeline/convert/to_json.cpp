// SPDX-License-Identifier: Apache-2.0
#include "pipeline/convert/to_json.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/syntax/directive.hpp"

namespace cupel::pipeline::convert {
namespace {

namespace s = syntax;

/// Members in one order, whatever the order in the file.
json::Object in_order(json::Object object) {
  static constexpr std::string_view order[] = {
      "name",     "libraries", "agent",    "axes",       "excludes", "when",
      "options",  "input",     "triggers", "parameters", "tools",    "environment",
      "failFast", "branches",  "stages",   "parallel",   "matrix",   "post"};
  std::ranges::stable_sort(object, {}, [](const auto& member) {
    return std::ranges::find(order, std::string_view(member.first)) - std::begin(order);
  });
  return object;
}

/// Reads the tree of a valid pipeline; the source gives what is written.
class Writer {
 public:
  Writer(const s::Source& source, const s::Vocabulary& vocabulary)
      : source_(source), vocabulary_(vocabulary) {}

  json::Value pipeline(const s::Block& block) const {
    json::Object made;
    for (const auto& section : directives(block)) pipeline_section(section, made);
    return in_order(std::move(made));
  }

 private:
  static std::vector<s::Directive> directives(const s::Block& block) {
    std::vector<s::Directive> list;
    for (const auto& statement : block.statements)
      if (auto one = s::directive_of(*statement)) list.push_back(*one);
    return list;
  }

  static std::vector<s::Directive> inside(const s::Directive& directive) {
    const auto* block = directive.only_block();
    return block ? directives(*block) : std::vector<s::Directive>();
  }

  std::string written(const s::Expression& expression) const {
    return std::string(source_.text_of(expression.span));
  }

  /// The text between the braces.
  std::string code(const s::Block& block) const {
    auto text = source_.text_of(block.span);
    if (text.size() >= 2) text = text.substr(1, text.size() - 2);
    return std::string(trim(text));
  }

  static json::Value raw(json::Value value) {
    return json::Object{{"isLiteral", true}, {"value", std::move(value)}};
  }

  json::Value raw(const s::Expression& value) const {
    if (const auto* text = value.as<s::StringLiteral>()) return raw(json::Value(text->text));
    if (const auto* flag = value.as<s::BooleanLiteral>()) return raw(json::Value(flag->value));
    if (value.as<s::NullLiteral>()) return raw(json::Value());
    const auto* number = value.as<s::IntegerLiteral>();
    if (number && number->width != s::IntegerLiteral::Width::big && number->value <= INT64_MAX)
      return raw(json::Value(static_cast<std::int64_t>(number->value)));
    const bool string = value.as<s::GString>() != nullptr;
    return json::Object{{"isLiteral", false},
                        {"value", string ? written(value) : "${" + written(value) + "}"}};
  }

  json::Value keyed(std::string_view key, json::Value value) const {
    return json::Object{{"key", key}, {"value", std::move(value)}};
  }

  std::string key_of(const s::Argument& argument) const {
    const auto* key = s::literal_text(argument.key.get());
    return key ? *key : written(*argument.key);
  }

  /// A value, or a call as in buildDiscarder(logRotator(...)).
  json::Value value_or_call(const s::Expression& value) const {
    const auto directive = s::directive_of(value);
    return directive && directive->call ? call(*directive) : raw(value);
  }

  /// An option, trigger or parameter.
  json::Value call(const s::Directive& directive) const {
    json::Array arguments;
    for (const auto* argument : directive.arguments()) {
      auto value = value_or_call(*argument->value);
      arguments.push_back(argument->kind == s::Argument::Kind::named
                              ? keyed(key_of(*argument), std::move(value))
                              : std::move(value));
    }
    return json::Object{{"name", directive.name}, {"arguments", std::move(arguments)}};
  }

  json::Value calls(const s::Directive& section) const {
    json::Array list;
    for (const auto& one : inside(section)) list.push_back(call(one));
    return json::Object{{section.name == "options"      ? "options"
                         : section.name == "parameters" ? "parameters"
                                                        : "triggers",
                         std::move(list)}};
  }

  /// The arguments of a step: named ones, a single one, or several.
  json::Value arguments(const s::Directive& step) const {
    auto given = step.arguments();
    const auto* map = given.size() == 1 ? given[0]->value->as<s::MapLiteral>() : nullptr;
    const auto* signature = s::find_signature(vocabulary_.steps, step.name);
    if (map && given[0]->kind == s::Argument::Kind::positional &&
        !(signature && s::takes_one_map(*signature))) {
      given.clear();
      for (const auto& entry : map->entries) given.push_back(&entry);
    }
    json::Array list;
    for (const auto* argument : given) {
      const bool named = argument->kind == s::Argument::Kind::named;
      list.push_back(named ? keyed(key_of(*argument), raw(*argument->value))
                           : raw(*argument->value));
    }
    if (list.size() != 1 || given[0]->kind == s::Argument::Kind::named) return list;
    if (signature && !signature->default_parameter.empty())
      return json::Array{keyed(signature->default_parameter, std::move(list[0]))};
    return std::move(list[0]);
  }

  json::Value step(const s::Directive& directive) const {
    json::Object made{{"name", directive.name}};
    const auto* only = directive.only_block();
    if (only && directive.name == "script") {
      made.emplace_back("arguments",
                        json::Array{keyed("scriptBlock", raw(json::Value(code(*only))))});
      return made;
    }
    made.emplace_back("arguments", arguments(directive));
    if (directive.call && directive.call->arguments.trailing_closures > 0)
      if (const auto* body = s::block_of(directive.call->arguments.items.back().value.get()))
        made.emplace_back("children", steps(*body));
    return made;
  }

  json::Value steps(const s::Block& block) const {
    json::Array list;
    for (const auto& one : directives(block)) list.push_back(step(one));
    return list;
  }

  json::Value branch(std::string_view name, const s::Block& block) const {
    return json::Object{{"name", name}, {"steps", steps(block)}};
  }

  /// steps { }, or the old parallel(a: { }, ...) inside of it.
  void branches(const s::Block& block, json::Object& stage) const {
    const auto all = directives(block);
    if (all.size() != 1 || all[0].name != "parallel" || !all[0].call) {
      stage.emplace_back("branches", json::Array{branch("default", block)});
      return;
    }
    json::Array list;
    for (const auto& argument : all[0].call->arguments.items) {
      const auto* body = s::block_of(argument.value.get());
      const auto* flag = argument.value->as<s::BooleanLiteral>();
      if (body && argument.key) list.push_back(branch(key_of(argument), *body));
      if (flag) stage.emplace_back("failFast", flag->value);
    }
    stage.emplace_back("branches", std::move(list));
  }

  json::Value agent(const s::Directive& section) const {
    const auto* value = section.only_value();
    if (const auto* word = value ? value->as<s::Variable>() : nullptr)
      return json::Object{{"type", word->name}};
    const auto types = inside(section);
    if (types.empty()) return json::Object{{"type", "any"}};
    json::Object made{{"type", types[0].name}};
    if (types[0].only_block())
      made.emplace_back("arguments", map(types[0]));
    else if (const auto* argument = types[0].only_value())
      made.emplace_back("argument", raw(*argument));
    return made;
  }

  json::Value map(const s::Directive& block) const {
    json::Array list;
    for (const auto& key : inside(block)) {
      if (key.name == "provision" && key.only_block())
        list.push_back(keyed(key.name, steps_of(key)));
      else if (key.only_block())
        list.push_back(keyed(key.name, map(key)));
      else if (const auto* value = key.only_value())
        list.push_back(keyed(key.name, raw(*value)));
    }
    return list;
  }

  /// The steps of a machine's provision { }.
  json::Value steps_of(const s::Directive& provision) const {
    json::Array list;
    for (const auto& one : inside(provision)) list.push_back(call(one));
    return list;
  }

  json::Value environment(const s::Directive& section) const {
    json::Array list;
    const auto* block = section.only_block();
    if (!block) return list;
    for (const auto& statement : block->statements) {
      const auto* only = statement->as<s::ExpressionStatement>();
      const auto* assignment = only ? only->value->as<s::Assignment>() : nullptr;
      const auto* name = assignment ? assignment->target->as<s::Variable>() : nullptr;
      if (!name) continue;
      const auto directive = s::directive_of(*assignment->value);
      list.push_back(keyed(name->name, directive && directive->name == "credentials"
                                           ? call(*directive)
                                           : raw(*assignment->value)));
    }
    return list;
  }

  json::Value tools(const s::Directive& section) const {
    json::Array list;
    for (const auto& tool : inside(section))
      if (const auto* value = tool.only_value()) list.push_back(keyed(tool.name, raw(*value)));
    return list;
  }

  json::Value libraries(const s::Directive& section) const {
    json::Array list;
    for (const auto& library : inside(section))
      if (const auto* value = library.only_value()) list.push_back(raw(*value));
    return json::Object{{"libraries", std::move(list)}};
  }

  json::Value post(const s::Directive& section) const {
    json::Array list;
    for (const auto& condition : inside(section))
      if (const auto* block = condition.only_block())
        list.push_back(
            json::Object{{"condition", condition.name}, {"branch", branch("default", *block)}});
    return json::Object{{"conditions", std::move(list)}};
  }

  json::Value condition(const s::Directive& directive) const {
    json::Object made{{"name", directive.name}};
    const auto* block = directive.only_block();
    if (block && directive.name == "expression") {
      made.emplace_back("arguments",
                        json::Array{keyed("scriptBlock", raw(json::Value(code(*block))))});
    } else if (block) {
      json::Array children;
      for (const auto& one : directives(*block)) children.push_back(condition(one));
      made.emplace_back("children", std::move(children));
    } else {
      const auto given = directive.arguments();
      json::Array list;
      for (const auto* argument : given)
        list.push_back(argument->kind == s::Argument::Kind::named
                           ? keyed(key_of(*argument), raw(*argument->value))
                           : raw(*argument->value));
      const bool single = given.size() == 1 && given[0]->kind == s::Argument::Kind::positional;
      made.emplace_back("arguments", single ? std::move(list[0]) : json::Value(std::move(list)));
    }
    return made;
  }

  json::Value when(const s::Directive& section) const {
    json::Object made;
    json::Array conditions;
    for (const auto& one : inside(section)) {
      const auto* value = one.only_value();
      const auto* flag = value ? value->as<s::BooleanLiteral>() : nullptr;
      if (flag && one.name.starts_with("before"))
        made.emplace_back(one.name, flag->value);
      else
        conditions.push_back(condition(one));
    }
    made.emplace_back("conditions", std::move(conditions));
    return made;
  }

  json::Value input(const s::Directive& section) const {
    json::Object made;
    for (const auto& field : inside(section)) {
      if (field.name == "parameters")
        made.emplace_back("parameters", calls(field));
      else if (const auto* value = field.only_value())
        made.emplace_back(field.name, raw(*value));
    }
    return made;
  }

  json::Value axes(const s::Directive& section) const {
    json::Array list;
    for (const auto& axis : inside(section)) {
      json::Object made;
      for (const auto& key : inside(axis)) {
        if (key.name == "name") {
          if (const auto* name = s::literal_text(key.only_value()))
            made.emplace_back("name", *name);
          continue;
        }
        json::Array values;
        for (const auto* argument : key.arguments()) values.push_back(raw(*argument->value));
        made.emplace_back("values", std::move(values));
        if (key.name == "notValues") made.emplace_back("inverse", true);
      }
      list.push_back(std::move(made));
    }
    return list;
  }

  json::Value matrix(const s::Directive& section) const {
    json::Object made;
    for (const auto& one : inside(section)) {
      if (one.name == "axes") {
        made.emplace_back("axes", axes(one));
      } else if (one.name == "excludes") {
        json::Array list;
        for (const auto& exclude : inside(one)) list.push_back(axes(exclude));
        made.emplace_back("excludes", std::move(list));
      } else {
        stage_section(one, made);
      }
    }
    return in_order(std::move(made));
  }

  void pipeline_section(const s::Directive& section, json::Object& made) const {
    if (section.name == "libraries")
      made.emplace_back("libraries", libraries(section));
    else if (section.name == "parameters" || section.name == "triggers")
      made.emplace_back(section.name, calls(section));
    else
      stage_section(section, made);
  }

  void stage_section(const s::Directive& section, json::Object& made) const {
    const auto name = section.name;
    if (name == "agent") made.emplace_back(name, agent(section));
    if (name == "options") made.emplace_back(name, calls(section));
    if (name == "environment") made.emplace_back(name, environment(section));
    if (name == "tools") made.emplace_back(name, tools(section));
    if (name == "post") made.emplace_back(name, post(section));
    if (name == "when") made.emplace_back(name, when(section));
    if (name == "input") made.emplace_back(name, input(section));
    if (name == "stages" || name == "parallel") made.emplace_back(name, stages(section));
    if (name == "matrix") made.emplace_back(name, matrix(section));
    if (name == "failFast")
      if (const auto* value = section.only_value())
        if (const auto* flag = value->as<s::BooleanLiteral>()) made.emplace_back(name, flag->value);
    if (name == "steps")
      if (const auto* block = section.only_block()) branches(*block, made);
  }

  json::Value stages(const s::Directive& section) const {
    json::Array list;
    for (const auto& one : inside(section)) {
      const auto given = one.arguments();
      const auto* name = given.empty() ? nullptr : s::literal_text(given[0]->value.get());
      json::Object made{{"name", name ? *name : ""}};
      if (one.call && one.call->arguments.trailing_closures == 1)
        if (const auto* body = s::block_of(one.call->arguments.items.back().value.get()))
          for (const auto& inner : directives(*body)) stage_section(inner, made);
      list.push_back(in_order(std::move(made)));
    }
    return list;
  }

  const s::Source& source_;
  const s::Vocabulary& vocabulary_;
};

}  // namespace

Result<json::Value> to_json(const syntax::Source& source, const syntax::Script& script,
                            const syntax::Vocabulary& vocabulary) {
  for (const auto& statement : script.statements) {
    const auto directive = syntax::directive_of(*statement);
    const auto* block =
        directive && directive->name == "pipeline" ? directive->only_block() : nullptr;
    if (block)
      return json::Value(json::Object{{"pipeline", Writer(source, vocabulary).pipeline(*block)}});
  }
  return fail(Fault::invalid, "{}: there is no pipeline {{ }} to convert", source.name());
}

}  // namespace cupel::pipeline::convert
