// SPDX-License-Identifier: Apache-2.0
#include "guest/loop.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>

namespace cupel::guest {

Loop::Watch& Loop::Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    drop();
    loop_ = std::exchange(other.loop_, nullptr);
    id_ = other.id_;
    fd_ = other.fd_;
    events_ = other.events_;
  }
  return *this;
}

void Loop::Watch::set(std::uint32_t events) {
  if (loop_ == nullptr || events == events_) return;
  epoll_event event{};
  event.events = events;
  event.data.u64 = id_;
  const int operation = events == 0 ? EPOLL_CTL_DEL : events_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  ::epoll_ctl(loop_->epoll_.get(), operation, fd_, &event);
  events_ = events;
}

void Loop::Watch::drop() {
  if (loop_ == nullptr) return;
  set(0);
  loop_->handlers_.erase(id_);
  loop_ = nullptr;
}

Result<std::unique_ptr<Loop>> Loop::make() {
  os::Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_errno(errno, "make an epoll descriptor");
  return std::unique_ptr<Loop>(new Loop(std::move(epoll)));
}

Result<Loop::Watch> Loop::watch(const os::Fd& fd, std::uint32_t events, Handler handler) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = ++last_id_;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0)
    return fail_errno(errno, "watch a descriptor");
  handlers_.emplace(last_id_, std::make_shared<Handler>(std::move(handler)));
  Watch watch;
  watch.loop_ = this;
  watch.id_ = last_id_;
  watch.fd_ = fd.get();
  watch.events_ = events;
  return watch;
}

void Loop::after(Duration delay, std::function<void()> action) {
  timers_.emplace(std::chrono::steady_clock::now() + delay, std::move(action));
}

int Loop::wait_limit() const {
  if (timers_.empty()) return -1;
  const auto left = timers_.begin()->first - std::chrono::steady_clock::now();
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<std::int64_t>(whole, 0, 60'000));
}

void Loop::run_timers() {
  while (!timers_.empty() && timers_.begin()->first <= std::chrono::steady_clock::now()) {
    const auto action = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    action();
  }
}

Result<> Loop::turn() {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_limit());
  if (count < 0 && errno != EINTR) return fail_errno(errno, "wait for events");
  for (int i = 0; i < count; ++i) {
    const auto& event = events.at(static_cast<std::size_t>(i));
    const auto found = handlers_.find(event.data.u64);
    if (found == handlers_.end()) continue;  // dropped by a handler of this turn
    const auto handler = found->second;
    (*handler)(event.events);
  }
  run_timers();
  return {};
}

}  // namespace cupel::guest
