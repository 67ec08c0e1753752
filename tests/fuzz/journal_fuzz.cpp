// SPDX-License-Identifier: Apache-2.0
// Any bytes are a journal or an error: as they are, torn off, joined, and as lines whose seals fit.
// What is a record is written as a line that gives it back.
#include <string_view>

#include "base/check.hpp"
#include "runs/journal_contents.hpp"
#include "runs/journal_text.hpp"

using namespace cupel;

namespace {

void check_record(const json::Value& value) {
  const auto record = runs::journal_record_from(value);
  if (!record) return;
  const auto again = runs::to_json(*record);
  CHECK(again);
  auto line = runs::sealed_line(*again);
  line.pop_back();
  const auto opened = runs::open_line(line);
  CHECK(opened);
  CHECK(runs::journal_record_from(*opened));
}

/// What is left of a journal when its tail is lost: the same records, or fewer.
void check_torn(std::string_view bytes) {
  const auto whole = runs::journal_contents(bytes);
  if (!whole) return;
  CHECK(whole->whole <= bytes.size());
  const auto again = runs::journal_contents(bytes.substr(0, whole->whole));
  CHECK(again);
  CHECK(again->records.size() == whole->records.size());
  const auto torn = runs::journal_contents(bytes.substr(0, whole->whole / 2));
  CHECK(torn);
  CHECK(torn->records.size() <= whole->records.size());
}

/// Two lines that have become one are damage, not a torn tail.
void check_joined(std::string_view bytes) {
  const auto whole = runs::journal_contents(bytes);
  if (!whole || whole->whole < 2) return;
  const auto end = bytes.rfind('\n', whole->whole - 2);
  if (end == bytes.npos) return;
  std::string joined(bytes.substr(0, whole->whole));
  joined[end] = ' ';
  CHECK(!runs::journal_contents(joined));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(runs::open_line(bytes));
  check_torn(bytes);
  check_joined(bytes);

  // The input's lines as JSON, sealed: no fuzzer finds checksums by itself.
  std::string sealed = runs::line_of(runs::JournalHead{});
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    if (const auto value = json::parse(bytes.substr(at, end - at)); value) {
      check_record(*value);
      if (value->as_object()) sealed += runs::sealed_line(*value->as_object());
    }
    at = end + 1;
  }
  check_torn(sealed);
  check_joined(sealed);
  return 0;
}
