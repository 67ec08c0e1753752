// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "os/fd.hpp"
#include "place/place.hpp"
#include "wire/message.hpp"

namespace cupel::machine {

class GuestSession;
class GuestStream;

/// A conversation with the guest program, over a socket that is connected to its port. One thread
/// of its own reads and writes; every function may be called from any thread. When the peer hangs
/// up or sends nonsense, everything that waits fails with that error, and so does all that follows.
/// Sessions must be gone before the channel is.
class GuestChannel {
 public:
  /// `peer` is for errors: "the guest program of machine 3f2a".
  static Result<std::unique_ptr<GuestChannel>> open(os::Fd socket, std::string peer);
  ~GuestChannel();
  GuestChannel(const GuestChannel&) = delete;
  GuestChannel& operator=(const GuestChannel&) = delete;

  /// Who hears, on the channel's thread, that the machine goes down. Before the greeting. Without
  /// one that ends the channel, since nobody waits for what comes behind.
  void on_going_down(std::function<void()> hear) { hear_going_down_ = std::move(hear); }
  /// Hangs up, so that another channel may be opened to that port: all that waits fails. Does not
  /// wait for that.
  void close();

  /// Begins the conversation, once; for a clone with what makes it a machine of its own. Waits for
  /// nothing: start() may follow at once, which spares a slow machine two round trips.
  void greet(std::optional<wire::Refresh> refresh = std::nullopt);
  /// The same on a port whose last host may have died in the middle of a frame.
  void greet_after_another();
  /// Blocks until the guest program answered the greeting. Its boot id.
  Result<std::string> welcome(const Stop& stop);
  /// Blocks until the refresh that greet() asked for is done. What could not be: text, else empty.
  Result<std::string> refreshed(const Stop& stop);
  /// greet() and welcome().
  Result<std::string> hello(const Stop& stop);

  /// Blocks until the guest program, and so the machine, shows that it lives.
  Result<> ping(const Stop& stop);

  /// confirmed: blocks until it runs, so that a missing program is this call's failure.
  /// at_once: does not wait; then it is wait()'s failure.
  enum class Begin { confirmed, at_once };
  /// `sink` is called by wait(), on its thread. Fails with invalid if `start` is too large to send.
  Result<std::unique_ptr<GuestSession>> start(wire::Start start, place::OutputSink sink,
                                              Begin begin, const Stop& stop);
  /// The command that is kept there, with its output from `offset` on. Blocks until it is found;
  /// not_found: none is.
  Result<std::unique_ptr<GuestSession>> take_up(wire::TakeUp wanted, place::OutputSink sink,
                                                const Stop& stop);

 private:
  friend class GuestSession;

  struct State {
    std::string outbox;
    std::optional<std::uint64_t> nonce;   ///< greeted
    std::optional<std::string> boot_id;   ///< welcomed
    std::optional<std::string> problems;  ///< refreshed
    std::uint64_t last_ping = 0, last_pong = 0;
    std::uint32_t last_stream = 0;
    // shared with the session, so that a frame may arrive while the session ends
    std::map<std::uint32_t, std::shared_ptr<GuestStream>> streams;
    std::optional<Error> failure;
  };

  GuestChannel(os::Fd socket, os::Fd wake, std::string peer);
  void post(std::uint32_t stream, wire::Message message);
  void post_bytes(std::string_view bytes);
  Result<std::pair<std::uint32_t, std::shared_ptr<GuestStream>>> new_stream();
  void forget(std::uint32_t stream);
  Result<> failure_of(const State& state) const;

  // on the channel's thread
  Result<> converse(const Stop& stop);
  Result<> exchange(const Stop& stop);
  Result<> wait_for_work(bool sending, const Stop& stop);
  Result<> send_some(const Stop& stop);
  Result<> receive_some();
  Result<> read_frames();
  Result<> dispatch(wire::Frame frame);
  void break_off(const Error& error);

  os::Fd socket_;
  os::Fd wake_;
  std::string peer_;
  std::function<void()> hear_going_down_;
  Locked<State> state_;
  wire::Decoder decoder_;  // of the channel's thread, as the next two
  std::string sending_;
  std::size_t sent_ = 0;
  Crew crew_;
};

}  // namespace cupel::machine
