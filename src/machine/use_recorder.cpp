// SPDX-License-Identifier: Apache-2.0
#include "machine/use_recorder.hpp"

#include <fcntl.h>

#include <cstdio>

#include "machine/shape.hpp"
#include "os/files.hpp"
#include "place/recorded_files.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_samples = 7200;

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

Bytes since(Bytes now, Bytes before) { return {now.count - std::min(now.count, before.count)}; }

}  // namespace

std::optional<DiskUse> disk_use(const json::Value& answer) {
  const auto* devices = answer.as_array();
  if (devices == nullptr || devices->empty()) return std::nullopt;
  DiskUse all;
  for (const auto& device : *devices) {
    const auto* stats = device.find("stats");
    if (stats == nullptr) return std::nullopt;
    const auto read = stats->integer("rd_bytes");
    const auto written = stats->integer("wr_bytes");
    if (!read || !written || *read < 0 || *written < 0) return std::nullopt;
    all.read.count += static_cast<std::uint64_t>(*read);
    all.written.count += static_cast<std::uint64_t>(*written);
  }
  return all;
}

std::optional<DiskUse> disk_use(Qmp& qmp, const Stop& stop) {
  const auto answer = qmp.execute("query-blockstats", {}, stop);
  return answer ? disk_use(*answer) : std::nullopt;
}

UseRecorder::UseRecorder(std::filesystem::path directory, int qemu_pid)
    : file_(directory / place::use_file),
      pid_(qemu_pid),
      received_(directory / received_capture),
      sent_(directory / sent_capture),
      interval_(1s),
      due_(std::chrono::steady_clock::now()) {
  if (const auto text = os::read_file(file_)) samples_ = parse_use(*text);
  for (const auto& sample : samples_) {
    told_.cpu += sample.cpu;
    if (!sample.disk_read || !sample.disk_written) continue;
    if (!disk_told_) disk_told_.emplace();
    disk_told_->read.count += sample.disk_read->count;
    disk_told_->written.count += sample.disk_written->count;
  }
  shorten();  // writes the header, and a last line whole that a crash cut
}

void UseRecorder::sample(std::optional<DiskUse> disk) {
  due_ = std::chrono::steady_clock::now() + interval_;
  const auto use = process_use(pid_);
  if (!use) return;
  UseSample sample;
  sample.time = now();
  sample.cpu = std::max(0ms, use->cpu - std::exchange(told_.cpu, use->cpu));
  sample.memory = use->memory;
  sample.own = use->own;
  sample.peak = use->peak;
  sample.received = received_.more();
  sample.sent = sent_.more();
  if (disk) {
    const auto before = std::exchange(disk_told_, disk).value_or(DiskUse{});
    sample.disk_read = since(disk->read, before.read);
    sample.disk_written = since(disk->written, before.written);
  }
  samples_.push_back(sample);
  if (samples_.size() > most_samples) {
    halve(samples_);
    interval_ *= 2;
    due_ += interval_ / 2;
    shorten();
  } else {
    write(sample);
  }
}

void UseRecorder::write(const UseSample& sample) {
  const auto fd = os::open_file(file_, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd) static_cast<void>(os::write_all(*fd, use_line(sample), Stop{}));
}

/// Not synced: it is of no use to a later boot.
void UseRecorder::shorten() {
  std::string text(use_header);
  for (const auto& sample : samples_) text += use_line(sample);
  const auto aside = file_.string() + ".new";
  {
    const auto fd = os::open_file(aside, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (!fd || !os::write_all(*fd, text, Stop{})) return;
  }
  static_cast<void>(std::rename(aside.c_str(), file_.c_str()));
}

}  // namespace cupel::machine
