// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/files.hpp"
#include "pipeline/interpreter/credentials.hpp"

namespace cupel::fleet {

/// A secret as the file says it: itself, or where it is.
struct SecretSource {
  enum class From { text, environment, file } from = From::text;
  std::string value;  ///< the text, the variable's name, or the path as written
  friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

/// One [credential.ID] table. Which members it has, its kind says.
struct CredentialEntry {
  enum class Kind { string, username_password, file, ssh_key, certificate } kind = Kind::string;
  std::map<std::string, SecretSource> parts;  ///< "text", "username", "private_key", ...
  friend bool operator==(const CredentialEntry&, const CredentialEntry&) = default;
};
using CredentialEntries = std::map<std::string, CredentialEntry>;

/// The text of a credentials file; docs/credentials.md describes it. Foreign bytes: whatever they
/// are, this ends. Errors: "credentials.toml:3:7: ...".
Result<CredentialEntries> read_credentials(std::string_view text, const std::string& file);

/// The credentials of a user on this host, from files that only he may read. What an entry points
/// at is looked up when it is asked for. Any thread.
class CredentialFiles final : public pipeline::Credentials {
 public:
  using Variable = std::function<std::optional<std::string>(const std::string& name)>;
  struct Places {
    std::optional<os::fs::path> named;  ///< --credentials: must be there
    os::fs::path usual;                 ///< may be missing
  };
  /// denied: a file may be read or written by others.
  static Result<CredentialFiles> load(const Places& places, Variable variable);

  Result<pipeline::Credential> find(const std::string& id) override;

 private:
  struct Entry {
    CredentialEntry entry;
    os::fs::path file;  ///< where it stands: relative paths begin beside it
  };
  CredentialFiles(os::fs::path to_edit, Variable variable)
      : to_edit_(std::move(to_edit)), variable_(std::move(variable)) {}
  Result<> add(const os::fs::path& path);
  Result<std::string> part(const Entry& entry, const std::string& name) const;

  std::map<std::string, Entry> entries_;
  os::fs::path to_edit_;
  Variable variable_;
};

}  // namespace cupel::fleet
