// SPDX-License-Identifier: Apache-2.0
// Any line is a record or an error; what is a record is written as a line that gives it back.
#include <string_view>

#include "base/check.hpp"
#include "runs/journal_text.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(runs::open_line(bytes));

  const auto value = json::parse(bytes);
  if (!value) return 0;
  const auto record = runs::journal_record_from(*value);
  if (!record) return 0;
  const auto again = runs::to_json(*record);
  CHECK(again);
  auto line = runs::sealed_line(*again);
  line.pop_back();
  const auto opened = runs::open_line(line);
  CHECK(opened);
  CHECK(runs::journal_record_from(*opened));
  return 0;
}
