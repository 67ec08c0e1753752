// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "fleet/machines.hpp"

namespace cupel::test {

/// Machines without QEMU: they take what is pushed, and say what became of them.
class FakeMachines final : public fleet::Machines {
 public:
  struct Story {
    std::vector<fleet::MachineOrder> orders;
    std::vector<std::string> pushed_to;
    std::uint64_t pushed_bytes = 0;
    std::vector<std::string> taken_up;
    unsigned destroyed = 0;
    unsigned kept = 0;
    std::optional<fleet::Keep> kept_as = {};
    std::vector<place::RebootOrder> reboots = {};
    std::vector<std::string> logs = {};  ///< of which machines
  };

  Result<std::unique_ptr<fleet::OwnedMachine>> start(const fleet::MachineOrder& order,
                                                     const fleet::Progress& progress,
                                                     const Stop& stop) override {
    TRY(stop.check());
    if (refusal) return fail(refusal->fault(), "{}", refusal->message());
    progress("starting a fake");
    auto story = story_->lock();
    story->orders.push_back(order);
    return std::make_unique<Machine>(fmt::format("fake{}", story->orders.size()), story_);
  }

  Result<std::unique_ptr<fleet::OwnedMachine>> take_up(const std::string& id, const std::string&,
                                                       const Stop&) override {
    auto story = story_->lock();
    if (refusal) return fail(refusal->fault(), "{}", refusal->message());
    story->taken_up.push_back(id);
    return std::make_unique<Machine>(id, story_);
  }
  Result<> end_orphans(const std::string&, const Stop&) override { return {}; }
  std::vector<std::string> living(const std::string&) const override { return {}; }
  void kill(const std::string&) override {}

  Story story() { return *story_->lock(); }
  /// What start() answers from now on.
  std::optional<Error> refusal;

 private:
  using SharedStory = std::shared_ptr<Locked<Story>>;  // shared: machines may outlive us

  class FakePlace final : public place::Place {
   public:
    explicit FakePlace(SharedStory story) : story_(std::move(story)) {}
    std::string describe() const override { return "a fake machine"; }
    Result<std::unique_ptr<place::Session>> start(const place::Command&, place::OutputSink,
                                                  const Stop&) override {
      return fail(Fault::unavailable, "a fake runs nothing");
    }
    Result<> push(const os::ByteSource& source, const std::string& directory,
                  const Stop&) override {
      std::uint64_t size = 0;
      for (;;) {
        const auto bytes = TRY(source());
        if (bytes.empty()) break;
        size += bytes.size();
      }
      auto story = story_->lock();
      story->pushed_to.push_back(directory);
      story->pushed_bytes += size;
      return {};
    }
    Result<os::PackSummary> pull(const std::string&, const os::PackOptions&, const os::ByteSink&,
                                 const Stop&) override {
      return fail(Fault::unavailable, "a fake holds nothing");
    }

   private:
    SharedStory story_;
  };

  class Machine final : public fleet::OwnedMachine {
   public:
    Machine(std::string id, SharedStory story)
        : id_(std::move(id)), story_(std::move(story)), place_(story_) {}
    std::string id() const override { return id_; }
    place::Place& place() override { return place_; }
    std::optional<pipeline::Trouble> trouble() const override { return std::nullopt; }
    std::string reason_of_failure() override { return ""; }
    Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                    const Stop&) override {
      story_->lock()->reboots.push_back(order);
      sink(place::Stream::out, "a fake reboots\n");
      return {};
    }
    void fetch_logs() override { story_->lock()->logs.push_back(id_); }
    Result<os::Fd> connect(std::size_t, const Stop&) override {
      return fail(Fault::unavailable, "a fake has no interfaces");
    }
    Result<> destroy(const Stop&) override {
      ++story_->lock()->destroyed;
      return {};
    }
    Result<> keep(fleet::Keep keep) override {
      auto story = story_->lock();
      ++story->kept;
      story->kept_as = std::move(keep);
      return {};
    }

   private:
    std::string id_;
    SharedStory story_;
    FakePlace place_;
  };

  SharedStory story_ = std::make_shared<Locked<Story>>();
};

}  // namespace cupel::test
