// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "pipeline/interpreter/journal.hpp"

namespace cupel::runs {

// Journal records as JSON. Values are written flat, as a list of tokens in prefix order, so that
// their depth is not JSON's; text that is no UTF-8 is kept byte for byte.

/// Fails where a value is no plain data (a closure, an object), or has too many parts.
Result<json::Object> to_json(const pipeline::JournalRecord& record);
Result<pipeline::JournalRecord> journal_record_from(const json::Value& value);

Result<json::Array> flat(const pipeline::Value& value);
/// Fails on anything but what flat() writes; depth and parts are limited.
Result<pipeline::Value> from_flat(const json::Value& value);

/// One line of a journal: length, checksum, JSON.
std::string sealed_line(const json::Object& object);
/// The object of a line without its end; fails where length or checksum do not fit.
Result<json::Value> open_line(std::string_view line);

}  // namespace cupel::runs
