// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/git_order.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

const Value* entry(const Map& map, std::string_view name) {
  const auto* value = map.find(Value(name));
  return value && !value->is_null() ? value : nullptr;
}

bool flag_of(const Map& map, std::string_view name) { return text_of(map, name) == "true"; }

Result<std::optional<std::int64_t>> number_of(const Map& map, std::string_view name) {
  const auto text = text_of(map, name);
  if (text.empty()) return std::optional<std::int64_t>();
  const auto number = parse_integer(text);
  if (!number || *number < 0)
    return fail(Fault::invalid, "'{}' must be a whole number, not '{}'", name, printable(text));
  return std::optional<std::int64_t>(*number);
}

Result<std::vector<std::shared_ptr<Map>>> maps_of(const Map& scm, std::string_view name) {
  std::vector<std::shared_ptr<Map>> maps;
  const auto* value = entry(scm, name);
  if (!value) return maps;
  if (const auto one = value->as_map()) return std::vector{one};
  if (!value->as_list()) return fail(Fault::invalid, "GitSCM: '{}' must be a list", name);
  for (const auto& item : value->as_list()->items) {
    if (!item.as_map()) return fail(Fault::invalid, "GitSCM: '{}' must be a list of maps", name);
    maps.push_back(item.as_map());
  }
  return maps;
}

/// "CloneOption" of [$class: 'hudson.plugins.git.extensions.impl.CloneOption'] and cloneOption().
std::string kind_of(const Map& extension) {
  auto name = text_of(extension, "$class");
  if (const auto dot = name.rfind('.'); dot != std::string::npos) name.erase(0, dot + 1);
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> symbols = {
      {{"CheckoutToSubdirectory", "RelativeTargetDirectory"},
       {"CleanAfterCheckout", "CleanCheckout"},
       {"Submodule", "SubmoduleOption"},
       {"Lfs", "GitLFSPull"},
       {"SparseCheckout", "SparseCheckoutPaths"},
       {"WipeOutWorkspace", "WipeWorkspace"}}};
  for (const auto& [symbol, kind] : symbols)
    if (name == symbol) return std::string(kind);
  return name;
}

/// Those that are about polling, change logs and browsers: nothing to do in one run.
bool without_effect(std::string_view kind) {
  static constexpr std::array<std::string_view, 14> names = {"AuthorInChangelog",
                                                             "ChangelogToBranch",
                                                             "ChangelogToPreviousBuild",
                                                             "DisableRemotePoll",
                                                             "FirstBuildChangelog",
                                                             "IgnoreNotifyCommit",
                                                             "MessageExclusion",
                                                             "PathRestriction",
                                                             "PruneStaleBranch",
                                                             "PruneStaleTag",
                                                             "UserExclusion",
                                                             "UserIdentity",
                                                             "BuildSingleRevisionOnly",
                                                             "GitSCMStatusChecksExtension"};
  return std::find(names.begin(), names.end(), kind) != names.end();
}

Result<> clone_option(const Map& extension, GitOrder& order) {
  const auto depth = TRY(number_of(extension, "depth"));
  if (flag_of(extension, "shallow")) order.depth = depth && *depth > 0 ? *depth : 1;
  if (flag_of(extension, "noTags")) order.tags = GitOrder::Tags::no;
  if (const auto timeout = TRY(number_of(extension, "timeout"))) order.timeout_minutes = timeout;
  return {};
}

Result<> submodule_option(const Map& extension, GitOrder& order) {
  if (flag_of(extension, "disableSubmodules")) return {};
  order.submodules = flag_of(extension, "recursiveSubmodules") ? GitOrder::Submodules::recursive
                                                               : GitOrder::Submodules::yes;
  return {};
}

Result<> sparse(const Map& extension, GitOrder& order) {
  for (const auto& path : TRY(maps_of(extension, "sparseCheckoutPaths")))
    order.sparse_paths.push_back(text_of(*path, "path"));
  return {};
}

Result<> extend(const Map& extension, GitOrder& order) {
  const auto kind = kind_of(extension);
  if (kind == "CloneOption") return clone_option(extension, order);
  if (kind == "SubmoduleOption") return submodule_option(extension, order);
  if (kind == "SparseCheckoutPaths") return sparse(extension, order);
  if (kind == "RelativeTargetDirectory") {
    order.directory = text_of(extension, "relativeTargetDir");
  } else if (kind == "CleanBeforeCheckout") {
    order.clean = GitOrder::Clean::before;
  } else if (kind == "CleanCheckout") {
    order.clean = GitOrder::Clean::after;
  } else if (kind == "WipeWorkspace") {
    order.wipe = GitOrder::Wipe::yes;
  } else if (kind == "GitLFSPull") {
    order.lfs = GitOrder::Lfs::yes;
  } else if (kind == "LocalBranch") {
    order.local_branch = text_of(extension, "localBranch");
  } else if (kind == "CheckoutOption") {
    order.timeout_minutes = TRY(number_of(extension, "timeout"));
  } else if (!without_effect(kind)) {
    return fail(Fault::invalid, "GitSCM: the extension '{}' is not supported", printable(kind));
  }
  return {};
}

}  // namespace

std::string text_of(const Map& map, std::string_view name) {
  const auto* value = entry(map, name);
  if (!value || value->as_list() || value->as_map()) return {};
  return to_text(*value).value_or("");
}

Result<GitOrder> git_order_of(const Map& scm) {
  GitOrder order;
  const auto remotes = TRY(maps_of(scm, "userRemoteConfigs"));
  if (remotes.empty() || text_of(*remotes[0], "url").empty())
    return fail(Fault::invalid, "GitSCM: userRemoteConfigs has no url");
  if (remotes.size() > 1)
    return fail(Fault::invalid, "GitSCM: more than one remote is not supported");
  order.url = text_of(*remotes[0], "url");
  order.credentials = text_of(*remotes[0], "credentialsId");
  order.refspec = text_of(*remotes[0], "refspec");
  if (const auto name = text_of(*remotes[0], "name"); !name.empty()) order.remote = name;
  for (const auto& branch : TRY(maps_of(scm, "branches")))
    order.branches.push_back(text_of(*branch, "name"));
  for (const auto& extension : TRY(maps_of(scm, "extensions"))) TRY(extend(*extension, order));
  return order;
}

}  // namespace cupel::pipeline::steps
