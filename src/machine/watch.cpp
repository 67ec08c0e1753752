// SPDX-License-Identifier: Apache-2.0
#include "machine/watch.hpp"

#include <poll.h>
#include <signal.h>

#include "machine/qemu.hpp"
#include "machine/shape.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

// Generous: an emulated machine on a busy host is slow, and a wrong alarm ends a good run.
constexpr auto longest_silence = 60s;
constexpr auto between_pings = 10s;
constexpr auto longest_end = 5s;
constexpr auto longest_dump = 300s;
// A machine that is shut down ends its guest program first; the better reason may come until then.
constexpr auto longest_shutdown = 10s;

bool has_ended(const QemuProcess& process) {
  pollfd entry{process.pidfd().get(), POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

Watch::Watch(Qmp qmp, QemuProcess& process, std::filesystem::path directory,
             std::optional<std::filesystem::path> vmcore)
    : qmp_(std::move(qmp)),
      process_(process),
      directory_(std::move(directory)),
      vmcore_(std::move(vmcore)),
      crew_(std::make_unique<Crew>(Stop{})) {
  crew_->add("watch", [this](const Stop& stop) { return follow(stop); });
}

Watch::~Watch() = default;

void Watch::expect_reboots(Speaker speaker) { *speaker_.lock() = std::move(speaker); }

void Watch::expect_life() {
  crew_->add("ping", [this](const Stop& stop) { return ask(stop); });
}

Qmp Watch::stop() {
  crew_.reset();
  return std::move(qmp_);
}

std::optional<Trouble> Watch::await_trouble() {
  auto known = trouble_.wait(Stop{}.within(longest_end), [](const auto& it) { return !!it; });
  return known ? **known : std::nullopt;
}

std::optional<Trouble> Watch::judge_event(const QmpEvent& event) {
  if (!is_reset(event)) return judge(event);
  const auto path = directory_ / console_log;
  const auto console = tail_of(path);
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  const auto before = std::exchange(console_, ignored ? 0 : size);
  // SeaBIOS resets a machine once more when it finds that it was not switched on just now.
  if (before && *before == console_) return std::nullopt;
  const auto since = *console_ - before.value_or(0);
  const auto cause = cause_of_reset(std::string_view(console).substr(
      console.size() - std::min<std::uintmax_t>(console.size(), since)));
  const auto speaker = *speaker_.lock();
  if (cause == ResetCause::reboot && speaker) return speaker->was_reset();
  return trouble_of_reset(cause);
}

Result<> Watch::follow(const Stop& stop) {
  bool served = true;
  const auto is_down = [this] {
    const auto speaker = *speaker_.lock();
    return speaker && speaker->is_down();
  };
  for (;;) {
    const auto event = qmp_.next_event(served ? stop : stop.within(longest_shutdown));
    if (event) {
      served = serves_owner(*event).value_or(served);
      auto trouble = judge_event(*event);
      if (!trouble) continue;
      if (event->name == "GUEST_PANICKED" && vmcore_) dump_memory(*trouble, stop);
      raise(std::move(*trouble));
      return {};
    }
    if (stop.requested()) return {};
    if (!served && event.error().fault() == Fault::timeout) {
      // Who speaks with it looks after a reboot.
      if (is_down()) continue;
      raise({"the guest program ended: something in the machine killed it",
             Trouble::Blame::guest,
             {}});
      return {};
    }
    // Its end, or nonsense from it.
    const auto exit = process_.wait(stop.within(longest_end));
    if (stop.requested()) return {};
    if (!exit)
      raise({"QEMU's monitor failed: " + event.error().text(), Trouble::Blame::host, {}});
    else if (*exit)
      raise(judge_exit(**exit, tail_of(directory_ / stderr_log)));
    else
      raise({"QEMU ended or was killed", Trouble::Blame::host, {}});
    return {};
  }
}

/// QEMU has paused the machine. What the image came to is told with the panic's lines.
void Watch::dump_memory(Trouble& trouble, const Stop& stop) {
  const auto done = qmp_.execute(
      "dump-guest-memory",
      {{"paging", false}, {"protocol", "file:" + vmcore_->string()}, {"format", "kdump-zlib"}},
      stop.within(longest_dump));
  std::error_code ignored;
  if (!done) std::filesystem::remove(*vmcore_, ignored);
  trouble.vmcore = done ? "its memory is in the artifact " + vmcore_->filename().string()
                        : "no vmcore: " + done.error().text();
}

Result<> Watch::ask(const Stop& stop) {
  const auto speaker = *speaker_.lock();
  while (os::sleep(between_pings, stop)) {
    const auto answered = speaker->ping(stop.within(longest_silence));
    if (answered) continue;
    if (stop.requested()) return {};
    // A channel that closed is the other thread's to judge, unless the guest program broke it.
    if (answered.error().fault() == Fault::timeout)
      raise({fmt::format("the machine does not answer for {}", to_text(longest_silence)),
             Trouble::Blame::guest,
             {}});
    else if (answered.error().fault() == Fault::internal)
      raise({answered.error().text(), Trouble::Blame::guest, {}});
    return {};
  }
  return {};
}

void Watch::raise(Trouble trouble) {
  trouble = with_console(std::move(trouble), tail_of(directory_ / console_log));
  {
    auto known = trouble_.lock();
    if (*known) return;
    *known = trouble;
  }
  trouble_.notify();
  if (const auto speaker = *speaker_.lock()) speaker->has_ended(trouble);
  if (!has_ended(process_)) ::kill(process_.pid(), SIGKILL);
}

}  // namespace cupel::machine
