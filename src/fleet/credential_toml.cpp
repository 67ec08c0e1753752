// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "fleet/credential_file.hpp"
#include "fleet/toml_reader.hpp"

namespace cupel::fleet {
namespace {

using Kind = CredentialEntry::Kind;

struct KindRule {
  std::string_view name;
  Kind kind;
  std::vector<std::string> needed, possible;
};

const std::vector<KindRule>& rules() {
  static const std::vector<KindRule> all = {
      {"string", Kind::string, {"text"}, {}},
      {"usernamePassword", Kind::username_password, {"username", "password"}, {}},
      {"file", Kind::file, {"content"}, {"name"}},
      {"sshUserPrivateKey", Kind::ssh_key, {"username", "private_key"}, {"passphrase"}},
      {"certificate", Kind::certificate, {"keystore"}, {"password"}},
  };
  return all;
}

class CredentialReader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  Result<CredentialEntries> all(const toml::table& root) const {
    CredentialEntries entries;
    for (const auto& [key, node] : root) {
      if (key.str() != "credential" || !node.is_table())
        return wrong(key.source(), "unknown key '{}': a credential is [credential.ID]",
                     printable(key.str()));
      for (const auto& [id, value] : *node.as_table()) {
        if (!value.is_table())
          return wrong(id.source(), "a credential is a table: [credential.{}]",
                       printable(id.str()));
        entries[std::string(id.str())] = TRY(entry(*value.as_table(), id.str()));
      }
    }
    return entries;
  }

 private:
  Result<CredentialEntry> entry(const toml::table& table, std::string_view id) const {
    const auto* kind_node = table.get("kind");
    const auto* kind = kind_node ? kind_node->as_string() : nullptr;
    std::vector<std::string> names;
    const KindRule* rule = nullptr;
    for (const auto& one : rules()) {
      names.emplace_back(one.name);
      if (kind && one.name == kind->get()) rule = &one;
    }
    if (!rule)
      return wrong(kind_node ? kind_node->source() : table.source(),
                   "[credential.{}] needs a kind: one of {}", printable(id), join(names, ", "));
    CredentialEntry entry;
    entry.kind = rule->kind;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name == "kind" || name == "description") continue;
      auto known = rule->needed;
      known.insert(known.end(), rule->possible.begin(), rule->possible.end());
      if (std::find(known.begin(), known.end(), name) == known.end())
        return wrong(key.source(), "unknown key '{}' of kind {}: known are {}", printable(name),
                     rule->name, join(known, ", "));
      entry.parts[name] = TRY(source(node, name));
    }
    for (const auto& name : rule->needed)
      if (!entry.parts.contains(name))
        return wrong(table.source(), "[credential.{}] of kind {} needs '{}'", printable(id),
                     rule->name, name);
    return entry;
  }

  Result<SecretSource> source(const toml::node& node, std::string_view name) const {
    if (const auto* text = node.as_string())
      return SecretSource{SecretSource::From::text, text->get()};
    const auto* table = node.as_table();
    if (table && table->size() == 1) {
      if (const auto* variable = table->get("env"); variable && variable->is_string())
        return SecretSource{SecretSource::From::environment, variable->as_string()->get()};
      if (const auto* path = table->get("file"); path && path->is_string())
        return SecretSource{SecretSource::From::file, path->as_string()->get()};
    }
    // The value itself is never shown.
    return wrong(node.source(),
                 "'{}' must be a text, {{ env = \"NAME\" }} or {{ file = \"path\" }}", name);
  }
};

}  // namespace

Result<CredentialEntries> read_credentials(std::string_view text, const std::string& file) {
  const CredentialReader reader(file);
  return reader.all(TRY(reader.parse(text)));
}

}  // namespace cupel::fleet
