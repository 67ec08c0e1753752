// SPDX-License-Identifier: Apache-2.0
#include "runs/file_locks.hpp"

#include <gtest/gtest.h>

#include "base/crew.hpp"

namespace cupel::runs {
namespace {

using Request = pipeline::Locks::Request;

class FileLocksTest : public testing::Test {
 protected:
  FileLocks locks(std::string owner) {
    return {directory_.path() / "locks", {{"board", {"b1", "b2"}}}, std::move(owner)};
  }
  static Request request(std::string resource, Request::Wait wait = Request::Wait::no) {
    Request one;
    one.resource = std::move(resource);
    one.wait = wait;
    return one;
  }
  static Request labelled(std::string label, std::size_t quantity) {
    Request one;
    one.label = std::move(label);
    one.quantity = quantity;
    one.wait = Request::Wait::no;
    return one;
  }
  static Stop soon() { return Stop().within(std::chrono::seconds(30)); }
  const std::function<void(std::string_view)> nobody_ = [](std::string_view) {};

 private:
  os::TempDir directory_ = std::move(*os::TempDir::make("locks"));
};

TEST_F(FileLocksTest, BelongToOneAtATime) {
  auto first = locks("run 1");
  auto second = locks("run 2");
  auto held = first.take(request("printer"), nobody_, soon());
  ASSERT_TRUE(held) << held.error().text();

  const auto refused = second.take(request("printer"), nobody_, soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault(), Fault::conflict);
  EXPECT_EQ(refused.error().text(), "locked by run 1");

  held->reset();
  EXPECT_TRUE(second.take(request("printer"), nobody_, soon()));
}

TEST_F(FileLocksTest, AreWaitedForAndSayWhoHasThem) {
  auto first = locks("run 1");
  auto second = locks("run 2");
  auto held = std::move(*first.take(request("printer"), nobody_, soon()));
  std::string who;

  const auto taken = second.take(
      request("printer", Request::Wait::yes),
      [&](std::string_view owner) {
        who = owner;
        held.reset();  // it is freed as soon as somebody waits
      },
      soon());

  EXPECT_TRUE(taken);
  EXPECT_EQ(who, "run 1");
}

TEST_F(FileLocksTest, AreGivenToWhoWaitsLongest) {
  auto first = locks("run 1");
  auto held = std::move(*first.take(request("printer"), nobody_, soon()));
  std::vector<std::string> order;  // only who has the lock writes
  const auto take = [&](const std::string& name, const std::function<void()>& waits) {
    return [&, name, waits](const Stop& stop) -> Result<> {
      auto own = locks(name);
      const auto taken = TRY(own.take(
          request("printer", Request::Wait::yes), [&](std::string_view) { waits(); }, stop));
      order.push_back(name);
      return {};
    };
  };
  Crew late(soon());
  Crew early(soon());
  // The second comes when the first waits, and the printer is freed when both do.
  early.add("early", take("early", [&] { late.add("late", take("late", [&] { held.reset(); })); }));

  ASSERT_TRUE(early.join());
  ASSERT_TRUE(late.join());
  EXPECT_EQ(order, (std::vector<std::string>{"early", "late"}));
}

TEST_F(FileLocksTest, GiveSoManyOfALabel) {
  auto all = locks("run 1");

  const auto one = all.take(labelled("board", 1), nobody_, soon());
  ASSERT_TRUE(one) << one.error().text();
  EXPECT_EQ((*one)->resources(), std::vector<std::string>{"b1"});
  const auto other = all.take(labelled("board", 1), nobody_, soon());
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->resources(), std::vector<std::string>{"b2"});
  EXPECT_EQ(all.take(labelled("board", 0), nobody_, soon()).error().fault(), Fault::conflict);
  EXPECT_EQ(all.take(labelled("board", 3), nobody_, soon()).error().fault(), Fault::invalid);
  EXPECT_EQ(all.take(labelled("ship", 1), nobody_, soon()).error().fault(), Fault::not_found);
}

TEST_F(FileLocksTest, StopWaitingWhenAsked) {
  auto all = locks("run 1");
  const auto held = all.take(request("printer"), nobody_, soon());

  const auto taken = all.take(request("printer", Request::Wait::yes), nobody_,
                              Stop().within(std::chrono::milliseconds(20)));

  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().fault(), Fault::timeout);
}

}  // namespace
}  // namespace cupel::runs
