// SPDX-License-Identifier: Apache-2.0
#include "cupel/given_files.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "os/archive.hpp"
#include "pipeline/groovy/bytes.hpp"

namespace cupel {
namespace {

namespace fs = os::fs;
using Kind = pipeline::syntax::BuildParameter::Kind;

constexpr std::size_t largest_text = 16U << 20;
constexpr std::size_t largest_file = 1U << 30;

bool is_file(Kind kind) { return kind == Kind::file || kind == Kind::base64_file; }

const pipeline::syntax::BuildParameter* find(const pipeline::syntax::JobProperties& job,
                                             const std::string& name) {
  const auto found = std::find_if(job.parameters.begin(), job.parameters.end(),
                                  [&](const auto& one) { return one.name.text == name; });
  return found == job.parameters.end() ? nullptr : &*found;
}

/// As a stash that holds one file of this name.
Result<> stash(const fs::path& file, const std::string& name, const fs::path& stash,
               const Stop& stop) {
  const auto aside = TRY(os::TempDir::make("file"));
  std::error_code error;
  fs::copy_file(file, aside.path() / name, error);
  if (error) return fail_errno(error.value(), "{}", file.string());
  TRY(os::make_directories(stash.parent_path()));
  const auto out = TRY(os::open_file(stash.string(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC));
  TRY(os::pack(
      aside.path(), {}, [&](std::string_view bytes) { return os::write_all(out, bytes, stop); },
      stop));
  return {};
}

}  // namespace

Result<> check_given_files(const std::map<std::string, std::string>& given,
                           const pipeline::syntax::JobProperties& job) {
  for (const auto& [name, value] : given) {
    const auto* parameter = find(job, name);
    if (!parameter || !is_file(parameter->kind)) continue;
    if (!value.starts_with('@'))
      return fail(Fault::invalid, "the parameter '{0}' is a file: give it as -p {0}=@PATH", name);
    if (name.find('/') != std::string::npos || name.starts_with('.'))
      return fail(Fault::invalid, "the parameter '{}' cannot be the name of a file", name);
    const fs::path path = value.substr(1);
    std::error_code error;
    const auto size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
    if (error || !fs::is_regular_file(path, error))
      return fail(Fault::not_found, "the parameter '{}': there is no file {}", name, path.string());
    if (size > (parameter->kind == Kind::file ? largest_file : largest_text))
      return fail(Fault::invalid, "the parameter '{}': {} is too large", name, path.string());
  }
  return {};
}

Result<GivenValues> take_given_files(const std::map<std::string, std::string>& given,
                                     const pipeline::syntax::JobProperties& job,
                                     const pipeline::RunFiles& files, const Stop& stop) {
  GivenValues values{given, {}};
  for (const auto& [name, value] : given) {
    const auto* parameter = find(job, name);
    if (!parameter || !is_file(parameter->kind)) continue;
    const fs::path path = value.substr(1);
    values.environment[name + "_FILENAME"] = path.filename().string();
    if (parameter->kind == Kind::base64_file) {
      values.parameters[name] =
          pipeline::base64(TRY(os::read_file(path, largest_text), "the parameter '{}'", name));
      continue;
    }
    values.parameters[name] = path.filename().string();
    TRY(stash(path, name, files.stash(name), stop), "the parameter '{}'", name);
  }
  return values;
}

}  // namespace cupel
