// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_channel.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/digest.hpp"
#include "machine/guest_session.hpp"
#include "machine/guest_stream.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

Result<std::unique_ptr<GuestChannel>> GuestChannel::open(os::Fd socket, std::string peer) {
  TRY(os::set_nonblocking(socket));
  os::Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return fail_errno(errno, "make an event descriptor");
  return std::unique_ptr<GuestChannel>(
      new GuestChannel(std::move(socket), std::move(wake), std::move(peer)));
}

GuestChannel::GuestChannel(os::Fd socket, os::Fd wake, std::string peer)
    : socket_(std::move(socket)), wake_(std::move(wake)), peer_(std::move(peer)), crew_(Stop()) {
  crew_.add("guest channel", [this](const Stop& stop) { return converse(stop); });
}

GuestChannel::~GuestChannel() {
  crew_.stop();
  static_cast<void>(crew_.join());
}

// ---- what others call ----

void GuestChannel::close() {
  crew_.stop();
  ::shutdown(socket_.get(), SHUT_RDWR);
}

void GuestChannel::post(std::uint32_t stream, wire::Message message) {
  post_bytes(wire::encode({stream, std::move(message)}));
}

void GuestChannel::post_bytes(std::string_view bytes) {
  {
    auto state = state_.lock();
    if (state->failure) return;  // all that waits for an answer knows
    state->outbox += bytes;
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

Result<> GuestChannel::failure_of(const State& state) const {
  if (state.failure) return tl::unexpected<Error>(*state.failure);
  return {};
}

void GuestChannel::greet(std::optional<wire::Refresh> refresh) {
  std::uint64_t nonce = 0;
  const auto random = random_bytes(sizeof nonce);
  std::memcpy(&nonce, random.data(), sizeof nonce);
  state_.lock()->nonce = nonce;
  post(0, wire::Hello{wire::protocol_version, nonce});
  if (refresh) post(0, std::move(*refresh));
}

void GuestChannel::greet_after_another() {
  post_bytes(wire::interruption());
  greet();
}

Result<std::string> GuestChannel::welcome(const Stop& stop) {
  auto state = TRY(state_.wait(stop, [](const State& now) { return now.boot_id || now.failure; }),
                   "wait for {}", peer_);
  TRY(failure_of(*state));
  return *state->boot_id;
}

Result<std::string> GuestChannel::refreshed(const Stop& stop) {
  auto state = TRY(state_.wait(stop, [](const State& now) { return now.problems || now.failure; }),
                   "wait for {} to refresh the machine", peer_);
  TRY(failure_of(*state));
  return *state->problems;
}

Result<std::string> GuestChannel::hello(const Stop& stop) {
  greet();
  return welcome(stop);
}

Result<> GuestChannel::ping(const Stop& stop) {
  const auto number = ++state_.lock()->last_ping;
  post(0, wire::Ping{number});
  auto state =
      TRY(state_.wait(
              stop, [number](const State& now) { return now.last_pong >= number || now.failure; }),
          "ping {}", peer_);
  return failure_of(*state);
}

Result<std::unique_ptr<GuestSession>> GuestChannel::start(wire::Start start, place::OutputSink sink,
                                                          Begin begin, const Stop& stop) {
  const auto size = wire::body_size({0, start});
  if (size > wire::max_body)
    return fail(Fault::invalid, "the command and its environment take {} bytes, {} are the most",
                size, wire::max_body);
  auto [number, stream] = TRY(new_stream());
  const auto at_end = start.kept.empty() ? GuestSession::AtEnd::kill : GuestSession::AtEnd::leave;
  post(number, std::move(start));
  std::unique_ptr<GuestSession> session(
      new GuestSession(*this, number, std::move(stream), std::move(sink), at_end));
  if (begin == Begin::confirmed) TRY(session->wait_until_started(stop));
  return session;
}

Result<std::unique_ptr<GuestSession>> GuestChannel::take_up(wire::TakeUp wanted,
                                                            place::OutputSink sink,
                                                            const Stop& stop) {
  auto [number, stream] = TRY(new_stream());
  post(number, std::move(wanted));
  std::unique_ptr<GuestSession> session(new GuestSession(
      *this, number, std::move(stream), std::move(sink), GuestSession::AtEnd::leave));
  TRY(session->wait_until_started(stop));
  return session;
}

Result<std::pair<std::uint32_t, std::shared_ptr<GuestStream>>> GuestChannel::new_stream() {
  auto stream = std::make_shared<GuestStream>();
  auto state = state_.lock();
  TRY(failure_of(*state));
  const auto number = ++state->last_stream;
  state->streams.emplace(number, stream);
  return std::pair(number, std::move(stream));
}

void GuestChannel::forget(std::uint32_t stream) { state_.lock()->streams.erase(stream); }

// ---- the channel's thread ----

Result<> GuestChannel::converse(const Stop& stop) {
  const auto ended = exchange(stop);
  if (!ended) {
    auto error = ended.error();
    if (error.fault() == Fault::stopped) error = Error(Fault::stopped, "the channel was closed");
    error.add_frame(peer_);
    break_off(error);
  }
  return {};
}

Result<> GuestChannel::exchange(const Stop& stop) {
  for (;;) {
    TRY(send_some(stop));
    std::array<os::Watched, 2> watched{
        os::Watched{socket_.get(),
                    static_cast<short>(sending_.empty() ? POLLIN : POLLIN | POLLOUT)},
        os::Watched{wake_.get(), POLLIN}};
    TRY(os::wait(watched, stop));
    if (watched[1].ready != 0) {
      std::uint64_t count = 0;
      static_cast<void>(!::read(wake_.get(), &count, sizeof count));
    }
    if ((watched[0].ready & ~POLLOUT) != 0) TRY(receive_some());
  }
}

Result<> GuestChannel::send_some(const Stop& stop) {
  for (;;) {
    if (sent_ == sending_.size()) {
      sending_.clear();
      sent_ = 0;
      sending_.swap(state_.lock()->outbox);
      if (sending_.empty()) return {};
    }
    const auto count = ::send(socket_.get(), sending_.data() + sent_, sending_.size() - sent_,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      sent_ += static_cast<std::size_t>(count);
      TRY(stop.check());
      continue;
    }
    if (errno == EAGAIN || errno == EINTR) return {};
    // What it said before it went away may tell why.
    if (errno != EPIPE && errno != ECONNRESET) return fail_errno(errno, "send");
    sending_.clear();
    sent_ = 0;
    return {};
  }
}

Result<> GuestChannel::receive_some() {
  std::array<char, 256U << 10> buffer;
  const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (count < 0 && errno != ECONNRESET) return fail_errno(errno, "receive");
  if (count <= 0) return fail(Fault::unavailable, "hung up");
  decoder_.feed({buffer.data(), static_cast<std::size_t>(count)});
  return read_frames();
}

Result<> GuestChannel::read_frames() {
  for (;;) {
    std::optional<std::uint64_t> awaited;
    {
      auto state = state_.lock();
      if (!state->nonce) return {};
      if (!state->boot_id) awaited = state->nonce;
    }
    if (awaited && !decoder_.seek_welcome(*awaited)) return {};
    auto frame = TRY(decoder_.next());
    if (!frame) return {};
    TRY(dispatch(std::move(*frame)));
  }
}

Result<> GuestChannel::dispatch(wire::Frame frame) {
  if (frame.stream != 0) {
    std::shared_ptr<GuestStream> stream;
    {
      auto state = state_.lock();
      const auto found = state->streams.find(frame.stream);
      if (found == state->streams.end()) return {};  // its session is gone
      stream = found->second;
    }
    return stream->take(std::move(frame.message));
  }
  if (std::holds_alternative<wire::GoingDown>(frame.message)) {
    if (!hear_going_down_) return fail(Fault::unavailable, "the machine goes down");
    hear_going_down_();
    return {};
  }
  {
    auto state = state_.lock();
    if (auto* welcome = std::get_if<wire::Welcome>(&frame.message)) {
      if (welcome->version != wire::protocol_version)
        return fail(Fault::conflict, "it speaks version {} of the protocol and we version {}",
                    welcome->version, wire::protocol_version);
      state->boot_id = std::move(welcome->boot_id);
    } else if (auto* done = std::get_if<wire::Refreshed>(&frame.message)) {
      state->problems = std::move(done->problems);
    } else if (const auto* pong = std::get_if<wire::Pong>(&frame.message)) {
      state->last_pong = std::max(state->last_pong, std::min(pong->number, state->last_ping));
    } else {
      return fail(Fault::internal, "it sent a message that does not belong there");
    }
  }
  state_.notify();
  return {};
}

void GuestChannel::break_off(const Error& error) {
  std::map<std::uint32_t, std::shared_ptr<GuestStream>> streams;
  {
    auto state = state_.lock();
    state->failure = error;
    streams = state->streams;
  }
  state_.notify();
  for (const auto& [number, stream] : streams) stream->break_off(error);
}

}  // namespace cupel::machine
