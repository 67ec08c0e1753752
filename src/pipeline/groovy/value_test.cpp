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

TEST(Decimal, RefusesWhatIsNoNumber) {
  EXPECT_FALSE(Decimal::parse("1e400000"));
  EXPECT_FALSE(divide(Decimal::of(1), Decimal::of(0)));
  EXPECT_FALSE(Decimal::parse("x"));
}

TEST(Decimal, HasAnyNumberOfDigits) {
  EXPECT_EQ(Decimal::parse("12345678901234567890123.5")->text(), "12345678901234567890123.5");
  EXPECT_EQ(Decimal::parse("1e10")->text(), "1E+10");
  EXPECT_EQ(Decimal::parse("0.0000001")->text(), "1E-7");
  EXPECT_EQ(divide(Decimal::of(2), Decimal::of(3))->text(), "0.6666666667");
  EXPECT_EQ(divide(*Decimal::parse("1.00"), Decimal::of(8))->text(), "0.125");
  EXPECT_EQ(Decimal::parse("2.345")->rounded(2, Rounding::half_even)->text(), "2.34");
}

TEST(Floating, PrintsAsJavaDoes) {
  EXPECT_EQ(floating_text(1.0), "1.0");
  EXPECT_EQ(floating_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(floating_text(1e7), "1.0E7");
  EXPECT_EQ(floating_text(1234567.0), "1234567.0");
  EXPECT_EQ(floating_text(0.001), "0.001");
  EXPECT_EQ(floating_text(0.00012), "1.2E-4");
  EXPECT_EQ(floating_text(-0.0), "-0.0");
  EXPECT_EQ(floating_text(3.4F), "3.4");
}

TEST(BigInteger, CalculatesBeyond64Bits) {
  const auto big = *BigInteger::parse("123456789012345678901234567890");
  EXPECT_EQ(multiply(big, BigInteger(10))->text(), "1234567890123456789012345678900");
  EXPECT_EQ(bit_and(BigInteger(-1), big).text(), big.text());
  EXPECT_EQ(shifted(BigInteger(-5), -1)->text(), "-3");
  EXPECT_EQ(BigInteger::parse("-ff", 16)->text(), "-255");
  EXPECT_EQ(BigInteger(std::numeric_limits<std::int64_t>::min()).low(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(power(BigInteger(2), 1'000'000'000));
}

TEST(Map, HoldsAnyKeyAndTellsKindsOfNumbersApart) {
  Map entries;
  ASSERT_TRUE(entries.put(1, "int"));
  ASSERT_TRUE(entries.put(Value::long_of(1), "long"));
  ASSERT_TRUE(entries.put(list({1, 2}), "list"));

  EXPECT_EQ(*to_text(*entries.find(Value(1))), "int");
  EXPECT_EQ(*to_text(*entries.find(Value::long_of(1))), "long");
  EXPECT_EQ(*to_text(*entries.find(list({1, 2}))), "list");
}

TEST(Map, RemovesManyEntriesQuicklyAndKeepsTheOrder) {
  Map entries;
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(entries.put(i, i));

  for (int i = 0; i < 20'000; ++i)
    if (i % 1000 != 7) entries.remove(i);

  EXPECT_EQ(entries.size(), 20U);
  EXPECT_EQ(*to_text(entries.entries()[1].first), "1007");
  EXPECT_EQ(*to_text(*entries.find(Value(19'007))), "19007");
}

TEST(Map, KeepsAnOrderOfItsOwn) {
  Map entries(Map::Order([](const Value& a, const Value& b) { return compare(a, b); }));
  for (const int i : {3, 1, 2, 3}) ASSERT_TRUE(entries.put(i, i));

  EXPECT_EQ(*to_text(Value(std::make_shared<Map>(entries))), "[1:1, 2:2, 3:3]");
}

TEST(Value, HashesAsJavaDoes) {
  EXPECT_EQ(*java_hash("hello"), 99162322);
  EXPECT_EQ(*java_hash(list({1, 2, 3})), 30817);
  EXPECT_EQ(*java_hash(Value::long_of(1LL << 32)), 1);
  EXPECT_EQ(*java_hash(true), 1231);
}

}  // namespace
}  // namespace cupel::pipeline
