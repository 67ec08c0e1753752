// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/csv.hpp"

#include <utility>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const CsvFormat& format) : text_(text), format_(format) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Result<std::vector<CsvRecord>> read() {
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      const bool comment = format_.comment && text_[at_] == *format_.comment;
      if (comment || (format_.ignore_empty_lines && at_end_of_line())) {
        while (!at_end_of_line()) ++at_;
        take_end_of_line();
        continue;
      }
      records.push_back(TRY(record()));
    }
    return records;
  }

 private:
  bool at_end_of_line() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }
  void take_end_of_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }

  Result<CsvRecord> record() {
    CsvRecord fields;
    for (;;) {
      if (format_.ignore_surrounding_spaces) skip_spaces();
      const bool is_quoted = at_ < text_.size() && format_.quote && text_[at_] == *format_.quote;
      fields.push_back(is_quoted ? TRY(quoted()) : plain());
      if (format_.trim) fields.back() = std::string(trim(fields.back()));
      if (at_end_of_line()) break;
      ++at_;  // the delimiter
    }
    take_end_of_line();
    return fields;
  }

  std::string plain() {
    std::string field;
    for (; !at_end_of_line() && text_[at_] != format_.delimiter; ++at_) {
      const bool escaped =
          format_.escape && text_[at_] == *format_.escape && at_ + 1 < text_.size();
      field += escaped ? unescaped(text_[++at_]) : text_[at_];
    }
    if (format_.ignore_surrounding_spaces)
      while (field.ends_with(' ') || field.ends_with('\t')) field.pop_back();
    return field;
  }

  static char unescaped(char c) {
    switch (c) {
      case 'n': return '\n';
      case 'r': return '\r';
      case 't': return '\t';
      default: return c;
    }
  }

  /// Blanks, but not one that is the delimiter.
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t') &&
           text_[at_] != format_.delimiter)
      ++at_;
  }

  Result<std::string> quoted() {
    const auto begin = line_;
    std::string field;
    for (++at_;; ++at_) {
      if (at_ >= text_.size())
        return fail(Fault::invalid, "(startline {}) EOF reached before encapsulated token finished",
                    begin);
      if (text_[at_] == '\n') ++line_;
      if (format_.escape && text_[at_] == *format_.escape && at_ + 1 < text_.size()) {
        field += unescaped(text_[++at_]);
        continue;
      }
      if (text_[at_] != *format_.quote) {
        field += text_[at_];
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_ + 1] == *format_.quote) {
        field += *format_.quote;
        ++at_;
        continue;
      }
      ++at_;
      break;
    }
    skip_spaces();
    if (!at_end_of_line() && text_[at_] != format_.delimiter)
      return fail(Fault::invalid, "(line {}) invalid char between encapsulated token and delimiter",
                  line_);
    return field;
  }

  std::string_view text_;
  const CsvFormat& format_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool must_be_quoted(const std::string& field, bool first, const CsvFormat& format) {
  if (field.empty()) return first;  // else the line would be an empty one
  if (field.front() <= '#' && static_cast<unsigned char>(field.front()) < 0x80) return true;
  if (format.comment && field.front() == *format.comment) return true;
  return field.find_first_of("\r\n") != std::string::npos ||
         field.find(format.delimiter) != std::string::npos ||
         (format.quote && field.find(*format.quote) != std::string::npos) ||
         static_cast<unsigned char>(field.back()) <= ' ';
}

std::string quoted(const std::string& field, char quote) {
  std::string text(1, quote);
  for (const char c : field) text += c == quote ? std::string(2, quote) : std::string(1, c);
  return text + quote;
}

/// Without quotes: what would be taken for something else has an escape before it.
Result<std::string> escaped(const std::string& field, const CsvFormat& format) {
  std::string text;
  for (const char c : field) {
    const bool special = c == format.delimiter || c == '\n' || c == '\r' || c == format.escape;
    if (special && !format.escape)
      return fail(Fault::invalid, "the format has no quote and no escape, which '{}' needs",
                  printable(field));
    if (special) text += *format.escape;
    text += c == '\n' ? 'n' : c == '\r' ? 'r' : c;
  }
  return text;
}

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text, const CsvFormat& format) {
  return Reader(text, format).read();
}

Result<std::string> csv_line(const CsvRecord& record, const CsvFormat& format) {
  std::string line;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (i > 0) line += format.delimiter;
    if (!format.quote)
      line += TRY(escaped(record[i], format));
    else if (must_be_quoted(record[i], i == 0, format))
      line += quoted(record[i], *format.quote);
    else
      line += record[i];
  }
  return line + format.record_separator;
}

}  // namespace cupel::pipeline::steps
