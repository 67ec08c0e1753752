// SPDX-License-Identifier: Apache-2.0
#include "runs/library_cache.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "runs/git.hpp"

namespace cupel::runs {
namespace {

namespace fs = os::fs;
using pipeline::LibrarySettings;
using pipeline::LibraryVersion;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_commit(std::string_view text) { return text.size() == 40 && is_hex(text); }

/// Lines "COMMIT\tREF" of git ls-remote.
struct RemoteRefs {
  std::vector<std::pair<std::string, std::string>> all;

  const std::string* find(const std::string& name) const {
    for (const auto& [ref, commit] : all)
      if (ref == name) return &commit;
    return nullptr;
  }
  /// Branches and tags, for people.
  std::string names() const {
    std::vector<std::string> names;
    for (const auto& [ref, commit] : all)
      for (const std::string prefix : {"refs/heads/", "refs/tags/"})
        if (ref.starts_with(prefix) && !ref.ends_with("^{}"))
          names.push_back(printable(ref.substr(prefix.size())));
    constexpr std::size_t most = 12;
    const bool more = names.size() > most;
    if (more) names.resize(most);
    return names.empty() ? "it has none" : "it has: " + join(names, ", ") + (more ? ", ..." : "");
  }
};

Result<RemoteRefs> list_refs(const std::string& remote, const Stop& stop) {
  const auto answer = TRY(run_git({"ls-remote", "--", remote}, stop));
  if (answer.exit.status != 0) return fail(Fault::unavailable, "{}", complaint_of(answer));
  RemoteRefs refs;
  for (const auto& line : split(answer.out, '\n')) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos) refs.all.emplace_back(line.substr(tab + 1), line.substr(0, tab));
  }
  return refs;
}

Result<> expect(Result<os::Captured> answer) {
  if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
  if (answer->exit.status != 0) return fail(Fault::unavailable, "{}", complaint_of(*answer));
  return {};
}

}  // namespace

std::vector<std::string> LibraryCache::implicit() const {
  std::vector<std::string> names;
  for (const auto& one : settings_)
    if (one.implicit == LibrarySettings::Implicit::yes) names.push_back(one.name);
  return names;
}

const LibrarySettings* LibraryCache::find(const std::string& name) const {
  const auto found = std::find_if(settings_.begin(), settings_.end(),
                                  [&](const auto& one) { return one.name == name; });
  return found == settings_.end() ? nullptr : &*found;
}

Result<LibraryVersion> LibraryCache::resolve(const pipeline::LibraryWish& wish, const Stop& stop) {
  if (wish.ref) TRY(check_ref(*wish.ref), "library '{}'", wish.name);
  LibraryVersion version{wish.name, wish.ref.value_or(""), "", wish.remote, wish.base};
  if (wish.remote.empty()) {
    const auto* settings = find(wish.name);
    if (!settings) {
      std::vector<std::string> names;
      for (const auto& one : settings_) names.push_back(one.name);
      return fail(Fault::not_found,
                  "Could not find any definition of libraries [{}]: {}; give one with --library or "
                  "[[library]] in cupel.toml",
                  wish.name, names.empty() ? "there are none" : "there are " + join(names, ", "));
    }
    if (wish.ref && *wish.ref != settings->ref &&
        settings->override_ref == LibrarySettings::Override::no)
      return fail(Fault::denied, "Version override not permitted for library {}", wish.name);
    if (!wish.ref) version.ref = settings->ref;
    version.base = settings->base;
    version.source = settings->remote;
    if (settings->remote.empty()) return resolve_directory(*settings, version.ref, stop);
  } else if (wish.remote.starts_with('/') || wish.remote.starts_with('.') ||
             wish.remote.starts_with("file:")) {
    return fail(Fault::denied,
                "library '{}': a pipeline may not fetch from '{}', which is a directory of this "
                "host: define the library in cupel.toml",
                wish.name, printable(wish.remote));
  }
  TRY(check_remote(version.source), "library '{}'", wish.name);
  version.commit = TRY(commit_of(version, stop));
  return version;
}

Result<LibraryVersion> LibraryCache::resolve_directory(const LibrarySettings& settings,
                                                       const std::string& ref, const Stop& stop) {
  LibraryVersion version{settings.name, ref, "", settings.path.string(), settings.base};
  std::error_code ignored;
  if (!fs::is_directory(settings.path, ignored))
    return fail(Fault::not_found, "library '{}': {} is no directory", settings.name,
                settings.path.string());
  if (ref.empty()) return version;
  if (!fs::exists(settings.path / ".git", ignored) && !fs::exists(settings.path / "HEAD", ignored))
    return fail(Fault::invalid, "library '{}': {} is no git repository, so it has no version '{}'",
                settings.name, settings.path.string(), ref);
  version.commit = TRY(commit_of(version, stop));
  return version;
}

Result<std::string> LibraryCache::commit_of(const LibraryVersion& version, const Stop& stop) {
  if (is_commit(version.ref)) return version.ref;
  const auto refs = TRY(list_refs(version.source, stop), "library '{}': list the versions of {}",
                        version.name, without_secrets(version.source));
  if (version.ref.empty()) {
    if (const auto* head = refs.find("HEAD")) return *head;
    return fail(Fault::not_found, "library '{}': {} has no HEAD; name a version", version.name,
                without_secrets(version.source));
  }
  // An annotated tag is peeled: ref^{} is what it stands for.
  for (const auto* form : {"refs/heads/{}", "refs/tags/{}^{{}}", "refs/tags/{}", "{}"})
    if (const auto* commit = refs.find(fmt::format(fmt::runtime(form), version.ref)))
      return *commit;
  if (version.ref.size() >= 7 && is_hex(version.ref))
    if (auto commit = commit_of_short(version, stop)) return *commit;
  return fail(Fault::not_found, "library '{}': {} has no version '{}'; {}", version.name,
              without_secrets(version.source), version.ref, refs.names());
}

fs::path LibraryCache::repository(const std::string& remote) const {
  return directory_ / (digest_of(remote).brief() + ".git");
}

Result<std::string> LibraryCache::commit_of_short(const LibraryVersion& version, const Stop& stop) {
  TRY(os::make_directories(directory_));
  const auto bare = repository(version.source);
  const auto lock = TRY(os::FileLock::take(bare.string() + ".lock", stop));
  TRY(expect(run_git({"init", "-q", "--bare", bare.string()}, stop)));
  TRY(expect(run_git({"-C", bare.string(), "fetch", "-q", "--force", "--", version.source,
                      "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"},
                     stop)));
  const auto answer = TRY(run_git(
      {"-C", bare.string(), "rev-parse", "--verify", "-q", version.ref + "^{commit}"}, stop));
  const std::string commit(trim(answer.out));
  if (answer.exit.status != 0 || !is_commit(commit)) return fail(Fault::not_found, "no commit");
  return commit;
}

std::optional<fs::path> LibraryCache::at_hand(const LibrarySettings& library) const {
  fs::path root;
  if (library.ref.empty()) root = library.path;
  if (is_commit(library.ref)) root = directory_ / "trees" / library.ref;
  if (root.empty()) return std::nullopt;
  root /= library.base;
  std::error_code ignored;
  if (!fs::is_directory(root, ignored)) return std::nullopt;
  return root;
}

Result<fs::path> LibraryCache::open(const LibraryVersion& version, const Stop& stop) {
  fs::path root = version.source;
  if (!version.commit.empty()) {
    if (!is_commit(version.commit))
      return fail(Fault::invalid, "library '{}': '{}' is no commit", version.name,
                  printable(version.commit));
    root = directory_ / "trees" / version.commit;
    std::error_code ignored;
    if (!fs::is_directory(root, ignored))
      TRY(fetch(version, root, stop), "library '{}': fetch {} from {}", version.name,
          version.ref.empty() ? version.commit : version.ref, without_secrets(version.source));
  }
  if (version.base.empty()) return root;
  const auto inside = (root / version.base).lexically_normal();
  const auto relative = inside.lexically_relative(root).string();
  std::error_code ignored;
  if (relative.empty() || relative.starts_with("..") || !fs::is_directory(inside, ignored))
    return fail(Fault::not_found, "library '{}': there is no directory '{}' in it", version.name,
                printable(version.base));
  return inside;
}

Result<> LibraryCache::fetch(const LibraryVersion& version, const fs::path& tree,
                             const Stop& stop) {
  TRY(os::make_directories(tree.parent_path()));
  const auto bare = repository(version.source);
  const auto lock = TRY(os::FileLock::take(bare.string() + ".lock", stop));
  if (fs::exists(tree)) return {};  // somebody else was faster
  const auto get = [&]() -> Result<> {
    TRY(expect(run_git({"init", "-q", "--bare", bare.string()}, stop)));
    const auto known =
        TRY(run_git({"-C", bare.string(), "cat-file", "-e", version.commit + "^{commit}"}, stop));
    if (known.exit.status == 0) return {};
    const auto alone = TRY(run_git(
        {"-C", bare.string(), "fetch", "-q", "--depth", "1", "--", version.source, version.commit},
        stop));
    if (alone.exit.status == 0) return {};
    // A server that gives tips only: all of it.
    return expect(run_git({"-C", bare.string(), "fetch", "-q", "--force", "--", version.source,
                           "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"},
                          stop));
  };
  auto got = get();
  if (!got && !stop.requested() && fs::exists(bare)) {
    // What the cache holds may be damaged: from the beginning, once.
    TRY(os::remove_tree(bare));
    got = get();
  }
  TRY(std::move(got));
  const auto unpacked = TRY(os::TempDir::make_in(tree.parent_path(), ".new"));
  const auto files = unpacked.path() / "files";
  TRY(os::make_directories(files));
  TRY(expect(run_git({"--git-dir=" + bare.string(), "--work-tree=" + files.string(), "checkout",
                      "-q", "-f", version.commit, "--", "."},
                     stop, {"GIT_INDEX_FILE=" + (unpacked.path() / "index").string()})));
  std::error_code error;
  fs::rename(files, tree, error);
  if (error) return fail_errno(error.value(), "rename to {}", tree.string());
  return {};
}

}  // namespace cupel::runs
