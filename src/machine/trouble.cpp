// SPDX-License-Identifier: Apache-2.0
#include "machine/trouble.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::machine {

namespace {

constexpr std::size_t console_lines = 20;
constexpr std::string_view panicked = "the machine's kernel panicked";
constexpr std::string_view powered_off = "the machine was powered off from inside";
constexpr std::string_view rebooted = "the machine rebooted";
constexpr std::string_view panic_words = "Kernel panic - not syncing: ";

std::string text_or(const json::Value& value, std::string_view key, std::string_view otherwise) {
  const auto* member = value.find(key);
  const auto* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? *text : std::string(otherwise);
}

bool is_set(const json::Value& value, std::string_view key) {
  const auto* member = value.find(key);
  const auto* flag = member != nullptr ? member->as_bool() : nullptr;
  return flag != nullptr && *flag;
}

std::optional<Trouble> judge_shutdown(const json::Value& data) {
  if (!is_set(data, "guest")) return Trouble{"QEMU was told to end", Trouble::Blame::host, {}};
  const auto reason = text_or(data, "reason", "guest-shutdown");
  if (reason == "guest-reset") return Trouble{std::string(rebooted), Trouble::Blame::guest, {}};
  if (reason == "guest-panic") return Trouble{std::string(panicked), Trouble::Blame::guest, {}};
  return Trouble{std::string(powered_off), Trouble::Blame::guest, {}};
}

/// Without terminal escapes (ESC [ ... letter, ESC letter) and carriage returns.
std::string plain(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text[i] != '\x1b') {
      result += text[i];
      continue;
    }
    if (++i >= text.size() || text[i] != '[') continue;
    while (i + 1 < text.size()) {
      const char next = text[++i];
      if (next >= '@' && next <= '~') break;
    }
  }
  return result;
}

}  // namespace

std::optional<Trouble> judge(const QmpEvent& event) {
  using Blame = Trouble::Blame;
  if (event.name == "GUEST_PANICKED") return Trouble{std::string(panicked), Blame::guest, {}};
  if (event.name == "SHUTDOWN") return judge_shutdown(event.data);
  if (is_reset(event)) return Trouble{std::string(rebooted), Blame::guest, {}};
  if (event.name == "BLOCK_IO_ERROR" && text_or(event.data, "action", "") == "stop") {
    if (is_set(event.data, "nospace"))
      return Trouble{"no space left on this host for the machine's disk", Blame::host, {}};
    return Trouble{fmt::format("the machine's disk failed on this host: {}",
                               text_or(event.data, "reason", "an I/O error")),
                   Blame::host,
                   {}};
  }
  return std::nullopt;
}

bool is_reset(const QmpEvent& event) {
  return event.name == "RESET" && is_set(event.data, "guest");
}

ResetCause cause_of_reset(std::string_view console) {
  const auto last = [&](std::string_view words) {
    const auto at = console.rfind(words);
    return at == std::string_view::npos ? std::size_t{0} : at + 1;
  };
  const auto reboot = std::max(last("reboot: Restarting system"), last("sysrq: Resetting"));
  const auto panic = last(panic_words);
  if (reboot > panic) return ResetCause::reboot;
  return panic > 0 ? ResetCause::panic : ResetCause::fault;
}

Trouble trouble_of_reset(ResetCause cause) {
  using Blame = Trouble::Blame;
  if (cause == ResetCause::panic) return {std::string(panicked), Blame::guest, {}};
  if (cause == ResetCause::reboot) return {std::string(rebooted), Blame::guest, {}};
  return {
      "the machine was reset without a word of its kernel: a triple fault, or something that "
      "reset the hardware",
      Blame::guest,
      {}};
}

std::optional<Trouble> judge_status(std::string_view status) {
  using Blame = Trouble::Blame;
  if (status == "running") return std::nullopt;
  if (status == "guest-panicked") return Trouble{std::string(panicked), Blame::guest, {}};
  if (status == "shutdown") return Trouble{std::string(powered_off), Blame::guest, {}};
  if (status == "io-error")
    return Trouble{"the machine's disk failed on this host", Blame::host, {}};
  return Trouble{fmt::format("the machine does not run: QEMU says {:?}", status), Blame::host, {}};
}

std::optional<bool> serves_owner(const QmpEvent& event) {
  if (event.name != "VSERPORT_CHANGE" || text_or(event.data, "id", "") != "cupel0")
    return std::nullopt;
  return is_set(event.data, "open");
}

Trouble judge_exit(os::Exit exit, std::string_view last_words) {
  auto how = exit.signal != 0 ? fmt::format("was killed by signal {}", exit.signal)
                              : fmt::format("ended with status {}", exit.status);
  const auto lines = last_lines(last_words, 1);
  if (!lines.empty()) how += ": " + lines.back();
  return {"QEMU " + how, Trouble::Blame::host, {}};
}

std::vector<std::string> last_lines(std::string_view console, std::size_t count) {
  constexpr std::size_t longest_line = 500;
  std::vector<std::string> lines;
  for (const auto& line : split(plain(console), '\n')) {
    auto text = printable(line);
    if (trim(text).empty()) continue;
    if (text.size() > longest_line) text.resize(longest_line);
    lines.push_back(std::move(text));
  }
  if (lines.size() > count)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return lines;
}

std::string out_of_memory(std::string_view console) {
  // [ 12.3] Out of memory: Killed process 123 (awk) total-vm:...; "Memory cgroup out of memory: "
  constexpr std::string_view killed = ": Killed process ", memory = "ut of memory";
  std::vector<std::string> victims;
  bool of_group = false;
  for (const auto& line : split(plain(console), '\n')) {
    const auto at = line.find(killed);
    if (at == std::string::npos || line.find(memory) >= at) continue;
    const auto begin = at + killed.size();
    const auto end = line.find(')', begin);
    if (end == std::string::npos) continue;
    of_group = line.find("Memory cgroup") < at;
    victims.push_back(printable(line.substr(begin, end + 1 - begin)));
  }
  if (victims.empty()) return {};
  return fmt::format("{} was full: the kernel killed process {}{}",
                     of_group ? "a container's memory" : "the machine's memory", victims.front(),
                     victims.size() > 1 ? fmt::format(" and {} more", victims.size() - 1) : "");
}

std::string full_disk(std::string_view stat) {
  for (const auto& line : split(stat, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 3 && words[2] == "0" && words[1] != "0")
      return "the machine's disk is full: no room is left on " + printable(words[0]);
  }
  return {};
}

Trouble with_console(Trouble trouble, std::string_view console) {
  trouble.console = last_lines(console, console_lines);
  // A kernel that panics before its driver for telling us is there just reboots.
  if (trouble.text != panicked && trouble.text != rebooted) return trouble;
  const auto all = last_lines(console, 200);
  for (auto line = all.rbegin(); line != all.rend(); ++line) {
    const auto at = line->rfind(panic_words);
    if (at == std::string::npos) continue;
    trouble.text = fmt::format("{}: {}", panicked, line->substr(at + panic_words.size()));
    // What was asked to be a panic has its own first line.
    for (auto before = line; before != all.rend(); ++before) {
      const auto bug = std::min(before->find("BUG: "), before->find("kernel BUG at "));
      if (bug == std::string::npos) continue;
      trouble.text += fmt::format(" ({})", before->substr(bug));
      break;
    }
    break;
  }
  return trouble;
}

}  // namespace cupel::machine
