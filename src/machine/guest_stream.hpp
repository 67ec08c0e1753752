// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>

#include "base/locked.hpp"
#include "wire/message.hpp"

namespace cupel::machine {

/// What the channel's thread and a session share of one stream. Its output is bounded by the
/// window.
class GuestStream {
 public:
  struct State {
    std::deque<wire::Output> output;
    std::size_t unread = 0;  ///< bytes for which no credit was given back
    std::size_t window = wire::input_window;
    bool started = false;
    bool gone = false;
    std::optional<wire::Exited> exited;
    std::optional<Error> failure;
  };

  /// Takes a frame of the stream; fails if the guest program broke the rules.
  Result<> take(wire::Message message);
  /// Nothing more will come.
  void break_off(const Error& error);

  Locked<State>& state() { return state_; }

 private:
  Locked<State> state_;
};

}  // namespace cupel::machine
