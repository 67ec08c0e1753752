// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/groovy/moment.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> weekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};

/// A run of one letter, or literal text (letter 0).
struct Piece {
  char letter = 0;
  std::size_t count = 0;
  std::string text;
};

Result<std::vector<Piece>> pieces_of(std::string_view pattern) {
  std::vector<Piece> pieces;
  if (pattern.size() > 1000) return fail(Fault::invalid, "the date pattern is too long");
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      std::string text;
      for (++i;; ++i) {
        if (i >= pattern.size())
          return fail(Fault::invalid, "Pattern ends with an incomplete string literal: {}",
                      pattern);
        if (pattern[i] != '\'') {
          text += pattern[i];
        } else if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
          text += pattern[i++];
        } else {
          break;
        }
      }
      ++i;
      pieces.push_back({0, 0, text.empty() ? "'" : text});
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      const auto end = std::min(pattern.find_first_not_of(c, i), pattern.size());
      pieces.push_back({c, end - i, {}});
      i = end;
    } else {
      pieces.push_back({0, 0, std::string(1, c)});
      ++i;
    }
  }
  return pieces;
}

std::string padded(std::int64_t number, std::size_t width) {
  return fmt::format("{:0{}}", number, width);
}

std::string offset_text(std::int32_t offset, const Piece& piece) {
  const auto size = offset < 0 ? -offset : offset;
  const char sign = offset < 0 ? '-' : '+';
  if (piece.letter == 'X' && offset == 0) return "Z";
  if (piece.letter != 'Z' && piece.count == 1)
    return size / 60 % 60 == 0 ? fmt::format("{}{:02}", sign, size / 3600)
                               : fmt::format("{}{:02}{:02}", sign, size / 3600, size / 60 % 60);
  const bool colon = piece.letter != 'Z' && piece.count == 3;
  return fmt::format("{}{:02}{}{:02}", sign, size / 3600, colon ? ":" : "", size / 60 % 60);
}

Result<std::string> field_text(const Moment& moment, const Fields& f, const Piece& piece) {
  const auto n = piece.count;
  switch (piece.letter) {
    case 'y':
    case 'u':
    case 'Y': return n == 2 ? padded(f.year % 100, 2) : padded(f.year, n);
    case 'M':
    case 'L': {
      const auto name = months[static_cast<std::size_t>(f.month - 1)];
      return n <= 2 ? padded(f.month, n) : std::string(n == 3 ? name.substr(0, 3) : name);
    }
    case 'd': return padded(f.day, n);
    case 'D': return padded(day_of_year(moment), n);
    case 'H': return padded(f.hour, n);
    case 'k': return padded(f.hour == 0 ? 24 : f.hour, n);
    case 'h': return padded(f.hour % 12 == 0 ? 12 : f.hour % 12, n);
    case 'K': return padded(f.hour % 12, n);
    case 'm': return padded(f.minute, n);
    case 's': return padded(f.second, n);
    case 'S': return fmt::format("{:09}", f.nano).substr(0, std::min<std::size_t>(n, 9));
    case 'n': return padded(f.nano, n);
    case 'a': return std::string(f.hour < 12 ? "AM" : "PM");
    case 'E': {
      const auto name = weekdays[static_cast<std::size_t>(weekday_of(moment) - 1)];
      return std::string(n <= 3 ? name.substr(0, 3) : name);
    }
    case 'e':
    case 'c': return padded(weekday_of(moment), n);
    case 'G': return std::string("AD");
    case 'z':
    case 'V': return moment.offset == 0 ? std::string("UTC") : "GMT" + iso_offset(moment.offset);
    case 'Z':
    case 'X':
    case 'x': return offset_text(moment.offset, piece);
    default:
      return fail(Fault::invalid, "the letter '{}' of a date pattern is not supported",
                  piece.letter);
  }
}

/// Reads a text by the pieces of a pattern.
class Reading {
 public:
  Reading(std::string_view text, std::int32_t offset) : text_(text), offset_(offset) {}

  Result<> read(const Piece& piece, bool number_follows) {
    if (piece.letter == 0) {
      if (!text_.substr(at_).starts_with(piece.text)) return wrong();
      at_ += piece.text.size();
      return {};
    }
    switch (piece.letter) {
      case 'E': return name(weekdays, nullptr);
      case 'M':
      case 'L':
        if (piece.count > 2) return name(months, &fields_.month);
        return number(piece, number_follows, fields_.month);
      case 'y':
      case 'u':
      case 'Y': return year(piece, number_follows);
      case 'd': return number(piece, number_follows, fields_.day);
      case 'H': return number(piece, number_follows, fields_.hour);
      case 'h':
      case 'K':
        TRY(number(piece, number_follows, fields_.hour));
        fields_.hour %= 12;
        return {};
      case 'm': return number(piece, number_follows, fields_.minute);
      case 's': return number(piece, number_follows, fields_.second);
      case 'S': return fraction(piece);
      case 'a': return half();
      case 'z':
      case 'Z':
      case 'X':
      case 'x':
      case 'V': return zone();
      default:
        return fail(Fault::invalid, "the letter '{}' of a date pattern is not supported",
                    piece.letter);
    }
  }

  Result<Moment> moment(bool all) {
    if (all && at_ != text_.size()) return wrong();
    if (afternoon_) fields_.hour += 12;
    return moment_of(fields_, offset_);
  }

 private:
  tl::unexpected<Error> wrong() const {
    return fail(Fault::invalid, "Unparseable date: \"{}\"", printable(text_));
  }

  Result<> digits(const Piece& piece, bool bounded, std::int64_t& to) {
    const auto begin = at_;
    const auto most = bounded ? piece.count : 10;
    while (at_ < text_.size() && at_ - begin < most &&
           std::isdigit(static_cast<unsigned char>(text_[at_])) != 0)
      ++at_;
    const auto value = parse_integer(text_.substr(begin, at_ - begin));
    if (!value) return wrong();
    to = *value;
    return {};
  }

  Result<> number(const Piece& piece, bool bounded, int& to) {
    std::int64_t value = 0;
    TRY(digits(piece, bounded || piece.count >= 2, value));
    if (value > 1000) return wrong();
    to = static_cast<int>(value);
    return {};
  }

  Result<> year(const Piece& piece, bool bounded) {
    const auto begin = at_;
    TRY(digits(piece, bounded || piece.count >= 4, fields_.year));
    if (piece.count == 2 && at_ - begin == 2) fields_.year += fields_.year < 70 ? 2000 : 1900;
    return {};
  }

  Result<> fraction(const Piece& piece) {
    const auto begin = at_;
    std::int64_t value = 0;
    TRY(digits(piece, true, value));
    std::string text(text_.substr(begin, at_ - begin));
    text.resize(9, '0');
    fields_.nano = static_cast<std::int32_t>(*parse_integer(text));
    return {};
  }

  template <std::size_t N>
  Result<> name(const std::array<std::string_view, N>& names, int* to) {
    const auto rest = text_.substr(at_);
    for (std::size_t i = 0; i < N; ++i)
      for (const auto length : {names[i].size(), std::size_t{3}}) {
        if (lower(rest.substr(0, length)) != lower(names[i].substr(0, length))) continue;
        at_ += length;
        if (to) *to = static_cast<int>(i) + 1;
        return {};
      }
    return wrong();
  }

  Result<> half() {
    const auto word = lower(text_.substr(at_, 2));
    if (word != "am" && word != "pm") return wrong();
    afternoon_ = word == "pm";
    at_ += 2;
    return {};
  }

  Result<> zone() {
    const auto rest = text_.substr(at_);
    const auto end = std::min(rest.find_first_of(" ,;"), rest.size());
    offset_ = TRY(parse_zone(rest.substr(0, end)));
    at_ += end;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::int32_t offset_;
  bool afternoon_ = false;
  Fields fields_;
};

}  // namespace

Result<std::string> format_moment(const Moment& moment, std::string_view pattern) {
  const auto fields = fields_of(moment);
  std::string text;
  for (const auto& piece : TRY(pieces_of(pattern)))
    text += piece.letter == 0 ? piece.text : TRY(field_text(moment, fields, piece));
  return text;
}

Result<Moment> parse_moment(std::string_view text, std::string_view pattern, std::int32_t offset) {
  const auto pieces = TRY(pieces_of(pattern));
  Reading reading(text, offset);
  for (std::size_t i = 0; i < pieces.size(); ++i)
    TRY(reading.read(pieces[i], i + 1 < pieces.size() && pieces[i + 1].letter != 0));
  return reading.moment(true);
}

}  // namespace cupel::pipeline
