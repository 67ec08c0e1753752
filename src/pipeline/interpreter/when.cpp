// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/when.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "os/glob.hpp"
#include "pipeline/groovy/regex.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

Result<bool> compares(syntax::Comparator comparator, const std::string& pattern,
                      const std::string& text) {
  switch (comparator) {
    case syntax::Comparator::glob: return os::glob_matches(lower(pattern), lower(text));
    case syntax::Comparator::equals: return pattern == text;
    case syntax::Comparator::regexp: break;
  }
  const auto regex = Regex::compile(pattern);
  if (!regex)  // Java's message goes on with the pattern and a caret
    return fail(Fault::invalid, "the pattern '{}': {}", pattern,
                split(regex.error().message(), '\n')[0]);
  return TRY(regex->match(text, 0, Regex::Mode::whole), "the pattern '{}'", pattern).has_value();
}

std::string Cause::simple_name() const { return type.substr(type.find_last_of(".$") + 1); }

namespace {

using Field = syntax::ChangeRequestCondition::Field;

constexpr std::array<std::pair<Field, std::string_view>, 9> change_variables = {{
    {Field::id, "CHANGE_ID"},
    {Field::target, "CHANGE_TARGET"},
    {Field::branch, "CHANGE_BRANCH"},
    {Field::fork, "CHANGE_FORK"},
    {Field::url, "CHANGE_URL"},
    {Field::title, "CHANGE_TITLE"},
    {Field::author, "CHANGE_AUTHOR"},
    {Field::author_display_name, "CHANGE_AUTHOR_DISPLAY_NAME"},
    {Field::author_email, "CHANGE_AUTHOR_EMAIL"},
}};

/// Evaluates one condition after the other in a context.
class Judge {
 public:
  explicit Judge(Context& context) : context_(context) {}

  Outcome<bool> condition(const syntax::Condition& one) {
    auto held = std::visit([this](const auto& kind) { return judge(kind); }, one.kind);
    if (!held) held.error().place(one.span);
    return held;
  }

  Outcome<bool> all(const std::vector<syntax::Condition>& conditions) {
    for (const auto& one : conditions)
      if (!TRY(condition(one))) return false;
    return true;
  }

 private:
  Outcome<bool> judge(const syntax::BranchCondition& one) {
    auto branch = variable("BRANCH_NAME");
    if (branch.empty()) branch = variable("GIT_LOCAL_BRANCH");
    if (branch.empty()) return false;
    return compares(one.comparator, TRY(text(one.pattern)), branch);
  }

  Outcome<bool> judge(const syntax::TagCondition& one) {
    const auto tag = variable("TAG_NAME");
    if (tag.empty() || !one.pattern) return !tag.empty();
    return compares(one.comparator, TRY(text(one.pattern)), tag);
  }

  Outcome<bool> judge(const syntax::BuildingTagCondition&) { return !variable("TAG_NAME").empty(); }

  Outcome<bool> judge(const syntax::ChangeRequestCondition& one) {
    if (variable("CHANGE_ID").empty()) return false;
    for (const auto& [field, pattern] : one.fields)
      for (const auto& [known, name] : change_variables)
        if (known == field && !TRY(Outcome<bool>(compares(one.comparator, TRY(text(pattern)),
                                                          variable(std::string(name))))))
          return false;
    return true;
  }

  Outcome<bool> judge(const syntax::ChangelogCondition& one) {
    warn_of_no_changes();
    const auto pattern = TRY(text(one.pattern));
    // Anywhere in the message's lines, as a whole of any of them.
    const auto regex = TRY(Outcome<Regex>(Regex::compile(pattern, Regex::multiline)));
    for (const auto& change : context_.run.facts.changes) {
      if (TRY(Outcome<std::optional<Regex::Groups>>(
              regex.match(change.message, 0, Regex::Mode::whole))))
        return true;
      for (const auto& line : split(change.message, '\n'))
        if (TRY(Outcome<std::optional<Regex::Groups>>(regex.match(line, 0, Regex::Mode::whole))))
          return true;
    }
    return false;
  }

  Outcome<bool> judge(const syntax::ChangesetCondition& one) {
    warn_of_no_changes();
    const auto pattern = TRY(text(one.pattern));
    for (const auto& change : context_.run.facts.changes)
      for (const auto& path : change.paths) {
        const bool exact = one.case_sensitive && one.comparator == syntax::Comparator::glob;
        if (exact ? os::glob_matches(pattern, path)
                  : TRY(Outcome<bool>(compares(one.comparator, pattern, path))))
          return true;
      }
    return false;
  }

  Outcome<bool> judge(const syntax::EnvironmentCondition& one) {
    const auto name = TRY(text(one.variable));
    const auto value = context_.variable(name);
    const auto expected = TRY(context_.run.interpreter.evaluate(*one.value, context_));
    if (!value || expected.is_null()) return !value && expected.is_null();
    const auto wanted = TRY(text(one.value));
    return one.ignore_case ? lower(*value) == lower(wanted) : *value == wanted;
  }

  Outcome<bool> judge(const syntax::EqualsCondition& one) {
    const auto expected = TRY(context_.run.interpreter.evaluate(*one.expected, context_));
    const auto actual = TRY(context_.run.interpreter.evaluate(*one.actual, context_));
    return Outcome<bool>(equal(expected, actual));
  }

  Outcome<bool> judge(const syntax::ExpressionCondition& one) {
    auto value = context_.run.interpreter.run(*one.body, context_);
    if (value) return truth(*value);
    if (const auto* returned = std::get_if<Return>(&value.error().kind()))
      return truth(returned->value);
    return tl::unexpected(std::move(value.error()));
  }

  Outcome<bool> judge(const syntax::TriggeredByCondition& one) {
    const auto wanted = lower(TRY(text(one.cause)));
    const auto detail = one.detail ? TRY(text(one.detail)) : std::string();
    return std::ranges::any_of(context_.run.facts.causes, [&](const Cause& cause) {
      return lower(cause.simple_name()).starts_with(wanted) &&
             (!one.detail || cause.user == detail);
    });
  }

  Outcome<bool> judge(const syntax::RestartedRunCondition&) {
    const auto& restart = context_.run.facts.restart;
    return !restart.from.empty() || !restart.only.empty();
  }

  Outcome<bool> judge(const syntax::NotCondition& one) { return !TRY(all(one.conditions)); }
  Outcome<bool> judge(const syntax::AllOfCondition& one) { return all(one.conditions); }

  Outcome<bool> judge(const syntax::AnyOfCondition& one) {
    for (const auto& inner : one.conditions)
      if (TRY(condition(inner))) return true;
    return false;
  }

  Outcome<std::string> text(const syntax::Expression* expression) {
    return context_.run.interpreter.evaluate_text(*expression, context_);
  }

  std::string variable(const std::string& name) {
    return context_.variable(name).value_or(std::string());
  }

  void warn_of_no_changes() {
    const auto& facts = context_.run.facts;
    if (!facts.changes.empty()) return;
    context_.note(facts.is_first
                      ? "Warning, empty changelog. Probably because this is the first build."
                      : "Warning, empty changelog. Have you run checkout?");
  }

  Context& context_;
};

}  // namespace

Outcome<bool> holds(const syntax::When& when, Context& context) {
  return Judge(context).all(when.conditions);
}

}  // namespace cupel::pipeline
