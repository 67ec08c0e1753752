// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/steps/csv.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr const char* format_text =
    "org.apache.commons.csv.CSVFormat: DEFAULT, EXCEL, RFC4180, TDF, MYSQL, and what "
    "withDelimiter, "
    "withQuote, withHeader, ... make of it";

Outcome<CsvFormat> format_of(const Arguments& arguments, std::string_view step) {
  const auto* given = arguments.find("format");
  auto format = csv_format_of(given ? *given : Value());
  if (!format)
    return raise("java.lang.IllegalArgumentException", "{}: {}", step, format.error().text());
  return std::move(*format);
}

Outcome<Value> list_of(const std::vector<CsvRecord>& records, const CsvFormat& format) {
  std::vector<Value> all;
  for (const auto& record : records) {
    std::vector<Value> fields;
    for (const auto& field : record)
      fields.push_back(format.null_text == field ? Value() : Value(field));
    all.push_back(Value::list(std::move(fields)));
  }
  return Value::list(std::move(all));
}

using Header = std::vector<std::string>;

/// A record whose fields have names: record.get('name'), record['name'], record[0], toMap().
class NamedRecord final : public Object {
 public:
  NamedRecord(std::vector<Value> fields, std::shared_ptr<const Header> header, bool ignore_case,
              std::int64_t number)
      : fields_(std::move(fields)),
        header_(std::move(header)),
        ignore_case_(ignore_case),
        number_(number) {}
  std::string type_name() const override { return "org.apache.commons.csv.CSVRecord"; }
  Outcome<std::vector<Value>> items() override { return fields_; }
  std::optional<Value> plain() const override { return Value::list(fields_); }
  Outcome<Value> get(const std::string& name, Context&) override { return named(name); }
  Outcome<Value> at(const Value& key, Context&) override { return field(key); }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (arguments.size() == 1) {
      if (name == "get") return field(arguments[0]);
      if (name == "isMapped" || name == "isSet") {
        const auto found = place(TRY(Outcome<std::string>(to_text(arguments[0]))));
        return Value(found && (name == "isMapped" || *found < fields_.size()));
      }
    }
    if (arguments.empty()) {
      if (name == "size") return Value(static_cast<std::int64_t>(fields_.size()));
      if (name == "toMap") return map();
      if (name == "toList" || name == "values") return Value::list(fields_);
      if (name == "getRecordNumber") return Value::long_of(number_);
      if (name == "isConsistent") return Value(fields_.size() == header_->size());
    }
    return Object::call(name, arguments, context);
  }

 private:
  std::optional<std::size_t> place(const std::string& name) const {
    for (std::size_t i = 0; i < header_->size(); ++i)
      if ((*header_)[i] == name || (ignore_case_ && lower((*header_)[i]) == lower(name))) return i;
    return std::nullopt;
  }

  Outcome<Value> field(const Value& key) const {
    const auto number = key.as_integer();
    if (!number) return named(TRY(Outcome<std::string>(to_text(key))));
    if (*number >= 0 && static_cast<std::size_t>(*number) < fields_.size())
      return fields_[static_cast<std::size_t>(*number)];
    return raise("java.lang.ArrayIndexOutOfBoundsException", "Index {} out of bounds for length {}",
                 *number, fields_.size());
  }

  Outcome<Value> named(const std::string& name) const {
    const auto found = place(name);
    if (!found)
      return raise("java.lang.IllegalArgumentException",
                   "Mapping for {} not found, expected one of [{}]", name, join(*header_, ", "));
    if (*found < fields_.size()) return fields_[*found];
    return raise("java.lang.IllegalArgumentException",
                 "Index for header '{}' is {} but CSVRecord only has {} values!", name, *found,
                 fields_.size());
  }

  Outcome<Value> map() const {
    auto made = std::make_shared<Map>();
    for (std::size_t i = 0; i < header_->size() && i < fields_.size(); ++i)
      TRY(Outcome<void>(made->put(Value((*header_)[i]), fields_[i])));
    return Value(std::move(made));
  }

  std::vector<Value> fields_;
  std::shared_ptr<const Header> header_;  // shared by the records of a file
  bool ignore_case_;
  std::int64_t number_;
};

/// The records under a header, which is the first of them if the format names none.
Outcome<Value> with_header(const Value& records, const CsvFormat& format) {
  const auto& rows = records.as_list()->items;
  Header header = format.header;
  const bool from_first = header.empty();
  if (from_first && !rows.empty())
    for (const auto& name : rows.front().as_list()->items)
      header.push_back(name.as_text() ? *name.as_text() : "");
  const auto names = std::make_shared<const Header>(std::move(header));
  const std::size_t skip = from_first || format.skip_header_record ? 1 : 0;
  std::vector<Value> all;
  for (std::size_t i = skip; i < rows.size(); ++i)
    all.push_back(Value(std::shared_ptr<Object>(
        std::make_shared<NamedRecord>(rows[i].as_list()->items, names, format.ignore_header_case,
                                      static_cast<std::int64_t>(all.size()) + 1))));
  return Value::list(std::move(all));
}

/// readCSV file: 'x.csv'  |  readCSV text: 'a;b', format: CSVFormat.DEFAULT.withDelimiter(';' as
/// char)
class ReadCsv final : public SignedStep {
 public:
  ReadCsv()
      : SignedStep(step("readCSV", "",
                        "Reads comma-separated values: a list of lists of texts; with a header in "
                        "the format, of records: record.get('NAME')",
                        {takes("file", Kind::text, "", "A file of the node; or:"),
                         takes("text", Kind::text, "", "The text itself"),
                         takes("format", Kind::any, "CSVFormat.DEFAULT", format_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto format = TRY(format_of(arguments, "readCSV"));
    const auto digest = TRY(Outcome<std::string>(arguments.digest()));
    const auto known = TRY(context.run().interpreter.perform(
        {"readCSV", digest, Replay::reads}, context.outer(),
        [&](const StepId&, Attempt&) -> Outcome<Value> {
          const auto text = TRY(file_or_text(arguments, context, "readCSV"));
          const auto records = parse_csv(text, format);
          if (!records) return raise("java.io.IOException", "{}", records.error().text());
          return list_of(*records, format);
        }));
    return format.has_header ? with_header(known, format) : known;
  }
};

/// writeCSV file: 'x.csv', records: [['a', 'b']]
class WriteCsv final : public SignedStep {
 public:
  WriteCsv()
      : SignedStep(step("writeCSV", "", "Writes comma-separated values to a file of the node",
                        {needs("file", Kind::text, "The file"),
                         needs("records", Kind::any, "A list of lists: lines and their fields"),
                         takes("format", Kind::any, "CSVFormat.DEFAULT", format_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto format = TRY(format_of(arguments, "writeCSV"));
    const auto file = TRY(arguments.text("file"));
    const auto* records = arguments.find("records");
    if (!records || !records->as_list())
      return raise("java.lang.IllegalArgumentException",
                   "records parameter must be provided to writeCSV, as a list of lists");
    std::string text;
    if (!format.header.empty() && !format.skip_header_record)
      text += TRY(line_of(format.header, format));
    for (const auto& record : TRY(Outcome<std::vector<Value>>(elements(*records)))) {
      CsvRecord fields;
      for (const auto& field : TRY(Outcome<std::vector<Value>>(elements(record))))
        fields.push_back(field.is_null() ? format.null_text.value_or("")
                                         : TRY(Outcome<std::string>(to_text(field))));
      text += TRY(line_of(fields, format));
      if (text.size() > max_text)
        return raise("java.io.IOException", "writeCSV: the text is longer than {} MiB",
                     max_text >> 20);
    }
    TRY(write_node_file(context, file, text));
    return Value();
  }

 private:
  static Outcome<std::string> line_of(const CsvRecord& record, const CsvFormat& format) {
    auto line = csv_line(record, format);
    if (!line) return raise("java.io.IOException", "writeCSV: {}", line.error().text());
    return std::move(*line);
  }
};

}  // namespace

std::unique_ptr<Step> make_read_csv() { return std::make_unique<ReadCsv>(); }
std::unique_ptr<Step> make_write_csv() { return std::make_unique<WriteCsv>(); }

}  // namespace cupel::pipeline::steps
