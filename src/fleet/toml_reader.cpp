// SPDX-License-Identifier: Apache-2.0
#include "fleet/toml_reader.hpp"

#include <algorithm>
#include <array>

#include "os/inside.hpp"

namespace cupel::fleet {

namespace {

constexpr std::array machine_key_names = {"box",  "cpus",      "cpu",      "memory",
                                          "disk", "provision", "panic_on", "vmcore"};

}  // namespace

Result<toml::table> TomlReader::parse(std::string_view text) const {
  try {
    return toml::parse(text, file_);
  } catch (const toml::parse_error& error) {
    return wrong(error.source(), "{}", printable(error.description()));
  }
}

std::vector<std::string> TomlReader::with_machine_keys(std::vector<std::string> before,
                                                       const std::vector<std::string>& after) {
  before.insert(before.end(), machine_key_names.begin(), machine_key_names.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

Result<> TomlReader::only(const toml::table& table, std::string_view where,
                          const std::vector<std::string>& known) const {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = nearest(name, known);
    return wrong(key.source(), "unknown key '{}' in {}: {}", printable(name), where,
                 meant ? fmt::format("did you mean '{}'?", *meant)
                       : fmt::format("known are {}", join(known, ", ")));
  }
  return {};
}

Result<std::string> TomlReader::text(const toml::node& node, std::string_view key) const {
  if (const auto* text = node.as_string()) return text->get();
  return wrong(node.source(), "'{}' must be text: put it in quotes", key);
}

Result<Bytes> TomlReader::size(const toml::node& node, std::string_view key) const {
  const auto* text = node.as_string();
  auto size = text ? parse_bytes(text->get()) : Result<Bytes>(fail(Fault::invalid, "no text"));
  if (size && size->count > 0) return *size;
  return wrong(node.source(), "'{}' must be a size with its unit, as \"2GiB\"", key);
}

Result<unsigned> TomlReader::count(const toml::node& node, std::string_view key, unsigned least,
                                   unsigned most) const {
  const auto* number = node.as_integer();
  if (number && number->get() >= least && number->get() <= most)
    return static_cast<unsigned>(number->get());
  return wrong(node.source(), "'{}' must be a number from {} to {}", key, least, most);
}

Result<std::vector<std::string>> TomlReader::texts(const toml::node& node,
                                                   std::string_view key) const {
  const auto* array = node.as_array();
  if (!array) return wrong(node.source(), "'{}' must be a list of texts, as [\"a\", \"b\"]", key);
  std::vector<std::string> all;
  for (const auto& item : *array) all.push_back(TRY(text(item, key)));
  return all;
}

Result<std::map<std::string, std::string>> TomlReader::variables(const toml::node& node) const {
  const auto* table = node.as_table();
  if (!table)
    return wrong(node.source(), "'environment' must be a table, as {{ NAME = \"value\" }}");
  std::map<std::string, std::string> all;
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    if (name.empty() || name.find('=') != std::string::npos)
      return wrong(key.source(), "'{}' is no name of a variable", printable(name));
    all[name] = TRY(text(value, name));
  }
  return all;
}

Result<bool> TomlReader::flag(const toml::node& node, std::string_view key) const {
  if (const auto* flag = node.as_boolean()) return flag->get();
  return wrong(node.source(), "'{}' must be true or false", key);
}

/// { packages = [...] }, { shell = "..." }, { script = "FILE" } or { file = "FILE", to = "/PATH" }.
Result<place::ProvisionStep> TomlReader::provision_step(const toml::node& node,
                                                        const TomlSource& source) const {
  using Kind = place::ProvisionStep::Kind;
  constexpr auto forms =
      "a step of 'provision' is {{ shell = \"...\" }}, {{ script = \"FILE\" }}, "
      "{{ file = \"FILE\", to = \"/PATH\" }} or {{ packages = [\"...\"] }}";
  const auto* table = node.as_table();
  if (!table) return wrong(node.source(), forms);
  place::ProvisionStep step;
  std::vector<std::string> allowed = {"name"};
  std::size_t kinds = 0;
  for (const auto* key : {"shell", "script", "file", "packages"})
    if (table->contains(key)) {
      allowed.emplace_back(key);
      ++kinds;
    }
  if (kinds != 1) return wrong(node.source(), forms);
  const bool is_file = table->contains("file");
  if (is_file) allowed.emplace_back("to");
  if (table->contains("shell") || table->contains("script")) allowed.emplace_back("environment");
  TRY(only(*table, "a step of 'provision'", allowed));
  if (const auto* value = table->get("name")) step.name = TRY(text(*value, "name"));
  if (const auto* value = table->get("environment")) step.environment = TRY(variables(*value));
  if (const auto* value = table->get("shell")) {
    step.script = TRY(text(*value, "shell"));
    if (step.script.empty()) return wrong(value->source(), "'shell' must not be empty");
  }
  if (const auto* value = table->get("packages")) {
    step.kind = Kind::packages;
    step.packages = TRY(texts(*value, "packages"));
    if (step.packages.empty()) return wrong(value->source(), "'packages' must not be empty");
  }
  for (const auto* key : {"script", "file"}) {
    const auto* value = table->get(key);
    if (!value) continue;
    const os::fs::path named = TRY(text(*value, key));
    if (named.empty()) return wrong(value->source(), "'{}' must not be empty", key);
    if (source.origin == SettingsOrigin::project) {
      if (!os::stays_inside(named))
        return wrong(value->source(), "a project may only name files of its own");
      step.inside = os::fs::absolute(source.beside);
    }
    step.source = os::fs::absolute(source.beside / named).lexically_normal();
  }
  if (!is_file) return step;
  step.kind = Kind::file;
  const auto* to = table->get("to");
  if (!to) return wrong(node.source(), "a step with 'file' needs 'to': where it goes");
  step.target = TRY(text(*to, "to"));
  if (!step.target.starts_with('/'))
    return wrong(to->source(), "'to' must be an absolute path in the machine");
  return step;
}

Result<> TomlReader::machine_keys(const toml::table& table, const TomlSource& source,
                                  NodeSettings& node) const {
  if (node.kind == NodeSettings::Kind::host) {
    for (const auto* key : machine_key_names)
      if (const auto* value = table.get(key))
        return wrong(value->source(), "'{}' is for machines: leave it out of a node of kind host",
                     key);
    return {};
  }
  if (const auto* value = table.get("box")) node.box = TRY(text(*value, "box"));
  if (const auto* value = table.get("cpus")) node.cpus = TRY(count(*value, "cpus", 1, 255));
  if (const auto* value = table.get("cpu")) {
    node.cpu = value->value<std::string>();
    if (!node.cpu || node.cpu->empty() || node.cpu->front() == '-')
      return wrong(value->source(),
                   "'cpu' must be a model of QEMU's, as \"EPYC,+svm\"; how many is 'cpus'");
  }
  if (const auto* value = table.get("memory")) {
    node.memory = TRY(size(*value, "memory"));
    if (node.memory < mib(128)) return wrong(value->source(), "'memory' must be at least 128MiB");
  }
  if (const auto* value = table.get("disk")) node.disk = TRY(size(*value, "disk"));
  if (const auto* value = table.get("panic_on"))
    for (auto& cause : TRY(texts(*value, "panic_on"))) {
      if (std::find(panic_causes.begin(), panic_causes.end(), cause) == panic_causes.end())
        return wrong(value->source(),
                     "'panic_on' is a list of \"oops\", \"soft-lockup\" and "
                     "\"hung-task\"; \"{}\" is none",
                     printable(cause));
      if (std::find(node.panic_on.begin(), node.panic_on.end(), cause) == node.panic_on.end())
        node.panic_on.push_back(std::move(cause));
    }
  if (const auto* value = table.get("vmcore"))
    if (TRY(flag(*value, "vmcore"))) node.vmcore = NodeSettings::Vmcore::yes;
  if (const auto* value = table.get("provision")) {
    const auto* steps = value->as_array();
    if (!steps) return wrong(value->source(), "'provision' must be a list of steps");
    for (const auto& item : *steps) node.provision.push_back(TRY(provision_step(item, source)));
  }
  return {};
}

}  // namespace cupel::fleet
