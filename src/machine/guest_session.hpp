// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "machine/guest_channel.hpp"
#include "machine/guest_stream.hpp"
#include "place/place.hpp"

namespace cupel::machine {

/// A command in a machine. wait() feeds its input and calls the sink; what is not waited for is
/// held back in the machine once the window is full, and holds up this command only. Destroying it
/// kills a command that still runs, with its tree, without waiting for that; a kept one is left
/// alone.
class GuestSession final : public place::Session {
 public:
  ~GuestSession() override;

  Result<os::Exit> wait(const Stop& stop) override;
  Result<> write(std::string_view bytes, const Stop& stop) override;
  Result<> close_input() override;
  Result<> resize(os::WindowSize size) override;
  Result<> signal(int number) override;
  Result<> kill_tree(Duration grace, const Stop& stop) override;

  /// All of the input, given by wait() and, for `closed`, ended. Before the first wait().
  enum class InputIs { open, closed };
  void set_input(std::string bytes, InputIs input);
  /// Of a kept command that has ended: the guest program may forget it.
  void release();

 private:
  friend class GuestChannel;
  enum class AtEnd { kill, leave };
  GuestSession(GuestChannel& channel, std::uint32_t number, std::shared_ptr<GuestStream> stream,
               place::OutputSink sink, AtEnd at_end)
      : channel_(channel),
        number_(number),
        stream_(std::move(stream)),
        sink_(std::move(sink)),
        at_end_(at_end) {}
  Result<> wait_until_started(const Stop& stop);
  Result<> wait_until_gone(const Stop& stop);
  void deliver(const std::deque<wire::Output>& output);
  void feed(std::size_t count);

  GuestChannel& channel_;  // outlives the session
  std::uint32_t number_;
  std::shared_ptr<GuestStream> stream_;  // shared with the channel: see there
  place::OutputSink sink_;
  AtEnd at_end_;
  std::string input_;  // these four: of the waiting thread
  std::size_t fed_ = 0;
  InputIs input_is_ = InputIs::open;
  std::size_t passed_on_ = 0;
};

}  // namespace cupel::machine
