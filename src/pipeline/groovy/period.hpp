// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/time_values.hpp"

namespace cupel::pipeline {

/// A java.time.Period: an amount of the calendar, whose parts do not turn into each other.
class PeriodObject final : public Object {
 public:
  struct Parts {
    std::int64_t years = 0, months = 0, days = 0;  ///< each fits an int of Java's
  };
  explicit PeriodObject(Parts parts) : years(parts.years), months(parts.months), days(parts.days) {}
  std::string type_name() const override { return "java.time.Period"; }
  std::string text() const override;
  Outcome<std::string> to_string() override { return text(); }
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::int32_t> hash() override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  const Method* method(std::string_view name) const override;
  std::int64_t total_months() const { return years * 12 + months; }

  const std::int64_t years, months, days;
};

/// Throws where a part is more than an int of Java's.
Outcome<Value> period_value(PeriodObject::Parts parts);
/// From one LocalDate to another; throws where they are others.
Outcome<Value> period_between(const TimeObject& from, const TimeObject& to);

}  // namespace cupel::pipeline
