// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "machine/guest_session.hpp"
#include "machine/kept_output.hpp"

namespace cupel::machine {

/// A command in a machine that goes on without us. All that it prints is on our disk before the
/// guest program may forget it, so that a later process of ours has it from the beginning.
/// Destroying this leaves the command alone.
class KeptGuestSession final : public place::Session {
 public:
  KeptGuestSession(KeptOutput output, place::OutputSink sink)
      : output_(std::move(output)), sink_(std::move(sink)) {}

  const KeptOutput& output() const { return output_; }
  /// What the live session calls; as long as this lives.
  place::OutputSink listener();
  /// Without one only what was kept is told. Before the first wait().
  void set_live(std::unique_ptr<GuestSession> live) { live_ = std::move(live); }

  /// Keeps and tells more of our own, once the live session has nothing more to say.
  void add(place::Stream stream, std::string_view bytes) { listener()(stream, bytes); }
  /// Keeps an end that the guest program cannot tell.
  Result<> end(os::Exit exit);

  Result<os::Exit> wait(const Stop& stop) override;
  Result<> write(std::string_view bytes, const Stop& stop) override;
  Result<> close_input() override { return {}; }
  Result<> resize(os::WindowSize size) override;
  Result<> signal(int number) override;
  Result<> kill_tree(Duration grace, const Stop& stop) override;

 private:
  KeptOutput output_;  // of the waiting thread, as the next two
  Result<> kept_;      ///< whether all was
  StopSource* enough_ = nullptr;
  place::OutputSink sink_;
  std::unique_ptr<GuestSession> live_;
};

}  // namespace cupel::machine
