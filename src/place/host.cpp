// SPDX-License-Identifier: Apache-2.0
#include "place/host.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/digest.hpp"
#include "place/host_session.hpp"
#include "place/kept_session.hpp"
#include "place/process_tree.hpp"
#include "place/supervisor.hpp"

namespace cupel::place {

namespace {

using namespace std::chrono_literals;
using Environment = std::map<std::string, std::string>;

constexpr auto grace_at_the_end = 5s;

struct User {
  std::string name, home, shell;
  uid_t uid = 0;
  gid_t gid = 0;
};

std::optional<User> user_of(const passwd* found) {
  if (found == nullptr) return std::nullopt;
  return User{found->pw_name, found->pw_dir, found->pw_shell, found->pw_uid, found->pw_gid};
}

std::optional<User> user_by_name(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16 << 10> buffer;
  ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  return user_of(found);
}

std::optional<User> user_by_id(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16 << 10> buffer;
  ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return user_of(found);
}

os::Credentials credentials_of(const User& user) {
  int count = 256;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(user.name.c_str(), user.gid, groups.data(), &count) < 0) count = 0;
  groups.resize(static_cast<std::size_t>(count));
  return {user.uid, user.gid, std::move(groups)};
}

/// Takes the rights and the home of `name`; nothing to do if that is who we are.
Result<> become(const std::string& name, os::Spawn& spawn, Environment& environment) {
  const auto user = user_by_name(name);
  if (!user) return fail(Fault::not_found, "there is no user {} on this host", name);
  if (user->uid == ::geteuid()) return {};
  if (::geteuid() != 0)
    return fail(Fault::denied, "only root can run commands as {} on this host", name);
  spawn.credentials = credentials_of(*user);
  environment["USER"] = environment["LOGNAME"] = user->name;
  environment["HOME"] = user->home;
  environment["SHELL"] = user->shell;
  return {};
}

Result<HostSession::Streams> connect_pipes(os::Spawn& spawn, bool with_input) {
  auto out = TRY(os::make_pipe());
  auto err = TRY(os::make_pipe());
  HostSession::Streams streams;
  if (with_input) {
    auto in = TRY(os::make_pipe());
    spawn.in = std::move(in.read);
    streams.in = std::move(in.write);
  }
  spawn.out = std::move(out.write);
  spawn.err = std::move(err.write);
  streams.out = std::move(out.read);
  streams.err = std::move(err.read);
  TRY(os::set_nonblocking(streams.out));
  TRY(os::set_nonblocking(streams.err));
  return streams;
}

Result<HostSession::Streams> connect_terminal(os::Spawn& spawn, os::WindowSize window) {
  auto pty = TRY(os::open_pty(window));
  TRY(os::set_nonblocking(pty.master));
  spawn.group = os::Spawn::Group::terminal;
  spawn.out = TRY(os::duplicate(pty.slave.get()));
  spawn.err = TRY(os::duplicate(pty.slave.get()));
  spawn.in = std::move(pty.slave);
  HostSession::Streams streams;
  streams.kind = Command::Streams::terminal;
  streams.out = TRY(os::duplicate(pty.master.get()));
  streams.in = std::move(pty.master);
  return streams;
}

std::vector<std::string> lines_of(const Environment& environment) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment) lines.push_back(name + "=" + value);
  return lines;
}

}  // namespace

std::map<std::string, std::string> host_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const auto equals = line.find('=');
    if (equals != std::string_view::npos)
      environment.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  const auto user = user_by_id(::geteuid()).value_or(User{"nobody", "/", "/bin/sh"});
  environment.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  environment.try_emplace("HOME", user.home);
  environment.try_emplace("USER", user.name);
  environment.try_emplace("SHELL", user.shell);
  environment.try_emplace("LANG", "C.UTF-8");
  return environment;
}

HostPlace::HostPlace(std::map<std::string, std::string> environment)
    : environment_(std::move(environment)), cookie_(to_hex(random_bytes(16)) + "-") {}

HostPlace::HostPlace(std::map<std::string, std::string> environment, std::string cookie)
    : environment_(std::move(environment)), cookie_(std::move(cookie)), taken_up_(true) {}

HostPlace::~HostPlace() {
  // What resists SIGKILL cannot be helped here.
  if (taken_up_ || sessions_ > 0)
    static_cast<void>(
        end_cookie_holders(cookie_, grace_at_the_end, Stop{}.within(2 * grace_at_the_end)));
}

Result<HostPlace::Prepared> HostPlace::prepare(const Command& command, const std::string& cookie,
                                               os::Spawn& spawn) {
  if (command.argv.empty()) return fail(Fault::invalid, "there is no command");
  Prepared prepared{environment_, "", ""};
  auto& environment = prepared.environment;
  environment[std::string(cookie_variable)] = cookie;
  if (!command.user.empty()) TRY(become(command.user, spawn, environment));
  for (const auto& [name, value] : command.environment) environment[name] = value;
  prepared.directory = command.directory.empty() ? environment["HOME"] : command.directory;
  auto program = os::find_program_in(environment["PATH"], command.argv[0]);
  if (!program) return fail(Fault::not_found, "no such program: {}", command.argv[0]);
  prepared.program = std::move(*program);
  return prepared;
}

Result<std::unique_ptr<Session>> HostPlace::start(const Command& command, OutputSink sink,
                                                  const Stop& stop) {
  TRY(stop.check());
  // A dash behind the number too, or the first session's cookie would begin the tenth's.
  const auto cookie = fmt::format("{}{}-", cookie_, ++sessions_);
  os::Spawn spawn;
  auto prepared = TRY(prepare(command, cookie, spawn));
  spawn.argv = command.argv;
  spawn.environment = lines_of(prepared.environment);
  spawn.directory = std::move(prepared.directory);
  spawn.program = std::move(prepared.program);
  auto streams = command.streams == Command::Streams::terminal
                     ? TRY(connect_terminal(spawn, command.window))
                     : TRY(connect_pipes(spawn, !command.input.empty()));
  auto process = TRY(os::Process::spawn(std::move(spawn)));
  return std::make_unique<HostSession>(std::move(process), std::move(streams), command.input,
                                       std::move(sink), cookie, drain_);
}

Result<std::unique_ptr<Session>> HostPlace::start_kept(const Command& command,
                                                       const std::string& directory,
                                                       OutputSink sink, const Stop& stop) {
  ++sessions_;
  TRY(os::make_directories(directory, 0700));
  // Of the directory, not of a number: who takes the command up must know it.
  const auto cookie = fmt::format("{}kept-{}-", cookie_, digest_of(directory).brief());
  if (auto earlier = TRY(KeptSession::open(directory, cookie, sink, stop))) return earlier;

  TRY(stop.check());
  os::Spawn unused;
  auto prepared = TRY(prepare(command, cookie, unused));
  if (unused.credentials || !command.input.empty() || command.streams == Command::Streams::terminal)
    return fail(Fault::denied, "such a command does not outlive us");
  std::error_code ignored;
  if (!os::fs::is_directory(prepared.directory, ignored))
    return fail(Fault::not_found, "no such directory: {}", prepared.directory);
  auto lock = TRY(KeptSession::claim(directory));
  TRY(supervise({std::move(prepared.program), command.argv, lines_of(prepared.environment),
                 std::move(prepared.directory), directory, std::move(lock)}));
  if (auto session = TRY(KeptSession::open(directory, cookie, std::move(sink), stop)))
    return session;
  return fail(Fault::unavailable, "the command's supervisor died");
}

Result<> HostPlace::push(const os::ByteSource& source, const std::string& directory,
                         const Stop& stop) {
  TRY(os::unpack(source, directory, {}, stop));
  return {};
}

Result<os::PackSummary> HostPlace::pull(const std::string& directory,
                                        const os::PackOptions& options, const os::ByteSink& sink,
                                        const Stop& stop) {
  return os::pack(directory, options, sink, stop);
}

}  // namespace cupel::place
