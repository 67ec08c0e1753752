// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/moment.hpp"

#include <array>
#include <optional>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t max_year = 999'999;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

std::string fraction(std::int32_t nano) {
  if (nano == 0) return "";
  const int digits = nano % 1'000'000 == 0 ? 3 : nano % 1'000 == 0 ? 6 : 9;
  return "." + fmt::format("{:09}", nano).substr(0, static_cast<std::size_t>(digits));
}

}  // namespace

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(std::int64_t year, int month) {
  static constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

// Days are counted from March on, so that the leap day is a year's last.
std::int64_t days_of(std::int64_t year, int month, int day) {
  const auto y = month <= 2 ? year - 1 : year;
  const auto era = floor_divide(y, 400);
  const auto of_era = y - era * 400;
  const auto of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

Fields fields_of(const Moment& moment) {
  const auto days = floor_divide(moment.local(), day_seconds);
  const auto rest = moment.local() - days * day_seconds;
  const auto shifted = days + 719'468;
  const auto era = floor_divide(shifted, 146'097);
  const auto of_era = shifted - era * 146'097;
  const auto year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const auto of_year = of_era - (365 * year + year / 4 - year / 100);
  const auto part = (5 * of_year + 2) / 153;
  Fields fields;
  fields.day = static_cast<int>(of_year - (153 * part + 2) / 5 + 1);
  fields.month = static_cast<int>(part < 10 ? part + 3 : part - 9);
  fields.year = year + era * 400 + (fields.month <= 2 ? 1 : 0);
  fields.hour = static_cast<int>(rest / 3600);
  fields.minute = static_cast<int>(rest / 60 % 60);
  fields.second = static_cast<int>(rest % 60);
  fields.nano = moment.nano;
  return fields;
}

Result<Moment> moment_of(const Fields& f, std::int32_t offset) {
  if (f.year < -max_year || f.year > max_year)
    return fail(Fault::invalid, "Invalid value for Year: {}", f.year);
  if (f.month < 1 || f.month > 12)
    return fail(Fault::invalid, "Invalid value for MonthOfYear (valid values 1 - 12): {}", f.month);
  if (f.day < 1 || f.day > 31)
    return fail(Fault::invalid, "Invalid value for DayOfMonth (valid values 1 - 28/31): {}", f.day);
  if (f.day > days_in_month(f.year, f.month))
    return fail(Fault::invalid, "Invalid date: month {} has no day {}", f.month, f.day);
  if (f.hour < 0 || f.hour > 23 || f.minute < 0 || f.minute > 59 || f.second < 0 || f.second > 59)
    return fail(Fault::invalid, "Invalid time {:02}:{:02}:{:02}", f.hour, f.minute, f.second);
  const auto local =
      days_of(f.year, f.month, f.day) * day_seconds + f.hour * 3600 + f.minute * 60 + f.second;
  return Moment{local - offset, f.nano, offset};
}

int weekday_of(const Moment& moment) {
  const auto days = floor_divide(moment.local(), day_seconds);
  const auto of_week = (days + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(of_week < 0 ? of_week + 7 : of_week) + 1;
}

int day_of_year(const Moment& moment) {
  const auto fields = fields_of(moment);
  return static_cast<int>(days_of(fields.year, fields.month, fields.day) -
                          days_of(fields.year, 1, 1)) +
         1;
}

Result<Moment> plus_months(const Moment& moment, std::int64_t months) {
  if (months > max_year * 12 || months < -max_year * 12)
    return fail(Fault::invalid, "too many months: {}", months);
  auto fields = fields_of(moment);
  const auto count = fields.year * 12 + fields.month - 1 + months;
  fields.year = floor_divide(count, 12);
  fields.month = static_cast<int>(count - fields.year * 12) + 1;
  fields.day = std::min(fields.day, days_in_month(fields.year, fields.month));
  return moment_of(fields, moment.offset);
}

std::string iso_date(const Moment& moment) {
  const auto fields = fields_of(moment);
  return fmt::format("{:04}-{:02}-{:02}", fields.year, fields.month, fields.day);
}

std::string iso_time(const Moment& moment) {
  const auto fields = fields_of(moment);
  auto text = fmt::format("{:02}:{:02}", fields.hour, fields.minute);
  if (fields.second != 0 || fields.nano != 0)
    text += fmt::format(":{:02}", fields.second) + fraction(fields.nano);
  return text;
}

std::string iso_offset(std::int32_t offset) {
  if (offset == 0) return "Z";
  const auto size = offset < 0 ? -offset : offset;
  return fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
}

Result<std::int32_t> parse_zone(std::string_view name) {
  auto rest = name;
  for (const std::string_view prefix : {"UTC", "GMT", "Etc/UTC", "Z"})
    if (rest == prefix) return 0;
  if (rest.starts_with("UTC") || rest.starts_with("GMT")) rest.remove_prefix(3);
  if (rest.empty() || (rest[0] != '+' && rest[0] != '-'))
    return fail(Fault::invalid,
                "the time zone '{}' is not supported: UTC and offsets such as +02:00 are", name);
  const bool minus = rest[0] == '-';
  std::string digits(rest.substr(1));
  std::erase(digits, ':');
  if (digits.size() <= 2) digits += "00";
  if (digits.size() == 3) digits.insert(0, 1, '0');
  const auto number = parse_integer(digits);
  if (!number || digits.size() != 4 || *number < 0 || *number > 1800 || *number % 100 > 59)
    return fail(Fault::invalid, "'{}' is no time zone", name);
  const auto seconds = static_cast<std::int32_t>(*number / 100 * 3600 + *number % 100 * 60);
  return minus ? -seconds : seconds;
}

Result<Moment> parse_iso(std::string_view text) {
  const auto wrong = [&] {
    return fail(Fault::invalid, "Text '{}' could not be parsed", printable(text));
  };
  if (text.size() < 10) return wrong();
  auto moment = parse_moment(text.substr(0, 10), "yyyy-MM-dd");
  if (!moment) return wrong();
  auto rest = text.substr(10);
  if (rest.empty()) return *moment;
  if (rest[0] != 'T' || rest.size() < 6) return wrong();
  rest.remove_prefix(1);
  auto fields = fields_of(*moment);
  const auto number = [&](std::size_t at) -> std::optional<int> {
    const auto value = parse_integer(rest.substr(at, 2));
    return value && rest.substr(at, 2).size() == 2 && *value >= 0
               ? std::optional(static_cast<int>(*value))
               : std::nullopt;
  };
  const auto hour = number(0), minute = number(3);
  if (!hour || !minute || rest[2] != ':') return wrong();
  fields.hour = *hour;
  fields.minute = *minute;
  rest.remove_prefix(5);
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    const auto second = number(0);
    if (!second) return wrong();
    fields.second = *second;
    rest.remove_prefix(2);
    if (rest.starts_with('.')) {
      const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
      auto digits = std::string(rest.substr(1, end - 1));
      if (digits.empty() || digits.size() > 9) return wrong();
      digits.resize(9, '0');
      fields.nano = static_cast<std::int32_t>(*parse_integer(digits));
      rest.remove_prefix(end);
    }
  }
  std::int32_t offset = 0;
  if (!rest.empty()) {
    const auto zone = parse_zone(rest.substr(0, rest.find('[')));
    if (!zone) return wrong();
    offset = *zone;
  }
  auto result = moment_of(fields, offset);
  if (!result) return wrong();
  return result;
}

}  // namespace cupel::pipeline
