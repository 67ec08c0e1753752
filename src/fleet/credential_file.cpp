// SPDX-License-Identifier: Apache-2.0
#include "fleet/credential_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"

namespace cupel::fleet {
namespace {

using Kind = CredentialEntry::Kind;

Result<> check_private(const os::fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, "{}", path.string());
  constexpr mode_t others = 0077;
  if ((status.st_mode & others) != 0)
    return fail(Fault::denied,
                "{} holds secrets and may be read by others (mode {:04o}): chmod 600 {}",
                path.string(), status.st_mode & 07777U, path.string());
  if (status.st_uid != ::geteuid())
    return fail(Fault::denied, "{} holds secrets and belongs to somebody else", path.string());
  return {};
}

}  // namespace

Result<CredentialFiles> CredentialFiles::load(const Places& places, Variable variable) {
  CredentialFiles files(places.named.value_or(places.usual), std::move(variable));
  std::error_code error;
  // The nearer file wins: it comes last.
  if (os::fs::exists(places.usual, error)) TRY(files.add(places.usual));
  if (places.named) TRY(files.add(*places.named), "--credentials");
  return files;
}

Result<> CredentialFiles::add(const os::fs::path& path) {
  TRY(check_private(path));
  const auto text = TRY(os::read_file(path, 4U << 20));
  for (auto& [id, entry] : TRY(read_credentials(text, path.string())))
    entries_[id] = {std::move(entry), path};
  return {};
}

Result<std::string> CredentialFiles::part(const Entry& entry, const std::string& name) const {
  const auto found = entry.entry.parts.find(name);
  if (found == entry.entry.parts.end()) return std::string();
  const auto& source = found->second;
  switch (source.from) {
    case SecretSource::From::text: return source.value;
    case SecretSource::From::environment: {
      auto value = variable_(source.value);
      if (!value)
        return fail(Fault::not_found, "'{}': the environment variable {} is not set", name,
                    source.value);
      return *value;
    }
    case SecretSource::From::file: break;
  }
  os::fs::path path = source.value;
  if (source.value.starts_with("~/"))
    path = os::fs::path(variable_("HOME").value_or("/")) / source.value.substr(2);
  else if (path.is_relative())
    path = entry.file.parent_path() / path;
  auto text = TRY(os::read_file(path), "'{}'", name);
  // Editors end a file with a line's end that belongs to no password.
  const bool whole = name == "content" || name == "private_key" || name == "keystore";
  while (!whole && (text.ends_with('\n') || text.ends_with('\r'))) text.pop_back();
  return text;
}

Result<pipeline::Credential> CredentialFiles::find(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    std::vector<std::string> ids;
    for (const auto& [known, entry] : entries_) ids.push_back(known);
    return fail(Fault::not_found,
                "Could not find credentials entry with ID '{}'; {}; add [credential.{}] to {}", id,
                ids.empty() ? "there are none" : "there are: " + join(ids, ", "), id,
                to_edit_.string());
  }
  const auto& entry = found->second;
  const auto get = [&](const std::string& name) { return part(entry, name); };
  switch (entry.entry.kind) {
    case Kind::string: return pipeline::SecretText{TRY(get("text"), "credential '{}'", id)};
    case Kind::username_password:
      return pipeline::UsernamePassword{TRY(get("username"), "credential '{}'", id),
                                        TRY(get("password"), "credential '{}'", id)};
    case Kind::file: {
      auto name = TRY(get("name"), "credential '{}'", id);
      const auto& source = entry.entry.parts.at("content");
      if (name.empty() && source.from == SecretSource::From::file)
        name = os::fs::path(source.value).filename().string();
      name = os::fs::path(name.empty() ? "secret" : name).filename().string();
      return pipeline::SecretFile{std::move(name), TRY(get("content"), "credential '{}'", id)};
    }
    case Kind::ssh_key:
      return pipeline::SshUserPrivateKey{TRY(get("username"), "credential '{}'", id),
                                         TRY(get("private_key"), "credential '{}'", id),
                                         TRY(get("passphrase"), "credential '{}'", id)};
    case Kind::certificate:
      return pipeline::Certificate{TRY(get("keystore"), "credential '{}'", id),
                                   TRY(get("password"), "credential '{}'", id)};
  }
  return fail(Fault::internal, "credential '{}' is of no kind", id);
}

}  // namespace cupel::fleet
