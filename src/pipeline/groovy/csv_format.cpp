// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/csv_format.hpp"

#include <unordered_map>

#include "base/text.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::string_view class_name = "org.apache.commons.csv.CSVFormat";

Value text_or_null(const std::optional<char>& letter) {
  return letter ? Value(std::string(1, *letter)) : Value();
}

class CsvFormatObject final : public Object {
 public:
  explicit CsvFormatObject(CsvFormat format) : format_(std::move(format)) {}
  std::string type_name() const override { return std::string(class_name); }
  std::string text() const override {
    return fmt::format("Delimiter=<{}>{}", format_.delimiter,
                       format_.quote ? fmt::format(" QuoteChar=<{}>", *format_.quote) : "");
  }
  const CsvFormat& format() const { return format_; }
  std::optional<Value> plain() const override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;

 private:
  CsvFormat format_;
};

Value value_of(CsvFormat format) {
  return Value(std::shared_ptr<Object>(std::make_shared<CsvFormatObject>(std::move(format))));
}

std::optional<Value> CsvFormatObject::plain() const {
  auto map = std::make_shared<Map>();
  std::vector<Value> names;
  for (const auto& name : format_.header) names.emplace_back(name);
  const std::vector<std::pair<const char*, Value>> parts = {
      {"delimiter", Value(std::string(1, format_.delimiter))},
      {"quote", text_or_null(format_.quote)},
      {"escape", text_or_null(format_.escape)},
      {"comment", text_or_null(format_.comment)},
      {"recordSeparator", Value(format_.record_separator)},
      {"nullString", format_.null_text ? Value(*format_.null_text) : Value()},
      {"ignoreEmptyLines", Value(format_.ignore_empty_lines)},
      {"ignoreSurroundingSpaces", Value(format_.ignore_surrounding_spaces)},
      {"trim", Value(format_.trim)},
      {"hasHeader", Value(format_.has_header)},
      {"header", Value::list(std::move(names))},
      {"skipHeaderRecord", Value(format_.skip_header_record)},
      {"ignoreHeaderCase", Value(format_.ignore_header_case)}};
  for (const auto& [name, value] : parts)
    if (!map->put(Value(name), value)) return std::nullopt;
  return Value(std::move(map));
}

Outcome<std::optional<char>> letter(const std::vector<Value>& arguments, std::string_view what) {
  if (arguments.size() == 1 && arguments[0].is_null()) return std::optional<char>();
  const auto text = arguments.size() == 1 ? to_text(arguments[0]) : Result<std::string>("");
  if (text && text->size() == 1 && static_cast<unsigned char>((*text)[0]) < 0x80)
    return std::optional((*text)[0]);
  return raise("java.lang.IllegalArgumentException", "CSVFormat: {} must be one ASCII character",
               what);
}

bool flag(const std::vector<Value>& arguments) { return arguments.empty() || truth(arguments[0]); }

Outcome<void> set_header(CsvFormat& format, const std::vector<Value>& arguments) {
  format.has_header = true;
  format.header.clear();
  for (const auto& argument : arguments) {
    if (argument.is_null()) {
      format.has_header = false;
      continue;
    }
    const auto list = argument.as_list();
    for (const auto& name : list ? list->items : std::vector<Value>{argument})
      format.header.push_back(TRY(Outcome<std::string>(to_text(name))));
  }
  return {};
}

/// What withX(...) and a builder's setX(...) change, by X.
Outcome<bool> change(CsvFormat& format, std::string_view what,
                     const std::vector<Value>& arguments) {
  static const std::unordered_map<std::string_view, bool CsvFormat::*> flags = {
      {"IgnoreEmptyLines", &CsvFormat::ignore_empty_lines},
      {"IgnoreSurroundingSpaces", &CsvFormat::ignore_surrounding_spaces},
      {"Trim", &CsvFormat::trim},
      {"SkipHeaderRecord", &CsvFormat::skip_header_record},
      {"IgnoreHeaderCase", &CsvFormat::ignore_header_case}};
  if (const auto found = flags.find(what); found != flags.end()) {
    format.*found->second = flag(arguments);
  } else if (what == "Delimiter") {
    const auto delimiter = TRY(letter(arguments, "the delimiter"));
    if (!delimiter || *delimiter == '\n' || *delimiter == '\r')
      return raise("java.lang.IllegalArgumentException", "The delimiter cannot be a line break");
    format.delimiter = *delimiter;
  } else if (what == "Quote") {
    format.quote = TRY(letter(arguments, "the quote"));
  } else if (what == "Escape") {
    format.escape = TRY(letter(arguments, "the escape"));
  } else if (what == "CommentMarker") {
    format.comment = TRY(letter(arguments, "the comment marker"));
  } else if (what == "RecordSeparator" && arguments.size() == 1) {
    format.record_separator = TRY(Outcome<std::string>(to_text(arguments[0])));
  } else if (what == "NullString" && arguments.size() == 1) {
    format.null_text = TRY(Outcome<std::string>(to_text(arguments[0])));
  } else if (what == "Header") {
    TRY(set_header(format, arguments));
  } else if (what == "FirstRecordAsHeader") {
    TRY(set_header(format, {}));
    format.skip_header_record = true;
  } else {
    return what == "AllowMissingColumnNames" || what == "AllowDuplicateHeaderNames";
  }
  return true;
}

Outcome<Value> CsvFormatObject::call(const std::string& name, std::vector<Value>& arguments,
                                     Context& context) {
  if (arguments.empty() && (name == "builder" || name == "build" || name == "get"))
    return Value(shared_from_this());
  const std::size_t prefix = name.starts_with("with") ? 4 : name.starts_with("set") ? 3 : 0;
  auto changed = format_;
  if (prefix != 0 && TRY(change(changed, std::string_view(name).substr(prefix), arguments)))
    return value_of(std::move(changed));
  return Object::call(name, arguments, context);
}

CsvFormat rfc4180() {
  CsvFormat format;
  format.ignore_empty_lines = false;
  return format;
}

CsvFormat tabs() {
  CsvFormat format;
  format.delimiter = '\t';
  format.ignore_surrounding_spaces = true;
  return format;
}

CsvFormat mysql() {
  CsvFormat format;
  format.delimiter = '\t';
  format.quote = std::nullopt;
  format.escape = '\\';
  format.record_separator = "\n";
  format.ignore_empty_lines = false;
  format.null_text = "\\N";
  return format;
}

Outcome<Value> new_format(StaticCall& call) {
  CsvFormat format;
  format.quote = std::nullopt;
  format.ignore_empty_lines = false;
  TRY(change(format, "Delimiter", call.arguments));
  return value_of(std::move(format));
}

std::string text_in(const Map& map, std::string_view name) {
  const auto* value = map.find(Value(name));
  return value && value->as_text() ? *value->as_text() : std::string();
}

std::optional<char> letter_in(const Map& map, std::string_view name) {
  const auto text = text_in(map, name);
  return text.empty() ? std::nullopt : std::optional(text[0]);
}

bool flag_in(const Map& map, std::string_view name) {
  const auto* value = map.find(Value(name));
  return value && truth(*value);
}

}  // namespace

std::span<const JavaClass> csv_classes() {
  static const std::vector<JavaClass> all = {
      {.name = class_name,
       .methods = {{"newFormat", {1, 1, new_format}}},
       .properties = {
           {"DEFAULT", [](StaticCall&) -> Outcome<Value> { return value_of({}); }},
           {"RFC4180", [](StaticCall&) -> Outcome<Value> { return value_of(rfc4180()); }},
           {"EXCEL", [](StaticCall&) -> Outcome<Value> { return value_of(rfc4180()); }},
           {"TDF", [](StaticCall&) -> Outcome<Value> { return value_of(tabs()); }},
           {"MYSQL", [](StaticCall&) -> Outcome<Value> { return value_of(mysql()); }}}}};
  return all;
}

Result<CsvFormat> csv_format_of(const Value& value) {
  CsvFormat format;
  if (value.is_null()) return format;
  const auto map = value.as_map();
  if (!map || !map->find(Value("delimiter")) || !map->find(Value("recordSeparator")))
    return fail(Fault::invalid, "the format must be a CSVFormat, as CSVFormat.DEFAULT, not a {}",
                value.type_name());
  format.delimiter = text_in(*map, "delimiter").empty() ? ',' : text_in(*map, "delimiter")[0];
  format.quote = letter_in(*map, "quote");
  format.escape = letter_in(*map, "escape");
  format.comment = letter_in(*map, "comment");
  format.record_separator = text_in(*map, "recordSeparator");
  if (const auto* text = map->find(Value("nullString")); text && text->as_text())
    format.null_text = *text->as_text();
  format.ignore_empty_lines = flag_in(*map, "ignoreEmptyLines");
  format.ignore_surrounding_spaces = flag_in(*map, "ignoreSurroundingSpaces");
  format.trim = flag_in(*map, "trim");
  format.has_header = flag_in(*map, "hasHeader");
  if (const auto* header = map->find(Value("header")); header && header->as_list())
    for (const auto& name : header->as_list()->items) format.header.push_back(TRY(to_text(name)));
  format.skip_header_record = flag_in(*map, "skipHeaderRecord");
  format.ignore_header_case = flag_in(*map, "ignoreHeaderCase");
  return format;
}

}  // namespace cupel::pipeline
