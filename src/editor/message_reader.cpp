// SPDX-License-Identifier: Apache-2.0
#include "editor/message_reader.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace cupel::editor {
namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";

Result<std::size_t> length_of(std::string_view header) {
  std::optional<std::int64_t> length;
  for (const auto& line : split(header, '\n')) {
    const auto colon = line.find(':');
    if (trim(line).empty()) continue;
    if (colon == std::string::npos) return fail(Fault::invalid, "a header without a colon");
    if (lower(trim(std::string_view(line).substr(0, colon))) != "content-length") continue;
    length = parse_integer(trim(std::string_view(line).substr(colon + 1)));
    if (!length || *length < 0) return fail(Fault::invalid, "Content-Length is no number");
  }
  if (!length) return fail(Fault::invalid, "a header without Content-Length");
  if (static_cast<std::uint64_t>(*length) > MessageReader::largest_message)
    return fail(Fault::invalid, "a message of {} bytes; {} are allowed", *length,
                MessageReader::largest_message);
  return static_cast<std::size_t>(*length);
}

}  // namespace

Result<std::optional<std::string>> MessageReader::next() {
  const auto end = std::string_view(pending_).substr(0, largest_header).find(end_of_header);
  if (end == std::string_view::npos) {
    if (pending_.size() >= largest_header) return fail(Fault::invalid, "a header without an end");
    return std::optional<std::string>();
  }
  const auto length = TRY(length_of(std::string_view(pending_).substr(0, end)));
  const auto begin = end + end_of_header.size();
  if (pending_.size() - begin < length) return std::optional<std::string>();
  auto message = pending_.substr(begin, length);
  pending_.erase(0, begin + length);
  return std::optional(std::move(message));
}

std::string framed(std::string_view message) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", message.size(), message);
}

}  // namespace cupel::editor
