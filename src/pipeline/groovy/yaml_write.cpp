// SPDX-License-Identifier: Apache-2.0
#include <yaml.h>

#include "base/check.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/time_values.hpp"
#include "pipeline/groovy/utf8.hpp"
#include "pipeline/groovy/yaml_text.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 200;
constexpr std::size_t max_parts = 1'000'000;

int append(void* to, unsigned char* bytes, std::size_t size) noexcept {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
  return 1;
}

const TimeObject* as_date(const Value& value) {
  const auto* time = dynamic_cast<const TimeObject*>(value.object_here());
  return time && time->kind == TimeObject::Kind::old_date ? time : nullptr;
}

std::string date_text(const TimeObject& date) {
  auto time = iso_time(date.moment);
  if (time.size() == 5) time += ":00";
  return iso_date(date.moment) + "T" + time + "Z";
}

class YamlWriter {
 public:
  YamlWriter() {
    CHECK(yaml_emitter_initialize(&emitter_) == 1, "no memory for a YAML emitter");
    yaml_emitter_set_output(&emitter_, append, &text_);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_emitter_set_indent(&emitter_, 2);
    yaml_emitter_set_width(&emitter_, 80);
  }
  ~YamlWriter() { yaml_emitter_delete(&emitter_); }
  YamlWriter(const YamlWriter&) = delete;
  YamlWriter& operator=(const YamlWriter&) = delete;

  Result<std::string> documents(const std::vector<Value>& values, int implicit_start) {
    yaml_event_t event;
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    TRY(emit(event));
    for (const auto& value : values) {
      yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, implicit_start);
      TRY(emit(event));
      TRY(node(value, 0));
      yaml_document_end_event_initialize(&event, 1);
      TRY(emit(event));
    }
    yaml_stream_end_event_initialize(&event);
    TRY(emit(event));
    yaml_emitter_flush(&emitter_);
    return std::move(text_);
  }

 private:
  /// Takes the event, whatever happens.
  Result<> emit(yaml_event_t& event) {
    if (yaml_emitter_emit(&emitter_, &event) == 1) return {};
    return fail(Fault::invalid, "cannot be written as YAML: {}",
                emitter_.problem ? emitter_.problem : "no memory");
  }

  Result<> node(const Value& value, int depth) {
    if (depth > max_depth || ++parts_ > max_parts || text_.size() > max_text)
      return fail(Fault::invalid, "the value is too large or nested too deep for YAML");
    if (value.is_text()) return scalar(TRY(to_text(value)), Kind::text);
    if (const auto map = value.as_map()) return mapping(map->entries(), depth);
    if (value.as_list() || value.as_range()) return sequence(TRY(elements(value)), depth);
    if (const auto* date = as_date(value)) return scalar(date_text(*date), Kind::other);
    if (value.as_object() || value.as_closure())
      return fail(Fault::invalid, "a {} cannot be written as YAML", value.type_name());
    return scalar(TRY(to_text(value)), Kind::other);
  }

  enum class Kind { text, other };

  Result<> scalar(const std::string& raw, Kind kind) {
    auto text = valid_utf8(raw);
    auto style = YAML_PLAIN_SCALAR_STYLE;
    bool plain = true;
    if (kind == Kind::text) {
      const auto resolved = resolve_yaml_scalar(text);
      plain = resolved && resolved->is_text() && text != "<<" && text != "=";
      if (text.find('\n') != std::string::npos) style = YAML_LITERAL_SCALAR_STYLE;
    }
    yaml_event_t event;
    if (yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                     reinterpret_cast<const yaml_char_t*>(text.data()),
                                     static_cast<int>(text.size()), plain ? 1 : 0, 1, style) != 1)
      return fail(Fault::invalid, "the text cannot be written as YAML");
    return emit(event);
  }

  Result<> sequence(const std::vector<Value>& items, int depth) {
    yaml_event_t event;
    yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
    TRY(emit(event));
    for (const auto& item : items) TRY(node(item, depth + 1));
    yaml_sequence_end_event_initialize(&event);
    return emit(event);
  }

  Result<> mapping(const std::vector<Map::Entry>& entries, int depth) {
    yaml_event_t event;
    yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE);
    TRY(emit(event));
    for (const auto& [key, value] : entries) {
      TRY(node(key, depth + 1));
      TRY(node(value, depth + 1));
    }
    yaml_mapping_end_event_initialize(&event);
    return emit(event);
  }

  std::string text_;
  yaml_emitter_t emitter_{};
  std::size_t parts_ = 0;
};

}  // namespace

Result<std::string> write_yaml(const Value& value) { return YamlWriter().documents({value}, 1); }

Result<std::string> write_yaml_documents(const std::vector<Value>& values) {
  return YamlWriter().documents(values, 0);
}

}  // namespace cupel::pipeline
