// SPDX-License-Identifier: Apache-2.0
#include "machine/manifest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/json.hpp"
#include "machine/sparse_digest.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view manifest_name = "manifest.json";
constexpr std::size_t largest_manifest = 1U << 20;

json::Object write_file_entry(const ManifestFile& file) {
  return {{"name", file.name},
          {"digest", file.digest.hex},
          {"size", file.stamp.size},
          {"inode", file.stamp.inode},
          {"modified", file.stamp.modified_ns},
          {"changed", file.stamp.changed_ns}};
}

Result<ManifestFile> parse_file_entry(const json::Value& value) {
  ManifestFile file;
  file.name = TRY(value.text("name"));
  if (file.name.empty() || file.name[0] == '.' || file.name.find('/') != std::string::npos)
    return fail(Fault::invalid, "no file of a snapshot is named {:?}", file.name);
  file.digest.hex = TRY(value.text("digest"));
  file.stamp.size = static_cast<std::uint64_t>(TRY(value.integer("size")));
  file.stamp.inode = static_cast<std::uint64_t>(TRY(value.integer("inode")));
  file.stamp.modified_ns = TRY(value.integer("modified"));
  file.stamp.changed_ns = TRY(value.integer("changed"));
  return file;
}

json::Object body_of(const Manifest& manifest) {
  json::Array files;
  for (const auto& file : manifest.files) files.emplace_back(write_file_entry(file));
  return {{"key", manifest.key.hex},
          {"box", manifest.box},
          {"shape", manifest.shape},
          {"files", std::move(files)}};
}

Result<> sync(const fs::path& path, int flags) {
  const auto fd = TRY(os::open_file(path, flags));
  if (::fsync(fd.get()) != 0) return fail_errno(errno, "sync {}", path.string());
  return {};
}

}  // namespace

std::string write_manifest(const Manifest& manifest) {
  auto body = body_of(manifest);
  const auto self = digest_of(json::write(body));
  body.emplace_back("self", self.hex);
  return json::write(std::move(body)) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
  const auto document = TRY(json::parse(text));
  Manifest manifest;
  manifest.key.hex = TRY(document.text("key"));
  manifest.box = TRY(document.text("box"));
  manifest.shape = TRY(document.text("shape"));
  const auto* files = document.find("files");
  if (files == nullptr || files->as_array() == nullptr)
    return fail(Fault::invalid, "the manifest names no files");
  for (const auto& file : *files->as_array())
    manifest.files.push_back(TRY(parse_file_entry(file), "files"));
  if (TRY(document.text("self")) != digest_of(json::write(body_of(manifest))).hex)
    return fail(Fault::invalid, "the manifest was edited");
  return manifest;
}

Result<> seal(const fs::path& directory, Manifest manifest, const std::vector<std::string>& names,
              const Stop& stop) {
  for (const auto& name : names) {
    ManifestFile file{name, TRY(digest_sparse(directory / name, Zeros::punch, stop)), {}};
    TRY(sync(directory / name, O_RDONLY));
    file.stamp = TRY(os::stamp(directory / name));
    manifest.files.push_back(std::move(file));
  }
  TRY(os::write_file(directory / manifest_name, write_manifest(manifest), 0600));
  return sync(directory, O_RDONLY | O_DIRECTORY);
}

Result<Manifest> verify(const fs::path& directory, const Digest& key, const Stop& stop) {
  const auto text = TRY(os::read_file(directory / manifest_name, largest_manifest));
  auto manifest = TRY(parse_manifest(text), "{}", manifest_name);
  if (manifest.key != key) return fail(Fault::invalid, "the manifest is another snapshot's");
  bool touched = false;
  for (auto& file : manifest.files) {
    const auto stamp = TRY(os::stamp(directory / file.name));
    if (stamp == file.stamp) continue;
    if (stamp.size != file.stamp.size)
      return fail(Fault::invalid, "{} has {} bytes instead of {}", file.name, stamp.size,
                  file.stamp.size);
    if (TRY(digest_sparse(directory / file.name, Zeros::keep, stop)) != file.digest)
      return fail(Fault::invalid, "{} was changed", file.name);
    file.stamp = stamp;
    touched = true;
  }
  if (touched) TRY(os::write_file(directory / manifest_name, write_manifest(manifest), 0600));
  return manifest;
}

}  // namespace cupel::machine
