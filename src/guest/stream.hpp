// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "guest/launch.hpp"
#include "guest/loop.hpp"
#include "guest/retained.hpp"
#include "guest/tree.hpp"
#include "wire/message.hpp"

namespace cupel::guest {

/// One process that the host started, its terminal or pipes, and its tree. Everything it keeps is
/// bounded: input by the window, output by the pipes themselves, or where it is kept by Retained.
class Stream {
 public:
  using Send = std::function<void(wire::Message)>;

  /// Starts what `start` says. `send` is called from the loop until abandon().
  static Result<std::unique_ptr<Stream>> begin(Loop& loop, Forest& forest, const wire::Start& start,
                                               Send send);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int pid() const { return pid_; }
  /// What it is kept under; empty if it is not.
  const std::string& kept() const { return kept_; }

  /// Fails if the host sent more than the window allows.
  Result<> input(std::string bytes);
  void input_end();
  void signal(const wire::Signal& signal);
  void resize(const wire::Resize& size);
  void credit(std::uint32_t bytes);
  /// While paused no output is read, so that the process waits.
  enum class Flow { paused, open };
  void set_flow(Flow flow);

  /// Of a kept stream: nobody listens for now; it goes on and retains what it prints.
  void detach();
  /// Somebody listens again, from that byte of its output on. False: that is not to be had.
  bool attach(std::uint64_t offset, Send send);
  /// The host has all of it: it is as any other stream from now on.
  void release();

  /// The conversation is over: nothing is sent from now on, and a process that still runs is killed
  /// with its tree. What it left in the background lives on, its output dropped.
  void abandon();
  /// Nothing is left to do or to watch.
  bool finished() const;

 private:
  struct Outlet {
    wire::Output::From from = wire::Output::From::out;
    os::Fd fd;
    Loop::Watch watch;
    std::size_t owed = 0;  ///< once the process has ended: what it had written by then
  };

  Stream(Loop& loop, Tree tree, Send send)
      : loop_(loop), tree_(std::move(tree)), send_(std::move(send)) {}
  Result<> start(const wire::Start& start, Launch& launch);
  Result<> connect(Launch& launch, const wire::Start& start);
  Result<> watch_all();
  void give_input();
  void acknowledge(std::size_t bytes);
  void say(wire::Message message);
  void pass_on(wire::Output output);
  void push_retained();
  std::size_t room() const;
  void read_output(Outlet& outlet);
  void drop_output(Outlet& outlet);
  void adjust(Outlet& outlet);
  void reap();
  void settle_exit();
  void check_tree();

  Loop& loop_;
  Tree tree_;
  Send send_;
  pid_t pid_ = -1;
  os::Fd pidfd_;
  os::Fd in_;
  Loop::Watch pidfd_watch_, in_watch_;
  Outlet out_, err_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0, given_ = 0, unacknowledged_input_ = 0, unread_output_ = 0;
  Flow flow_ = Flow::open;
  bool terminal_ = false, input_ended_ = false, exit_sent_ = false, gone_wanted_ = false;
  bool abandoned_ = false, tree_empty_ = false;
  std::optional<wire::Exited> exited_;
  // Of a kept stream. exit_sent_ says that its end is in sight: all its output is retained.
  std::string kept_;
  std::optional<Retained> retained_;
  bool end_told_ = false;
};

}  // namespace cupel::guest
