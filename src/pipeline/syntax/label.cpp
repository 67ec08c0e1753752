// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/label.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr int deepest_nesting = 64;

/// Weakest first: <->, ->, ||, &&, !.
class LabelParser {
 public:
  explicit LabelParser(std::string_view text) : whole_(text), rest_(text) {}

  Result<Label> run() {
    auto label = TRY(equality());
    skip_blanks();
    if (!rest_.empty()) return wrong(fmt::format("unexpected '{}'", rest_));
    return label;
  }

 private:
  using Rule = Result<Label> (LabelParser::*)();

  tl::unexpected<Error> wrong(const std::string& why) const {
    return fail(Fault::invalid, "label '{}': {}", whole_, why);
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool accept(std::string_view symbol) {
    skip_blanks();
    if (!rest_.starts_with(symbol)) return false;
    rest_.remove_prefix(symbol.size());
    last_ = symbol;
    return true;
  }

  Result<Label> joined(std::string_view symbol, Label::Kind kind, Rule operand) {
    auto first = TRY((this->*operand)());
    if (!accept(symbol)) return first;
    Label made{kind, {}, {}};
    made.operands.push_back(std::move(first));
    do made.operands.push_back(TRY((this->*operand)()));
    while (accept(symbol));
    return made;
  }

  Result<Label> equality() { return joined("<->", Label::Kind::equals, &LabelParser::implication); }
  Result<Label> implication() { return joined("->", Label::Kind::implies, &LabelParser::either); }
  Result<Label> either() { return joined("||", Label::Kind::or_, &LabelParser::both); }
  Result<Label> both() { return joined("&&", Label::Kind::and_, &LabelParser::single); }

  Result<Label> single() {
    if (++depth_ > deepest_nesting) return wrong("nested too deeply");
    auto label = TRY(nested());
    --depth_;
    return label;
  }

  Result<Label> nested() {
    if (accept("!")) {
      Label made{Label::Kind::not_, {}, {}};
      made.operands.push_back(TRY(single()));
      return made;
    }
    if (accept("(")) {
      auto inner = TRY(equality());
      if (!accept(")")) return wrong("')' is missing");
      return inner;
    }
    if (accept("\"")) {
      const auto end = rest_.find('"');
      if (end == std::string_view::npos) return wrong("'\"' is not closed");
      Label made{Label::Kind::name, std::string(rest_.substr(0, end)), {}};
      rest_.remove_prefix(end + 1);
      return made;
    }
    return plain();
  }

  Result<Label> plain() {
    skip_blanks();
    const auto arrow = std::min(rest_.find("->"), rest_.find("<->"));
    const auto end = std::min({rest_.find_first_of(" \t\r\n()!&|\""), arrow, rest_.size()});
    if (end == 0)
      return wrong(last_.empty() ? std::string("a name is missing")
                                 : fmt::format("a name is missing behind '{}'", last_));
    Label made{Label::Kind::name, std::string(rest_.substr(0, end)), {}};
    rest_.remove_prefix(end);
    return made;
  }

  std::string_view whole_;
  std::string_view rest_;
  std::string_view last_;
  int depth_ = 0;
};

void collect(const Label& label, std::vector<std::string>& names) {
  if (label.kind == Label::Kind::name && std::ranges::find(names, label.name) == names.end())
    names.push_back(label.name);
  for (const auto& operand : label.operands) collect(operand, names);
}

}  // namespace

Result<Label> parse_label(std::string_view text) { return LabelParser(text).run(); }

bool Label::evaluate(const std::set<std::string, std::less<>>& node_labels) const {
  const auto holds = [&](const Label& operand) { return operand.evaluate(node_labels); };
  switch (kind) {
    case Kind::name:
      return node_labels.contains(name);
    case Kind::not_:
      return !holds(operands.front());
    case Kind::and_:
      return std::ranges::all_of(operands, holds);
    case Kind::or_:
      return std::ranges::any_of(operands, holds);
    case Kind::implies:
    case Kind::equals:
      break;
  }
  bool value = holds(operands.front());
  for (std::size_t i = 1; i < operands.size(); ++i)
    value = kind == Kind::implies ? !value || holds(operands[i]) : value == holds(operands[i]);
  return value;
}

std::vector<std::string> Label::names() const {
  std::vector<std::string> list;
  collect(*this, list);
  return list;
}

}  // namespace cupel::pipeline::syntax
