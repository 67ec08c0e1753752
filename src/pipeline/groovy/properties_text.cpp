// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/properties_text.hpp"

#include "pipeline/groovy/string_builder.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::string_view blanks = " \t\f";

bool is_continued(std::string_view line) {
  std::size_t slashes = 0;
  while (slashes < line.size() && line[line.size() - 1 - slashes] == '\\') ++slashes;
  return slashes % 2 == 1;
}

/// Lines as they are meant: without comments, continued ones joined.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  bool continues = false;
  for (const auto& raw : text_lines(text)) {
    const auto first = raw.find_first_not_of(blanks);
    auto line = first == std::string::npos ? std::string() : raw.substr(first);
    if (!continues && (line.empty() || line[0] == '#' || line[0] == '!')) continue;
    const bool more = is_continued(line);
    if (more) line.pop_back();
    if (continues)
      lines.back() += line;
    else
      lines.push_back(std::move(line));
    continues = more;
  }
  return lines;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      result += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'u' && i + 4 < text.size()) {
      const auto code = BigInteger::parse(text.substr(i + 1, 4), 16);
      if (code) {
        append_utf8(static_cast<char32_t>(code->low()), result);
        i += 4;
        continue;
      }
    }
    result += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
  }
  return result;
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
  const auto text = TRY(call.text(0));
  for (auto& [key, value] : parse_properties(text))
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

std::vector<std::pair<std::string, std::string>> parse_properties(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const auto& line : logical_lines(text)) {
    std::size_t end = 0;
    while (end < line.size() &&
           std::string_view("=: \t\f").find(line[end]) == std::string_view::npos)
      end += line[end] == '\\' ? 2 : 1;
    end = std::min(end, line.size());
    auto begin = std::min(line.find_first_not_of(blanks, end), line.size());
    if (begin < line.size() && (line[begin] == '=' || line[begin] == ':'))
      begin = std::min(line.find_first_not_of(blanks, begin + 1), line.size());
    entries.emplace_back(unescaped(std::string_view(line).substr(0, end)),
                         unescaped(std::string_view(line).substr(begin)));
  }
  return entries;
}

Outcome<Value> new_properties(StaticCall& call) {
  static_cast<void>(call);
  return Value(std::shared_ptr<Object>(std::make_shared<PropertiesObject>()));
}

}  // namespace cupel::pipeline
