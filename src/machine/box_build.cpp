// SPDX-License-Identifier: Apache-2.0
#include "machine/box_build.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "machine/box_needs.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

/// The lines of a pipe, as they come.
class Lines {
 public:
  Lines() = default;
  explicit Lines(os::Fd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  bool open() const { return bool(fd_); }

  /// Reads what is there and calls `take` for each line; closes at the end of the stream.
  template <typename Take>
  void read(const Take& take) {
    std::array<char, 16384> buffer;
    const auto got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) fd_.reset();
    text_.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    // A progress bar ends its lines otherwise; one that never ends is cut.
    for (auto end = text_.find_first_of("\n\r"); end != std::string::npos || text_.size() > longest;
         end = text_.find_first_of("\n\r")) {
      end = std::min({end, text_.size(), longest});
      if (end > 0) take(std::string_view(text_).substr(0, end));
      text_.erase(0, end + 1);
    }
    if (!fd_ && !text_.empty()) take(text_);
  }

 private:
  static constexpr std::size_t longest = 4096;
  os::Fd fd_;
  std::string text_;
};

/// A script that runs, and what it says.
class RunningScript {
 public:
  static Result<RunningScript> start(const BoxBuild& build, std::vector<std::string> argv) {
    RunningScript script;
    auto out = TRY(os::make_pipe());
    auto err = TRY(os::make_pipe());
    auto status = TRY(os::make_pipe());
    for (const auto* fd : {&out.read, &err.read, &status.read}) TRY(os::set_nonblocking(*fd));
    script.log_ = TRY(os::open_file(build_log(build).string(), O_WRONLY | O_CREAT | O_TRUNC));
    os::Spawn spawn;
    spawn.argv = std::move(argv);
    spawn.environment = environment_of(build, status.write.get());
    spawn.keep = {status.write.get()};
    spawn.out = std::move(out.write);
    spawn.err = std::move(err.write);
    script.process_ = TRY(os::Process::spawn(std::move(spawn)));
    script.out_ = Lines(std::move(out.read));
    script.err_ = Lines(std::move(err.read));
    script.status_ = Lines(std::move(status.read));
    return script;
  }

  /// Blocks until all of it has ended: its pipes are closed only then.
  Result<> follow(const BoxProgressSink& sink, const Stop& stop) {
    while (out_.open() || err_.open() || status_.open()) {
      std::array<os::Watched, 3> watched{
          {{out_.fd(), POLLIN}, {err_.fd(), POLLIN}, {status_.fd(), POLLIN}}};
      const auto waited = os::wait(watched, stop.within(1s));
      if (!waited) TRY(stop.check());
      bool changed = !waited;
      if (watched[0].ready != 0)
        out_.read([&](std::string_view line) { changed |= reader_.read_script(line); });
      if (watched[1].ready != 0)
        err_.read([&](std::string_view line) { changed |= take_words(line); });
      if (watched[2].ready != 0)
        status_.read([&](std::string_view line) { changed |= reader_.read_status(line); });
      if (changed) report(sink);
    }
    return {};
  }

  Result<os::Exit> end(const Stop& stop) { return process_->wait(stop); }

  /// Kills it, and waits until nobody holds its pipes any more.
  void kill() {
    process_->signal(SIGKILL);
    static_cast<void>(follow([](const BoxProgress&) {}, Stop{}.within(10s)));
  }

  const std::deque<std::string>& last_words() const { return last_words_; }
  const BoxProgress& now() const { return reader_.now(); }

 private:
  static std::vector<std::string> environment_of(const BoxBuild& build, int status) {
    std::vector<std::string> result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
      if (!std::string_view(*entry).starts_with("CUPEL_")) result.emplace_back(*entry);
    const auto add = [&](const char* name, const std::string& value) {
      if (!value.empty()) result.push_back(fmt::format("{}={}", name, value));
    };
    const auto& options = build.options;
    add("CUPEL_STATUS_FD", std::to_string(status));
    add("CUPEL_SOURCES", options.sources.string());
    add("CUPEL_KEYRING", options.keyring.string());
    add("CUPEL_KERNEL", options.kernel);
    add("CUPEL_EXTRA_PACKAGES", join(options.extra_packages, " "));
    add("CUPEL_DISK_SIZE", options.disk_size);
    add("CUPEL_FRESH", build.packages == BoxBuild::Packages::newest ? "1" : "");
    return result;
  }

  bool take_words(std::string_view line) {
    // A log that cannot be written (no space) costs the log, not the build.
    static_cast<void>(os::write_all(log_, std::string(line) + "\n", Stop{}));
    last_words_.push_back(printable(line));
    if (last_words_.size() > last_words_limit) last_words_.pop_front();
    return reader_.read_words(line);
  }

  void report(const BoxProgressSink& sink) const {
    auto progress = reader_.now();
    progress.elapsed = std::chrono::steady_clock::now() - began_;
    sink(progress);
  }

  std::optional<os::Process> process_;
  SteadyTime began_ = std::chrono::steady_clock::now();
  Lines out_, err_, status_;
  os::Fd log_;
  BoxProgressReader reader_;
  std::deque<std::string> last_words_;
};

/// What a killed build left behind may belong to subordinate ids, so the script removes it.
void clean(const BoxBuild& build, std::vector<std::string> cage) {
  cage.insert(cage.end(),
              {"sh", (build.scripts / "build").string(), "--clean", build.cache.string()});
  os::Spawn spawn;
  spawn.argv = std::move(cage);
  // Also after a stop, hence a deadline of its own; what stays is removed by the next build.
  static_cast<void>(os::capture(std::move(spawn), "", Stop{}.within(60s)));
}

bool starts(const std::string& line, std::string_view start) { return line.starts_with(start); }

/// The first line that begins so, without that beginning.
std::optional<std::string> after(const std::deque<std::string>& lines, std::string_view start,
                                 std::string_view dropped) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const auto& line) { return starts(line, start); });
  if (found == lines.end()) return std::nullopt;
  return found->substr(dropped.size());
}

bool tells_of_no_space(const std::string& line) {
  return line.find("No space left on device") != std::string::npos ||
         line.find("have enough free space") != std::string::npos ||
         line.find("Disk quota exceeded") != std::string::npos;
}

}  // namespace

fs::path build_log(const BoxBuild& build) { return build.cache / (build.kind.folder + ".log"); }

Error judge_build(os::Exit exit, const std::deque<std::string>& last_words, const fs::path& place) {
  if (std::any_of(last_words.begin(), last_words.end(), tells_of_no_space))
    return {Fault::unavailable, fmt::format("no space left in {}", place.string())};
  const auto last = last_words.empty() ? std::string("it said nothing") : last_words.back();
  const auto own = after(last_words, "error: ", "error: ");
  if (exit.signal != 0 || exit.status > 128)
    return {Fault::unavailable,
            fmt::format("killed by signal {} (was memory short?)", exit.status - 128)};
  if (exit.status == 3) return {Fault::unavailable, own.value_or(last)};
  if (exit.status == 4) {
    auto reason = after(last_words, "E: Failed to fetch", "E: ");
    if (!reason) reason = after(last_words, "E: ", "E: ");
    return {Fault::unavailable,
            fmt::format("the Debian mirror cannot be reached: {}; run again to continue",
                        reason.value_or(own.value_or(last)))};
  }
  return {Fault::internal, own.value_or(last)};
}

Result<> run_build(const BoxBuild& build, const BoxProgressSink& sink, const Stop& stop) {
  TRY(check_programs(build.kind));
  const auto cage = TRY(find_cage(build.kind, stop));
  auto argv = cage;
  argv.insert(argv.end(), {"sh", (build.scripts / "build").string(), build.kind.folder,
                           build.output.string(), build.cache.string()});
  auto script = TRY(RunningScript::start(build, std::move(argv)));
  const auto followed = script.follow(sink, stop);
  if (!followed) {
    script.kill();
    clean(build, cage);
    return followed;
  }
  const auto exit = TRY(script.end(stop));
  if (exit.status == 0) return {};
  clean(build, cage);
  const auto judged = judge_build(exit, script.last_words(), build.output.parent_path());
  Error error(judged.fault(),
              fmt::format("{} (log: {})", judged.message(), build_log(build).string()));
  const auto& now = script.now();
  if (now.step > 0) error.add_frame(fmt::format("step {} of {}, {}", now.step, now.of, now.text));
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace cupel::machine
