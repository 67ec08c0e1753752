// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/regex.hpp"

namespace cupel::pipeline {

using RegexPtr = std::shared_ptr<const Regex>;  // shared: patterns are values, and immutable

/// A java.util.regex.Pattern.
class PatternObject final : public Object {
 public:
  explicit PatternObject(RegexPtr regex) : regex_(std::move(regex)) {}
  std::string type_name() const override { return "java.util.regex.Pattern"; }
  std::string text() const override { return regex_->pattern(); }
  Outcome<std::string> to_string() override { return regex_->pattern(); }
  const Method* method(std::string_view name) const override;
  const RegexPtr& regex() const { return regex_; }

 private:
  RegexPtr regex_;
};

/// A java.util.regex.Matcher. Its truth looks for the next match, as Groovy's does.
class MatcherObject final : public Object {
 public:
  MatcherObject(RegexPtr regex, std::string text);
  std::string type_name() const override { return "java.util.regex.Matcher"; }
  std::string text() const override;
  Outcome<std::string> to_string() override { return text(); }
  Outcome<bool> truth() override { return find(); }
  Outcome<std::vector<Value>> items() override { return all(); }
  Outcome<Value> at(const Value& key, Context& context) override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  const Method* method(std::string_view name) const override;

  const Regex& regex() const { return *regex_; }
  const std::string& subject() const { return subject_; }
  Outcome<bool> find();
  Outcome<bool> match(Regex::Mode mode);
  void reset();
  void reset(std::string text);
  /// Where the next find() begins, in bytes.
  void move_to(std::size_t place) { next_ = place; }
  /// Every match: a text, or a list of all groups where the pattern has some.
  Outcome<std::vector<Value>> all();
  /// The last match; throws IllegalStateException if there is none.
  Outcome<const Regex::Groups*> groups() const;
  Outcome<std::size_t> group_number(const Value& key) const;
  Value group(const Regex::Groups& groups, std::size_t number) const;
  Outcome<void> append_replacement(const std::string& replacement, std::string& to);
  void append_tail(std::string& to) const { to += subject_.substr(appended_); }

 private:
  RegexPtr regex_;
  std::string subject_;
  std::size_t next_ = 0;
  std::size_t appended_ = 0;
  std::optional<Regex::Groups> last_;
};

/// Throws PatternSyntaxException.
Outcome<RegexPtr> compile_regex(const std::string& pattern, const Evaluator& evaluator,
                                std::uint32_t flags = 0);
/// A Pattern as it is, anything else by its text.
Outcome<RegexPtr> regex_of(const Value& value, Evaluator& evaluator, Context& context);
/// A match's text, or a list of its groups where the pattern has some.
Value match_value(const Regex& regex, std::string_view text, const Regex::Groups& groups);
/// A match, with limits as errors that no catch takes.
Outcome<std::optional<Regex::Groups>> run_regex(Result<std::optional<Regex::Groups>> result);

// The operators ~x, a =~ b, a ==~ b.
Outcome<Value> pattern_value(const Value& text, Evaluator& evaluator, Context& context);
Outcome<Value> matcher_value(const Value& text, const Value& pattern, Evaluator& evaluator,
                             Context& context);
Outcome<bool> matches_whole(const Value& text, const Value& pattern, Evaluator& evaluator,
                            Context& context);

/// Pattern.split
Outcome<std::vector<Value>> split_by(const Regex& regex, std::string_view text, std::int64_t limit);

}  // namespace cupel::pipeline
