// SPDX-License-Identifier: Apache-2.0
#include "network/port.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace cupel::network {
namespace {

bool may_pass() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

Result<std::vector<Frame>> Port::receive() {
  std::string bytes(turn.count, '\0');
  const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  std::vector<Frame> frames;
  if (got < 0 && may_pass()) return frames;
  if (got < 0) return fail_errno(errno, "read frames");
  if (got == 0) return fail(Fault::unavailable, "the machine hung up");
  reader_.feed(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
  while (auto frame = TRY(reader_.next())) frames.push_back(std::move(*frame));
  return frames;
}

Result<bool> Port::send(std::string_view frame) {
  if (kept_.size() + frame.size() > queue.count) return false;
  const bool was_free = kept_.empty();
  kept_ += framed(frame);
  if (was_free) TRY(flush());
  return true;
}

Result<> Port::flush() {
  while (!kept_.empty()) {
    const auto sent =
        ::send(socket_.get(), kept_.data(), kept_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && may_pass()) return {};
    if (sent < 0) return fail_errno(errno, "send frames");
    kept_.erase(0, static_cast<std::size_t>(sent));
  }
  return {};
}

}  // namespace cupel::network
