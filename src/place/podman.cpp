// SPDX-License-Identifier: Apache-2.0
#include "place/podman.hpp"

#include "base/text.hpp"

namespace cupel::place {
namespace {

Command podman_command(const std::vector<std::string>& words) {
  Command command;
  command.argv = {"podman"};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.directory = "/";
  return command;
}

Error missing(Error error, const Place& place) {
  if (error.fault() != Fault::not_found) return error;
  return {Fault::unavailable, "containers need podman, which is missing in " + place.describe()};
}

}  // namespace

std::string podman_complaint(std::string_view err) {
  std::string last;
  for (const auto& line : split(err, '\n')) {
    const auto words = trim(line);
    if (words.empty()) continue;
    last = words;
    if (words.starts_with("Error: ")) last = words.substr(7);
  }
  return printable(last);
}

Result<std::string> podman(Place& place, const std::vector<std::string>& words, const Stop& stop,
                           const std::string& input) {
  auto command = podman_command(words);
  command.input = input;
  auto output = run_captured(place, command, stop, std::size_t{16} << 20);
  if (!output) return tl::unexpected<Error>(missing(std::move(output.error()), place));
  if (output->exit.status != 0) {
    const auto said = podman_complaint(output->err);
    return fail(Fault::invalid, "podman {}: {}", words.empty() ? "" : words[0],
                said.empty() ? fmt::format("exit status {}", output->exit.status) : said);
  }
  while (output->out.ends_with('\n')) output->out.pop_back();
  return std::move(output->out);
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
  const auto slash = image.find('/');
  const auto first = image.substr(0, slash);
  if (slash == std::string::npos) return "docker.io/library/" + image;
  const bool is_host = first.find_first_of(".:") != std::string::npos || first == "localhost";
  return is_host ? image : "docker.io/" + image;
}

std::string registry_host(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  return std::string(url.substr(0, url.find('/')));
}

Result<std::string> provide_image(Place& place, const std::string& image, Pull pull,
                                  const Stop& stop) {
  // A word that begins with a dash would be an option of podman's.
  if (image.empty() || image.starts_with('-'))
    return fail(Fault::invalid, "'{}' is no name of an image", image);
  if (pull == Pull::if_missing) {
    auto command = podman_command({"image", "exists", image});
    const auto output = run_captured(place, command, stop);
    if (!output) return tl::unexpected<Error>(missing(output.error(), place));
    if (output->exit.status == 0) return image;
  }
  const auto name = docker_name(image);
  auto pulled = podman(place, {"pull", "--quiet", name}, stop);
  if (pulled) return name;
  auto& error = pulled.error();
  if (stop.requested()) return tl::unexpected<Error>(error);
  return fail(error.fault(), "pull the image {}: {}", name, error.message());
}

Result<> log_in(Place& place, const RegistryLogin& login, const Stop& stop) {
  TRY(podman(place, {"login", "--username", login.user, "--password-stdin", "--", login.registry},
             stop, login.password),
      "log in to the registry {}", login.registry);
  return {};
}

Result<> build_image(Place& place, const ImageBuild& build, const OutputSink& sink,
                     const Stop& stop) {
  std::vector<std::string> words = {"build", "--tag", build.tag, "--file",
                                    build.directory + "/" + build.file};
  words.insert(words.end(), build.arguments.begin(), build.arguments.end());
  words.insert(words.end(), {"--", build.directory});
  std::string last;
  const auto exit = run(
      place, podman_command(words),
      [&](Stream stream, std::string_view bytes) {
        if (stream == Stream::err) last = (last + std::string(bytes)).substr(0, 64U << 10);
        sink(stream, bytes);
      },
      stop);
  if (!exit) return tl::unexpected<Error>(missing(exit.error(), place));
  if (exit->status != 0)
    return fail(Fault::invalid, "build an image from {}: {}", build.file, podman_complaint(last));
  return {};
}

}  // namespace cupel::place
