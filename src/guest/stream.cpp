// SPDX-License-Identifier: Apache-2.0
#include "guest/stream.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "guest/small_file.hpp"
#include "guest/transfer.hpp"
#include "os/terminal.hpp"

namespace cupel::guest {
namespace {

constexpr std::size_t chunk = 64U << 10;
/// What a terminal can hold back at most: the kernel's limit for its buffers.
constexpr std::size_t terminal_capacity = 128U << 10;

std::size_t readable_bytes(const os::Fd& fd) {
  int count = 0;
  return ::ioctl(fd.get(), FIONREAD, &count) == 0 && count > 0 ? static_cast<std::size_t>(count)
                                                               : 0;
}

Result<std::string> directory_for(const wire::Start& start, const User& user) {
  if (start.directory.empty()) {
    // As login does it: a user whose home is gone still gets in.
    struct stat found {};
    const bool there = ::stat(user.home.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
    return there ? user.home : "/";
  }
  if (start.directory[0] != '/')
    return fail(Fault::invalid, "the directory {} is not absolute", start.directory);
  return start.directory;
}

/// For those who look into the machine. A command runs on where that cannot be written.
void leave_pid(const std::string& directory, pid_t pid) {
  make_directories(directory);
  static_cast<void>(
      write_small_file(directory + "/pid", std::to_string(pid) + "\n", Missing::is_made));
}

}  // namespace

Result<std::unique_ptr<Stream>> Stream::begin(Loop& loop, Forest& forest, const wire::Start& start,
                                              Send send) {
  Launch launch;
  launch.user = TRY(look_up_user(start.user));
  launch.argv = start.argv;
  launch.terminal = start.terminal ? Launch::Terminal::in : Launch::Terminal::none;
  launch.directory = TRY(directory_for(start, launch.user));
  launch.environment = environment_for(launch.user, start.environment, launch.terminal);
  std::unique_ptr<Stream> stream(new Stream(loop, forest.grow(), std::move(send)));
  if (!start.kept.empty()) {
    if (start.terminal || start.kind != wire::Start::Kind::command)
      return fail(Fault::invalid, "only a command without a terminal can be kept");
    stream->kept_ = start.kept;
    stream->retained_.emplace();
  }
  TRY(stream->start(start, launch));
  if (stream->retained_) {
    leave_pid(stream->kept_, stream->pid_);
    stream->input_end();
  }
  return stream;
}

Result<> Stream::start(const wire::Start& start, Launch& launch) {
  TRY(connect(launch, start));
  auto launched =
      start.kind == wire::Start::Kind::command
          ? TRY(guest::launch(launch, tree_))
          : TRY(launch_self(launch, tree_, [&] { return transfer(start, launch.user); }));
  pid_ = launched.pid;
  pidfd_ = std::move(launched.pidfd);
  auto watching = watch_all();
  if (!watching) tree_.signal(SIGKILL);
  return watching;
}

Result<> Stream::connect(Launch& launch, const wire::Start& start) {
  out_.from = wire::Output::From::out;
  err_.from = wire::Output::From::err;
  if (launch.terminal == Launch::Terminal::in) {
    auto pty = TRY(os::open_pty({start.rows, start.columns}));
    if (::fchown(pty.slave.get(), launch.user.uid, launch.user.gid) != 0 && ::geteuid() == 0)
      return fail_errno(errno, "hand the terminal over");
    terminal_ = true;
    launch.out = TRY(os::duplicate(pty.slave.get()));
    launch.err = TRY(os::duplicate(pty.slave.get()));
    launch.in = std::move(pty.slave);
    in_ = TRY(os::duplicate(pty.master.get()));
    out_.fd = std::move(pty.master);
  } else {
    auto in = TRY(os::make_pipe());
    auto out = TRY(os::make_pipe());
    auto err = TRY(os::make_pipe());
    launch.in = std::move(in.read);
    launch.out = std::move(out.write);
    launch.err = std::move(err.write);
    in_ = std::move(in.write);
    out_.fd = std::move(out.read);
    err_.fd = std::move(err.read);
    TRY(os::set_nonblocking(err_.fd));
  }
  TRY(os::set_nonblocking(in_));
  TRY(os::set_nonblocking(out_.fd));
  return {};
}

Result<> Stream::watch_all() {
  pidfd_watch_ = TRY(loop_.watch(pidfd_, EPOLLIN, [this](std::uint32_t) { reap(); }));
  for (auto* outlet : {&out_, &err_})
    if (outlet->fd)
      outlet->watch = TRY(loop_.watch(outlet->fd, EPOLLIN,
                                      [this, outlet](std::uint32_t) { read_output(*outlet); }));
  return {};
}

// ---- input ----

Result<> Stream::input(std::string bytes) {
  if (waiting_bytes_ + unacknowledged_input_ + bytes.size() > wire::input_window)
    return fail(Fault::internal, "the host sent more input than the window allows");
  if (!in_ || input_ended_) {
    acknowledge(bytes.size());  // nobody will read it
    return {};
  }
  if (bytes.empty()) return {};
  waiting_bytes_ += bytes.size();
  waiting_.push_back(std::move(bytes));
  give_input();
  return {};
}

void Stream::input_end() {
  if (input_ended_) return;
  if (terminal_ && in_) {
    waiting_.emplace_back("\x04");  // what the end of input is to a terminal
    waiting_bytes_ += 1;
  }
  input_ended_ = true;
  give_input();
}

void Stream::give_input() {
  while (!waiting_.empty() && in_) {
    auto& front = waiting_.front();
    const auto count = ::write(in_.get(), front.data() + given_, front.size() - given_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      if (!in_watch_) {
        auto watch = loop_.watch(in_, EPOLLOUT, [this](std::uint32_t) { give_input(); });
        if (watch) in_watch_ = std::move(*watch);
      }
      in_watch_.set(EPOLLOUT);
      return;
    }
    if (count < 0) {  // nobody reads any more
      in_watch_.drop();
      in_.reset();
      acknowledge(std::exchange(waiting_bytes_, 0));
      waiting_.clear();
      return;
    }
    const auto written = static_cast<std::size_t>(count);
    given_ += written;
    waiting_bytes_ -= written;
    if (given_ == front.size()) {
      waiting_.pop_front();
      given_ = 0;
    }
    acknowledge(written);
  }
  in_watch_.set(0);
  if (input_ended_ && !terminal_) {
    in_watch_.drop();
    in_.reset();
  }
}

/// In larger lumps, unless the host may be waiting for it.
void Stream::acknowledge(std::size_t bytes) {
  unacknowledged_input_ += bytes;
  if (unacknowledged_input_ == 0 || abandoned_) return;
  if (unacknowledged_input_ < wire::input_window / 4 && waiting_bytes_ > 0) return;
  say(wire::Credit{static_cast<std::uint32_t>(std::exchange(unacknowledged_input_, 0))});
}

// ---- output ----

void Stream::say(wire::Message message) {
  if (send_ && !abandoned_) send_(std::move(message));
}

/// How much may be read from the process now.
std::size_t Stream::room() const {
  if (retained_) return retained_->room();
  if (flow_ == Flow::paused) return 0;
  return wire::output_window - std::min(unread_output_, wire::output_window);
}

void Stream::pass_on(wire::Output output) {
  if (retained_) {
    retained_->add(std::move(output));
    return push_retained();
  }
  unread_output_ += output.bytes.size();
  say(std::move(output));
}

void Stream::push_retained() {
  if (!send_ || abandoned_ || flow_ == Flow::paused) return;
  while (auto output = retained_->next()) say(std::move(*output));
  if (exit_sent_ && retained_->all_sent() && !std::exchange(end_told_, true)) say(*exited_);
}

void Stream::read_output(Outlet& outlet) {
  if (exit_sent_ || abandoned_) return drop_output(outlet);
  if (exited_) return settle_exit();
  if (room() == 0) return adjust(outlet);
  wire::Output output{outlet.from, {}};
  output.bytes.resize(std::min(chunk, room()));
  const auto count = ::read(outlet.fd.get(), output.bytes.data(), output.bytes.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {  // a terminal says EIO where a pipe says its end
    outlet.watch.drop();
    if (!terminal_) outlet.fd.reset();
    return;
  }
  output.bytes.resize(static_cast<std::size_t>(count));
  pass_on(std::move(output));
  adjust(out_);
  adjust(err_);
}

/// What background processes write after the end goes nowhere, but they must not block.
void Stream::drop_output(Outlet& outlet) {
  std::array<char, 16U << 10> nowhere;
  const auto count = ::read(outlet.fd.get(), nowhere.data(), nowhere.size());
  if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))) return;
  outlet.watch.drop();
  outlet.fd.reset();
}

void Stream::adjust(Outlet& outlet) {
  outlet.watch.set(room() > 0 || exit_sent_ || abandoned_ ? std::uint32_t{EPOLLIN} : 0);
}

void Stream::credit(std::uint32_t bytes) {
  if (retained_) {
    retained_->acknowledge(bytes);
    push_retained();
  }
  unread_output_ -= std::min<std::size_t>(unread_output_, bytes);
  if (exited_ && !exit_sent_) return settle_exit();
  adjust(out_);
  adjust(err_);
}

void Stream::set_flow(Flow flow) {
  if (flow == flow_) return;
  flow_ = flow;
  credit(0);
}

// ---- the end ----

void Stream::reap() {
  int status = 0;
  const auto pid = ::waitpid(pid_, &status, WNOHANG);
  if (pid == 0 || (pid < 0 && errno == EINTR)) return;
  pidfd_watch_.drop();
  pidfd_.reset();
  wire::Exited exited;
  if (WIFSIGNALED(status))
    exited = {128 + WTERMSIG(status), WTERMSIG(status)};
  else
    exited.status = WEXITSTATUS(status);
  exited_ = exited;
  for (auto* outlet : {&out_, &err_})
    if (outlet->fd) outlet->owed = terminal_ ? terminal_capacity : readable_bytes(outlet->fd);
  settle_exit();
}

/// Sends what the process had written before its end, as far as the host takes it; then Exited.
void Stream::settle_exit() {
  for (auto* outlet : {&out_, &err_}) {
    while (outlet->owed > 0 && room() > 0 && !abandoned_) {
      wire::Output output{outlet->from, {}};
      output.bytes.resize(std::min({chunk, outlet->owed, room()}));
      const auto count = ::read(outlet->fd.get(), output.bytes.data(), output.bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        outlet->owed = 0;
        break;
      }
      output.bytes.resize(static_cast<std::size_t>(count));
      outlet->owed -= output.bytes.size();
      pass_on(std::move(output));
    }
    if (outlet->owed > 0 && !abandoned_) {
      adjust(out_);
      adjust(err_);
      return check_tree();
    }
  }
  if (!std::exchange(exit_sent_, true) && !retained_) say(*exited_);
  if (retained_) push_retained();
  adjust(out_);
  adjust(err_);
  for (auto* outlet : {&out_, &err_})
    if (outlet->fd && !outlet->watch) outlet->fd.reset();
  in_watch_.drop();
  in_.reset();
  acknowledge(std::exchange(waiting_bytes_, 0));
  waiting_.clear();
  check_tree();
}

void Stream::check_tree() {
  if (!exited_) return;
  tree_empty_ = tree_.empty();
  if (!tree_empty_) {
    // Without a cgroup, watching is a walk through all processes, again and again.
    if (gone_wanted_ || tree_.cgroup())
      static_cast<void>(tree_.watch(loop_, [this] { check_tree(); }));
    return;
  }
  if (std::exchange(gone_wanted_, false)) say(wire::TreeGone{});
}

void Stream::signal(const wire::Signal& signal) {
  if (signal.number < 0 || signal.number > SIGRTMAX) return;
  if (signal.to == wire::Signal::To::group) {
    // Once reaped, the number may be somebody else's.
    if (!exited_) ::kill(-pid_, signal.number);
    return;
  }
  gone_wanted_ = true;
  tree_.signal(signal.number);
  // The process may have dropped its cookie, but it is ours for certain.
  if (!exited_ && !tree_.cgroup()) ::kill(-pid_, signal.number);
  check_tree();
}

void Stream::resize(const wire::Resize& size) {
  if (terminal_ && out_.fd) static_cast<void>(os::resize(out_.fd, {size.rows, size.columns}));
}

void Stream::detach() {
  send_ = nullptr;
  gone_wanted_ = false;
}

bool Stream::attach(std::uint64_t offset, Send send) {
  if (!retained_ || !retained_->rewind(offset)) return false;
  send_ = std::move(send);
  end_told_ = gone_wanted_ = false;
  return true;
}

void Stream::release() {
  kept_.clear();
  retained_.reset();
}

void Stream::abandon() {
  abandoned_ = true;
  release();
  gone_wanted_ = false;
  if (!exited_) {
    tree_.signal(SIGKILL);
    if (!tree_.cgroup()) ::kill(-pid_, SIGKILL);
  }
  in_watch_.drop();
  in_.reset();
  waiting_.clear();
  waiting_bytes_ = 0;
  adjust(out_);
  adjust(err_);
}

bool Stream::finished() const {
  if (!exit_sent_ || retained_ || gone_wanted_ || out_.fd || err_.fd) return false;
  return tree_empty_ || (abandoned_ && !tree_.cgroup());
}

}  // namespace cupel::guest
