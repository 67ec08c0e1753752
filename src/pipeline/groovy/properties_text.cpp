// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/properties_text.hpp"

#include <algorithm>

#include "pipeline/groovy/string_builder.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

/// Logical lines: comments and empty ones left out, continued ones joined.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::string current;
  bool continued = false;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (!continued && (line.empty() || line.front() == '#' || line.front() == '!')) continue;
    std::size_t slashes = 0;
    while (slashes < line.size() && line[line.size() - 1 - slashes] == '\\') ++slashes;
    const bool goes_on = slashes % 2 == 1;
    if (goes_on) line.remove_suffix(1);
    current += line;
    // The pair \r\n is one end.
    if (goes_on && text.starts_with('\n')) text.remove_prefix(1);
    continued = goes_on;
    if (!goes_on) lines.push_back(std::exchange(current, {}));
  }
  if (!current.empty()) lines.push_back(std::move(current));
  return lines;
}

Result<unsigned> code_unit(std::string_view text) {
  unsigned code = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c >= '0' && c <= '9')
      code = code * 16 + static_cast<unsigned>(c - '0');
    else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
      code = code * 16 + static_cast<unsigned>((c | 0x20) - 'a') + 10;
    else
      return fail(Fault::invalid, "Malformed \\uxxxx encoding.");
  }
  return code;
}

Result<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      plain += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 't': plain += '\t'; break;
      case 'n': plain += '\n'; break;
      case 'r': plain += '\r'; break;
      case 'f': plain += '\f'; break;
      case 'u': {
        auto code = TRY(code_unit(text.substr(i + 1)));
        i += 4;
        const bool high = code >= 0xD800 && code < 0xDC00;
        if (high && text.substr(i + 1).starts_with("\\u")) {
          const auto low = TRY(code_unit(text.substr(i + 3)));
          if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
            i += 6;
          }
        }
        append_utf8(static_cast<char32_t>(code), plain);
        break;
      }
      default: plain += c;
    }
  }
  return plain;
}

/// Where the name ends: at the first blank, '=' or ':' without a backslash.
std::size_t end_of_name(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (is_blank(line[i]) || line[i] == '=' || line[i] == ':')
      return i;
  }
  return line.size();
}

std::string escaped(std::string_view text, bool key) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (std::string_view("\\=:#!").find(c) != std::string_view::npos || (key && c == ' '))
      result += '\\';
    result += c;
  }
  return result;
}

/// A map that is made again as one of plain methods; load, store and getProperty are its own.
class PropertiesObject final : public Object {
 public:
  PropertiesObject() : map_(std::make_shared<Map>()) {}
  std::string type_name() const override { return "java.util.Properties"; }
  bool is_a(std::string_view type) const override { return type == "java.util.Map"; }
  Outcome<std::string> to_string() override;
  Outcome<bool> truth() override { return !map_->empty(); }
  Outcome<std::vector<Value>> items() override { return elements_of(Value(map_)); }
  Outcome<Value> at(const Value& key, Context&) override {
    const auto* value = map_->find(key);
    return value ? *value : Value();
  }
  Outcome<void> put_at(const Value& key, const Value& value, Context&) override {
    return map_->put(key, value);
  }
  Outcome<Value> get(const std::string& name, Context&) override {
    const auto* value = map_->find(name);
    return value ? *value : Value();
  }
  Outcome<void> set(const std::string& name, const Value& value, Context&) override {
    return map_->put(Value(name), value);
  }
  std::optional<Value> plain() const override { return Value(map_); }
  const Method* method(std::string_view name) const override;
  const std::shared_ptr<Map>& map() const { return map_; }

 private:
  std::shared_ptr<Map> map_;  // shared: also seen by the methods of maps
};

PropertiesObject& self(MethodCall& call) {
  return static_cast<PropertiesObject&>(*call.self.object_here());
}

Outcome<Value> load(MethodCall& call) {
  auto entries = parse_properties(TRY(call.text(0)));
  if (!entries) return raise("java.lang.IllegalArgumentException", "{}", entries.error().text());
  for (auto& [key, value] : *entries)
    TRY(Outcome<void>(self(call).map()->put(Value(std::move(key)), Value(std::move(value)))));
  return Value();
}

Outcome<Value> store(MethodCall& call) {
  auto* writer = dynamic_cast<StringBuilderObject*>(call[0].object_here());
  if (!writer) return refuse("store() into a {} is not supported", call[0].type_name());
  if (call.count() > 1 && !call[1].is_null()) writer->text_here() += "#" + TRY(call.text(1)) + "\n";
  for (const auto& [key, value] : self(call).map()->entries())
    writer->text_here() +=
        escaped(TRY(text_of(key)), true) + "=" + escaped(TRY(text_of(value)), false) + "\n";
  return Value();
}

Outcome<Value> get_property(MethodCall& call) {
  const auto* value = self(call).map()->find(call[0]);
  if (value) return *value;
  return call.count() > 1 ? call[1] : Value();
}

const MethodTable& properties_methods() {
  static const MethodTable table = {
      {"load", {1, 1, load}},
      {"store", {1, 2, store}},
      {"getProperty", {1, 2, get_property}},
      {"stringPropertyNames",
       {0, 0,
        [](MethodCall& c) {
          const Value map(self(c).map());
          return c.evaluator.invoke(map, "keySet", {}, c.context);
        }}},
  };
  return table;
}

/// Everything else is the map's.
template <const char* Name>
Outcome<Value> of_map(MethodCall& call) {
  return call.evaluator.invoke(Value(self(call).map()), Name, call.arguments, call.context);
}
constexpr char each[] = "each", put[] = "put", set_property[] = "setProperty", get_name[] = "get",
               size[] = "size", key_set[] = "keySet", values[] = "values", entry_set[] = "entrySet",
               contains_key[] = "containsKey", collect[] = "collect", find_all[] = "findAll",
               put_all[] = "putAll", is_empty[] = "isEmpty", remove_name[] = "remove",
               collect_entries[] = "collectEntries", get_or_default[] = "getOrDefault",
               find_name[] = "find", any_name[] = "any", every_name[] = "every", sort[] = "sort";

const MethodTable& map_methods() {
  static const MethodTable table = {
      {"each", {1, 1, of_map<each>}},
      {"put", {2, 2, of_map<put>}},
      {"setProperty", {2, 2, of_map<set_property>}},
      {"get", {1, 2, of_map<get_name>}},
      {"size", {0, 0, of_map<size>}},
      {"keySet", {0, 0, of_map<key_set>}},
      {"values", {0, 0, of_map<values>}},
      {"entrySet", {0, 0, of_map<entry_set>}},
      {"containsKey", {1, 1, of_map<contains_key>}},
      {"collect", {0, 2, of_map<collect>}},
      {"findAll", {0, 1, of_map<find_all>}},
      {"putAll", {1, 1, of_map<put_all>}},
      {"isEmpty", {0, 0, of_map<is_empty>}},
      {"remove", {1, 2, of_map<remove_name>}},
      {"collectEntries", {1, 2, of_map<collect_entries>}},
      {"getOrDefault", {2, 2, of_map<get_or_default>}},
      {"find", {0, 1, of_map<find_name>}},
      {"any", {0, 1, of_map<any_name>}},
      {"every", {0, 1, of_map<every_name>}},
      {"sort", {0, 1, of_map<sort>}},
  };
  return table;
}

Outcome<std::string> PropertiesObject::to_string() {
  std::string text = "{";
  for (const auto& [key, value] : map_->entries())
    text += (text.size() > 1 ? ", " : "") + TRY(text_of(key)) + "=" + TRY(text_of(value));
  return text + "}";
}

const Method* PropertiesObject::method(std::string_view name) const {
  for (const auto* table : {&properties_methods(), &map_methods()})
    if (const auto found = table->find(name); found != table->end()) return &found->second;
  return nullptr;
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> parse_properties(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const auto& line : logical_lines(text)) {
    const std::string_view whole(line);
    const auto name_end = end_of_name(whole);
    auto rest = whole.substr(name_end);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest.remove_prefix(1);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    entries.emplace_back(TRY(unescaped(whole.substr(0, name_end))), TRY(unescaped(rest)));
  }
  return entries;
}

Outcome<Value> new_properties(StaticCall& call) {
  static_cast<void>(call);
  return Value(std::shared_ptr<Object>(std::make_shared<PropertiesObject>()));
}

}  // namespace cupel::pipeline
