// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// How one credential is given to a body.
struct CredentialBinding {
  enum class Kind {
    environment,  ///< X = credentials('id'): by the credential's kind; `variable` is X
    text,
    username_password,        ///< username_variable, password_variable
    username_colon_password,  ///< variable
    file,                     ///< variable
    ssh_key,                  ///< key_file_variable, username_variable, passphrase_variable
    certificate,              ///< keystore_variable, alias_variable, password_variable
    zip,                      ///< variable: the directory that the file was unpacked into
  };
  Kind kind = Kind::environment;
  std::string id;
  std::string variable;
  std::string username_variable, password_variable;
  std::string key_file_variable, passphrase_variable;
  std::string keystore_variable, alias_variable;
};

/// Binds all of them in `inner`, hides their secrets from then on, runs `body`, and removes the
/// files that it made on the node. `tag` makes the files' names, and is the same in every execution
/// of the pipeline. Serves the step withCredentials and environment { X = credentials('id') }.
Outcome<Value> with_credentials(const std::vector<CredentialBinding>& bindings,
                                const std::string& tag, Context& inner,
                                const std::function<Outcome<Value>(Context&)>& body);

/// A file of secrets on the node of `context`, 0600 in a directory of its own below WORKSPACE_TMP;
/// removed by destroying it. Its absolute path is path().
class SecretFileOnNode {
 public:
  static Outcome<SecretFileOnNode> write(const std::string& tag, const std::string& name,
                                         std::string_view bytes, Context& context);
  SecretFileOnNode(SecretFileOnNode&&) noexcept = default;
  SecretFileOnNode& operator=(SecretFileOnNode&&) = delete;
  ~SecretFileOnNode();

  std::string path() const { return directory_ + "/" + name_; }
  const std::string& directory() const { return directory_; }

 private:
  SecretFileOnNode(std::shared_ptr<HeldNode> node, std::string directory, std::string name)
      : node_(std::move(node)), directory_(std::move(directory)), name_(std::move(name)) {}
  std::shared_ptr<HeldNode> node_;  // shared: as the context's; empty once moved from
  std::string directory_, name_;
};

}  // namespace cupel::pipeline
