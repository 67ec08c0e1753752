// SPDX-License-Identifier: Apache-2.0
#include "place/podman.hpp"

#include <signal.h>

#include "base/text.hpp"

namespace cupel::place {
namespace {

using namespace std::chrono_literals;

constexpr auto patience_when_stopped = 10s;
constexpr std::size_t most_output = std::size_t{16} << 20;

/// Runs podman in a session of its own. When this is sent SIGUSR1, what podman runs (a RUN of a
/// build) is ended, so that podman itself sees a failure and removes what it has begun; ended by a
/// signal it would leave its working container.
constexpr std::string_view gentle = R"sh(
cupel_end() {
  for cupel_child in $(cat /proc/"$1"/task/*/children); do cupel_end "$cupel_child"; done
  [ "$1" = "$cupel_podman" ] || kill -TERM "$1"
} 2>/dev/null
command -v podman >/dev/null || exit 127
setsid podman "$@" </dev/null &
cupel_podman=$!
trap 'cupel_end "$cupel_podman"' USR1
while
  wait "$cupel_podman"
  cupel_status=$?
  kill -0 "$cupel_podman" 2>/dev/null
do :; done
exit "$cupel_status"
)sh";
constexpr int no_podman = 127;

Command podman_command(const std::vector<std::string>& words, const PodmanCall& how) {
  Command command;
  command.argv = {"podman"};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.directory = how.directory;
  command.input = how.input;
  command.environment = how.environment;
  return command;
}

Error missing(Error error, const Place& place) {
  // A directory that is not there is not_found too.
  if (error.fault() != Fault::not_found || error.text().find("podman") == std::string::npos)
    return error;
  return {Fault::unavailable, "containers need podman, which is missing in " + place.describe() +
                                  "; take a node that has it, as one of cupel/debian-12"};
}

Result<> check(const os::Exit& exit, std::string_view err, const std::vector<std::string>& words) {
  if (exit.status == 0) return {};
  const auto said = podman_complaint(err);
  return fail(Fault::invalid, "podman {}: {}", words.empty() ? "" : words[0],
              said.empty() ? fmt::format("exit status {}", exit.status) : said);
}

std::string without_newlines(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

PodmanCall with_auth(const std::string& auth_file, std::string directory = "/") {
  PodmanCall how;
  if (!auth_file.empty()) how.environment["REGISTRY_AUTH_FILE"] = auth_file;
  how.directory = std::move(directory);
  return how;
}

/// Where a registry's host ends in the name of an image; 0: there is none.
std::size_t host_length(const std::string& image) {
  const auto slash = image.find('/');
  if (slash == std::string::npos) return 0;
  const auto first = image.substr(0, slash);
  const bool is_host = first.find_first_of(".:") != std::string::npos || first == "localhost";
  return is_host ? slash : 0;
}

bool is_archive(const std::string& image) {
  for (const auto* kind : {"oci-archive:", "docker-archive:", "oci:", "dir:"})
    if (image.starts_with(kind)) return true;
  return false;
}

}  // namespace

std::string podman_complaint(std::string_view err) {
  std::string last, error;
  for (const auto& line : split(err, '\n')) {
    const auto words = trim(line);
    if (words.empty()) continue;
    last = words;
    // What stands behind it is advice: See 'podman run --help'.
    if (words.starts_with("Error: ")) error = words.substr(7);
  }
  return printable(error.empty() ? last : error);
}

Result<std::string> podman(Place& place, const std::vector<std::string>& words, const Stop& stop,
                           const PodmanCall& how) {
  auto output = run_captured(place, podman_command(words, how), stop, most_output);
  if (!output) return tl::unexpected<Error>(missing(std::move(output.error()), place));
  TRY(check(output->exit, output->err, words));
  return without_newlines(std::move(output->out));
}

Result<std::string> podman_unbroken(Place& place, const std::vector<std::string>& words,
                                    const Stop& stop) {
  std::string out, err;
  const auto sink = [&](Stream stream, std::string_view bytes) {
    auto& kept = stream == Stream::out ? out : err;
    if (kept.size() < most_output) kept += bytes;
  };
  auto session = place.start(podman_command(words, {}), sink, stop);
  if (!session) return tl::unexpected<Error>(missing(std::move(session.error()), place));
  auto exit = (*session)->wait(stop);
  if (!exit && stop.requested()) {
    const auto ended = (*session)->wait(Stop{}.within(patience_when_stopped));
    if (!ended) static_cast<void>((*session)->kill_tree(0s, Stop{}.within(patience_when_stopped)));
  }
  if (!exit) return tl::unexpected<Error>(exit.error());
  TRY(check(*exit, err, words));
  return without_newlines(std::move(out));
}

namespace {

/// Waits for its end; when stopped, lets podman tidy up before everything is killed.
Result<os::Exit> finish_gently(Session& session, const Stop& stop) {
  auto exit = session.wait(stop);
  if (exit || !stop.requested()) return exit;
  static_cast<void>(session.signal(SIGUSR1));
  static_cast<void>(session.wait(Stop{}.within(patience_when_stopped)));
  static_cast<void>(session.kill_tree(0s, Stop{}.within(patience_when_stopped)));
  return exit;
}

}  // namespace

Result<> podman_told(Place& place, const std::vector<std::string>& words, const PodmanCall& how,
                     const OutputSink& sink, const Stop& stop) {
  constexpr std::size_t most_kept = std::size_t{64} << 10;
  std::string last;
  auto command = podman_command(words, how);
  command.argv = {"sh", "-c", std::string(gentle), "podman"};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  const auto session = TRY(place.start(
      command,
      [&](Stream stream, std::string_view bytes) {
        if (stream == Stream::err) {
          last += bytes;
          if (last.size() > most_kept) last.erase(0, last.size() - most_kept);
        }
        sink(stream, bytes);
      },
      stop));
  const auto exit = TRY(finish_gently(*session, stop));
  // A build may end like that too, but not in silence.
  if (exit.status == no_podman && last.empty())
    return tl::unexpected<Error>(missing({Fault::not_found, "podman"}, place));
  return check(exit, last, words);
}

Result<std::vector<std::string>> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escaped = c == '\\' && quote != '\'' && i + 1 < text.size();
    if (escaped) {
      word = word.value_or("") + text[++i];
    } else if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        *word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      word = word.value_or("");
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (word) words.push_back(std::move(*word));
      word.reset();
    } else {
      word = word.value_or("") + c;
    }
  }
  if (quote != 0) return fail(Fault::invalid, "the quote {} is not closed in: {}", quote, text);
  if (word) words.push_back(std::move(*word));
  return words;
}

std::string docker_name(const std::string& image) {
  if (host_length(image) > 0) return image;
  return (image.find('/') == std::string::npos ? "docker.io/library/" : "docker.io/") + image;
}

std::string registry_host(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  return std::string(url.substr(0, url.find('/')));
}

std::vector<std::string> transport_words(const std::string& image, std::string_view registry_url) {
  const auto host = image.substr(0, host_length(image));
  const auto name = host.substr(0, host.rfind(':'));
  const bool here = name == "localhost" || name == "[::1]" || name.starts_with("127.");
  const bool plain = registry_url.starts_with("http://") && registry_host(registry_url) == host;
  if (here || plain) return {"--tls-verify=false"};
  return {};
}

bool is_image_name(std::string_view image) {
  // A word that begins with a dash would be an option of podman's.
  return !image.empty() && !image.starts_with('-');
}

Result<std::string> provide_image(Place& place, const ImageOrder& order, const Stop& stop) {
  const auto& image = order.image;
  if (!is_image_name(image)) return fail(Fault::invalid, "'{}' is no name of an image", image);
  const bool archive = is_archive(image);
  if (order.pull == Pull::if_missing && !archive) {
    const auto output = run_captured(place, podman_command({"image", "exists", image}, {}), stop);
    if (!output) return tl::unexpected<Error>(missing(output.error(), place));
    if (output->exit.status == 0) return image;
  }
  const auto name = archive ? image : docker_name(image);
  std::vector<std::string> words = {"pull", "--quiet"};
  if (!archive)
    for (auto& word : transport_words(name, order.registry_url)) words.push_back(std::move(word));
  words.push_back(name);
  // A workspace may not be there yet.
  const auto how = with_auth(order.auth_file, archive ? order.directory : "/");
  auto pulled = podman(place, words, stop, how);
  if (pulled) return archive ? pulled->substr(pulled->rfind('\n') + 1) : name;
  auto& error = pulled.error();
  if (stop.requested()) return tl::unexpected<Error>(error);
  return fail(error.fault(), "pull the image {}: {}", name, error.message());
}

Result<> log_in(Place& place, const RegistryLogin& login, const Stop& stop) {
  auto registry = registry_host(login.url);
  if (registry.empty()) registry = "docker.io";
  Command directory;
  directory.argv = {"mkdir", "-p", "-m", "700",
                    os::fs::path(login.auth_file).parent_path().string()};
  directory.directory = "/";
  if (TRY(run_captured(place, directory, stop)).exit.status != 0)
    return fail(Fault::unavailable, "make the directory of {}", login.auth_file);
  std::vector<std::string> words = {"login",      "--authfile", login.auth_file,
                                    "--username", login.user,   "--password-stdin"};
  for (auto& word : transport_words(registry + "/", login.url)) words.push_back(std::move(word));
  words.insert(words.end(), {"--", registry});
  TRY(podman(place, words, stop, {login.password}), "log in to the registry {}", registry);
  return {};
}

Result<> build_image(Place& place, const ImageBuild& build, const OutputSink& sink,
                     const Stop& stop) {
  std::vector<std::string> words = {"build", "--tag", build.tag, "--file",
                                    build.directory + "/" + build.file};
  if (!build.mark.empty()) words.insert(words.end(), {"--label", "cupel.run=" + build.mark});
  words.insert(words.end(), build.arguments.begin(), build.arguments.end());
  words.insert(words.end(), {"--", build.directory});
  TRY(podman_told(place, words, with_auth(build.auth_file), sink, stop), "build an image from {}",
      build.file);
  return {};
}

}  // namespace cupel::place
