// SPDX-License-Identifier: Apache-2.0
#include "fleet/lease.hpp"

#include "os/files.hpp"
#include "pipeline/interpreter/rebootable.hpp"

namespace cupel::fleet {
namespace {

using namespace std::chrono_literals;

/// A machine with the project in it. At the end: destroyed, or kept as the policy says.
class MachineLease final : public pipeline::Lease, public pipeline::Rebootable {
 public:
  MachineLease(LeaseFacts facts, Keeping keeping, std::unique_ptr<OwnedMachine> machine,
               std::function<void(Kept)> kept, std::function<void(std::string)> complain)
      : facts_(std::move(facts)),
        keeping_(keeping),
        machine_(std::move(machine)),
        kept_(std::move(kept)),
        complain_(std::move(complain)) {}

  ~MachineLease() override {
    if (keeping_.recording == Recording::all ||
        (keeping_.recording == Recording::failed && outcome_ == Outcome::failed))
      machine_->fetch_logs();
    const bool keep = keeping_.policy == KeepPolicy::always ||
                      (keeping_.policy == KeepPolicy::failed && outcome_ == Outcome::failed);
    const auto done = keep ? machine_->keep({keeping_.time, std::move(failed_)})
                           : machine_->destroy(Stop().within(30s));
    if (!done)
      complain_(fmt::format("{} machine {}: {}", keep ? "keep" : "destroy", machine_->id(),
                            done.error().text()));
    else if (keep)
      kept_({machine_->id(), facts_.node_name, keeping_.time});
  }

  place::Place& place() override { return machine_->place(); }
  std::string node_name() const override { return facts_.node_name; }
  std::string workspace() const override { return facts_.workspace; }
  std::map<std::string, std::string> environment() const override { return facts_.environment; }
  std::optional<pipeline::Trouble> trouble() const override { return machine_->trouble(); }
  void set_outcome(Outcome outcome) override { outcome_ = outcome; }
  void note_failed(place::FailedCommand command) override { failed_ = std::move(command); }
  std::string reason_of_failure() override { return machine_->reason_of_failure(); }
  Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                  const Stop& stop) override {
    auto with_files = order;
    // With what steps make beside it.
    with_files.workspace = os::fs::path(facts_.workspace).parent_path().string();
    TRY(machine_->reboot(with_files, sink, stop));
    if (facts_.after_reboot) TRY(facts_.after_reboot(machine_->place(), stop));
    return {};
  }
  std::string ticket() const override { return facts_.ticket; }

 private:
  LeaseFacts facts_;
  Keeping keeping_;
  std::optional<place::FailedCommand> failed_;
  std::unique_ptr<OwnedMachine> machine_;
  std::function<void(Kept)> kept_;
  std::function<void(std::string)> complain_;
  Outcome outcome_ = Outcome::passed;
};

/// This host, with a workspace of its own that goes at the end.
class HostLease final : public pipeline::Lease {
 public:
  HostLease(LeaseFacts facts, std::unique_ptr<place::HostPlace> place,
            std::function<void(std::string)> complain)
      : facts_(std::move(facts)), place_(std::move(place)), complain_(std::move(complain)) {}

  ~HostLease() override {
    // With the side directory that steps make beside it.
    for (const auto* suffix : {"", "@tmp"}) {
      const auto path = facts_.workspace + suffix;
      if (const auto removed = os::remove_tree(path); !removed)
        complain_(fmt::format("remove {}: {}", path, removed.error().text()));
    }
  }

  place::Place& place() override { return *place_; }
  std::string node_name() const override { return facts_.node_name; }
  std::string workspace() const override { return facts_.workspace; }
  std::map<std::string, std::string> environment() const override { return facts_.environment; }
  std::optional<pipeline::Trouble> trouble() const override { return std::nullopt; }
  void set_outcome(Outcome) override {}
  std::string ticket() const override { return place_->cookie() + " " + facts_.workspace; }

 private:
  LeaseFacts facts_;
  std::unique_ptr<place::HostPlace> place_;
  std::function<void(std::string)> complain_;
};

}  // namespace

std::unique_ptr<pipeline::Lease> machine_lease(LeaseFacts facts, Keeping keeping,
                                               std::unique_ptr<OwnedMachine> machine,
                                               std::function<void(Kept)> kept,
                                               std::function<void(std::string)> complain) {
  return std::make_unique<MachineLease>(std::move(facts), keeping, std::move(machine),
                                        std::move(kept), std::move(complain));
}

std::unique_ptr<pipeline::Lease> host_lease(LeaseFacts facts,
                                            std::unique_ptr<place::HostPlace> place,
                                            std::function<void(std::string)> complain) {
  return std::make_unique<HostLease>(std::move(facts), std::move(place), std::move(complain));
}

}  // namespace cupel::fleet
