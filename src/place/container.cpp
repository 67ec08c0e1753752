// SPDX-License-Identifier: Apache-2.0
#include "place/container.hpp"

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "place/container_session.hpp"
#include "place/podman.hpp"

namespace cupel::place {
namespace {

using namespace std::chrono_literals;

constexpr auto removal_patience = 30s;

Command outer_shell(std::string script, std::vector<std::string> arguments) {
  Command command;
  command.argv = {"sh", "-c", std::move(script), "sh"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.directory = "/";
  return command;
}

/// All that commands need to enter the container: the process, its user, whether it has a user
/// namespace of its own, our programs; then its environment, then that of the outer place.
constexpr std::string_view probe = R"sh(
pid=$(podman container inspect --format '{{.State.Pid}}' "$1") || exit 3
n=0
while [ "$n" -lt 20 ]; do
  [ -d "/proc/$pid" ] && [ "$pid" -gt 0 ] || exit 4
  IFS= read -r first <"/proc/$pid/comm" || exit 4
  [ "$2" = wait ] && [ "$first" != cat ] || break
  sleep 0.1
  n=$((n + 1))
done
IFS= read -r stat <"/proc/$pid/stat" || exit 4
printf '%s\0%s\0' "$pid" "$(echo "${stat##*) }" | cut -d ' ' -f 20)"
sed -n 's/^[UG]id:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status" | tr '\n' '\0'
[ "$(readlink "/proc/$pid/ns/user")" = "$(readlink /proc/self/ns/user)" ] && printf 'same\0' || printf 'own\0'
printf '%s\0%s\0%s\0' "$(command -v env)" "$(command -v nsenter)" "$(command -v sh)"
tr -d '\001' <"/proc/$pid/environ"
printf '\001'
env -0
)sh";

/// Runs in the container. $1 is the word that begins its complaints, $2 the directory. It sets no
/// variable, since those of the command must not change.
constexpr std::string_view wrapper =
    "cd \"$2\" 2>/dev/null || { echo \"$1 directory\" >&2; exit 125; }\n"
    "command -v -- \"$3\" >/dev/null || { echo \"$1 program\" >&2; exit 125; }\n"
    "shift 2; exec \"$@\"";

/// Runs around nsenter, which dies of a SIGTERM that a command may well take its time for: the end
/// of this is the end of the command, and that of a signal is of the same signal. $1 is a word in
/// the environment of all that the command starts, and begins our complaints; $2 and $3 are the
/// container's process and when it began: another may have its number by now.
constexpr std::string_view keeper = R"sh(
exec 4>&2 2>/dev/null
cupel_asked= cupel_word=$1
trap cupel_asked=1 TERM
cupel_born() { [ $# -lt 20 ] || { shift 19; cupel_age=$1; }; }
cupel_age= cupel_stat=
[ ! -r "/proc/$2/stat" ] || IFS= read -r cupel_stat <"/proc/$2/stat"
cupel_born ${cupel_stat##*) }
[ "$cupel_age" = "$3" ] || { echo "$1 container" >&4; exit 125; }
shift 3
"$@" 2>&4 4>&-
cupel_status=$?
exec 4>&-
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset JENKINS_NODE_COOKIE
while [ "$cupel_asked" ]; do
  grep -qsF "CUPEL_COMMAND=$cupel_word" /proc/[0-9]*/environ
  case $? in 1 | 2) break ;; esac
  sleep 0.05
done
[ "$cupel_status" -le 128 ] || { trap - TERM; kill -$((cupel_status - 128)) $$; }
exit "$cupel_status"
)sh";

std::map<std::string, std::string> parse_environment(std::string_view text) {
  std::map<std::string, std::string> variables;
  for (const auto& line : split(text, '\0'))
    if (const auto equals = line.find('='); equals != std::string::npos)
      variables[line.substr(0, equals)] = line.substr(equals + 1);
  return variables;
}

/// Variables by which the outer place finds its processes again.
bool is_ours(const std::string& variable) {
  return variable == "CUPEL_RUN" || variable == "JENKINS_NODE_COOKIE";
}

/// The name that options of podman run give; empty: none.
std::string name_among(const std::vector<std::string>& arguments) {
  constexpr std::string_view option = "--name";
  std::string name;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == option && i + 1 < arguments.size()) name = arguments[i + 1];
    if (arguments[i].starts_with("--name=")) name = arguments[i].substr(option.size() + 1);
  }
  return name;
}

std::vector<std::string> run_words(const ContainerOrder& order) {
  std::vector<std::string> words = {"run", "-t",  "-d",     "--name", order.name,
                                    "-u",  "0:0", "--pull", "never"};
  if (!order.mark.empty()) words.insert(words.end(), {"--label", "cupel.run=" + order.mark});
  // So that what becomes of it after our death is found with the rest of the run.
  words.insert(words.end(), {"--env", "CUPEL_RUN"});
  if (!order.directory.empty()) words.insert(words.end(), {"-w", order.directory});
  for (const auto& mount : order.mounts)
    words.insert(words.end(), {"-v", mount + ":" + mount + ":rw"});
  for (const auto& [name, value] : order.environment)
    words.insert(words.end(), {"--env", name + "=" + value});
  words.insert(words.end(), order.arguments.begin(), order.arguments.end());
  if (!order.entry_point.empty()) {
    json::Array entry;
    for (const auto& word : order.entry_point) entry.emplace_back(word);
    words.insert(words.end(), {"--entrypoint", json::write(entry)});
  }
  return words;
}

}  // namespace

Result<std::unique_ptr<Container>> Container::start(Place& outer, const ContainerOrder& order,
                                                    const Stop& stop) {
  if (!order.mounts.empty())
    TRY(run_captured(outer, outer_shell("exec mkdir -p \"$@\"", order.mounts), stop));
  const auto other = name_among(order.arguments);
  const auto& name = other.empty() ? order.name : other;
  auto container = std::unique_ptr<Container>(new Container(outer, name, order.mounts));
  // One of a name that somebody chose may be another's, until it is known to be new.
  container->owned_ = other.empty();
  const bool runs_cat =
      order.entry_point.empty() && order.command == std::vector<std::string>{"cat"};
  for (const bool replace : {false, true}) {
    auto words = run_words(order);
    if (replace) words.insert(words.end(), {"--entrypoint", "cat"});
    if (container->owned_) words.push_back("--replace");
    words.push_back(order.image);
    if (!replace) words.insert(words.end(), order.command.begin(), order.command.end());
    TRY(podman_unbroken(outer, words, stop), "start a container from the image {}", order.image);
    container->owned_ = true;
    auto learned = container->learn(runs_cat ? Main::cat : Main::any, stop);
    if (learned) return container;
    const bool ended = learned.error().fault() == Fault::conflict;
    if (!ended || replace || !runs_cat) return tl::unexpected<Error>(learned.error());
  }
  return fail(Fault::internal, "unreachable");
}

Result<std::unique_ptr<Container>> Container::take_up(Place& outer, const std::string& name,
                                                      std::vector<std::string> mounts,
                                                      const Stop& stop) {
  const auto state =
      podman(outer, {"container", "inspect", "--format", "{{.State.Running}}", name}, stop);
  if (!state)
    return fail(state.error().fault() == Fault::invalid ? Fault::not_found : state.error().fault(),
                "the container {} of this run is gone: {}", name, state.error().message());
  if (*state != "true") TRY(podman(outer, {"start", name}, stop));
  auto container = std::unique_ptr<Container>(new Container(outer, name, std::move(mounts)));
  TRY(container->learn(Main::any, stop));
  container->owned_ = true;
  return container;
}

Container::~Container() {
  if (owned_) static_cast<void>(remove(Stop{}.within(removal_patience)));
}

Result<> Container::remove(const Stop& stop) {
  TRY(podman(outer_, {"rm", "-f", "-i", "-v", "-t", "0", name_}, stop), "remove the container {}",
      name_);
  owned_ = false;
  return {};
}

std::string Container::describe() const {
  return fmt::format("container {} in {}", name_, outer_.describe());
}

Error Container::ended_at_once(const Stop& stop) {
  const auto status =
      podman(outer_, {"container", "inspect", "--format", "{{.State.ExitCode}}", name_}, stop);
  const auto said = run_captured(
      outer_, outer_shell("exec podman logs --tail 5 \"$1\" 2>&1", {name_}), stop, 1U << 20);
  const auto last = said ? podman_complaint(said->out) : "";
  return {Fault::conflict,
          fmt::format("the container {} ended at once with exit status {}{}{}", name_,
                      status.value_or("unknown"), last.empty() ? "" : ": ", last)};
}

Result<> Container::learn(Main main, const Stop& stop) {
  const auto command = outer_shell(std::string(probe), {name_, main == Main::cat ? "wait" : "any"});
  const auto output = TRY(run_captured(outer_, command, stop, 1U << 20));
  if (output.exit.status == 4) return tl::unexpected<Error>(ended_at_once(stop));
  const auto middle = output.out.find('\1');
  auto fields = split(std::string_view(output.out).substr(0, middle), '\0');
  if (output.exit.status != 0 || middle == std::string::npos || fields.size() < 8)
    return fail(Fault::unavailable, "look into the container {}: {}", name_,
                podman_complaint(output.err));
  pid_ = fields[0];
  born_ = fields[1];
  self_ = {fields[2], fields[3]};
  rootless_ = fields[4] == "own";
  if (rootless_) self_ = {"0", "0"};
  env_program_ = fields[5];
  enter_program_ = fields[6];
  if (env_program_.empty() || enter_program_.empty())
    return fail(Fault::unavailable, "containers need the programs env and nsenter in {}",
                outer_.describe());
  shell_program_ = fields[7];
  fields.erase(fields.begin(), fields.begin() + 8);
  environment_ = parse_environment(join(fields, std::string_view("\0", 1)));
  environment_.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  environment_.try_emplace("HOME", "/");
  environment_.try_emplace("USER", self_.user == "0" ? "root" : self_.user);
  environment_.try_emplace("SHELL", "/bin/sh");
  environment_.try_emplace("LANG", "C.UTF-8");
  for (const auto& [name, _] : parse_environment(std::string_view(output.out).substr(middle + 1)))
    if (!is_ours(name)) foreign_.insert(name);
  return {};
}

std::vector<std::string> Container::entering(const Identity& who) const {
  std::vector<std::string> words = {enter_program_, "-t", pid_, "-m", "-u", "-i", "-n", "-p"};
  if (rootless_) words.push_back("-U");
  words.insert(words.end(), {"-S", who.user, "-G", who.group, "--"});
  return words;
}

Result<Container::Identity> Container::identity_of(const std::string& user, const Stop& stop) {
  if (user.empty()) return self_;
  auto command = outer_shell("", {});
  command.argv = entering(self_);
  for (const auto* word : {"sh", "-c", "id -u -- \"$1\" && id -g -- \"$1\"", "sh"})
    command.argv.emplace_back(word);
  command.argv.push_back(user);
  const auto output = TRY(run_captured(outer_, command, stop));
  const auto lines = split(trim(output.out), '\n');
  if (output.exit.status != 0 || lines.size() != 2)
    return fail(Fault::not_found, "there is no user {} in the container {}", user, name_);
  return Identity{lines[0], lines[1]};
}

std::string Container::directory_of(const Command& command) const {
  if (!command.directory.empty()) return command.directory;
  const auto given = command.environment.find("HOME");
  return given == command.environment.end() ? environment_.at("HOME") : given->second;
}

Result<Command> Container::entered(const Command& command, const std::string& word,
                                   const Stop& stop) {
  if (command.argv.empty()) return fail(Fault::invalid, "there is no command");
  const auto who = TRY(identity_of(command.user, stop));
  auto outer = command;
  outer.user.clear();
  outer.directory = "/";
  outer.environment = environment_;
  for (const auto& [name, value] : command.environment) outer.environment[name] = value;
  outer.argv = {shell_program_, "-c", std::string(keeper), "sh", word, pid_, born_, env_program_};
  for (const auto& name : foreign_)
    if (!outer.environment.contains(name)) outer.argv.insert(outer.argv.end(), {"-u", name});
  outer.argv.push_back("CUPEL_COMMAND=" + word);
  for (auto& part : entering(who)) outer.argv.push_back(std::move(part));
  for (const auto& one : {std::string("sh"), std::string("-c"), std::string(wrapper),
                          std::string("sh"), word, directory_of(command)})
    outer.argv.push_back(one);
  outer.argv.insert(outer.argv.end(), command.argv.begin(), command.argv.end());
  return outer;
}

Result<std::unique_ptr<Session>> Container::start(const Command& command, OutputSink sink,
                                                  const Stop& stop) {
  const auto word = "cupel-" + to_hex(random_bytes(8));
  const auto outer = TRY(entered(command, word, stop));
  auto session = std::make_unique<ContainerSession>(
      ContainerSession::Expected{word, directory_of(command), command.argv[0], name_},
      std::move(sink));
  TRY(session->begin([&](OutputSink inner) { return outer_.start(outer, std::move(inner), stop); },
                     command.streams),
      "in the container {}", name_);
  return session;
}

Result<std::unique_ptr<Session>> Container::start_kept(const Command& command,
                                                       const std::string& directory,
                                                       OutputSink sink, const Stop& stop) {
  // Who takes it up must know the word.
  const auto word = "cupel-kept-" + std::string(digest_of(directory).brief());
  const auto outer = TRY(entered(command, word, stop));
  auto session = std::make_unique<ContainerSession>(
      ContainerSession::Expected{word, directory_of(command), command.argv[0], name_},
      std::move(sink));
  TRY(session->begin(
          [&](OutputSink inner) {
            return outer_.start_kept(outer, directory, std::move(inner), stop);
          },
          command.streams),
      "in the container {}", name_);
  return session;
}

bool Container::is_mounted(const std::string& directory) const {
  const auto plain = os::fs::path(directory).lexically_normal().string() + "/";
  for (const auto& mount : mounts_)
    if (plain.starts_with(mount + "/")) return true;
  return false;
}

Result<std::string> Container::outer_directory(const Stop& stop) {
  const auto output =
      TRY(run_captured(outer_, outer_shell("exec mktemp -d /tmp/cupel-cp-XXXXXX", {}), stop));
  if (output.exit.status != 0)
    return fail(Fault::unavailable, "make a directory in {}: {}", outer_.describe(),
                trim(output.err));
  return std::string(trim(output.out));
}

void Container::drop_outer_directory(const std::string& directory) {
  static_cast<void>(run_captured(outer_, outer_shell("exec rm -rf \"$1\"", {directory}),
                                 Stop{}.within(removal_patience)));
}

Result<> Container::push(const os::ByteSource& source, const std::string& directory,
                         const Stop& stop) {
  if (is_mounted(directory)) return outer_.push(source, directory, stop);
  const auto between = TRY(outer_directory(stop));
  auto pushed = [&]() -> Result<> {
    TRY(outer_.push(source, between, stop));
    Command make;
    make.argv = {"mkdir", "-p", directory};
    make.directory = "/";
    TRY(run_captured(*this, make, stop));
    TRY(podman(outer_, {"cp", between + "/.", name_ + ":" + directory}, stop));
    return {};
  }();
  drop_outer_directory(between);
  return pushed;
}

Result<os::PackSummary> Container::pull(const std::string& directory,
                                        const os::PackOptions& options, const os::ByteSink& sink,
                                        const Stop& stop) {
  if (is_mounted(directory)) return outer_.pull(directory, options, sink, stop);
  const auto between = TRY(outer_directory(stop));
  auto pulled = [&]() -> Result<os::PackSummary> {
    Command look;
    look.argv = {"sh", "-c", "test -d \"$1\"", "sh", directory};
    look.directory = "/";
    if (TRY(run_captured(*this, look, stop)).exit.status != 0)
      return fail(Fault::not_found, "no such directory: {}", directory);
    TRY(podman(outer_, {"cp", name_ + ":" + directory + "/.", between}, stop));
    return outer_.pull(between, options, sink, stop);
  }();
  drop_outer_directory(between);
  return pulled;
}

}  // namespace cupel::place
