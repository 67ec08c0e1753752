// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/csv.hpp"

#include <utility>

namespace cupel::pipeline::steps {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Result<std::vector<CsvRecord>> read() {
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      if (at_end_of_line()) {
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
      fields.push_back(at_ < text_.size() && text_[at_] == '"' ? TRY(quoted()) : plain());
      if (at_end_of_line()) break;
      ++at_;  // the comma
    }
    take_end_of_line();
    return fields;
  }

  std::string plain() {
    const auto begin = at_;
    while (!at_end_of_line() && text_[at_] != ',') ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<std::string> quoted() {
    const auto begin = line_;
    std::string field;
    for (++at_;; ++at_) {
      if (at_ >= text_.size())
        return fail(Fault::invalid, "(startline {}) EOF reached before encapsulated token finished",
                    begin);
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field += text_[at_];
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += '"';
        ++at_;
        continue;
      }
      ++at_;
      break;
    }
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (!at_end_of_line() && text_[at_] != ',')
      return fail(Fault::invalid, "(line {}) invalid char between encapsulated token and delimiter",
                  line_);
    return field;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool must_be_quoted(const std::string& field, bool first) {
  if (field.empty()) return first;  // else the line would be an empty one
  if (field.front() <= '#' && static_cast<unsigned char>(field.front()) < 0x80) return true;
  return field.find_first_of(",\"\r\n") != std::string::npos ||
         static_cast<unsigned char>(field.back()) <= ' ';
}

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text) { return Reader(text).read(); }

std::string csv_line(const CsvRecord& record) {
  std::string line;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (i > 0) line += ',';
    if (!must_be_quoted(record[i], i == 0)) {
      line += record[i];
      continue;
    }
    line += '"';
    for (const char c : record[i]) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace cupel::pipeline::steps
