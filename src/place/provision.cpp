// SPDX-License-Identifier: Apache-2.0
#include "place/provision.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "os/fd.hpp"
#include "place/transfer.hpp"

namespace cupel::place {
namespace {

constexpr std::size_t largest_script = 16U << 20;
/// Where a step's own files are while it runs; gone afterwards, so that no layer holds them.
constexpr std::string_view aside = "/var/tmp/cupel-provision";

/// What a command prints, cut into lines.
class Lines {
 public:
  explicit Lines(const LineSink& sink) : sink_(sink) {}
  void take(std::string_view bytes) {
    text_ += bytes;
    for (auto end = text_.find('\n'); end != std::string::npos || text_.size() > longest;
         end = text_.find('\n')) {
      end = std::min({end, text_.size(), longest});
      sink_(printable(std::string_view(text_).substr(0, end)));
      text_.erase(0, end + (end < text_.size() && text_[end] == '\n' ? 1 : 0));
    }
  }
  void finish() {
    if (!text_.empty()) sink_(printable(text_));
  }

 private:
  static constexpr std::size_t longest = 4096;
  const LineSink& sink_;
  std::string text_;
};

Result<os::fs::path> source_of(const ProvisionStep& step) {
  std::error_code error;
  const auto real = os::fs::canonical(step.source, error);
  if (error) return fail(Fault::invalid, "{}: {}", step.source.string(), error.message());
  if (step.inside.empty()) return real;
  const auto root = os::fs::canonical(step.inside, error);
  const auto below = real.lexically_relative(root);
  if (error || below.empty() || *below.begin() == "..")
    return fail(Fault::invalid, "{} lies outside of {}", step.source.string(),
                step.inside.string());
  return real;
}

Result<> feed_entry(Hasher& hasher, const os::fs::path& path, const std::string& name,
                    const Stop& stop) {
  TRY(stop.check());
  std::error_code error;
  const auto status = os::fs::symlink_status(path, error);
  if (error) return fail(Fault::invalid, "read {}: {}", path.string(), error.message());
  hasher.feed_part(name).feed_part(std::to_string(static_cast<unsigned>(status.permissions())));
  if (os::fs::is_symlink(status)) {
    hasher.feed_part("link").feed_part(os::fs::read_symlink(path, error).string());
  } else if (os::fs::is_directory(status)) {
    hasher.feed_part("directory");
  } else if (os::fs::is_regular_file(status)) {
    hasher.feed_part("file").feed_part(std::to_string(TRY(os::stamp(path)).size));
    const auto source = TRY(read_in_pieces(path, stop));
    for (;;) {
      const auto piece = TRY(source());
      if (piece.empty()) break;
      hasher.feed(piece);
    }
  } else {
    return fail(Fault::invalid, "{} is no file, directory or link", path.string());
  }
  return {};
}

Result<> feed_tree(Hasher& hasher, const os::fs::path& root, const Stop& stop) {
  TRY(feed_entry(hasher, root, "", stop));
  std::error_code error;
  if (!os::fs::is_directory(root, error)) return {};
  std::vector<os::fs::path> paths;
  for (os::fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error))
    paths.push_back(entry->path());
  if (error) return fail(Fault::invalid, "list {}: {}", root.string(), error.message());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths)
    TRY(feed_entry(hasher, path, path.lexically_relative(root).string(), stop));
  return {};
}

Result<> run_step(Place& place, Command command, const LineSink& sink, const Stop& stop) {
  Lines lines(sink);
  const auto exit = TRY(run(
      place, command, [&](Stream, std::string_view bytes) { lines.take(bytes); }, stop));
  lines.finish();
  if (exit.signal != 0) return fail(Fault::invalid, "was killed by signal {}", exit.signal);
  if (exit.status != 0) return fail(Fault::invalid, "exited with {}", exit.status);
  return {};
}

Result<> clear(Place& place, const Stop& stop) {
  Command command;
  command.argv = {"rm", "-rf", "--", std::string(aside)};
  TRY(run_captured(place, command, stop));
  return {};
}

Result<> run_script(Place& place, const ProvisionStep& step, const LineSink& sink,
                    const Stop& stop) {
  const auto text =
      step.source.empty() ? step.script : TRY(os::read_file(TRY(source_of(step)), largest_script));
  const auto path = std::string(aside) + "/script";
  Command write;
  write.argv = {"/bin/sh", "-ec", "mkdir -p \"${0%/*}\"; cat >\"$0\"; chmod 700 \"$0\"", path};
  write.input = text;
  const auto written = TRY(run_captured(place, write, stop));
  if (written.exit.status != 0)
    return fail(Fault::invalid, "cannot be written: {}", trim(written.err));
  Command command;
  command.argv = {"/bin/sh", "-e", path};
  if (text.starts_with("#!")) command.argv = {path};
  command.environment = step.environment;
  return run_step(place, std::move(command), sink, stop);
}

Result<> copy_files(Place& place, const ProvisionStep& step, const Stop& stop) {
  const auto source = TRY(source_of(step));
  if (os::fs::is_directory(source)) return push_directory(place, step.target, source, stop);
  const auto name = step.source.filename().string();
  return push_file(place, step.target.ends_with('/') ? step.target + name : step.target, source,
                   stop);
}

Result<> install(Place& place, const ProvisionStep& step, const FetchPackages& fetch,
                 const LineSink& sink, const Stop& stop) {
  Command read;
  read.argv = {"cat", "/var/lib/dpkg/status"};
  const auto status = TRY(run_captured(place, read, stop));
  if (status.exit.status != 0)
    return fail(Fault::invalid, "needs a Debian system, as cupel/debian-12: there is no dpkg");
  if (!fetch) return fail(Fault::unavailable, "no packages can be fetched here");
  const auto files = TRY(fetch(step.packages, status.out, stop), "fetch packages");
  if (files.empty()) return {};
  {
    const auto together = TRY(os::TempDir::make("packages"));
    std::error_code error;
    for (const auto& file : files) {
      os::fs::copy_file(file, together.path() / file.filename(), error);
      if (error) return fail(Fault::unavailable, "copy {}: {}", file.string(), error.message());
    }
    TRY(push_directory(place, std::string(aside), together.path(), stop));
  }
  Command command;
  // Its own lists are of no use: all that is needed is here.
  command.argv = {"/bin/sh", "-ec",
                  "cd \"$0\" && exec apt-get install -q -y --no-install-recommends "
                  "-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold ./*.deb </dev/null",
                  std::string(aside)};
  command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
  return run_step(place, std::move(command), sink, stop);
}

}  // namespace

std::string describe(const ProvisionStep& step) {
  constexpr std::size_t widest = 60;
  if (!step.name.empty()) return printable(step.name);
  if (step.kind == ProvisionStep::Kind::packages) return "packages " + join(step.packages, ", ");
  if (step.kind == ProvisionStep::Kind::file)
    return fmt::format("file {} to {}", step.source.filename().string(), step.target);
  if (!step.source.empty()) return "shell " + step.source.filename().string();
  const auto script = trim(step.script);
  const auto line = script.substr(0, script.find('\n'));
  return fmt::format("shell {}{}", printable(line.substr(0, widest)),
                     line.size() > widest ? "..." : "");
}

Result<Digest> digest_of(const ProvisionStep& step, const Stop& stop) {
  Hasher hasher;
  hasher.feed_part(std::to_string(static_cast<int>(step.kind)));
  hasher.feed_part(step.script).feed_part(step.target);
  for (const auto& [name, value] : step.environment) hasher.feed_part(name).feed_part(value);
  hasher.feed_part("packages");
  for (const auto& name : step.packages) hasher.feed_part(name);
  if (step.source.empty()) return hasher.finish();
  const auto source = TRY(source_of(step));
  hasher.feed_part(step.source.filename().string());
  TRY(feed_tree(hasher, source, stop));
  return hasher.finish();
}

Result<> provision(Place& place, const ProvisionStep& step, const FetchPackages& fetch,
                   const LineSink& sink, const Stop& stop) {
  using Kind = ProvisionStep::Kind;
  if (step.kind == Kind::file) return copy_files(place, step, stop);
  auto done = step.kind == Kind::shell ? run_script(place, step, sink, stop)
                                       : install(place, step, fetch, sink, stop);
  if (!done) return done;
  return clear(place, stop);
}

}  // namespace cupel::place
