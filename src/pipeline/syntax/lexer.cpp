// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "pipeline/syntax/characters.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr std::size_t largest_text = 2U << 20;

// Sorted, for binary search.
constexpr auto keywords = std::to_array<std::string_view>(
    {"abstract", "as",        "assert",       "boolean",    "break",  "byte",    "case",
     "catch",    "char",      "class",        "continue",   "def",    "default", "do",
     "double",   "else",      "enum",         "extends",    "false",  "final",   "finally",
     "float",    "for",       "if",           "implements", "import", "in",      "instanceof",
     "int",      "interface", "long",         "native",     "new",    "null",    "package",
     "private",  "protected", "public",       "return",     "short",  "static",  "strictfp",
     "super",    "switch",    "synchronized", "this",       "throw",  "throws",  "transient",
     "true",     "try",       "void",         "volatile",   "while"});

// Longer ones first where one starts another.
constexpr auto symbols = std::to_array<std::string_view>(
    {">>>=", "===", "!==", "<=>", "==~", "**=", "<<=", ">>=", ">>>", "..<", "<..", "...",
     "?.",   "*.",  ".&",  ".@",  "::",  "->",  "++",  "--",  "&&",  "||",  "==",  "!=",
     "<=",   ">=",  "+=",  "-=",  "*=",  "/=",  "%=",  "&=",  "|=",  "^=",  "?=",  "?:",
     "..",   "=~",  "**",  "<<",  ">>",  "*:",  "(",   ")",   "[",   "]",   "{",   "}",
     ",",    ";",   ":",   ".",   "+",   "-",   "*",   "/",   "%",   "<",   ">",   "=",
     "!",    "~",   "?",   "&",   "|",   "^",   "@"});

/// By the first byte: where in the list such symbols begin, and one past the last of them. What
/// lies between may begin otherwise, too.
struct Stretch {
  std::uint8_t begin = 0, end = 0;
};
constexpr auto stretches = [] {
  std::array<Stretch, 128> made{};
  for (std::uint8_t i = 0; i < symbols.size(); ++i) {
    auto& stretch = made[static_cast<unsigned char>(symbols[i][0])];
    if (stretch.end == 0) stretch.begin = i;
    stretch.end = static_cast<std::uint8_t>(i + 1);
  }
  return made;
}();

std::span<const std::string_view> symbols_with(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= stretches.size()) return {};
  const auto [begin, end] = stretches[byte];
  return std::span(symbols).subspan(begin, end - begin);
}

}  // namespace

bool is_keyword(std::string_view word) { return std::ranges::binary_search(keywords, word); }

std::vector<Token> tokenize(const Source& source, Diagnostics& diagnostics) {
  return Lexer(source, diagnostics).run();
}

Lexer::Lexer(const Source& source, Diagnostics& diagnostics)
    : source_(source), diagnostics_(diagnostics), text_(source.text()) {}

std::vector<Token> Lexer::run() {
  if (acceptable()) {
    tokens_.reserve(text_.size() / 4);  // growing would copy them; what is not used costs nothing
    if (at("\xEF\xBB\xBF")) at_ += 3;
    if (at("#!")) at_ = std::min(text_.find('\n'), text_.size());
    while (skip_blanks(), at_ < text_.size()) next();
    for (const auto& string : open_)
      error(string.interpolation, string.interpolation + 2, "'${' is not closed", "add a '}'");
  } else {
    at_ = text_.size();
  }
  add(TokenKind::end, text_.size());
  return std::move(tokens_);
}

bool Lexer::acceptable() {
  if (text_.size() > largest_text) {
    diagnostics_.error({}, fmt::format("the file has {}, more than the limit of {}",
                                       to_text(Bytes{text_.size()}), to_text(Bytes{largest_text})));
    return false;
  }
  for (std::size_t i = 0; i < text_.size();) {
    const auto c = static_cast<unsigned char>(text_[i]);
    const auto length = c != 0 && c < 0x80 ? 1 : utf8_length(text_.substr(i));
    if (c == 0 || length == 0) {
      error(i, i + 1,
            c == 0 ? std::string("a NUL byte: this is no text file")
                   : fmt::format("byte 0x{:02x} is not UTF-8; save the file as UTF-8", c));
      return false;
    }
    i += length;
  }
  return true;
}

void Lexer::skip_blanks() {
  newline_before_ = space_before_ = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\n' || c == '\r') {
      newline_before_ = space_before_ = true;
      ++at_;
    } else if (c == ' ' || c == '\t' || c == '\f' || c == '\v') {
      space_before_ = true;
      ++at_;
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      space_before_ = true;
      at_ += peek(1) == '\n' ? 2 : 3;
    } else if (!skip_comment()) {
      return;
    }
  }
}

bool Lexer::skip_comment() {
  if (at("//")) {
    at_ = std::min(text_.find('\n', at_), text_.size());
  } else if (at("/*")) {
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) error(at_, at_ + 2, "comment is not closed", "add '*/'");
    const auto stop = end == std::string_view::npos ? text_.size() : end + 2;
    if (text_.substr(at_, stop - at_).find('\n') != std::string_view::npos) newline_before_ = true;
    at_ = stop;
  } else {
    return false;
  }
  space_before_ = true;
  return true;
}

void Lexer::next() {
  const char c = peek();
  if (is_digit(c)) return number();
  if (string_start()) return;
  if (starts_word(c)) return word();
  if (c == '}' && close_interpolation()) return;
  symbol();
}

void Lexer::word() {
  const auto begin = at_;
  while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
  auto& token = add(TokenKind::identifier, begin);
  if (is_keyword(token.word)) token.kind = TokenKind::keyword;
}

void Lexer::symbol() {
  const auto begin = at_;
  for (const auto symbol : symbols_with(text_[begin])) {
    if (symbol[0] != text_[begin] || !at(symbol)) continue;
    at_ += symbol == "<.." && peek(3) == '<' ? 4 : symbol.size();
    if (!open_.empty() && symbol == "{") ++open_.back().braces;
    if (!open_.empty() && symbol == "}") --open_.back().braces;
    add(TokenKind::symbol, begin);
    return;
  }
  at_ += std::max<std::size_t>(utf8_length(text_.substr(at_)), 1);
  error(begin, at_, fmt::format("unexpected character '{}'", text_.substr(begin, at_ - begin)));
  add(TokenKind::bad, begin);
}

bool Lexer::close_interpolation() {
  if (open_.empty() || open_.back().braces != 0) return false;
  const auto string = open_.back();
  open_.pop_back();
  ++at_;
  add(TokenKind::interpolation_end, at_ - 1);
  string_body(string.quote, string.begin, true);
  return true;
}

bool Lexer::after_operand() const {
  if (tokens_.empty() || newline_before_) return false;
  const auto& last = tokens_.back();
  switch (last.kind) {
    case TokenKind::symbol:
      return last.word == ")" || last.word == "]" || last.word == "}" || last.word == "++" ||
             last.word == "--";
    case TokenKind::keyword:
      return last.word == "this" || last.word == "super" || last.word == "true" ||
             last.word == "false" || last.word == "null" ||
             (tokens_.size() > 1 && tokens_[tokens_.size() - 2].word == ".");
    case TokenKind::interpolation_begin:
      return false;
    default:
      return true;
  }
}

char Lexer::peek(std::size_t ahead) const {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

Position Lexer::position(std::size_t offset) {
  if (offset < anchor_.offset) return source_.position(offset);
  for (auto i = anchor_.offset; i < offset; ++i) {
    if (text_[i] == '\n') {
      ++anchor_.line;
      anchor_.column = 1;
    } else if (!continues_character(text_[i])) {
      ++anchor_.column;
    }
  }
  anchor_.offset = static_cast<std::uint32_t>(offset);
  return anchor_;
}

Span Lexer::span_from(std::size_t begin) {
  const auto first = position(begin);
  return {first, position(at_)};
}

Token& Lexer::add(TokenKind kind, std::size_t begin) {
  auto& token = tokens_.emplace_back();
  token.kind = kind;
  token.newline_before = newline_before_;
  token.space_before = space_before_;
  token.span = span_from(begin);
  token.word = text_.substr(begin, at_ - begin);
  return token;
}

void Lexer::error(std::size_t begin, std::size_t end, std::string message, std::string hint) {
  if (diagnostics_.full()) return;  // finding the position may take a while
  diagnostics_.error({source_.position(begin), source_.position(end)}, std::move(message),
                     std::move(hint));
}

}  // namespace cupel::pipeline::syntax
