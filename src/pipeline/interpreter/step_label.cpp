// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/step_label.hpp"

#include "base/text.hpp"

namespace cupel::pipeline {

std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 100;
  const auto trimmed = trim(text);
  const auto end = trimmed.find('\n');
  auto line = std::string(trimmed.substr(0, end));
  const bool cut = end != std::string_view::npos || line.size() > longest;
  if (line.size() > longest) {
    auto length = longest;
    while (length > 0 && (static_cast<unsigned char>(line[length]) & 0xC0U) == 0x80U) --length;
    line.resize(length);
  }
  return printable(line) + (cut ? " ..." : "");
}

std::string step_label(const syntax::StepSignature& signature, const Arguments& arguments) {
  if (const auto* label = arguments.find("label"); label && label->as_text())
    return one_line(*label->as_text());
  std::string text;
  for (const auto& parameter : signature.parameters) {
    const auto* value = arguments.find(parameter.name);
    if (!value) continue;
    // Of an object its kind says enough: [$class: 'GitSCM', ...].
    const auto* kind = value->as_map() ? value->as_map()->find(Value("$class")) : nullptr;
    const auto shown = to_text(kind ? *kind : *value);
    if (parameter.name == signature.default_parameter) return shown ? one_line(*shown) : "";
    if (!text.empty()) text += ", ";
    text += parameter.name + ": " + (shown ? one_line(*shown) : "");
  }
  return text;
}

}  // namespace cupel::pipeline
