// SPDX-License-Identifier: Apache-2.0
#include "machine/manifest.hpp"

#include "base/json.hpp"
#include "machine/sparse_digest.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view manifest_name = "manifest.json";
constexpr std::size_t largest_manifest = 1U << 20;

json::Object body_of(const Manifest& manifest) {
  json::Object body{{"key", manifest.key.hex},     {"box", manifest.box},
                    {"shape", manifest.shape},     {"layer", manifest.layer},
                    {"below", manifest.below.hex}, {"files", write_files(manifest.files)}};
  if (manifest.origin) body.emplace_back("origin", write_origin(*manifest.origin));
  return body;
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
  manifest.layer = TRY(document.text("layer"));
  manifest.below.hex = TRY(document.text("below"));
  manifest.files = TRY(parse_files(document));
  if (const auto* origin = document.find("origin"))
    manifest.origin = TRY(parse_origin(*origin), "origin");
  if (TRY(document.text("self")) != digest_of(json::write(body_of(manifest))).hex)
    return fail(Fault::invalid, "the manifest was edited");
  return manifest;
}

Result<> seal(const fs::path& directory, Manifest manifest, const std::vector<std::string>& names,
              const Stop& stop) {
  for (const auto& name : names) {
    SealedFile file{name, TRY(digest_sparse(directory / name, Zeros::punch, stop)), {}};
    TRY(sync_to_disk(directory / name));
    file.stamp = TRY(os::stamp(directory / name));
    manifest.files.push_back(std::move(file));
  }
  TRY(os::write_file(directory / manifest_name, write_manifest(manifest), 0600));
  return sync_to_disk(directory);
}

Result<Manifest> load_manifest(const fs::path& directory) {
  const auto text = TRY(os::read_file(directory / manifest_name, largest_manifest));
  return TRY(parse_manifest(text), "{}", manifest_name);
}

Result<Manifest> verify(const fs::path& directory, const Digest& key, const Stop& stop) {
  auto manifest = TRY(load_manifest(directory));
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
