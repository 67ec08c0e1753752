// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/settings.hpp"

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace cupel::fleet {

/// Where a file lies, and whose it is.
struct TomlSource {
  os::fs::path beside;
  SettingsOrigin origin;
};

/// One TOML file as it is read: what its messages begin with, and the checks of a value's kind.
/// Only for the sources that read one.
class TomlReader {
 public:
  /// Borrows the name for life.
  explicit TomlReader(const std::string& file) : file_(file) {}

  /// "FILE:LINE:COLUMN: what is wrong there".
  template <typename... Args>
  tl::unexpected<Error> wrong(const toml::source_region& at, fmt::format_string<Args...> format,
                              Args&&... args) const {
    return fail(Fault::invalid, "{}:{}:{}: {}", file_, at.begin.line, at.begin.column,
                fmt::format(format, std::forward<Args>(args)...));
  }

  /// The text as TOML, or where it is none.
  Result<toml::table> parse(std::string_view text) const;
  /// Fails on the first key that is none of `known`.
  Result<> only(const toml::table& table, std::string_view where,
                const std::vector<std::string>& known) const;
  Result<std::string> text(const toml::node& node, std::string_view key) const;
  Result<Bytes> size(const toml::node& node, std::string_view key) const;
  Result<unsigned> count(const toml::node& node, std::string_view key, unsigned least,
                         unsigned most) const;
  Result<std::vector<std::string>> texts(const toml::node& node, std::string_view key) const;
  Result<std::map<std::string, std::string>> variables(const toml::node& node) const;
  Result<bool> flag(const toml::node& node, std::string_view key) const;

  /// The keys that say what a machine is like, between those before and after them in `only`.
  static std::vector<std::string> with_machine_keys(std::vector<std::string> before,
                                                    const std::vector<std::string>& after);
  /// Their values, into `node`.
  Result<> machine_keys(const toml::table& table, const TomlSource& source,
                        NodeSettings& node) const;

 private:
  Result<place::ProvisionStep> provision_step(const toml::node& node,
                                              const TomlSource& source) const;
  const std::string& file_;
};

}  // namespace cupel::fleet
