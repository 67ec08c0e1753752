// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cupel::cli {

/// Cuts a stream of bytes into lines, in bounded memory: a line over `limit` bytes is given in
/// pieces. One thread at a time.
class LineCutter {
 public:
  static constexpr std::size_t limit = 16U << 10;

  /// whole: a line. first, further: pieces of a longer one, the last of them `further` as well.
  enum class Part { whole, first, further };
  /// The line without its end; good until the call returns.
  using Take = std::function<void(std::string_view line, Part part)>;

  void feed(std::string_view bytes, const Take& take);
  /// Gives what has no line end yet.
  void finish(const Take& take);

 private:
  void give_pieces(const Take& take);

  std::string pending_;
  bool inside_long_line_ = false;
};

}  // namespace cupel::cli
