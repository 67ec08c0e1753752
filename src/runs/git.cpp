// SPDX-License-Identifier: Apache-2.0
#include "runs/git.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::runs {

Result<os::Captured> run_git(const std::vector<std::string>& arguments, const Stop& stop,
                             const std::vector<std::string>& environment) {
  os::Spawn spawn;
  spawn.argv = {"env",
                "LC_ALL=C",
                "GIT_TERMINAL_PROMPT=0",
                "GIT_ASKPASS=true",
                "SSH_ASKPASS_REQUIRE=never",
                "GIT_ALLOW_PROTOCOL=file:git:http:https:ssh"};
  for (const auto* left : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
    spawn.argv.insert(spawn.argv.begin() + 1, {"-u", left});
  if (!std::getenv("GIT_SSH_COMMAND"))
    spawn.argv.emplace_back("GIT_SSH_COMMAND=ssh -o BatchMode=yes -o ConnectTimeout=20");
  spawn.argv.insert(spawn.argv.end(), environment.begin(), environment.end());
  spawn.argv.insert(spawn.argv.end(),
                    {"git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c",
                     "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30"});
  spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
  auto answer = TRY(os::capture(std::move(spawn), {}, stop, 32U << 20), "git");
  if (answer.exit.status == 127)
    return fail(Fault::unavailable, "git is missing: install it (apt install git)");
  return answer;
}

std::string without_secrets(const std::string& remote) {
  const auto scheme = remote.find("://");
  if (scheme == std::string::npos) return remote;
  const auto begin = scheme + 3;
  const auto end = std::min(remote.find('/', begin), remote.size());
  const auto at = remote.rfind('@', end);
  if (at == std::string::npos || at < begin || at > end) return remote;
  return remote.substr(0, begin) + remote.substr(at + 1);
}

std::string complaint_of(const os::Captured& answer) {
  std::string why;
  for (const auto& line : split(answer.err, '\n')) {
    const auto text = trim(line);
    if (text.empty()) continue;
    if (why.empty() || text.starts_with("fatal: ") || text.starts_with("error: "))
      why = std::string(text);
    if (text.starts_with("fatal: ")) break;
  }
  for (const auto* prefix : {"fatal: ", "error: "})
    if (why.starts_with(prefix)) why.erase(0, std::string_view(prefix).size());
  if (why.empty()) return fmt::format("git ended with status {}", answer.exit.status);
  // A URL stands in quotes: 'https://user:secret@host/x'.
  const auto quote = why.find('\'');
  const auto end = quote == std::string::npos ? quote : why.find('\'', quote + 1);
  if (end != std::string::npos)
    why = why.substr(0, quote + 1) + without_secrets(why.substr(quote + 1, end - quote - 1)) +
          why.substr(end);
  return printable(why);
}

Result<> check_remote(const std::string& remote) {
  if (remote.empty()) return fail(Fault::invalid, "there is no remote");
  if (remote.front() == '-' || remote.find("::") != std::string::npos ||
      remote.find('\n') != std::string::npos || remote.find('\0') != std::string::npos)
    return fail(Fault::invalid, "'{}' is no remote of git", printable(without_secrets(remote)));
  return {};
}

Result<> check_ref(const std::string& ref) {
  const auto odd = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view("~^:?*[\\\x7f").find(c) != std::string_view::npos;
  };
  if (ref.empty() || ref.front() == '-' || ref.find("..") != std::string::npos ||
      std::any_of(ref.begin(), ref.end(), odd))
    return fail(Fault::invalid, "'{}' is no name of a branch, tag or commit", printable(ref));
  return {};
}

}  // namespace cupel::runs
