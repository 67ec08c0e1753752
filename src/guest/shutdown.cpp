// SPDX-License-Identifier: Apache-2.0
#include "guest/shutdown.hpp"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace cupel::guest {
namespace {

using namespace std::chrono_literals;

// A system that goes down is busy; but whoever asked waits for this.
constexpr auto patience = 3s;
constexpr std::size_t longest_answer = 64U << 10;
constexpr std::string_view going_down = "stopping";

void put_number(std::string& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift & 0xFFU);
}

void put_text(std::string& to, std::string_view text) {
  put_number(to, static_cast<std::uint32_t>(text.size()));
  to += text;
  to += '\0';
}

void align(std::string& to, std::size_t boundary) {
  to.resize((to.size() + boundary - 1) / boundary * boundary, '\0');
}

/// A header's field whose value is a text: path, interface, member.
void put_field(std::string& to, char code, char type, std::string_view text) {
  align(to, 8);
  to += code;
  to += {'\1', type, '\0'};
  put_text(to, text);
}

os::Fd connect_at_once(const std::string& path) {
  os::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (!fd || ::connect(fd.get(), generic, sizeof address) != 0) return {};
  return fd;
}

/// A few bytes: a socket that is new takes them.
void say(const os::Fd& fd, std::string_view bytes) {
  static_cast<void>(!::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace

std::string state_question() {
  std::string body;
  put_text(body, "org.freedesktop.systemd1.Manager");
  align(body, 4);
  put_text(body, "SystemState");
  std::string fields;
  put_field(fields, 1, 'o', "/org/freedesktop/systemd1");
  put_field(fields, 2, 's', "org.freedesktop.DBus.Properties");
  put_field(fields, 3, 's', "Get");
  align(fields, 8);
  fields += {'\10', '\1', 'g', '\0', '\2', 's', 's', '\0'};  // the body's signature
  std::string message = {'l', '\1', '\0', '\1'};             // little endian, a call, version 1
  put_number(message, static_cast<std::uint32_t>(body.size()));
  put_number(message, 1);  // serial
  put_number(message, static_cast<std::uint32_t>(fields.size()));
  message += fields;
  align(message, 8);
  return message + body;
}

Shutdown::Shutdown(Loop& loop, std::function<void()> announce, Paths paths)
    : loop_(loop), announce_(std::move(announce)), paths_(std::move(paths)) {
  runs_ = os::Fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (runs_) static_cast<void>(::inotify_add_watch(runs_.get(), paths_.program.c_str(), IN_OPEN));
}

bool Shutdown::suspected() {
  if (announced_) return false;
  if (!waiting_.empty()) return true;
  std::array<char, 4096> events;
  bool some = false;
  while (runs_ && ::read(runs_.get(), events.data(), events.size()) > 0) some = true;
  return some;
}

void Shutdown::ask(std::function<void()> then) {
  waiting_.push_back(std::move(then));
  if (waiting_.size() == 1) begin();
}

void Shutdown::begin() {
  answer_.clear();
  welcome_ = false;
  manager_ = connect_at_once(paths_.manager);
  if (!manager_) return end();
  auto watch = loop_.watch(manager_, EPOLLIN, [this](std::uint32_t) { receive(); });
  if (!watch) return end();
  watch_ = std::move(*watch);
  using namespace std::string_view_literals;
  // 30: the digit 0, our user. BEGIN goes with it: systemd does not look at what comes in one piece
  // behind a BEGIN.
  say(manager_, "\0AUTH EXTERNAL 30\r\nBEGIN\r\n"sv);
  loop_.after(patience, [this, question = ++question_] {
    if (question == question_ && manager_) end();
  });
}

void Shutdown::receive() {
  std::array<char, 4096> buffer;
  const auto count = ::read(manager_.get(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0 || answer_.size() > longest_answer) return end();
  answer_.append(buffer.data(), static_cast<std::size_t>(count));
  if (!welcome_) {
    const auto line = answer_.find("\r\n");
    if (line == std::string::npos) return;
    if (!answer_.starts_with("OK ")) return end();
    welcome_ = true;
    answer_.erase(0, line + 2);
    return say(manager_, state_question());
  }
  // One of systemd's words, behind its length and before a zero. There is no other answer that
  // long.
  constexpr std::array<std::string_view, 7> states = {
      "initializing", "starting", "running", "degraded", "maintenance", going_down, "offline"};
  for (const auto state : states) {
    if (answer_.find(std::string(state) + '\0') == std::string::npos) continue;
    if (state == going_down && !std::exchange(announced_, true)) announce_();
    return end();
  }
}

void Shutdown::end() {
  watch_.drop();
  manager_.reset();
  for (const auto& then : std::exchange(waiting_, {})) then();
}

}  // namespace cupel::guest
