// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "place/place.hpp"

namespace cupel::place {

/// Runs `podman WORDS...` at a place and returns what it printed on standard output, without the
/// newline at its end. Fails with one line: what podman said last. unavailable: there is no podman.
Result<std::string> podman(Place& place, const std::vector<std::string>& words, const Stop& stop,
                           const std::string& input = {});

/// The one line of podman's standard error that says what went wrong.
std::string podman_complaint(std::string_view err);

/// A text as a shell would split it into words: blanks, both quotes, backslash. Nothing is
/// expanded. invalid: a quote is not closed.
Result<std::vector<std::string>> shell_words(std::string_view text);

/// "alpine" is docker.io/library/alpine to whoever writes a Jenkinsfile.
std::string docker_name(const std::string& image);

/// "https://registry.example:5000/v2/" -> "registry.example:5000".
std::string registry_host(std::string_view url);

/// Makes sure that the image is there, and returns the name by which podman knows it.
enum class Pull { if_missing, always };
Result<std::string> provide_image(Place& place, const std::string& image, Pull pull,
                                  const Stop& stop);

struct RegistryLogin {
  std::string registry;  ///< a host, with its port
  std::string user;
  std::string password;  ///< passed by standard input
};
Result<> log_in(Place& place, const RegistryLogin& login, const Stop& stop);

/// podman build: from a file in `directory` with all below it.
struct ImageBuild {
  std::string tag;
  std::string file;       ///< relative to the directory
  std::string directory;  ///< absolute
  std::vector<std::string> arguments;
};
/// `sink` hears what the build prints.
Result<> build_image(Place& place, const ImageBuild& build, const OutputSink& sink,
                     const Stop& stop);

}  // namespace cupel::place
