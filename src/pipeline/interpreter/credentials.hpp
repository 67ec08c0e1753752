// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline {

struct SecretText {
  std::string text;
};
struct UsernamePassword {
  std::string username, password;
};
struct SecretFile {
  std::string name;  ///< of the file that a command sees; without directories
  std::string bytes;
};
struct SshUserPrivateKey {
  std::string username, private_key, passphrase;
};
struct Certificate {
  std::string keystore;  ///< PKCS #12
  std::string password;
};
/// What an operator keeps under an id, in Jenkins' kinds.
using Credential =
    std::variant<SecretText, UsernamePassword, SecretFile, SshUserPrivateKey, Certificate>;

/// "secret text", "username and password": for messages.
std::string_view kind_name(const Credential& credential);

/// Where a run gets its secrets from. Any thread.
class Credentials {
 public:
  virtual ~Credentials() = default;
  /// not_found: the text names the id, the ids that there are, and where to add one.
  virtual Result<Credential> find(const std::string& id) = 0;
};

}  // namespace cupel::pipeline
