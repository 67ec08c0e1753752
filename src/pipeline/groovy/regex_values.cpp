// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/regex_values.hpp"

#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {

MatcherObject::MatcherObject(RegexPtr regex, std::string text)
    : regex_(std::move(regex)), subject_(std::move(text)) {}

std::string MatcherObject::text() const {
  std::string last;
  if (last_) last = subject_.substr((*last_)[0]->begin, (*last_)[0]->end - (*last_)[0]->begin);
  return fmt::format("java.util.regex.Matcher[pattern={} region=0,{} lastmatch={}]",
                     regex_->pattern(), character_count(subject_), last);
}

void MatcherObject::reset() {
  next_ = appended_ = 0;
  last_.reset();
}

void MatcherObject::reset(std::string text) {
  subject_ = std::move(text);
  reset();
}

Outcome<bool> MatcherObject::find() {
  RegexFinder finder(*regex_, subject_, next_);
  last_ = TRY(run_regex(finder.next()));
  next_ = finder.place();
  return last_.has_value();
}

Outcome<bool> MatcherObject::match(Regex::Mode mode) {
  last_ = TRY(run_regex(regex_->match(subject_, 0, mode)));
  next_ = last_ ? (*last_)[0]->end : 0;
  return last_.has_value();
}

Outcome<std::vector<Value>> MatcherObject::all() {
  reset();
  std::vector<Value> matches;
  RegexFinder finder(*regex_, subject_);
  while (const auto groups = TRY(run_regex(finder.next()))) {
    matches.push_back(match_value(*regex_, subject_, *groups));
    if (matches.size() > max_items) return refuse("more than {} matches", max_items);
  }
  return matches;
}

Outcome<const Regex::Groups*> MatcherObject::groups() const {
  if (!last_) return raise("java.lang.IllegalStateException", "No match found");
  return &*last_;
}

Outcome<std::size_t> MatcherObject::group_number(const Value& key) const {
  if (const auto* number = key.as_integer()) {
    if (*number < 0 || *number > static_cast<std::int64_t>(regex_->group_count()))
      return raise("java.lang.IndexOutOfBoundsException", "No group {}", *number);
    return static_cast<std::size_t>(*number);
  }
  const auto name = TRY(text_of(key));
  const auto found = regex_->names().find(name);
  if (found == regex_->names().end())
    return raise("java.lang.IllegalArgumentException", "No group with name <{}>", name);
  return found->second;
}

Value MatcherObject::group(const Regex::Groups& groups, std::size_t number) const {
  const auto& part = groups[number];
  return part ? Value(subject_.substr(part->begin, part->end - part->begin)) : Value();
}

Outcome<void> MatcherObject::append_replacement(const std::string& replacement, std::string& to) {
  const auto* found = TRY(groups());
  const auto& whole = *found->front();
  to += subject_.substr(appended_, whole.begin - appended_);
  const auto done = pipeline::append_replacement(*regex_, subject_, *found, replacement, to);
  if (!done)
    return raise(done.error().fault() == Fault::not_found ? "java.lang.IndexOutOfBoundsException"
                                                          : "java.lang.IllegalArgumentException",
                 "{}", done.error().text());
  appended_ = whole.end;
  return {};
}

Outcome<Value> MatcherObject::at(const Value& key, Context&) {
  const auto matches = TRY(all());
  const auto count = static_cast<std::int64_t>(matches.size());
  const auto* index = key.as_integer();
  if (!index) {
    std::vector<Value> chosen;
    for (const auto& one : TRY(elements_of(key))) {
      const auto* place = one.as_integer();
      const auto at = place ? (*place < 0 ? *place + count : *place) : -1;
      if (at < 0 || at >= count)
        return raise("java.lang.IndexOutOfBoundsException",
                     "index is out of range {}..{} (index = {})", -count, count - 1,
                     TRY(text_of(one)));
      chosen.push_back(matches[static_cast<std::size_t>(at)]);
    }
    return Value::list(std::move(chosen));
  }
  const auto at = *index < 0 ? *index + count : *index;
  if (at < 0 || at >= count)
    return raise("java.lang.IndexOutOfBoundsException", "index is out of range {}..{} (index = {})",
                 -count, count - 1, *index);
  // As in Groovy, the matcher stands on that match afterwards.
  reset();
  for (std::int64_t i = 0; i <= at; ++i) TRY(find());
  return matches[static_cast<std::size_t>(at)];
}

Outcome<Value> MatcherObject::get(const std::string& name, Context& context) {
  if (name == "count") return Value(static_cast<std::int64_t>(TRY(all()).size()));
  return Object::get(name, context);
}

Outcome<RegexPtr> compile_regex(const std::string& pattern, const Evaluator& evaluator,
                                std::uint32_t flags) {
  auto regex = Regex::compile(pattern, flags, evaluator.regex_work());
  if (!regex) return raise("java.util.regex.PatternSyntaxException", "{}", regex.error().text());
  return std::make_shared<const Regex>(std::move(*regex));
}

Outcome<RegexPtr> regex_of(const Value& value, Evaluator& evaluator, Context& context) {
  if (const auto* pattern = dynamic_cast<const PatternObject*>(value.object_here()))
    return pattern->regex();
  if (value.is_null())
    return raise("java.lang.NullPointerException", "a regular expression is needed, not null");
  return compile_regex(TRY(evaluator.text(value, context)), evaluator);
}

Value match_value(const Regex& regex, std::string_view text, const Regex::Groups& groups) {
  const auto part = [&](std::size_t i) {
    return groups[i] ? Value(text.substr(groups[i]->begin, groups[i]->end - groups[i]->begin))
                     : Value();
  };
  if (regex.group_count() == 0) return part(0);
  std::vector<Value> all;
  for (std::size_t i = 0; i < groups.size(); ++i) all.push_back(part(i));
  return Value::list(std::move(all));
}

Outcome<std::optional<Regex::Groups>> run_regex(Result<std::optional<Regex::Groups>> result) {
  if (result) return std::move(*result);
  return refuse("{}", result.error().text());
}

Outcome<Value> pattern_value(const Value& text, Evaluator& evaluator, Context& context) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<PatternObject>(TRY(regex_of(text, evaluator, context)))));
}

Outcome<Value> matcher_value(const Value& text, const Value& pattern, Evaluator& evaluator,
                             Context& context) {
  auto regex = TRY(regex_of(pattern, evaluator, context));
  auto subject = TRY(evaluator.text(text, context));
  return Value(std::shared_ptr<Object>(
      std::make_shared<MatcherObject>(std::move(regex), std::move(subject))));
}

Outcome<bool> matches_whole(const Value& text, const Value& pattern, Evaluator& evaluator,
                            Context& context) {
  if (text.is_null() || pattern.is_null()) return false;
  const auto regex = TRY(regex_of(pattern, evaluator, context));
  const auto subject = TRY(evaluator.text(text, context));
  return TRY(run_regex(regex->match(subject, 0, Regex::Mode::whole))).has_value();
}

Outcome<std::vector<Value>> split_by(const Regex& regex, std::string_view text,
                                     std::int64_t limit) {
  std::vector<Value> parts;
  RegexFinder finder(regex, text);
  std::size_t place = 0;
  while (limit <= 0 || static_cast<std::int64_t>(parts.size()) + 1 < limit) {
    const auto groups = TRY(run_regex(finder.next()));
    if (!groups) break;
    const auto& found = *(*groups)[0];
    // An empty match at the front makes no empty part, and the end makes none either.
    if (found.end == 0) continue;
    if (found.begin == found.end && found.begin >= text.size()) break;
    parts.emplace_back(text.substr(place, found.begin - place));
    place = found.end;
    if (parts.size() > max_items) return refuse("more than {} parts", max_items);
  }
  if (parts.empty()) return std::vector<Value>{Value(text)};
  parts.emplace_back(text.substr(place));
  if (limit == 0)
    while (!parts.empty() && parts.back().as_text()->empty()) parts.pop_back();
  return parts;
}

}  // namespace cupel::pipeline
