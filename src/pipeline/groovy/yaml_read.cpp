// SPDX-License-Identifier: Apache-2.0
#include <yaml.h>

#include <map>
#include <optional>

#include "base/check.hpp"
#include "base/text.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/yaml_text.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 190;  // what to_text and equal can still walk
constexpr std::string_view core = "tag:yaml.org,2002:";

std::string_view view(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

/// One event of libyaml, freed when it goes.
class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* raw() { return &event_; }
  yaml_event_type_t type() const { return event_.type; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

class YamlReader {
 public:
  YamlReader(std::string_view text, const YamlLimits& limits) : limits_(limits) {
    CHECK(yaml_parser_initialize(&parser_) == 1, "no memory for a YAML parser");
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  ~YamlReader() { yaml_parser_delete(&parser_); }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  Result<std::vector<Value>> documents() {
    std::vector<Value> all;
    for (;;) {
      Event event;
      TRY(next(event));
      if (event.type() == YAML_STREAM_END_EVENT) return all;
      if (event.type() != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      Event root;
      TRY(next(root));
      all.push_back(TRY(node(root, 0)));
    }
  }

 private:
  tl::unexpected<Error> wrong(const yaml_mark_t& mark, std::string_view what) const {
    return fail(Fault::invalid, "the YAML is wrong: {} (line {}, column {})", printable(what),
                mark.line + 1, mark.column + 1);
  }

  Result<> next(Event& event) {
    if (yaml_parser_parse(&parser_, event.raw()) == 1) return {};
    if (parser_.error == YAML_READER_ERROR)
      return fail(Fault::invalid, "the YAML is wrong: {} at byte {}",
                  parser_.problem ? parser_.problem : "unreadable", parser_.problem_offset);
    std::string what = parser_.problem ? parser_.problem : "unreadable";
    if (parser_.context) what = std::string(parser_.context) + ", " + what;
    return wrong(parser_.problem_mark, what);
  }

  /// What an event begins.
  Result<Value> node(const Event& event, int depth) {
    if (depth > max_depth)
      return wrong(event->start_mark, fmt::format("nested more than {} deep", max_depth));
    switch (event.type()) {
      case YAML_SCALAR_EVENT: {
        auto value = TRY(scalar(event));
        remember(view(event->data.scalar.anchor), value);
        return value;
      }
      case YAML_ALIAS_EVENT: return alias(event);
      case YAML_SEQUENCE_START_EVENT: return sequence(event, depth);
      case YAML_MAPPING_START_EVENT: return mapping(event, depth);
      default: return wrong(event->start_mark, "a value is missing");
    }
  }

  void remember(std::string_view anchor, const Value& value) {
    if (!anchor.empty()) anchors_[std::string(anchor)] = value;
  }

  Result<Value> alias(const Event& event) {
    const auto name = view(event->data.alias.anchor);
    const auto found = anchors_.find(std::string(name));
    if (found == anchors_.end())
      return wrong(event->start_mark, fmt::format("nothing before has the anchor '{}'", name));
    if (!found->second)
      return wrong(event->start_mark, fmt::format("'{}' would contain itself", name));
    const auto& value = *found->second;
    if ((value.as_list() || value.as_map()) && ++aliases_ > limits_.aliases)
      return wrong(event->start_mark,
                   fmt::format("more than {} aliases of lists and maps", limits_.aliases));
    return value;
  }

  Result<Value> sequence(const Event& start, int depth) {
    const auto& data = start->data.sequence_start;
    TRY(check_tag(start, view(data.tag), "seq"));
    const std::string anchor(view(data.anchor));
    if (!anchor.empty()) anchors_[anchor] = std::nullopt;
    std::vector<Value> items;
    for (;;) {
      Event event;
      TRY(next(event));
      if (event.type() == YAML_SEQUENCE_END_EVENT) break;
      items.push_back(TRY(node(event, depth + 1)));
    }
    auto value = Value::list(std::move(items));
    remember(anchor, value);
    return value;
  }

  Result<Value> mapping(const Event& start, int depth) {
    const auto& data = start->data.mapping_start;
    TRY(check_tag(start, view(data.tag), "map"));
    const std::string anchor(view(data.anchor));
    if (!anchor.empty()) anchors_[anchor] = std::nullopt;
    auto map = std::make_shared<Map>();
    for (;;) {
      Event key_event;
      TRY(next(key_event));
      if (key_event.type() == YAML_MAPPING_END_EVENT) break;
      const bool merges = is_merge(key_event);
      const auto key = TRY(node(key_event, depth + 1));
      Event value_event;
      TRY(next(value_event));
      const auto value = TRY(node(value_event, depth + 1));
      if (merges)
        TRY(merge(*map, value, key_event->start_mark));
      else
        TRY(map->put(key, value), "line {}", key_event->start_mark.line + 1);
    }
    auto value = Value(std::move(map));
    remember(anchor, value);
    return value;
  }

  static bool is_merge(const Event& event) {
    return event.type() == YAML_SCALAR_EVENT && event->data.scalar.plain_implicit == 1 &&
           event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           view(event->data.scalar.value) == "<<";
  }

  /// <<: *map, or a list of them, of which the first wins. Keys of the map itself win always.
  Result<> merge(Map& map, const Value& value, const yaml_mark_t& mark) {
    if (const auto list = value.as_list()) {
      for (const auto& item : list->items) {
        if (!item.as_map()) return wrong(mark, "'<<' takes maps only");
        TRY(merge(map, item, mark));
      }
      return {};
    }
    const auto from = value.as_map();
    if (!from) return wrong(mark, "'<<' takes a map or a list of maps");
    for (const auto& [key, held] : from->entries())
      if (!map.find(key)) TRY(map.put(key, held));
    return {};
  }

  Result<> check_tag(const Event& event, std::string_view tag, std::string_view usual) {
    if (tag.empty() || tag == "!" || tag == std::string(core) + std::string(usual)) return {};
    return wrong(event->start_mark, fmt::format("the tag '{}' is not supported here", tag));
  }

  Result<Value> scalar(const Event& event) {
    const auto& data = event->data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    const auto tag = view(data.tag);
    if (tag.empty() || tag == "!") {
      if (tag.empty() && data.plain_implicit == 1 && data.style == YAML_PLAIN_SCALAR_STYLE)
        return TRY(resolve_yaml_scalar(text), "line {}", event->start_mark.line + 1);
      return Value(text);
    }
    if (!tag.starts_with(core))
      return wrong(event->start_mark, fmt::format("the tag '{}' is not supported", tag));
    const auto kind = tag.substr(core.size());
    if (kind == "str") return Value(text);
    if (kind == "null") return Value();
    if (kind == "float") {
      auto number = floating_number(text);
      if (number) return number;
    }
    if (kind == "int" || kind == "bool" || kind == "float" || kind == "timestamp") {
      auto value = TRY(resolve_yaml_scalar(text));
      const bool is_date = value.object_here() != nullptr;
      if (!value.is_text() && !value.is_null() && is_date == (kind == "timestamp")) return value;
    }
    return wrong(event->start_mark, fmt::format("'{}' cannot be a {}", text, kind));
  }

  YamlLimits limits_;
  yaml_parser_t parser_{};
  std::size_t aliases_ = 0;
  /// Nothing for what is still being read.
  std::map<std::string, std::optional<Value>> anchors_;
};

}  // namespace

Result<std::vector<Value>> parse_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes)
    return fail(Fault::invalid, "the YAML has more than {} bytes", limits.bytes);
  return YamlReader(text, limits).documents();
}

}  // namespace cupel::pipeline
