// SPDX-License-Identifier: Apache-2.0
#include "fleet/working_tree.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "os/process.hpp"

namespace cupel::fleet {
namespace {

namespace fs = os::fs;
using Paths = std::vector<std::string>;

/// git, as asked in `directory` itself: not by what a hook that started us left in the environment.
Result<os::Captured> git(const fs::path& directory, const std::vector<std::string>& arguments,
                         const Stop& stop) {
  os::Spawn spawn;
  spawn.argv = {
      "env",        "-u",       "GIT_DIR", "-u", "GIT_WORK_TREE",   "-u", "GIT_INDEX_FILE", "-u",
      "GIT_PREFIX", "LC_ALL=C", "git",     "-C", directory.string()};
  spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
  return os::capture(std::move(spawn), {}, stop, 1U << 30);
}

/// Whether git has a say here. Without git installed that is known from the directories alone.
bool has_repository_above(fs::path directory) {
  std::error_code ignored;
  for (;; directory = directory.parent_path()) {
    if (fs::exists(directory / ".git", ignored)) return true;
    if (directory == directory.parent_path()) return false;
  }
}

/// The files of one repository below `directory`, named from `prefix`; goes into submodules and
/// other repositories that lie in it.
Result<> list_files(const fs::path& directory, const std::string& prefix, Paths& paths,
                    const Stop& stop) {
  const auto answer = TRY(git(directory, {"ls-files", "-z", "-co", "--exclude-standard"}, stop));
  if (answer.exit.status != 0)
    return fail(Fault::invalid, "list the files of {}: {}", directory.string(),
                printable(trim(answer.err.substr(0, answer.err.find('\n')))));
  for (auto path : split(answer.out, '\0')) {
    if (!path.empty() && path.back() == '/') path.pop_back();
    if (path.empty()) continue;
    std::error_code ignored;
    const auto status = fs::symlink_status(directory / path, ignored);
    if (!fs::exists(status)) continue;  // deleted, but not yet in the index
    if (!fs::is_directory(status)) {
      paths.push_back(prefix + path);
    } else if (fs::exists(directory / path / ".git", ignored)) {
      // A submodule's .git is a file that names its place below the outer one.
      if (fs::is_regular_file(directory / path / ".git", ignored))
        paths.push_back(prefix + path + "/.git");
      TRY(list_files(directory / path, prefix + path + "/", paths, stop));
    }
  }
  return {};
}

/// The repository's own files, if it is small: then commands like `git describe` work.
void add_repository(WorkingTree& tree) {
  const auto repository = tree.root / ".git";
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(repository, error))) return;
  Paths found;
  std::uint64_t size = 0;
  for (fs::recursive_directory_iterator it(repository, error), end; it != end && !error;
       it.increment(error)) {
    if (it->is_symlink(error) || !it->is_directory(error)) {
      size += it->is_regular_file(error) ? it->file_size(error) : 0;
      if (it->path().extension() != ".lock")
        found.push_back(it->path().lexically_relative(tree.root).string());
    } else if (fs::is_empty(it->path(), error)) {
      found.push_back(it->path().lexically_relative(tree.root).string());
    }
    if (size > largest_repository.count) {
      tree.remark = fmt::format("without .git, which is over {}", to_text(largest_repository));
      return;
    }
  }
  tree.paths.insert(tree.paths.end(), found.begin(), found.end());
}

/// Without the user and the password that a URL may hold.
std::string plain_url(std::string url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto begin = scheme + 3;
  const auto at = url.rfind('@', std::min(url.find('/', begin), url.size()));
  if (at != std::string::npos && at >= begin) url.erase(begin, at + 1 - begin);
  return url;
}

/// The remote, the commit and the branch, as far as there are such.
Result<> add_commit(WorkingTree& tree, const Stop& stop) {
  const auto remote = TRY(git(tree.root, {"config", "--get", "remote.origin.url"}, stop));
  if (remote.exit.status == 0)
    tree.environment["GIT_URL"] = plain_url(std::string(trim(remote.out)));
  const auto answer = TRY(git(tree.root, {"rev-parse", "HEAD", "--abbrev-ref", "HEAD"}, stop));
  if (answer.exit.status != 0) return {};  // no commit yet
  const auto lines = split(answer.out, '\n');
  if (lines.size() < 2) return {};
  tree.environment["GIT_COMMIT"] = lines[0];
  if (lines[1] == "HEAD") return {};  // detached
  tree.environment["GIT_BRANCH"] = lines[1];
  tree.environment["BRANCH_NAME"] = lines[1];
  return {};
}

bool lies_below(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/");
}

void leave_out_of(WorkingTree& tree, const std::vector<fs::path>& directories) {
  for (const auto& directory : directories) {
    const auto relative = directory.lexically_relative(tree.root).string();
    if (relative.empty() || relative == "." || relative.starts_with("..")) continue;
    std::erase_if(tree.paths, [&](const std::string& path) { return lies_below(path, relative); });
  }
}

/// Outside of git, and only where something is to be left out: the paths must be spelt out then.
Result<> list_everything(WorkingTree& tree, const Stop& stop) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(tree.root, error), end; it != end && !error;
       it.increment(error)) {
    TRY(stop.check());
    tree.paths.push_back(it->path().lexically_relative(tree.root).string());
  }
  return {};
}

}  // namespace

Result<WorkingTree> read_working_tree(const fs::path& directory,
                                      const std::vector<fs::path>& leave_out, const Stop& stop) {
  WorkingTree tree;
  std::error_code error;
  tree.root = fs::canonical(directory, error);
  if (error) return fail_errno(error.value(), "{}", directory.string());
  if (!has_repository_above(tree.root)) {
    if (!leave_out.empty()) TRY(list_everything(tree, stop));
  } else if (!os::find_program("git")) {
    return fail(Fault::unavailable,
                "git is missing, and {} is a git repository: install it (apt install git)",
                tree.root.string());
  } else {
    TRY(list_files(tree.root, "", tree.paths, stop));
    TRY(add_commit(tree, stop));
    add_repository(tree);
    std::sort(tree.paths.begin(), tree.paths.end());
    tree.paths.erase(std::unique(tree.paths.begin(), tree.paths.end()), tree.paths.end());
    if (tree.paths.empty())
      return fail(Fault::invalid, "{} holds no files: git ignores all of it", tree.root.string());
  }
  leave_out_of(tree, leave_out);
  return tree;
}

}  // namespace cupel::fleet
