// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/regex_values.hpp"

namespace cupel::pipeline {
namespace {

enum class Which { first, all };

std::string_view whole(const std::string& text, const Regex::Groups& groups) {
  return std::string_view(text).substr(groups[0]->begin, groups[0]->end - groups[0]->begin);
}

/// One match's replacement, by the closure or the text that is the last argument.
Outcome<void> append(MethodCall& call, const Regex& regex, const std::string& text,
                     const Regex::Groups& groups, const std::string& with, std::string& to) {
  if (call.has_closure()) {
    const auto value = TRY(call.apply({match_value(regex, text, groups)}));
    to += TRY(call.evaluator.text(value, call.context));
    return {};
  }
  const auto done = append_replacement(regex, text, groups, with, to);
  if (!done)
    return raise(done.error().fault() == Fault::not_found ? "java.lang.IndexOutOfBoundsException"
                                                          : "java.lang.IllegalArgumentException",
                 "{}", done.error().text());
  return {};
}

Outcome<Value> replace_by(MethodCall& call, Which which) {
  const auto text = TRY(call.own_text());
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  const auto with = call.has_closure() ? std::string() : TRY(call.text(1));
  std::string result;
  std::size_t place = 0;
  RegexFinder finder(*regex, text);
  while (const auto groups = TRY(run_regex(finder.next()))) {
    const auto& found = *(*groups)[0];
    result.append(text, place, found.begin - place);
    TRY(append(call, *regex, text, *groups, with, result));
    place = found.end;
    if (which == Which::first) break;
    if (result.size() > max_text)
      return refuse("the text would be longer than {} MiB", max_text >> 20);
  }
  result.append(text, place);
  return call.text_value(std::move(result));
}

/// replace(what, with): not a pattern. An empty text stands between all characters.
Outcome<Value> replace(MethodCall& call) {
  if (call.count() == 1) {  // replace(map), of later Groovy versions
    const auto map = call[0].as_map();
    if (!map) return missing_method(call.self, "replace", call.arguments);
    auto text = TRY(call.own_text());
    for (const auto& [from, to] : std::vector<Map::Entry>(map->entries())) {
      std::vector<Value> pair{from, to};
      const Value self(std::move(text));
      MethodCall one{call.evaluator, call.context, self, pair};
      text = *TRY(replace(one)).as_text();
    }
    return call.text_value(std::move(text));
  }
  const auto text = TRY(call.own_text());
  const auto what = TRY(call.text(0));
  const auto with = TRY(call.text(1));
  if (what.empty()) {
    std::vector<Value> pair{Value(""), Value(quote_replacement(with))};
    MethodCall one{call.evaluator, call.context, call.self, pair};
    return replace_by(one, Which::all);
  }
  std::string result;
  std::size_t place = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, place)) {
    result.append(text, place, at - place).append(with);
    place = at + what.size();
    if (result.size() > max_text)
      return refuse("the text would be longer than {} MiB", max_text >> 20);
  }
  return call.text_value(std::move(result.append(text, place)));
}

Outcome<Value> matches(MethodCall& call) {
  return Value(TRY(matches_whole(call.self, call[0], call.evaluator, call.context)));
}

Outcome<Value> with_table(MethodCall& call, void (*fill)(MethodTable&), std::string_view name) {
  MethodTable table;
  fill(table);
  return call_method(table.at(name), call, name);
}

/// find(regex), find(regex) { }; with a closure alone, or nothing, of the characters.
Outcome<Value> find(MethodCall& call) {
  if (call.count() == 0 || call[0].closure_here()) return with_table(call, add_searching, "find");
  const auto text = TRY(call.own_text());
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  RegexFinder finder(*regex, text);
  const auto groups = TRY(run_regex(finder.next()));
  if (!groups) return Value();
  if (call.has_closure()) return call.apply({match_value(*regex, text, *groups)});
  return Value(whole(text, *groups));
}

Outcome<Value> find_all(MethodCall& call) {
  if (call.count() == 0 || call[0].closure_here())
    return with_table(call, add_searching, "findAll");
  const auto text = TRY(call.own_text());
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  std::vector<Value> found;
  RegexFinder finder(*regex, text);
  while (const auto groups = TRY(run_regex(finder.next())))
    found.push_back(call.has_closure() ? TRY(call.apply({match_value(*regex, text, *groups)}))
                                       : Value(whole(text, *groups)));
  return call.list_value(std::move(found));
}

Outcome<Value> each_match(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
  RegexFinder finder(*regex, text);
  while (const auto groups = TRY(run_regex(finder.next())))
    TRY(call.apply({match_value(*regex, text, *groups)}));
  return Value(text);
}

/// Without its first part that is the text, or matches the pattern.
Outcome<Value> minus(MethodCall& call) {
  const auto text = TRY(call.own_text());
  std::string result = text;
  if (dynamic_cast<const PatternObject*>(call[0].object_here())) {
    const auto regex = TRY(regex_of(call[0], call.evaluator, call.context));
    if (const auto groups = TRY(run_regex(regex->match(text, 0, Regex::Mode::search))))
      result.erase((*groups)[0]->begin, (*groups)[0]->end - (*groups)[0]->begin);
  } else {
    const auto part = TRY(call.text(0));
    if (const auto at = text.find(part); at != std::string::npos) result.erase(at, part.size());
  }
  return call.text_value(std::move(result));
}

}  // namespace

void add_text_regex(MethodTable& table) {
  table = {
      {"replaceAll", {2, 2, [](MethodCall& c) { return replace_by(c, Which::all); }}},
      {"replaceFirst", {2, 2, [](MethodCall& c) { return replace_by(c, Which::first); }}},
      {"replace", {1, 2, replace}},
      {"matches", {1, 1, matches}},
      {"find", {0, 2, find}},
      {"findAll", {0, 2, find_all}},
      {"eachMatch", {2, 2, each_match}},
      {"minus", {1, 1, minus}},
      {"bitwiseNegate",
       {0, 0, [](MethodCall& c) { return pattern_value(c.self, c.evaluator, c.context); }}},
  };
}

}  // namespace cupel::pipeline
