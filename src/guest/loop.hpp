// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::guest {

/// One thread, one epoll. Handlers may add and drop watches and timers, their own too.
class Loop {
 public:
  using Handler = std::function<void(std::uint32_t events)>;

  /// A descriptor that is watched until this is destroyed. Destroy it before the descriptor.
  class Watch {
   public:
    Watch() = default;
    Watch(Watch&& other) noexcept { *this = std::move(other); }
    Watch& operator=(Watch&& other) noexcept;
    ~Watch() { drop(); }
    explicit operator bool() const { return loop_ != nullptr; }
    /// Other events from now on. None: not even a hang-up is reported.
    void set(std::uint32_t events);
    void drop();

   private:
    friend class Loop;
    Loop* loop_ = nullptr;  // outlives its watches
    std::uint64_t id_ = 0;
    int fd_ = -1;
    std::uint32_t events_ = 0;
  };

  static Result<std::unique_ptr<Loop>> make();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Result<Watch> watch(const os::Fd& fd, std::uint32_t events, Handler handler);
  /// Calls once, after the time has passed.
  void after(Duration delay, std::function<void()> action);
  /// Waits for events and handles them. Fails only if epoll does.
  Result<> turn();

 private:
  explicit Loop(os::Fd epoll) : epoll_(std::move(epoll)) {}
  int wait_limit() const;
  void run_timers();

  os::Fd epoll_;
  std::uint64_t last_id_ = 0;
  // shared: a handler that drops its own watch runs to its end
  std::map<std::uint64_t, std::shared_ptr<Handler>> handlers_;
  std::multimap<SteadyTime, std::function<void()>> timers_;
};

}  // namespace cupel::guest
