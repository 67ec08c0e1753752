// SPDX-License-Identifier: Apache-2.0
#include "machine/use.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "os/files.hpp"

namespace cupel::machine {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t columns = 9;

/// "VmRSS:\t   1234 kB"
std::optional<Bytes> size_in(std::string_view status, std::string_view name) {
  const auto at = status.find(name);
  if (at == std::string_view::npos || (at > 0 && status[at - 1] != '\n')) return std::nullopt;
  auto line = status.substr(at + name.size());
  line = trim(line.substr(0, line.find('\n')));
  if (!line.ends_with(" kB")) return std::nullopt;
  const auto number = parse_integer(line.substr(0, line.size() - 3));
  if (!number || *number < 0) return std::nullopt;
  return kib(static_cast<std::uint64_t>(*number));
}

std::string seconds(milliseconds time) {
  return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000);
}

std::optional<milliseconds> parse_seconds(std::string_view text) {
  constexpr std::size_t decimals = 3;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || text.size() != dot + 1 + decimals) return std::nullopt;
  const auto whole = parse_integer(text.substr(0, dot));
  const auto rest = parse_integer(text.substr(dot + 1));
  constexpr std::int64_t most = std::int64_t{1} << 40;
  if (!whole || !rest || *whole < 0 || *whole > most || *rest < 0) return std::nullopt;
  return milliseconds(*whole * 1000 + *rest);
}

std::string size_text(const std::optional<Bytes>& size) {
  return size ? std::to_string(size->count) : std::string();
}

/// False: the text is no size.
bool read_size(std::string_view text, std::optional<Bytes>& size) {
  if (text.empty()) return true;
  const auto number = parse_integer(text);
  if (!number || *number < 0) return false;
  size = Bytes{static_cast<std::uint64_t>(*number)};
  return true;
}

std::optional<UseSample> parse_line(std::string_view line) {
  const auto fields = split(line, ',');
  if (fields.size() != columns) return std::nullopt;
  const auto time = parse_seconds(fields[0]);
  const auto cpu = parse_seconds(fields[1]);
  std::array<std::optional<Bytes>, columns - 2> sizes;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (!read_size(fields.at(i + 2), sizes.at(i))) return std::nullopt;
  if (!time || !cpu || !sizes[0] || !sizes[1] || !sizes[2]) return std::nullopt;
  return UseSample{*time,    *cpu,     *sizes[0], *sizes[1], *sizes[2],
                   sizes[3], sizes[4], sizes[5],  sizes[6]};
}

std::optional<Bytes> sum(const std::optional<Bytes>& one, const std::optional<Bytes>& other) {
  if (!one) return other;
  return Bytes{one->count + other.value_or(Bytes{}).count};
}

}  // namespace

std::optional<milliseconds> processor_time(std::string_view stat) {
  constexpr std::size_t user_time = 11, system_time = 12;  // behind the name
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 > stat.size()) return std::nullopt;
  const auto fields = split(stat.substr(name_end + 2), ' ');
  if (fields.size() <= system_time) return std::nullopt;
  const auto user = parse_integer(fields[user_time]);
  const auto system = parse_integer(fields[system_time]);
  if (!user || !system) return std::nullopt;
  return milliseconds((*user + *system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

std::optional<milliseconds> processor_time(int pid) {
  const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
  return stat ? processor_time(*stat) : std::nullopt;
}

std::optional<ProcessUse> process_use(std::string_view stat, std::string_view status) {
  const auto cpu = processor_time(stat);
  const auto memory = size_in(status, "VmRSS:");
  const auto own = size_in(status, "RssAnon:");
  const auto peak = size_in(status, "VmHWM:");
  // What has ended has a stat still, but no memory.
  if (!cpu || !memory || !own || !peak) return std::nullopt;
  return ProcessUse{*cpu, *memory, *own, std::max(*peak, *memory)};
}

std::optional<ProcessUse> process_use(int pid) {
  const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
  const auto status = os::read_file(fmt::format("/proc/{}/status", pid));
  if (!stat || !status) return std::nullopt;
  return process_use(*stat, *status);
}

std::string use_line(const UseSample& sample) {
  return fmt::format("{},{},{},{},{},{},{},{},{}\n", seconds(sample.time), seconds(sample.cpu),
                     sample.memory.count, sample.own.count, sample.peak.count,
                     size_text(sample.disk_read), size_text(sample.disk_written),
                     size_text(sample.received), size_text(sample.sent));
}

std::vector<UseSample> parse_use(std::string_view text) {
  std::vector<UseSample> samples;
  if (!text.starts_with(use_header)) return samples;
  text.remove_prefix(use_header.size());
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    auto sample = parse_line(text.substr(0, end));
    if (!sample) break;
    samples.push_back(*sample);
    text.remove_prefix(end + 1);
  }
  return samples;
}

UseSample joined(const UseSample& earlier, const UseSample& later) {
  auto both = later;
  both.cpu += earlier.cpu;
  both.memory = std::max(earlier.memory, later.memory);
  both.own = std::max(earlier.own, later.own);
  both.peak = std::max(earlier.peak, later.peak);
  both.disk_read = sum(earlier.disk_read, later.disk_read);
  both.disk_written = sum(earlier.disk_written, later.disk_written);
  both.received = sum(earlier.received, later.received);
  both.sent = sum(earlier.sent, later.sent);
  return both;
}

void halve(std::vector<UseSample>& samples) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < samples.size(); i += 2)
    samples[kept++] = i + 1 < samples.size() ? joined(samples[i], samples[i + 1]) : samples[i];
  samples.resize(kept);
}

UseTotal total(const std::vector<UseSample>& samples) {
  UseTotal all;
  if (samples.empty()) return all;
  for (const auto& sample : samples) {
    all.cpu += sample.cpu;
    all.peak = std::max(all.peak, sample.peak);
  }
  all.time = std::max(milliseconds(0), samples.back().time - samples.front().time);
  return all;
}

}  // namespace cupel::machine
