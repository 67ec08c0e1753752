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

Watch::Watch(Qmp qmp, Of what)
    : qmp_(std::move(qmp)), of_(std::move(what)), crew_(std::make_unique<Crew>(Stop{})) {
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
  const auto path = of_.directory / console_log;
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

void Watch::note_pause(const QmpEvent& event) {
  if (event.name != "STOP" && event.name != "RESUME") return;
  auto pauses = pauses_.lock();
  pauses->now = event.name == "STOP";
  ++pauses->count;
}

/// Asks as long as it takes: an answer that came too late would be taken for another's.
void Watch::record_use(const Stop& stop) {
  if (of_.use == nullptr) return;
  std::optional<DiskUse> disk;
  if (has_disk_) {
    disk = disk_use(qmp_, stop);
    has_disk_ = disk.has_value();
  }
  of_.use->sample(disk);
}

Result<> Watch::follow(const Stop& stop) {
  // Given: it ceased to serve us, and until then the better reason may come.
  std::optional<SteadyTime> farewell;
  const auto is_down = [this] {
    const auto speaker = *speaker_.lock();
    return speaker && speaker->is_down();
  };
  // At once, but QEMU has better to do at this moment than to answer.
  if (of_.use != nullptr) of_.use->sample({});
  const auto left = [](SteadyTime until) { return until - std::chrono::steady_clock::now(); };
  for (;;) {
    if (of_.use != nullptr && left(of_.use->due()) <= 0s) record_use(stop);
    auto limit = farewell ? stop.within(left(*farewell)) : stop;
    if (of_.use != nullptr) limit = limit.within(left(of_.use->due()));
    const auto event = qmp_.next_event(limit);
    if (event) {
      note_pause(*event);
      const auto serves = serves_owner(*event);
      if (serves.value_or(!farewell))
        farewell.reset();
      else
        farewell = std::chrono::steady_clock::now() + longest_shutdown;
      auto trouble = judge_event(*event);
      if (!trouble) continue;
      if (event->name == "GUEST_PANICKED" && of_.vmcore) dump_memory(*trouble, stop);
      record_use(stop);
      raise(std::move(*trouble));
      return {};
    }
    if (stop.requested()) return {};
    if (event.error().fault() == Fault::timeout) {
      if (!farewell || left(*farewell) > 0s) continue;
      // Who speaks with it looks after a reboot.
      farewell = std::chrono::steady_clock::now() + longest_shutdown;
      if (is_down()) continue;
      raise({"the guest program ended: something in the machine killed it",
             Trouble::Blame::guest,
             {}});
      return {};
    }
    // Its end, or nonsense from it.
    const auto exit = of_.process.wait(stop.within(longest_end));
    if (stop.requested()) return {};
    if (!exit)
      raise({"QEMU's monitor failed: " + event.error().text(), Trouble::Blame::host, {}});
    else if (*exit)
      raise(judge_exit(**exit, tail_of(of_.directory / stderr_log)));
    else
      raise({"QEMU ended or was killed", Trouble::Blame::host, {}});
    return {};
  }
}

/// QEMU has paused the machine. What the image came to is told with the panic's lines.
void Watch::dump_memory(Trouble& trouble, const Stop& stop) {
  const auto done = qmp_.execute(
      "dump-guest-memory",
      {{"paging", false}, {"protocol", "file:" + of_.vmcore->string()}, {"format", "kdump-zlib"}},
      stop.within(longest_dump));
  std::error_code ignored;
  if (!done) std::filesystem::remove(*of_.vmcore, ignored);
  trouble.vmcore = done ? "its memory is in the artifact " + of_.vmcore->filename().string()
                        : "no vmcore: " + done.error().text();
}

Result<> Watch::ask(const Stop& stop) {
  const auto speaker = *speaker_.lock();
  while (os::sleep(between_pings, stop)) {
    const auto before = *pauses_.lock();
    if (before.now) continue;
    const auto answered = speaker->ping(stop.within(longest_silence));
    if (answered) continue;
    if (stop.requested()) return {};
    if (answered.error().fault() == Fault::timeout && pauses_.lock()->count != before.count)
      continue;
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
  trouble = with_console(std::move(trouble), tail_of(of_.directory / console_log));
  {
    auto known = trouble_.lock();
    if (*known) return;
    *known = trouble;
  }
  trouble_.notify();
  if (const auto speaker = *speaker_.lock()) speaker->has_ended(trouble);
  if (!has_ended(of_.process)) ::kill(of_.process.pid(), SIGKILL);
}

}  // namespace cupel::machine
