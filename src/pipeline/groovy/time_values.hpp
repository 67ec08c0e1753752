// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/moment.hpp"
#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {

/// java.util.Date, and Instant, LocalDate, LocalTime, LocalDateTime, ZonedDateTime of java.time. A
/// LocalTime is of 1970-01-01. Immutable but for Date.setTime.
class TimeObject final : public Object {
 public:
  enum class Kind { old_date, instant, date, time, date_time, zoned };
  TimeObject(Kind its_kind, Moment at) : kind(its_kind), moment(at) {}
  std::string type_name() const override;
  std::string text() const override;
  Outcome<std::string> to_string() override { return text(); }
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::int32_t> hash() override;
  Outcome<std::optional<int>> compare(const Value& other) override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  const Method* method(std::string_view name) const override;
  /// What getYear() and its kin say; nothing for another name, without "get".
  std::optional<Value> field(std::string_view name) const;

  const Kind kind;
  Moment moment;
};

/// A java.time.Duration.
class DurationObject final : public Object {
 public:
  DurationObject(std::int64_t whole, std::int32_t rest) : seconds(whole), nanos(rest) {}
  std::string type_name() const override { return "java.time.Duration"; }
  std::string text() const override;
  Outcome<std::string> to_string() override { return text(); }
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::optional<int>> compare(const Value& other) override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  const Method* method(std::string_view name) const override;

  const std::int64_t seconds;
  const std::int32_t nanos;
};

/// A DateTimeFormatter or SimpleDateFormat.
class DateFormatObject final : public Object {
 public:
  DateFormatObject(std::string type, std::string letters)
      : pattern(std::move(letters)), type_(std::move(type)) {}
  std::string type_name() const override { return type_; }
  const Method* method(std::string_view name) const override;

  const std::string pattern;  ///< or "ISO_INSTANT" and its kin
  std::optional<std::int32_t> offset;

 private:
  std::string type_;
};

/// A ChronoUnit or TimeUnit, and zones: objects that are their name.
class UnitObject final : public Object {
 public:
  UnitObject(std::string type, std::string its_name)
      : name(std::move(its_name)), type_(std::move(type)) {}
  std::string type_name() const override { return type_; }
  std::string text() const override { return name; }
  Outcome<std::string> to_string() override { return name; }
  Outcome<bool> equals(const Value& other) override {
    const auto* unit = dynamic_cast<const UnitObject*>(other.object_here());
    return unit && unit->name == name && unit->type_ == type_;
  }
  std::optional<Value> plain() const override { return Value(name); }
  const Method* method(std::string_view wanted) const override;

  const std::string name;

 private:
  std::string type_;
};

Value time_value(TimeObject::Kind kind, Moment moment);
Value duration_value(std::int64_t seconds, std::int64_t nanos);
Value unit_value(std::string type, std::string name);
/// The time of day of a LocalTime, whatever the day.
Moment time_of_day(const Moment& moment);
/// The LocalDateTime of a LocalDate and a LocalTime; throws where they are others.
Outcome<Value> date_at_time(const TimeObject& date, const TimeObject& time);
/// Throws java.time.DateTimeException with the error's text.
Outcome<Moment> moment_or_throw(Result<Moment> moment);
/// Nanoseconds of a unit of fixed length ("DAYS", "HOURS"); throws for others.
Outcome<std::int64_t> nanos_of_unit(const Value& unit);
Outcome<const TimeObject*> time_of(const Value& value);
/// How a formatter or a pattern writes it.
Outcome<std::string> formatted_time(const TimeObject& time, const Value& format);

const MethodTable& date_methods();
const MethodTable& time_methods();
const MethodTable& local_time_methods();

}  // namespace cupel::pipeline
