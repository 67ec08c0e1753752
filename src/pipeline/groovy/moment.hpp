// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline {

/// A point in time, in a zone of a fixed offset (named zones but UTC are not known here). What has
/// no zone has the offset 0.
struct Moment {
  std::int64_t second = 0;  ///< since 1970, UTC
  std::int32_t nano = 0;
  std::int32_t offset = 0;  ///< of the zone, in seconds
  std::int64_t local() const { return second + offset; }
};

/// A date and time of day, as on the wall.
struct Fields {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int32_t nano = 0;
};

Fields fields_of(const Moment& moment);
/// Fails where a field is out of its range, as February 30.
Result<Moment> moment_of(const Fields& fields, std::int32_t offset = 0);
std::int64_t days_of(std::int64_t year, int month, int day);
bool is_leap(std::int64_t year);
int days_in_month(std::int64_t year, int month);
/// 1 is Monday.
int weekday_of(const Moment& moment);
int day_of_year(const Moment& moment);
/// The day is the month's last where the month is shorter.
Result<Moment> plus_months(const Moment& moment, std::int64_t months);

/// As java.time.format.DateTimeFormatter and SimpleDateFormat: yyyy-MM-dd'T'HH:mm:ss.SSSXXX.
Result<std::string> format_moment(const Moment& moment, std::string_view pattern);
/// The same backwards; what the pattern lacks is of 1970-01-01T00:00Z.
Result<Moment> parse_moment(std::string_view text, std::string_view pattern,
                            std::int32_t offset = 0);
/// ISO 8601: 2026-11-24, 2026-11-24T15:04[:05[.123]][Z|+01:00].
Result<Moment> parse_iso(std::string_view text);

std::string iso_date(const Moment& moment);
/// 15:04, 15:04:05, 15:04:05.123: as short as it says all.
std::string iso_time(const Moment& moment);
/// Z, +01:00
std::string iso_offset(std::int32_t offset);
/// UTC, GMT, Z, GMT+2, +02:00; others fail.
Result<std::int32_t> parse_zone(std::string_view name);

}  // namespace cupel::pipeline
