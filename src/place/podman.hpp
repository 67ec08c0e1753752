// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "place/place.hpp"

namespace cupel::place {

/// How podman is called, besides its words.
struct PodmanCall {
  std::string input = {};  ///< standard input
  std::map<std::string, std::string> environment = {};
  std::string directory = "/";
};
/// Runs `podman WORDS...` at a place and returns what it printed on standard output, without the
/// newline at its end. Fails with one line: what podman said last. unavailable: there is no podman.
Result<std::string> podman(Place& place, const std::vector<std::string>& words, const Stop& stop,
                           const PodmanCall& how = {});
/// The same for what must not be cut off half-way, since podman would leave a part of it: when
/// stopped, it is given ten seconds more to end by itself.
Result<std::string> podman_unbroken(Place& place, const std::vector<std::string>& words,
                                    const Stop& stop);
/// As podman(), but what it prints is heard by `sink`.
Result<> podman_told(Place& place, const std::vector<std::string>& words, const PodmanCall& how,
                     const OutputSink& sink, const Stop& stop);

/// The one line of podman's standard error that says what went wrong.
std::string podman_complaint(std::string_view err);

/// A text as a shell would split it into words: blanks, both quotes, backslash. Nothing is
/// expanded. invalid: a quote is not closed.
Result<std::vector<std::string>> shell_words(std::string_view text);

/// "alpine" is docker.io/library/alpine to whoever writes a Jenkinsfile.
std::string docker_name(const std::string& image);

/// "https://registry.example:5000/v2/" -> "registry.example:5000".
std::string registry_host(std::string_view url);

/// Options of podman for a registry that speaks no TLS: its URL says http://, or it is on this
/// machine (as Docker has it). `image` may begin with a registry's host.
std::vector<std::string> transport_words(const std::string& image, std::string_view registry_url);

/// Whether podman may take it for the name of an image, and not for one of its options.
bool is_image_name(std::string_view image);

enum class Pull { if_missing, always };
struct ImageOrder {
  /// A name, or an archive of an image: oci-archive:FILE, docker-archive:FILE, oci:DIR, dir:DIR.
  std::string image;
  Pull pull = Pull::if_missing;
  std::string registry_url = {};  ///< empty: as the name says
  std::string auth_file = {};     ///< that log_in() wrote; empty: podman's own
  std::string directory = "/";    ///< where archives are looked for
};
/// Makes sure that the image is there, and returns the name by which podman knows it.
Result<std::string> provide_image(Place& place, const ImageOrder& order, const Stop& stop);

struct RegistryLogin {
  std::string url;  ///< empty: docker.io
  std::string user;
  std::string password;   ///< passed by standard input
  std::string auth_file;  ///< absolute; where podman keeps it. Its directory is made, for us alone
};
Result<> log_in(Place& place, const RegistryLogin& login, const Stop& stop);

/// podman build: from a file in `directory` with all below it.
struct ImageBuild {
  std::string tag;
  std::string file;       ///< relative to the directory
  std::string directory;  ///< absolute
  std::vector<std::string> arguments;
  std::string mark = {};       ///< of the run, for a label; empty: none
  std::string auth_file = {};  ///< that log_in() wrote; empty: podman's own
};
/// `sink` hears what the build prints.
Result<> build_image(Place& place, const ImageBuild& build, const OutputSink& sink,
                     const Stop& stop);

}  // namespace cupel::place
