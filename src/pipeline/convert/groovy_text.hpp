// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cupel::pipeline::convert {

/// Lines of Groovy, indented by the blocks that are open.
class GroovyText {
 public:
  void line(std::string_view text);
  /// "head {"
  void open(std::string_view head);
  void close(std::string_view behind = "");
  /// "name(", for arguments on lines of their own.
  void open_call(std::string_view name);
  void close_call();
  /// Lines as they are, moved to where they belong.
  void code(std::string_view text);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace cupel::pipeline::convert
