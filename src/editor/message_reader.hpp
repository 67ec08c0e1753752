// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::editor {

/// Cuts a stream of bytes into messages: "Content-Length: N", an empty line, N bytes. Pure: is fed
/// by whoever reads. Keeps no more than one message and what came with it.
class MessageReader {
 public:
  static constexpr std::size_t largest_message = 32U << 20;
  static constexpr std::size_t largest_header = 8U << 10;

  void feed(std::string_view bytes) { pending_.append(bytes); }
  /// The next whole message, or nothing until more bytes come. After an error the stream is lost:
  /// nobody knows where the next message begins.
  Result<std::optional<std::string>> next();

 private:
  std::string pending_;
};

/// The message with its header.
std::string framed(std::string_view message);

}  // namespace cupel::editor
