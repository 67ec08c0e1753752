// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace cupel {
namespace {

Result<int> parse_digit(char digit) {
  if (digit < '0' || digit > '9') return fail(Fault::invalid, "'{}' is not a digit", digit);
  return digit - '0';
}

Result<int> doubled(char digit) { return 2 * TRY(parse_digit(digit), "double {}", digit); }

Result<> checked(char digit) {
  TRY(doubled(digit), "check");
  return {};
}

Result<std::unique_ptr<int>> owned() { return std::make_unique<int>(7); }

Result<int> taken() {
  auto value = TRY(owned());
  return *value;
}

TEST(Try, YieldsTheValue) { EXPECT_EQ(*doubled('4'), 8); }

TEST(Try, MovesWhatCannotBeCopied) { EXPECT_EQ(*taken(), 7); }

TEST(Try, AddsAFrameALevel) {
  const auto result = checked('x');

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "check: double x: 'x' is not a digit");
  EXPECT_EQ(result.error().fault(), Fault::invalid);
}

TEST(Error, NamesAnErrnoInLowerCase) {
  const Result<> result = fail_errno(ENOENT, "open {}", "/x");

  EXPECT_EQ(result.error().text(), "open /x: no such file or directory");
  EXPECT_EQ(result.error().fault(), Fault::not_found);
}

}  // namespace
}  // namespace cupel
