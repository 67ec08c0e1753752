// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/foresight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "os/glob.hpp"
#include "pipeline/groovy/regex.hpp"

namespace cupel::pipeline {
namespace {

using Holds = Foresight::Holds;
using Answer = Foresight::Answer;

Answer depends(std::string_view on) {
  return {Holds::depends, fmt::format("it depends on {}", on)};
}

Answer answer(bool holds, std::string why) {
  return {holds ? Holds::yes : Holds::no, std::move(why)};
}

/// Jenkins' globs are Ant's, without regard to case. Nothing: the expression is wrong.
std::optional<bool> compare(const std::string& text, const std::string& pattern,
                            syntax::Comparator comparator) {
  switch (comparator) {
    case syntax::Comparator::equals: return text == pattern;
    case syntax::Comparator::glob: return os::glob_matches(lower(pattern), lower(text));
    case syntax::Comparator::regexp: break;
  }
  const auto regex = Regex::compile(pattern);
  if (!regex) return std::nullopt;
  const auto found = regex->match(text, 0, Regex::Mode::whole);
  if (!found) return std::nullopt;
  return found->has_value();
}

std::optional<Constant> initial_of(const syntax::BuildParameter& parameter) {
  using Kind = syntax::BuildParameter::Kind;
  const Names nothing = [](std::string_view, std::string_view) { return std::nullopt; };
  if (parameter.kind == Kind::choice)
    return parameter.choices.empty() ? std::nullopt
                                     : std::optional(Constant{parameter.choices.front()});
  if (parameter.initial) return constant(*parameter.initial, nothing);
  return parameter.kind == Kind::flag ? Constant{false} : Constant{std::string()};
}

std::optional<std::string> text_of(const std::optional<Constant>& value) {
  if (!value || value->value.index() == 0) return std::nullopt;
  return value->text();
}

}  // namespace

Foresight::Foresight(const Assumptions& assumptions,
                     const std::vector<syntax::BuildParameter>& declared) {
  for (const auto& parameter : declared) {
    const auto given = assumptions.parameters.find(parameter.name.text);
    auto value = initial_of(parameter);
    if (given != assumptions.parameters.end()) {
      value = Constant{given->second};
      if (parameter.kind == syntax::BuildParameter::Kind::flag)
        value = Constant{lower(given->second) == "true"};
    }
    environment_[parameter.name.text] = value ? std::optional(Constant{value->text()}) : value;
    parameters_[parameter.name.text] = std::move(value);
  }
  nothing_said_ = !assumptions.branch && !assumptions.tag && !assumptions.change_request;
  if (nothing_said_) return;
  const auto set = [&](const char* name, const std::optional<std::string>& value) {
    environment_[name] = value ? Constant{*value} : Constant{};
  };
  const auto& request = assumptions.change_request;
  set("CHANGE_ID", request);
  set("CHANGE_TARGET", request ? assumptions.branch : std::nullopt);
  if (request && !assumptions.branch) environment_["CHANGE_TARGET"] = std::nullopt;
  set("TAG_NAME", assumptions.tag);
  set("BRANCH_NAME",
      request ? "PR-" + *request : (assumptions.tag ? assumptions.tag : assumptions.branch));
}

void Foresight::add(const std::vector<syntax::EnvironmentEntry>& environment) {
  for (const auto& entry : environment) environment_[entry.name.text] = std::nullopt;
  // A value may name any other one of the block.
  constexpr int deepest = 8;
  bool more = true;
  for (int pass = 0; more && pass < deepest; ++pass) {
    more = false;
    for (const auto& entry : environment) {
      auto& known = environment_[entry.name.text];
      if (known || entry.credentials) continue;
      const auto found = value(*entry.value);
      if (!found) continue;
      known = Constant{found->text()};
      more = true;
    }
  }
}

void Foresight::add(const syntax::Cell& cell) {
  for (const auto& [axis, value] : cell)
    environment_[std::string(axis)] = Constant{std::string(value)};
}

std::optional<Constant> Foresight::find(std::string_view of, std::string_view name) const {
  const auto look = [&](const auto& map) -> std::optional<std::optional<Constant>> {
    const auto found = map.find(name);
    return found != map.end() ? std::optional(found->second) : std::nullopt;
  };
  if (of == "params") return look(parameters_).value_or(std::nullopt);
  if (auto known = look(environment_)) return *known;
  if (of == "env") return std::nullopt;
  return look(parameters_).value_or(std::nullopt);
}

Names Foresight::names() const {
  return [this](std::string_view of, std::string_view name) { return find(of, name); };
}

std::optional<Constant> Foresight::value(const syntax::Expression& expression) const {
  return constant(expression, names());
}

Answer Foresight::all(const std::vector<syntax::Condition>& conditions) const {
  Answer whole{Holds::yes, ""};
  for (const auto& condition : conditions) {
    auto one = holds(condition);
    if (one.holds == Holds::no) return one;
    if (one.holds == Holds::depends && whole.holds != Holds::depends) {
      whole = std::move(one);
    } else if (whole.holds == Holds::yes) {
      whole.why += (whole.why.empty() ? "" : ", and ") + one.why;
    }
  }
  return whole;
}

Answer Foresight::any(const std::vector<syntax::Condition>& conditions) const {
  Answer whole{Holds::no, ""};
  for (const auto& condition : conditions) {
    auto one = holds(condition);
    if (one.holds == Holds::yes) return one;
    if (one.holds == Holds::depends && whole.holds != Holds::depends) {
      whole = std::move(one);
    } else if (whole.holds == Holds::no) {
      whole.why += (whole.why.empty() ? "" : ", and ") + one.why;
    }
  }
  return whole;
}

Answer Foresight::holds(const syntax::When& when) const { return all(when.conditions); }

Answer Foresight::holds(const syntax::Condition& condition) const {
  return std::visit([&](const auto& kind) { return test(kind); }, condition.kind);
}

Answer Foresight::matches(const std::string& what, const std::optional<std::string>& text,
                          const syntax::Expression* pattern, syntax::Comparator comparator) const {
  if (!text) return {Holds::no, fmt::format("there is no {}", what)};
  const auto wanted = text_of(pattern ? value(*pattern) : std::nullopt);
  if (!wanted) return depends("a value that is known when it runs");
  const auto same = compare(*text, *wanted, comparator);
  if (!same) return depends("a regular expression that is not valid");
  return answer(*same, fmt::format("the {} is '{}'", what, *text));
}

Answer Foresight::test(const syntax::BranchCondition& condition) const {
  if (nothing_said_) return depends("the branch");
  return matches("branch", text_of(find("env", "BRANCH_NAME")), condition.pattern,
                 condition.comparator);
}

Answer Foresight::test(const syntax::TagCondition& condition) const {
  if (nothing_said_) return depends("the tag");
  const auto tag = text_of(find("env", "TAG_NAME"));
  if (tag && !condition.pattern) return {Holds::yes, fmt::format("the tag is '{}'", *tag)};
  return matches("tag", tag, condition.pattern, condition.comparator);
}

Answer Foresight::test(const syntax::BuildingTagCondition&) const {
  if (nothing_said_) return depends("the tag");
  const auto tag = text_of(find("env", "TAG_NAME"));
  return answer(tag.has_value(), tag ? fmt::format("the tag is '{}'", *tag) : "there is no tag");
}

Answer Foresight::test(const syntax::ChangelogCondition&) const {
  return depends("the messages of the new commits");
}

Answer Foresight::test(const syntax::ChangesetCondition&) const {
  return depends("the files that changed");
}

Answer Foresight::test(const syntax::ChangeRequestCondition& condition) const {
  using Field = syntax::ChangeRequestCondition::Field;
  if (nothing_said_) return depends("the change request");
  const auto id = text_of(find("env", "CHANGE_ID"));
  if (!id) return {Holds::no, "there is no change request"};
  Answer whole{Holds::yes, fmt::format("the change request is {}", *id)};
  for (const auto& [field, pattern] : condition.fields) {
    Answer one = depends("the change request");
    if (field == Field::id) one = matches("change request", id, pattern, condition.comparator);
    const auto target = text_of(find("env", "CHANGE_TARGET"));
    if (field == Field::target && target)
      one = matches("change request's target", target, pattern, condition.comparator);
    if (one.holds == Holds::no) return one;
    if (one.holds == Holds::depends) whole = std::move(one);
  }
  return whole;
}

Answer Foresight::test(const syntax::EnvironmentCondition& condition) const {
  const auto variable = text_of(value(*condition.variable));
  const auto wanted = text_of(value(*condition.value));
  if (!variable || !wanted) return depends("a value that is known when it runs");
  const auto known = environment_.find(*variable);
  if (known == environment_.end() || !known->second)
    return depends(fmt::format("the variable {}", *variable));
  const auto text = text_of(known->second).value_or("");
  const bool same = condition.ignore_case ? lower(text) == lower(*wanted) : text == *wanted;
  return answer(same, fmt::format("{} is '{}'", *variable, text));
}

Answer Foresight::test(const syntax::EqualsCondition& condition) const {
  const auto expected = value(*condition.expected);
  const auto actual = value(*condition.actual);
  if (!expected || !actual) return depends("a value that is known when it runs");
  return answer(*expected == *actual, fmt::format("the actual value is {}", actual->text()));
}

Answer Foresight::test(const syntax::ExpressionCondition& condition) const {
  const auto known = constant(*condition.body, names());
  if (!known) return depends("an expression");
  return answer(known->is_true(), fmt::format("the expression is {}", known->text()));
}

Answer Foresight::test(const syntax::TriggeredByCondition&) const {
  return depends("what starts the run");
}

Answer Foresight::test(const syntax::RestartedRunCondition&) const {
  return {Holds::no, "the run is not a restarted one"};
}

Answer Foresight::test(const syntax::NotCondition& condition) const {
  auto inner = all(condition.conditions);
  if (inner.holds == Holds::yes)
    inner.holds = Holds::no;
  else if (inner.holds == Holds::no)
    inner.holds = Holds::yes;
  return inner;
}

Answer Foresight::test(const syntax::AllOfCondition& condition) const {
  return all(condition.conditions);
}

Answer Foresight::test(const syntax::AnyOfCondition& condition) const {
  return any(condition.conditions);
}

}  // namespace cupel::pipeline
