// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/value.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

Value list(std::vector<Value> items) { return Value::list(std::move(items)); }

Value map(std::vector<std::pair<Value, Value>> entries) {
  auto made = std::make_shared<Map>();
  for (auto& [key, value] : entries) EXPECT_TRUE(made->put(key, value));
  return Value(std::move(made));
}

TEST(Value, PrintsAsGroovyDoes) {
  EXPECT_EQ(*to_text(Value()), "null");
  EXPECT_EQ(*to_text(list({1, "a", Value(), list({true})})), "[1, a, null, [true]]");
  EXPECT_EQ(*to_text(map({{"k", "v"}, {2, list({})}})), "[k:v, 2:[]]");
  EXPECT_EQ(*to_text(map({})), "[:]");
  EXPECT_EQ(*to_text(Value(Range{3, 1})), "[3, 2, 1]");
  EXPECT_EQ(*to_text(Value(GString{{"a", "b"}, {Value(1)}})), "a1b");
}

TEST(Value, IsTrueAsInGroovy) {
  for (const auto& value : {Value(), Value(false), Value(0), Value(""), list({}), map({})})
    EXPECT_FALSE(truth(value)) << *to_text(value);
  for (const auto& value : {Value(true), Value(-1), Value("false"), list({0}), map({{"a", 0}})})
    EXPECT_TRUE(truth(value)) << *to_text(value);
}

TEST(Value, ComparesAcrossKindsOfNumbersAndStrings) {
  EXPECT_TRUE(*equal(Value(1), Value(*Decimal::parse("1.00"))));
  EXPECT_TRUE(*equal(Value("a1"), Value(GString{{"a", ""}, {Value(1)}})));
  EXPECT_TRUE(*equal(list({1, 2}), Value(Range{1, 2})));
  EXPECT_FALSE(*equal(Value("1"), Value(1)));
  EXPECT_FALSE(compare(Value("1"), Value(1)));
}

TEST(Value, KeepsTheOrderOfAMapAndFindsAfterRemoval) {
  Map entries;
  for (const char* key : {"c", "a", "b"}) ASSERT_TRUE(entries.put(key, Value(key)));

  entries.remove("a");

  EXPECT_EQ(*to_text(*entries.find("b")), "b");
  EXPECT_EQ(entries.find("a"), nullptr);
  EXPECT_EQ(*to_text(entries.entries().front().first), "c");
}

TEST(Value, AGStringIsAnotherKeyThanItsString) {
  Map entries;
  ASSERT_TRUE(entries.put("k1", 1));

  EXPECT_EQ(entries.find(Value(GString{{"k", ""}, {Value(1)}})), nullptr);
}

TEST(Value, EndsOnStructuresThatContainThemselvesOrExplode) {
  auto knot = std::make_shared<List>();
  knot->items.emplace_back(knot);
  auto laughs = list({"ha"});
  for (int i = 0; i < 60; ++i) laughs = list({laughs, laughs});

  EXPECT_FALSE(to_text(Value(knot)));
  EXPECT_FALSE(to_text(laughs));
  EXPECT_FALSE(frozen(Value(knot)));
  EXPECT_FALSE(frozen(laughs));
  knot->items.clear();
}

TEST(Decimal, CalculatesExactlyWhereGroovyDoes) {
  EXPECT_EQ(add(*Decimal::parse("0.1"), *Decimal::parse("0.2"))->text(), "0.3");
  EXPECT_EQ(divide(Decimal::of(10), Decimal::of(4))->text(), "2.5");
  EXPECT_EQ(divide(Decimal::of(-1), Decimal::of(3))->text(), "-0.3333333333");
  EXPECT_EQ(multiply(*Decimal::parse("1.50"), Decimal::of(2))->text(), "3.00");
  EXPECT_EQ(Decimal::parse("-0.05")->text(), "-0.05");
}

TEST(Decimal, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(Decimal::parse("1234567890123456789.5"));
  EXPECT_FALSE(Decimal::parse("1e400"));
  EXPECT_FALSE(divide(Decimal::of(1), Decimal::of(0)));
  EXPECT_FALSE(Decimal::parse("x"));
}

}  // namespace
}  // namespace cupel::pipeline
