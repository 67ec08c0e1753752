// SPDX-License-Identifier: Apache-2.0
#include "os/poller.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "os/wait.hpp"

namespace cupel::os {
namespace {

epoll_event event_of(std::uint64_t tag, Poller::Interest interest) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (interest == Poller::Interest::read_and_write) event.events |= EPOLLOUT;
  event.data.u64 = tag;
  return event;
}

}  // namespace

Result<Poller> Poller::make() {
  Fd fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!fd) return fail_errno(errno, "make an epoll descriptor");
  return Poller(std::move(fd));
}

Result<> Poller::add(const Fd& fd, std::uint64_t tag, Interest interest) {
  auto event = event_of(tag, interest);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0)
    return fail_errno(errno, "watch a descriptor");
  return {};
}

Result<> Poller::change(const Fd& fd, std::uint64_t tag, Interest interest) {
  auto event = event_of(tag, interest);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd.get(), &event) != 0)
    return fail_errno(errno, "watch a descriptor otherwise");
  return {};
}

void Poller::remove(const Fd& fd) {
  static_cast<void>(::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd.get(), nullptr));
}

// An epoll descriptor is readable when something in it is ready; so the wait for a stop is
// os::wait's.
Result<const std::vector<Poller::Ready>*> Poller::wait(const Stop& stop) {
  std::array<epoll_event, 64> events{};
  ready_.clear();
  for (;;) {
    const int count = ::epoll_wait(fd_.get(), events.data(), static_cast<int>(events.size()), 0);
    if (count < 0 && errno != EINTR) return fail_errno(errno, "wait for descriptors");
    for (int i = 0; i < count; ++i) {
      const auto& event = events.at(static_cast<std::size_t>(i));
      ready_.push_back({event.data.u64, (event.events & ~std::uint32_t{EPOLLOUT}) != 0,
                        (event.events & EPOLLOUT) != 0});
    }
    if (!ready_.empty()) {
      TRY(stop.check());
      return &ready_;
    }
    std::array watched{Watched{fd_.get(), POLLIN}};
    TRY(os::wait(watched, stop));
  }
}

Result<Alarm> Alarm::make() {
  Fd fd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!fd) return fail_errno(errno, "make a timer");
  return Alarm(std::move(fd));
}

Result<> Alarm::set(std::optional<SteadyTime> time) {
  if (time == time_) return {};
  time_ = time;
  itimerspec wanted{};
  if (time) {
    // Zero would mean never; what is past is due at once.
    const auto since = std::max<Duration>(time->time_since_epoch(), std::chrono::nanoseconds(1));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    wanted.it_value.tv_sec = static_cast<time_t>(seconds.count());
    wanted.it_value.tv_nsec = static_cast<long>(std::chrono::nanoseconds(since - seconds).count());
  }
  if (::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &wanted, nullptr) != 0)
    return fail_errno(errno, "set a timer");
  return {};
}

void Alarm::clear() {
  std::uint64_t count = 0;  // how often it went off
  static_cast<void>(!::read(fd_.get(), &count, sizeof count));
  time_.reset();
}

}  // namespace cupel::os
