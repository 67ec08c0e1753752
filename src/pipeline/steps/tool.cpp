// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/node_files.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// "hudson.plugins.git.GitTool" and "git" are both git; "hudson.tasks.Maven$MavenInstallation"
/// maven.
std::string plain_type(const std::string& type) {
  auto name = lower(type.substr(type.find_last_of(".$") + 1));
  for (const auto* ending : {"installation", "tool"})
    if (name.size() > std::string_view(ending).size() && name.ends_with(ending))
      name.resize(name.size() - std::string_view(ending).size());
  return name;
}

/// tool 'jdk-17'  |  tool name: 'jdk-17', type: 'jdk'
class Tool final : public SignedStep {
 public:
  Tool()
      : SignedStep(step("tool", "name", "The directory of a tool, from [tools] of cupel.toml",
                        {needs("name", Kind::text, "What the tool is called there"),
                         takes("type", Kind::text, "any", "Its kind: jdk, maven, ...")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto name = TRY(arguments.text("name"));
    const auto type = TRY(arguments.text("type", ""));
    TRY(context.node());
    std::vector<std::string> known;
    for (const auto& [kind, tools] : context.services().operation.tools)
      for (const auto& [tool, home] : tools) {
        const bool fits = type.empty() || type == kind || plain_type(type) == lower(kind);
        if (fits && tool == name) return Value(home);
        known.push_back(tool);
      }
    return raise("hudson.AbortException", "No {} named {} found; [tools] of cupel.toml has: {}",
                 type.empty() ? "tool" : type, name, known.empty() ? "none" : join(known, ", "));
  }
};

/// configFileProvider([configFile(fileId: 'settings', variable: 'SETTINGS')]) { ... }
class ConfigFileProvider final : public SignedStep {
 public:
  ConfigFileProvider()
      : SignedStep(block(
            "configFileProvider", "managedFiles",
            "Gives files of [config_files] of cupel.toml to its body, and removes them behind it",
            {needs("managedFiles", Kind::list,
                   "One for each, as configFile(fileId: 'id', variable: 'NAME', targetLocation: "
                   "'path')")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    std::vector<std::string> paths;
    for (const auto& object :
         TRY(all_described(arguments.find("managedFiles"), "configFileProvider"))) {
      const auto path = TRY(provide(object.arguments, paths.size(), context));
      if (const auto name = TRY(object.arguments.text("variable", "")); !name.empty())
        inner.set_variable(name, path);
      paths.push_back(path);
    }
    auto result = context.run_body(inner);
    std::vector<std::string> argv = {"rm", "-f", "--"};
    argv.insert(argv.end(), paths.begin(), paths.end());
    place::Command command;
    command.argv = std::move(argv);
    command.directory = "/";
    auto* node = TRY(context.node());
    // The body may have been interrupted: this must happen all the same.
    static_cast<void>(
        place::run_captured(node->place(), command, Stop().within(std::chrono::seconds(20))));
    return result;
  }

 private:
  static Outcome<std::string> provide(const Arguments& arguments, std::size_t index,
                                      StepContext& context) {
    const auto id = TRY(arguments.text("fileId"));
    const auto& files = context.services().operation.config_files;
    const auto found = files.find(id);
    if (found == files.end()) {
      std::vector<std::string> known;
      for (const auto& [one, file] : files) known.push_back(one);
      return raise(
          "hudson.AbortException",
          "not able to provide the file with id '{}': [config_files] of cupel.toml has: {}", id,
          known.empty() ? "none" : join(known, ", "));
    }
    const auto& file = found->second;
    auto* node = TRY(context.node());
    auto target = TRY(arguments.text("targetLocation", ""));
    if (target.empty())
      target = node->workspace_tmp() + "/config-" +
               digest_of(context.id().branch + "#" + std::to_string(context.id().ordinal)).brief() +
               "-" + std::to_string(index) + "/" + (file.name.empty() ? id : file.name);
    else if (target.ends_with('/'))
      target += file.name.empty() ? id : file.name;
    const os::fs::path path = TRY(context.resolve(target));
    auto pushed = push_text(node->place(), path.parent_path().string(), path.filename().string(),
                            file.text, 0600, context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    context.print("provisioning config files...");
    return path.string();
  }
};

}  // namespace

std::unique_ptr<Step> make_tool() { return std::make_unique<Tool>(); }
std::unique_ptr<Step> make_config_file_provider() { return std::make_unique<ConfigFileProvider>(); }

}  // namespace cupel::pipeline::steps
