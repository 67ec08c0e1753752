// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_session.hpp"

#include <signal.h>

namespace cupel::machine {
namespace {

constexpr std::size_t chunk = 64U << 10;

}  // namespace

GuestSession::~GuestSession() {
  const bool runs = [this] {
    auto state = stream_->state().lock();
    return !state->exited && !state->failure;
  }();
  if (runs && at_end_ == AtEnd::kill)
    channel_.post(number_, wire::Signal{SIGKILL, wire::Signal::To::tree});
  channel_.forget(number_);
}

void GuestSession::set_input(std::string bytes, InputIs input) {
  input_ = std::move(bytes);
  input_is_ = input;
  feed(0);
}

void GuestSession::release() { channel_.post(number_, wire::Release{}); }

Result<> GuestSession::wait_until_started(const Stop& stop) {
  auto state = TRY(stream_->state().wait(
      stop, [](const auto& now) { return now.started || now.exited || now.failure; }));
  if (!state->started && state->failure) return tl::unexpected<Error>(*state->failure);
  return {};
}

Result<os::Exit> GuestSession::wait(const Stop& stop) {
  for (;;) {
    std::deque<wire::Output> output;
    std::size_t may_feed = 0;
    {
      auto state = TRY(stream_->state().wait(stop, [this](const auto& now) {
        return !now.output.empty() || now.exited || now.failure ||
               (now.window > 0 && fed_ < input_.size());
      }));
      output.swap(state->output);
      if (output.empty() && state->exited)
        return os::Exit{state->exited->status, state->exited->signal};
      if (output.empty() && state->failure) return tl::unexpected<Error>(*state->failure);
      may_feed = std::min(state->window, input_.size() - fed_);
      state->window -= may_feed;
    }
    if (may_feed > 0) feed(may_feed);
    deliver(output);
  }
}

void GuestSession::deliver(const std::deque<wire::Output>& output) {
  for (const auto& part : output) {
    sink_(part.from == wire::Output::From::out ? place::Stream::out : place::Stream::err,
          part.bytes);
    passed_on_ += part.bytes.size();
    if (passed_on_ < wire::output_window / 4) continue;
    stream_->state().lock()->unread -= passed_on_;
    channel_.post(number_, wire::Credit{static_cast<std::uint32_t>(std::exchange(passed_on_, 0))});
  }
}

void GuestSession::feed(std::size_t count) {
  while (count > 0) {
    const auto size = std::min(count, chunk);
    channel_.post(number_, wire::Input{input_.substr(fed_, size)});
    fed_ += size;
    count -= size;
  }
  if (fed_ == input_.size() && input_is_ == InputIs::closed) {
    input_is_ = InputIs::open;  // said once
    static_cast<void>(close_input());
  }
}

Result<> GuestSession::write(std::string_view bytes, const Stop& stop) {
  while (!bytes.empty()) {
    std::size_t size = 0;
    {
      auto state = TRY(stream_->state().wait(
          stop, [](const auto& now) { return now.window > 0 || now.exited || now.failure; }));
      if (state->failure) return tl::unexpected<Error>(*state->failure);
      if (state->exited) return fail(Fault::conflict, "the command has ended");
      size = std::min({bytes.size(), state->window, chunk});
      state->window -= size;
    }
    channel_.post(number_, wire::Input{std::string(bytes.substr(0, size))});
    bytes.remove_prefix(size);
  }
  return {};
}

Result<> GuestSession::close_input() {
  channel_.post(number_, wire::InputEnd{});
  return {};
}

Result<> GuestSession::resize(os::WindowSize size) {
  channel_.post(number_, wire::Resize{size.rows, size.columns});
  return {};
}

Result<> GuestSession::signal(int number) {
  channel_.post(number_, wire::Signal{number, wire::Signal::To::group});
  return {};
}

Result<> GuestSession::kill_tree(Duration grace, const Stop& stop) {
  stream_->state().lock()->gone = false;
  if (grace > Duration::zero()) {
    channel_.post(number_, wire::Signal{SIGTERM, wire::Signal::To::tree});
    const auto gone = wait_until_gone(stop.within(grace));
    if (gone) return {};
    TRY(stop.check());
    if (gone.error().fault() != Fault::timeout) return gone;
  }
  channel_.post(number_, wire::Signal{SIGKILL, wire::Signal::To::tree});
  TRY(wait_until_gone(stop), "kill the command's processes");
  return {};
}

Result<> GuestSession::wait_until_gone(const Stop& stop) {
  TRY(stream_->state().wait(stop, [](const auto& now) { return now.gone || now.failure; }));
  return {};
}

}  // namespace cupel::machine
