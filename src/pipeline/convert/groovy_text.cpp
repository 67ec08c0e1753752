// SPDX-License-Identifier: Apache-2.0
#include "pipeline/convert/groovy_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/convert/to_groovy.hpp"

namespace cupel::pipeline::convert {

void GroovyText::line(std::string_view text) { text_.append(depth_ * 2, ' ').append(text) += '\n'; }

void GroovyText::open(std::string_view head) {
  line(std::string(head) + " {");
  ++depth_;
}

void GroovyText::close(std::string_view behind) {
  --depth_;
  line("}" + std::string(behind));
}

void GroovyText::open_call(std::string_view name) {
  line(std::string(name) + "(");
  ++depth_;
}

void GroovyText::close_call() {
  --depth_;
  line(")");
}

/// The first line lost its indentation when it was cut out; the others keep theirs, since text in
/// ''' may be among them.
void GroovyText::code(std::string_view text) {
  bool first = true;
  for (const auto& one : split(text, '\n')) {
    if (first)
      line(one);
    else
      text_.append(one) += '\n';
    first = false;
  }
}

std::string groovy_literal(std::string_view text) {
  const bool lines = text.find('\n') != std::string_view::npos;
  std::string made = lines ? "'''" : "'";
  for (const auto c : text) {
    if (c == '\n')
      made += "\n";
    else if (c == '\\')
      made += "\\\\";
    else if (c == '\'')
      made += "\\'";
    else if (c == '\r')
      made += "\\r";
    else if (c == '\t')
      made += "\\t";
    else if (c == '\b')
      made += "\\b";
    else if (c == '\f')
      made += "\\f";
    else if (static_cast<unsigned char>(c) < 0x20)
      made += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      made += c;
  }
  return made + (lines ? "'''" : "'");
}

}  // namespace cupel::pipeline::convert
