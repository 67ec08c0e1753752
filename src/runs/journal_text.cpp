// SPDX-License-Identifier: Apache-2.0
#include "runs/journal_text.hpp"

#include <array>
#include <charconv>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/time_values.hpp"
#include "runs/stored_run.hpp"

namespace cupel::runs {
namespace {

using pipeline::Ending;
using pipeline::JournalRecord;
using pipeline::Value;

constexpr std::size_t most_parts = 2'000'000;
constexpr int most_depth = 500;

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    // Zero and DEL would be replaced when they are written.
    if (length == 0 || text[0] == '\0' || text[0] == '\x7f') return false;
    text.remove_prefix(length);
  }
  return true;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> from_hex(std::string_view hex) {
  std::string bytes;
  if (hex.size() % 2 != 0) return fail(Fault::invalid, "half a byte");
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return fail(Fault::invalid, "no hexadecimal digit");
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// "=text", or "#" and the bytes in hexadecimal.
std::string exact(const std::string& text) {
  return is_utf8(text) ? "=" + text : "#" + to_hex(text);
}

Result<std::string> from_exact(std::string_view text) {
  if (text.starts_with('=')) return std::string(text.substr(1));
  if (text.starts_with('#')) return from_hex(text.substr(1));
  return fail(Fault::invalid, "a text without its mark");
}

class Writer {
 public:
  json::Array tokens;

  Result<> write(const Value& value, int depth) {
    if (tokens.size() > most_parts) return fail(Fault::invalid, "a value has too many parts");
    if (depth > most_depth) return fail(Fault::invalid, "a value is nested too deep");
    if (value.is_null()) return add("n");
    if (const auto* flag = value.as_flag()) return add(*flag ? "t" : "f");
    if (value.is_number() || value.as_character()) return number(value);
    if (const auto* text = value.as_text()) return add("s", exact(*text));
    if (value.as_gstring()) return add("s", exact(TRY(pipeline::to_text(value))));
    if (value.is_sequence() || value.as_set()) {
      const auto items = TRY(pipeline::elements(value));
      const bool of_json = pipeline::is_json_object(value);
      TRY(add(value.as_set() ? "S"
              : of_json      ? "L"
                             : "l",
              json::Value(static_cast<std::int64_t>(items.size()))));
      for (const auto& item : items) TRY(write(item, depth + 1));
      return {};
    }
    if (const auto map = value.as_map()) {
      TRY(add(pipeline::is_json_object(value) ? "M" : "m",
              json::Value(static_cast<std::int64_t>(map->entries().size()))));
      for (const auto& [key, held] : map->entries()) {
        TRY(write(key, depth + 1));
        TRY(write(held, depth + 1));
      }
      return {};
    }
    const auto* time = dynamic_cast<const pipeline::TimeObject*>(value.object_here());
    if (time && time->kind == pipeline::TimeObject::Kind::old_date) {
      TRY(add("T", json::Value(time->moment.second)));
      tokens.emplace_back(std::int64_t{time->moment.nano});
      return {};
    }
    return fail(Fault::invalid, "a {} cannot be kept in a journal", value.type_name());
  }

 private:
  Result<> number(const Value& value) {
    if (const auto* whole = value.as_whole()) {
      static constexpr std::array kinds = {"y", "h", "i", "j"};
      return add(kinds[static_cast<std::size_t>(whole->width)], json::Value(whole->number));
    }
    if (const auto* number = value.as_decimal()) return add("d", number->text());
    if (value.as_big_integer()) return add("b", TRY(pipeline::to_text(value)));
    if (const auto* letter = value.as_character())
      return add("c", json::Value(static_cast<std::int64_t>(letter->code)));
    const auto* floating = value.as_floating();
    return add(floating->single ? "F" : "D", fmt::format("{}", floating->number));
  }
  Result<> add(const char* kind) {
    tokens.emplace_back(kind);
    return {};
  }
  Result<> add(const char* kind, json::Value payload) {
    tokens.emplace_back(kind);
    tokens.push_back(std::move(payload));
    return {};
  }
};

class Reader {
 public:
  explicit Reader(const json::Array& tokens) : tokens_(tokens) {}

  Result<Value> read(int depth) {
    if (depth > most_depth) return fail(Fault::invalid, "a value is nested too deep");
    const auto kind = TRY(text());
    if (kind == "n") return Value();
    if (kind == "t" || kind == "f") return Value(kind == "t");
    if (kind == "y" || kind == "h" || kind == "i" || kind == "j") return whole(kind[0]);
    if (kind == "D" || kind == "F") return floating(kind == "F");
    if (kind == "b") {
      auto number = pipeline::BigInteger::parse(TRY(text()));
      if (!number) return fail(Fault::invalid, "no number");
      return Value(std::move(*number));
    }
    if (kind == "c") {
      const auto code = TRY(integer());
      if (code < 0 || code > 0x10FFFF) return fail(Fault::invalid, "no character: {}", code);
      return Value(pipeline::Character{static_cast<char32_t>(code)});
    }
    if (kind == "T") return date();
    if (kind == "S") return set(depth);
    if (kind == "d") return Value(TRY(pipeline::Decimal::parse(TRY(text()))));
    if (kind == "s") return Value(TRY(from_exact(TRY(text()))));
    if (kind == "l" || kind == "L") return list(depth, kind == "L");
    if (kind == "m" || kind == "M") return map(depth, kind == "M");
    return fail(Fault::invalid, "an unknown kind of value '{}'", kind);
  }
  bool at_end() const { return next_ == tokens_.size(); }

 private:
  Result<Value> whole(char kind) {
    using pipeline::Width;
    const auto number = TRY(integer());
    const auto width = kind == 'y'   ? Width::byte_
                       : kind == 'h' ? Width::short_
                       : kind == 'i' ? Width::integer
                                     : Width::long_;
    return Value(pipeline::Whole{number, width});
  }

  Result<Value> floating(bool single) {
    const auto digits = TRY(text());
    double number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stopped != end)
      return fail(Fault::invalid, "no number: {}", digits);
    return Value(pipeline::Floating{number, single});
  }

  Result<Value> date() {
    const auto second = TRY(integer()), nano = TRY(integer());
    if (nano < 0 || nano >= 1'000'000'000) return fail(Fault::invalid, "no time: {}", nano);
    return pipeline::time_value(pipeline::TimeObject::Kind::old_date,
                                {second, static_cast<std::int32_t>(nano), 0});
  }

  Result<Value> set(int depth) {
    auto set = std::make_shared<pipeline::Set>();
    const auto count = TRY(this->count());
    for (std::size_t i = 0; i < count; ++i) TRY(set->add(TRY(read(depth + 1))));
    return Value(std::move(set));
  }

  Result<Value> list(int depth, bool of_json) {
    std::vector<Value> items;
    const auto count = TRY(this->count());
    for (std::size_t i = 0; i < count; ++i) items.push_back(TRY(read(depth + 1)));
    auto list = Value::list(std::move(items));
    if (of_json) list.list_here()->type = pipeline::json_array_class;
    return list;
  }

  Result<Value> map(int depth, bool of_json) {
    auto map = std::make_shared<pipeline::Map>();
    if (of_json) map->type = pipeline::json_object_class;
    const auto count = TRY(this->count());
    for (std::size_t i = 0; i < count; ++i) {
      auto key = TRY(read(depth + 1));
      TRY(map->put(key, TRY(read(depth + 1))));
    }
    return Value(std::move(map));
  }

  Result<const json::Value*> next() {
    if (at_end()) return fail(Fault::invalid, "a value ends too early");
    return &tokens_[next_++];
  }
  Result<std::string> text() {
    const auto* token = TRY(next());
    if (!token->as_string()) return fail(Fault::invalid, "a text was expected in a value");
    return *token->as_string();
  }
  Result<std::int64_t> integer() {
    const auto* token = TRY(next());
    if (!token->as_integer()) return fail(Fault::invalid, "a number was expected in a value");
    return *token->as_integer();
  }
  /// Of parts, each of which is a token at least.
  Result<std::size_t> count() {
    const auto number = TRY(integer());
    if (number < 0 || static_cast<std::uint64_t>(number) > tokens_.size() - next_)
      return fail(Fault::invalid, "a value has {} parts, which are not there", number);
    return static_cast<std::size_t>(number);
  }

  const json::Array& tokens_;
  std::size_t next_ = 0;
};

void add_verdict(json::Object& object, const char* key, std::optional<model::Verdict> verdict) {
  if (verdict) object.emplace_back(key, model::name(*verdict));
}

Result<std::optional<model::Verdict>> verdict_in(const json::Value& value, std::string_view key) {
  if (!value.find(key)) return std::optional<model::Verdict>();
  return std::optional<model::Verdict>(TRY(verdict_named(TRY(value.text(key)))));
}

json::Object exception_json(const Ending& ending) {
  json::Object object{{"class", exact(ending.class_name)},
                      {"message", exact(ending.message)},
                      {"caught", ending.kind == Ending::Kind::thrown},
                      {"actual", ending.actual},
                      {"infrastructure", ending.infrastructure}};
  add_verdict(object, "interruption", ending.interruption);
  return object;
}

Result<Ending> ending_from(const json::Value& value) {
  Ending ending;
  if (const auto* given = value.find("value")) {
    ending.value = TRY(from_flat(*given));
    return ending;
  }
  const auto* thrown = value.find("exception");
  if (!thrown) return ending;
  ending.kind = TRY(thrown->flag("caught")) ? Ending::Kind::thrown : Ending::Kind::refused;
  ending.class_name = TRY(from_exact(TRY(thrown->text("class"))));
  ending.message = TRY(from_exact(TRY(thrown->text("message"))));
  ending.actual = TRY(thrown->flag("actual"));
  ending.infrastructure = TRY(thrown->flag("infrastructure"));
  ending.interruption = TRY(verdict_in(*thrown, "interruption"));
  return ending;
}

void add_marks(json::Object& object, const pipeline::Marks& marks) {
  add_verdict(object, "run", marks.run);
  add_verdict(object, "stage", marks.stage);
  if (marks.milestone) object.emplace_back("milestone", *marks.milestone);
  if (!marks.artifacts.empty()) {
    json::Array names;
    for (const auto& name : marks.artifacts) names.emplace_back(exact(name));
    object.emplace_back("artifacts", std::move(names));
  }
  if (!marks.remarks.empty()) {
    json::Array remarks;
    for (const auto& remark : marks.remarks) remarks.emplace_back(exact(remark));
    object.emplace_back("remarks", std::move(remarks));
  }
  if (!marks.tests.empty()) {
    json::Array tests;
    for (const auto& test : marks.tests) tests.emplace_back(test_json(test));
    object.emplace_back("tests", std::move(tests));
  }
}

Result<std::vector<std::string>> texts_in(const json::Value& value, std::string_view key) {
  std::vector<std::string> texts;
  const auto* items = value.find(key);
  if (!items || !items->as_array()) return texts;
  for (const auto& item : *items->as_array()) {
    if (!item.as_string()) return fail(Fault::invalid, "'{}' holds what is no text", key);
    texts.push_back(TRY(from_exact(*item.as_string())));
  }
  return texts;
}

Result<pipeline::Marks> marks_from(const json::Value& value) {
  pipeline::Marks marks;
  marks.run = TRY(verdict_in(value, "run"));
  marks.stage = TRY(verdict_in(value, "stage"));
  if (value.find("milestone")) marks.milestone = TRY(value.integer("milestone"));
  marks.artifacts = TRY(texts_in(value, "artifacts"));
  marks.remarks = TRY(texts_in(value, "remarks"));
  if (const auto* tests = value.find("tests"); tests && tests->as_array())
    for (const auto& test : *tests->as_array()) marks.tests.push_back(TRY(test_of(test)));
  return marks;
}

json::Array told_json(const std::vector<pipeline::Told>& told) {
  json::Array all;
  for (const auto& one : told)
    all.emplace_back(json::Object{{"stream", one.stream == place::Stream::out ? "out" : "err"},
                                  {"bytes", exact(one.bytes)}});
  return all;
}

Result<std::vector<pipeline::Told>> told_in(const json::Value& value) {
  std::vector<pipeline::Told> told;
  const auto* items = value.find("told");
  if (!items || !items->as_array()) return told;
  for (const auto& item : *items->as_array()) {
    const auto stream = TRY(item.text("stream"));
    if (stream != "out" && stream != "err") return fail(Fault::invalid, "no stream '{}'", stream);
    told.push_back({stream == "out" ? place::Stream::out : place::Stream::err,
                    TRY(from_exact(TRY(item.text("bytes"))))});
  }
  return told;
}

Result<std::uint64_t> amount(const json::Value& value, std::string_view key) {
  if (!value.find(key)) return std::uint64_t{0};
  const auto number = TRY(value.integer(key));
  if (number < 0) return fail(Fault::invalid, "'{}' is below zero", key);
  return static_cast<std::uint64_t>(number);
}

/// FNV-1a: for what was torn, not for what was forged.
std::string checksum(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", sum);
}

}  // namespace

Result<json::Array> flat(const Value& value) {
  Writer writer;
  TRY(writer.write(value, 0));
  return std::move(writer.tokens);
}

Result<Value> from_flat(const json::Value& value) {
  if (!value.as_array()) return fail(Fault::invalid, "a value is no list of tokens");
  Reader reader(*value.as_array());
  auto read = TRY(reader.read(0));
  if (!reader.at_end()) return fail(Fault::invalid, "there is more than one value");
  return read;
}

Result<json::Object> to_json(const JournalRecord& record) {
  json::Object object{{"is", record.kind == JournalRecord::Kind::start ? "start" : "end"},
                      {"branch", exact(record.id.branch)},
                      {"step", record.id.ordinal},
                      {"name", exact(record.name)},
                      {"at", std::int64_t{record.at.count()}}};
  if (!record.arguments.empty()) object.emplace_back("arguments", record.arguments);
  if (record.kind == JournalRecord::Kind::start) return object;
  const auto& ending = record.ending;
  if (ending.kind != Ending::Kind::value)
    object.emplace_back("exception", exception_json(ending));
  else if (!ending.value.is_null())
    object.emplace_back("value", TRY(flat(ending.value)));
  add_marks(object, record.marks);
  if (record.logged.events > 0) object.emplace_back("events", record.logged.events);
  if (record.logged.bytes > 0) object.emplace_back("bytes", record.logged.bytes);
  if (!record.told.empty()) object.emplace_back("told", told_json(record.told));
  return object;
}

Result<JournalRecord> journal_record_from(const json::Value& value) {
  JournalRecord record;
  const auto kind = TRY(value.text("is"));
  if (kind != "start" && kind != "end") return fail(Fault::invalid, "an unknown record '{}'", kind);
  record.kind = kind == "start" ? JournalRecord::Kind::start : JournalRecord::Kind::end;
  record.id.branch = TRY(from_exact(TRY(value.text("branch"))));
  record.id.ordinal = TRY(amount(value, "step"));
  record.name = TRY(from_exact(TRY(value.text("name"))));
  record.at = std::chrono::milliseconds(TRY(value.integer("at")));
  if (value.find("arguments")) record.arguments = TRY(value.text("arguments"));
  record.ending = TRY(ending_from(value));
  record.marks = TRY(marks_from(value));
  record.logged = {TRY(amount(value, "events")), TRY(amount(value, "bytes"))};
  record.told = TRY(told_in(value));
  return record;
}

std::string sealed_line(const json::Object& object) {
  const auto text = json::write(object);
  return fmt::format("{} {} {}\n", text.size(), checksum(text), text);
}

Result<json::Value> open_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = first == line.npos ? first : line.find(' ', first + 1);
  if (second == line.npos) return fail(Fault::invalid, "no record");
  const auto text = line.substr(second + 1);
  const auto length = parse_integer(line.substr(0, first));
  if (!length || *length < 0 || static_cast<std::uint64_t>(*length) != text.size())
    return fail(Fault::invalid, "a record of another length");
  if (checksum(text) != line.substr(first + 1, second - first - 1))
    return fail(Fault::invalid, "a record whose checksum does not fit");
  return json::parse(text);
}

}  // namespace cupel::runs
