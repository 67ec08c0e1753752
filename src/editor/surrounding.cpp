// SPDX-License-Identifier: Apache-2.0
#include "editor/surrounding.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/syntax/characters.hpp"

namespace cupel::editor {
namespace {

using pipeline::syntax::continues_word;
using pipeline::syntax::starts_word;

constexpr std::size_t deepest = 512;

/// Goes through the text once, from its start to the place.
class Scan {
 public:
  Scan(std::string_view text, std::size_t offset) : text_(text.substr(0, offset)) {}

  Surrounding run() {
    while (at_ < text_.size()) step();
    Surrounding found;
    found.in_text = in_text_;
    for (const auto& one : open_)
      if (one.bracket == '{') found.blocks.push_back(one.head);
    if (!open_.empty() && open_.back().bracket == '(')
      found.call = open_.back().head;
    else if (command_arguments_)
      found.call = command_;
    return found;
  }

 private:
  struct Open {
    char bracket;
    std::string head;
  };

  void step() {
    const auto rest = text_.substr(at_);
    const char c = rest[0];
    if (rest.starts_with("//")) return skip_to("\n", 2, 0);
    if (rest.starts_with("/*")) return skip_to("*/", 2, 2);
    if (rest.starts_with("'''") || rest.starts_with("\"\"\"")) return string(rest.substr(0, 3));
    if (c == '\'' || c == '"') return string(rest.substr(0, 1));
    if (starts_word(c)) return word();
    ++at_;
    if (c == '{' || c == '(' || c == '[') return push(c);
    if (c == '}' || c == ')' || c == ']') return pop(c);
    if (c == '\n' || c == ';') return new_statement();
    if ((c == ' ' || c == '\t') && !command_.empty() && words_ == 1) command_arguments_ = true;
    if (c == '=' || c == '.') command_.clear();
  }

  void word() {
    const auto begin = at_;
    while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
    last_word_ = text_.substr(begin, at_ - begin);
    if (words_++ == 0) command_ = last_word_;
  }

  void string(std::string_view quote) {
    const auto begin = at_;
    at_ += quote.size();
    ++words_;
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        at_ += 2;
        continue;
      }
      if (text_.substr(at_).starts_with(quote)) {
        at_ += quote.size();
        return;
      }
      // A string that is not closed on its line ends there, as the parser takes it.
      if (quote.size() == 1 && text_[at_] == '\n') return;
      ++at_;
    }
    in_text_ = begin < text_.size();
  }

  void skip_to(std::string_view end, std::size_t from, std::size_t behind) {
    const auto found = text_.find(end, at_ + from);
    in_text_ = found == std::string_view::npos;
    at_ = in_text_ ? text_.size() : found + behind;
  }

  void push(char bracket) {
    if (open_.size() < deepest) open_.push_back({bracket, head_for(bracket)});
    if (bracket == '{') new_statement();
  }

  /// Of stage('x') { the head is stage: that of the parentheses which closed just before.
  std::string head_for(char bracket) {
    if (bracket == '{' && !closed_call_.empty()) return closed_call_;
    if (bracket == '{' && words_ > 1 && !command_.empty()) return command_;
    return std::string(last_word_);
  }

  void pop(char bracket) {
    const char opening = bracket == '}' ? '{' : bracket == ')' ? '(' : '[';
    while (!open_.empty()) {
      const auto top = std::move(open_.back());
      open_.pop_back();
      if (top.bracket != opening) continue;
      closed_call_ = opening == '(' ? top.head : "";
      break;
    }
    if (bracket == '}') new_statement();
  }

  void new_statement() {
    words_ = 0;
    command_.clear();
    closed_call_.clear();
    last_word_ = {};
    command_arguments_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::string_view last_word_;
  std::string command_;      // the first word of the statement
  std::string closed_call_;  // the call whose parentheses closed last in the statement
  int words_ = 0;            // of the statement, so far
  bool command_arguments_ = false;
  bool in_text_ = false;
};

}  // namespace

bool Surrounding::within(std::string_view block) const {
  return std::ranges::find(blocks, block) != blocks.end();
}

Surrounding surrounding_of(std::string_view text, std::size_t offset) {
  return Scan(text, std::min(offset, text.size())).run();
}

std::string_view word_at(std::string_view text, std::size_t offset) {
  auto begin = std::min(offset, text.size());
  auto end = begin;
  while (begin > 0 && continues_word(text[begin - 1])) --begin;
  while (end < text.size() && continues_word(text[end])) ++end;
  return text.substr(begin, end - begin);
}

}  // namespace cupel::editor
