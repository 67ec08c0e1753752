// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/stop.hpp"

namespace cupel {

/// A value that is reachable only through its lock. Hold a Guard briefly: no blocking call under it.
template <typename T>
class Locked {
 public:
  class Guard {
   public:
    T* operator->() { return &owner_->value_; }
    T& operator*() { return owner_->value_; }

   private:
    friend class Locked;
    explicit Guard(Locked& owner) : owner_(&owner), lock_(owner.mutex_) {}
    Locked* owner_;
    std::unique_lock<std::mutex> lock_;
  };

  Locked() = default;
  explicit Locked(T value) : value_(std::move(value)) {}

  Guard lock() { return Guard(*this); }

  /// Wakes those who wait; call after a change that they may wait for.
  void notify() { changed_.notify_all(); }

  /// Blocks until `predicate(value)` holds; fails with stopped or timeout.
  template <typename Predicate>
  Result<Guard> wait(const Stop& stop, Predicate predicate) {
    Guard guard(*this);
    const auto holds = [&] { return predicate(value_); };
    const bool reached =
        stop.deadline()
            ? changed_.wait_until(guard.lock_, stop.token(), *stop.deadline(), holds)
            : changed_.wait(guard.lock_, stop.token(), holds);
    if (reached) return guard;
    TRY(stop.check());
    return fail(Fault::timeout, "timed out");
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  T value_{};
};

/// A bounded queue between threads. Either side may close it.
template <typename T>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  /// Blocks while full. Fails with conflict once closed.
  Result<> push(T item, const Stop& stop) {
    {
      auto state = TRY(state_.wait(stop, [this](const State& now) {
        return now.closed || now.items.size() < capacity_;
      }));
      if (state->closed) return fail(Fault::conflict, "the channel is closed");
      state->items.push_back(std::move(item));
    }
    state_.notify();
    return {};
  }

  /// Blocks while empty. Nothing once closed and drained.
  Result<std::optional<T>> pop(const Stop& stop) {
    std::optional<T> item;
    {
      auto state =
          TRY(state_.wait(stop, [](const State& now) { return now.closed || !now.items.empty(); }));
      if (state->items.empty()) return item;
      item.emplace(std::move(state->items.front()));
      state->items.pop_front();
    }
    state_.notify();
    return item;
  }

  void close() {
    state_.lock()->closed = true;
    state_.notify();
  }

 private:
  struct State {
    std::deque<T> items;
    bool closed = false;
  };
  std::size_t capacity_;
  Locked<State> state_;
};

}  // namespace cupel
