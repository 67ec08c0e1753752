// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "fleet/toml_reader.hpp"
#include "os/inside.hpp"

namespace cupel::fleet {
namespace {

Result<NodeSettings> read_node(const toml::table& table, const TomlReader& reader,
                               const TomlSource& source) {
  TRY(reader.only(table, "[[node]]",
                  TomlReader::with_machine_keys({"name", "labels", "kind"}, {"environment"})));
  NodeSettings node;
  const auto* name = table.get("name");
  if (!name) return reader.wrong(table.source(), "a [[node]] needs a name: add name = \"...\"");
  node.name = TRY(reader.text(*name, "name"));
  if (node.name.empty()) return reader.wrong(name->source(), "'name' must not be empty");
  if (const auto* value = table.get("labels")) node.labels = TRY(reader.texts(*value, "labels"));
  if (const auto* value = table.get("kind")) {
    const auto kind = TRY(reader.text(*value, "kind"));
    if (kind != "machine" && kind != "host")
      return reader.wrong(value->source(), "'kind' must be \"machine\" or \"host\", not \"{}\"",
                          printable(kind));
    if (kind == "host") node.kind = NodeSettings::Kind::host;
  }
  TRY(reader.machine_keys(table, source, node));
  if (const auto* value = table.get("environment"))
    node.environment = TRY(reader.variables(*value));
  return node;
}

Result<pipeline::LibrarySettings> read_library(const toml::table& table, const TomlReader& reader) {
  using Library = pipeline::LibrarySettings;
  TRY(reader.only(table, "[[library]]",
                  {"name", "remote", "path", "ref", "base", "implicit", "allow-override"}));
  Library library;
  const auto take = [&](std::string_view key, std::string& into) -> Result<> {
    if (const auto* value = table.get(key)) into = TRY(reader.text(*value, key));
    return {};
  };
  TRY(take("name", library.name));
  std::string path;
  TRY(take("remote", library.remote));
  TRY(take("path", path));
  TRY(take("ref", library.ref));
  TRY(take("base", library.base));
  library.path = path;
  if (library.name.empty())
    return reader.wrong(table.source(), "a [[library]] needs a name: add name = \"...\"");
  if (library.remote.empty() == path.empty())
    return reader.wrong(table.source(), "the library '{}' needs either a 'remote' or a 'path'",
                        printable(library.name));
  if (const auto* value = table.get("implicit"))
    if (TRY(reader.flag(*value, "implicit"))) library.implicit = Library::Implicit::yes;
  if (const auto* value = table.get("allow-override"))
    if (!TRY(reader.flag(*value, "allow-override"))) library.override_ref = Library::Override::no;
  return library;
}

Result<JobSettings> read_job(const toml::table& table, const TomlReader& reader,
                             SettingsOrigin origin) {
  TRY(reader.only(table, "[[job]]", {"name", "directory", "file"}));
  JobSettings job;
  job.directory = ".";
  if (const auto* value = table.get("name")) job.name = TRY(reader.text(*value, "name"));
  if (job.name.empty())
    return reader.wrong(table.source(), "a [[job]] needs a name: add name = \"...\"");
  if (const auto* value = table.get("directory")) {
    job.directory = TRY(reader.text(*value, "directory"));
    if (origin == SettingsOrigin::project && !os::stays_inside(job.directory))
      return reader.wrong(value->source(), "a project may only name directories of its own");
  }
  if (const auto* value = table.get("file")) {
    job.file = TRY(reader.text(*value, "file"));
    if (!os::stays_inside(job.file))
      return reader.wrong(value->source(), "'file' must lie in the job's directory");
  }
  return job;
}

/// The table under `key`, or null if there is none.
Result<const toml::table*> table_of(const toml::table& root, const char* key,
                                    const TomlReader& reader) {
  const auto* node = root.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) return reader.wrong(node->source(), "'{}' must be written [{}]", key, key);
  return node->as_table();
}

Result<> read_tools(const toml::table& table, const TomlReader& reader, Settings& settings) {
  for (const auto& [kind, tools] : table) {
    if (!tools.is_table())
      return reader.wrong(tools.source(), "tools are written [tools.{}], name = \"directory\"",
                          printable(kind.str()));
    for (const auto& [name, home] : *tools.as_table())
      settings.operation.tools[std::string(kind.str())][std::string(name.str())] =
          TRY(reader.text(home, name.str()));
  }
  return {};
}

Result<> read_config_files(const toml::table& table, const TomlReader& reader,
                           const TomlSource& source, Settings& settings) {
  for (const auto& [id, node] : table) {
    const auto* entry = node.as_table();
    if (!entry || (entry->contains("text") == entry->contains("file")))
      return reader.wrong(node.source(),
                          "[config_files] {} must be {{ text = \"...\" }} or {{ file = \"path\" }}",
                          printable(id.str()));
    TRY(reader.only(*entry, "[config_files]", {"text", "file", "name"}));
    pipeline::ConfigFile file;
    if (const auto* text = entry->get("text")) file.text = TRY(reader.text(*text, "text"));
    if (const auto* path = entry->get("file")) {
      const os::fs::path named = TRY(reader.text(*path, "file"));
      const bool inside =
          named.is_relative() && !named.lexically_normal().string().starts_with("..");
      if (source.origin == SettingsOrigin::project && !inside)
        return reader.wrong(path->source(), "a project may only name files of its own");
      auto text = os::read_file(named.is_absolute() ? named : source.beside / named);
      if (!text) return reader.wrong(path->source(), "{}", text.error().text());
      file.text = std::move(*text);
      file.name = named.filename().string();
    }
    if (const auto* name = entry->get("name")) file.name = TRY(reader.text(*name, "name"));
    settings.operation.config_files[std::string(id.str())] = std::move(file);
  }
  return {};
}

Result<> read_steps(const toml::table& table, const TomlReader& reader, Settings& settings) {
  for (const auto& [name, node] : table) {
    const auto* entry = node.as_table();
    if (!entry || (entry->contains("script") == entry->contains("noop")))
      return reader.wrong(
          node.source(),
          "[steps] {} must be {{ script = \"...\" }} or {{ noop = \"what it says\" }}",
          printable(name.str()));
    TRY(reader.only(*entry, "[steps]", {"script", "noop", "returns"}));
    pipeline::MappedStep step;
    if (const auto* script = entry->get("script"))
      step.script = TRY(reader.text(*script, "script"));
    if (const auto* noop = entry->get("noop")) step.noop = TRY(reader.text(*noop, "noop"));
    if (const auto* returns = entry->get("returns")) {
      if (TRY(reader.text(*returns, "returns")) != "stdout" || step.script.empty())
        return reader.wrong(returns->source(), "'returns' must be \"stdout\", of a script");
      step.returns_output = true;
    }
    settings.operation.steps[std::string(name.str())] = std::move(step);
  }
  return {};
}

Result<> read_notify(const toml::table& table, const TomlReader& reader, Settings& settings) {
  TRY(reader.only(table, "[notify]", {"mail_program", "mail_from", "webhooks"}));
  if (const auto* program = table.get("mail_program"))
    settings.notify.mail_program = TRY(reader.text(*program, "mail_program"));
  if (const auto* from = table.get("mail_from"))
    settings.notify.mail_from = TRY(reader.text(*from, "mail_from"));
  const auto* webhooks = TRY(table_of(table, "webhooks", reader));
  if (webhooks)
    for (const auto& [step, url] : *webhooks)
      settings.notify.webhooks[std::string(step.str())] = TRY(reader.text(url, step.str()));
  return {};
}

Result<> read_machines(const toml::table& table, const TomlReader& reader, Settings& settings) {
  TRY(reader.only(table, "[machines]", {"waiting", "waiting_for", "waiting_memory", "record"}));
  if (const auto* most = table.get("waiting"))
    settings.waiting = TRY(reader.count(*most, "waiting", 0, 64));
  if (const auto* time = table.get("waiting_for")) {
    const auto parsed = parse_duration(TRY(reader.text(*time, "waiting_for")));
    if (!parsed || *parsed < std::chrono::seconds(1))
      return reader.wrong(time->source(),
                          "'waiting_for' must be a time of at least a second, as \"10m\"");
    settings.waiting_for = std::chrono::duration_cast<std::chrono::seconds>(*parsed);
  }
  if (const auto* memory = table.get("waiting_memory"))
    settings.waiting_memory = TRY(reader.size(*memory, "waiting_memory"));
  if (const auto* record = table.get("record")) {
    const auto which = TRY(reader.text(*record, "record"));
    if (which == "none")
      settings.recording = Recording::none;
    else if (which == "failed")
      settings.recording = Recording::failed;
    else if (which == "all")
      settings.recording = Recording::all;
    else
      return reader.wrong(record->source(),
                          "'record' must be \"none\", \"failed\" or \"all\", not \"{}\"",
                          printable(which));
  }
  return {};
}

Result<> read_limits(const toml::table& table, const TomlReader& reader, LimitSettings& limits) {
  TRY(reader.only(table, "[limits]", limit_names()));
  for (const auto& [key, node] : table) {
    const auto* number = node.as_integer();
    const auto* text = node.as_string();
    if (!number && !text)
      return reader.wrong(node.source(), "'{}' must be a number, or text such as \"2GiB\"",
                          printable(key.str()));
    const auto set =
        set_limit(limits, key.str(), number ? std::to_string(number->get()) : text->get());
    if (!set) return reader.wrong(node.source(), "{}", set.error().text());
  }
  return {};
}

/// What is about steps.
Result<> read_operation(const toml::table& root, const TomlReader& reader, const TomlSource& source,
                        Settings& settings) {
  if (const auto* tools = TRY(table_of(root, "tools", reader)))
    TRY(read_tools(*tools, reader, settings));
  if (const auto* files = TRY(table_of(root, "config_files", reader)))
    TRY(read_config_files(*files, reader, source, settings));
  if (const auto* steps = TRY(table_of(root, "steps", reader)))
    TRY(read_steps(*steps, reader, settings));
  if (const auto* notify = TRY(table_of(root, "notify", reader))) {
    if (source.origin == SettingsOrigin::project)
      return reader.wrong(notify->source(),
                          "[notify] says what runs on this host: it belongs into your own "
                          "cupel.toml, not into a project's");
    TRY(read_notify(*notify, reader, settings));
  }
  if (const auto* locks = TRY(table_of(root, "locks", reader)))
    for (const auto& [label, resources] : *locks)
      settings.lock_labels[std::string(label.str())] = TRY(reader.texts(resources, label.str()));
  return {};
}

Result<Settings> settings_of(const toml::table& root, const TomlReader& reader,
                             const TomlSource& source) {
  TRY(reader.only(root, "the file",
                  {"job", "library", "node", "runs", "tools", "config_files", "steps", "notify",
                   "locks", "limits", "snapshots", "machines"}));
  Settings settings;
  TRY(read_operation(root, reader, source, settings));
  if (const auto* limits = TRY(table_of(root, "limits", reader)))
    TRY(read_limits(
        *limits, reader,
        source.origin == SettingsOrigin::project ? settings.project_limits : settings.limits));
  if (const auto* nodes = root.get("node")) {
    if (!nodes->is_array_of_tables())
      return reader.wrong(nodes->source(), "'node' must be written [[node]], one for each");
    std::set<std::string> seen;
    for (const auto& item : *nodes->as_array()) {
      auto node = TRY(read_node(*item.as_table(), reader, source));
      if (!seen.insert(node.name).second)
        return reader.wrong(item.source(), "a node '{}' is there already: choose another name",
                            printable(node.name));
      settings.nodes.push_back(std::move(node));
    }
  }
  if (const auto* libraries = root.get("library")) {
    if (!libraries->is_array_of_tables())
      return reader.wrong(libraries->source(),
                          "'library' must be written [[library]], one for each");
    for (const auto& item : *libraries->as_array())
      settings.libraries.push_back(TRY(read_library(*item.as_table(), reader)));
  }
  if (const auto* jobs = root.get("job")) {
    if (!jobs->is_array_of_tables())
      return reader.wrong(jobs->source(), "'job' must be written [[job]], one for each");
    for (const auto& item : *jobs->as_array()) {
      auto job = TRY(read_job(*item.as_table(), reader, source.origin));
      const auto same = [&](const JobSettings& one) { return one.name == job.name; };
      if (std::any_of(settings.jobs.begin(), settings.jobs.end(), same))
        return reader.wrong(item.source(), "a job '{}' is there already: choose another name",
                            printable(job.name));
      settings.jobs.push_back(std::move(job));
    }
  }
  if (const auto* runs = root.get("runs")) {
    if (!runs->is_table()) return reader.wrong(runs->source(), "'runs' must be written [runs]");
    TRY(reader.only(*runs->as_table(), "[runs]", {"keep", "orphan_hours"}));
    if (const auto* keep = runs->as_table()->get("keep"))
      settings.keep_runs = TRY(reader.count(*keep, "keep", 1, 100000));
    if (const auto* hours = runs->as_table()->get("orphan_hours"))
      settings.orphan_hours = TRY(reader.count(*hours, "orphan_hours", 1, 8760));
  }
  if (const auto* snapshots = TRY(table_of(root, "snapshots", reader))) {
    TRY(reader.only(*snapshots, "[snapshots]", {"size"}));
    if (source.origin == SettingsOrigin::project)
      return reader.wrong(snapshots->source(),
                          "[snapshots] is about this host's disk: it belongs into your own "
                          "cupel.toml, not into a project's");
    if (const auto* size = snapshots->get("size"))
      settings.snapshots = TRY(reader.size(*size, "size"));
  }
  if (const auto* machines = TRY(table_of(root, "machines", reader))) {
    if (source.origin == SettingsOrigin::project)
      return reader.wrong(
          machines->source(),
          "[machines] is about this host's memory and disk: it belongs into your own "
          "cupel.toml, not into a project's");
    TRY(read_machines(*machines, reader, settings));
  }
  return settings;
}

}  // namespace

Result<Settings> read_settings(std::string_view text, const std::string& file,
                               SettingsOrigin origin) {
  const TomlReader reader(file);
  return settings_of(TRY(reader.parse(text)), reader,
                     TomlSource{os::fs::path(file).parent_path(), origin});
}

}  // namespace cupel::fleet
