// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

struct YamlLimits {
  std::size_t bytes = 3U << 20;
  /// Of lists and maps: against documents that say little and mean much.
  std::size_t aliases = 50;
};

/// The documents of a YAML 1.1 stream, with the types that SnakeYAML gives plain scalars: whole
/// numbers (0x, 0b, octal, 1_000, 1:30), doubles, yes/no/on/off/true/false, null, timestamps as
/// java.util.Date. Anchors and merge keys (<<) are resolved; other tags than YAML's own fail. The
/// error says line and column.
Result<std::vector<Value>> parse_yaml(std::string_view text, const YamlLimits& limits = {});

/// One document in block style, as SnakeYAML writes it: no "---", two blanks, text of several
/// lines as |. GStrings with lazy parts must have been made text before.
Result<std::string> write_yaml(const Value& value);
/// Several, each behind a "---".
Result<std::string> write_yaml_documents(const std::vector<Value>& values);

/// What a plain scalar stands for.
Result<Value> resolve_yaml_scalar(std::string_view text);

}  // namespace cupel::pipeline
