// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/csv.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr const char* format_text = "Other formats of Commons CSV are not supported";

Outcome<void> refuse_format(const Arguments& arguments, std::string_view step) {
  if (!arguments.has("format")) return {};
  return refuse("{}: the parameter 'format' is not supported; records are RFC 4180", step);
}

/// readCSV file: 'x.csv'  |  readCSV text: 'a,b'
class ReadCsv final : public SignedStep {
 public:
  ReadCsv()
      : SignedStep(step("readCSV", "", "Reads comma-separated values: a list of lists of texts",
                        {takes("file", Kind::text, "", "A file of the node; or:"),
                         takes("text", Kind::text, "", "The text itself"),
                         takes("format", Kind::any, "RFC 4180", format_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(refuse_format(arguments, "readCSV"));
    const auto text = TRY(file_or_text(arguments, context, "readCSV"));
    auto records = parse_csv(text);
    if (!records) return raise("java.io.IOException", "{}", records.error().text());
    std::vector<Value> all;
    for (auto& record : *records) {
      std::vector<Value> fields;
      for (auto& field : record) fields.emplace_back(std::move(field));
      all.push_back(Value::list(std::move(fields)));
    }
    return Value::list(std::move(all));
  }
};

/// writeCSV file: 'x.csv', records: [['a', 'b']]
class WriteCsv final : public SignedStep {
 public:
  WriteCsv()
      : SignedStep(step("writeCSV", "", "Writes comma-separated values to a file of the node",
                        {needs("file", Kind::text, "The file"),
                         needs("records", Kind::any, "A list of lists: lines and their fields"),
                         takes("format", Kind::any, "RFC 4180", format_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(refuse_format(arguments, "writeCSV"));
    const auto file = TRY(arguments.text("file"));
    const auto* records = arguments.find("records");
    if (!records || !records->as_list())
      return raise("java.lang.IllegalArgumentException",
                   "records parameter must be provided to writeCSV, as a list of lists");
    std::string text;
    for (const auto& record : TRY(Outcome<std::vector<Value>>(elements(*records)))) {
      CsvRecord fields;
      for (const auto& field : TRY(Outcome<std::vector<Value>>(elements(record))))
        fields.push_back(field.is_null() ? "" : TRY(Outcome<std::string>(to_text(field))));
      text += csv_line(fields);
      if (text.size() > max_text)
        return raise("java.io.IOException", "writeCSV: the text is longer than {} MiB",
                     max_text >> 20);
    }
    TRY(write_node_file(context, file, text));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_read_csv() { return std::make_unique<ReadCsv>(); }
std::unique_ptr<Step> make_write_csv() { return std::make_unique<WriteCsv>(); }

}  // namespace cupel::pipeline::steps
