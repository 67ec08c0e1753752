// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "os/archive.hpp"
#include "os/process.hpp"
#include "os/terminal.hpp"

namespace cupel::place {

/// A command for a place. Exactly argv; no shell in between.
struct Command {
  std::vector<std::string> argv;
  /// On top of the place's own environment (which holds at least PATH, HOME, USER, SHELL, LANG).
  std::map<std::string, std::string> environment;
  std::string directory;  ///< absolute; the home directory if empty
  std::string user;       ///< the place's default user if empty (root in a machine)
  std::string input;      ///< standard input, or the first of it
  /// given: it ends there, but for a terminal. later: write() and close_input() go on; only places
  /// that say so take that.
  enum class Input { given, later } input_comes = Input::given;
  enum class Streams { apart, terminal } streams = Streams::apart;  ///< terminal: a pty, all on out
  os::WindowSize window;                                            ///< for a terminal
};

enum class Stream { out, err };
/// Takes output as it is written, in order, on one thread. Chunks, not lines. May block: then the
/// command's writes block in turn, and nothing piles up.
using OutputSink = std::function<void(Stream, std::string_view bytes)>;

/// A command that runs. Destroying it before wait() has told its end kills its whole process tree.
/// After that, what it left in the background lives on until the place is destroyed. One thread
/// waits; others may write, resize, signal and kill meanwhile.
class Session {
 public:
  virtual ~Session() = default;
  /// Blocks till the command's first process has ended and its output so far was delivered. What
  /// it left in the background lives on. When stopped: returns that failure; call kill_tree then.
  virtual Result<os::Exit> wait(const Stop& stop) = 0;
  /// More standard input; for terminals alone (else conflict). Blocks while nobody reads it.
  virtual Result<> write(std::string_view bytes, const Stop& stop) = 0;
  virtual Result<> close_input() = 0;
  virtual Result<> resize(os::WindowSize size) = 0;
  /// To the command's process group.
  virtual Result<> signal(int number) = 0;
  /// SIGTERM to the whole tree (double forks too), SIGKILL after `grace`; blocks until it is gone.
  virtual Result<> kill_tree(Duration grace, const Stop& stop) = 0;
};

/// Somewhere commands run: this host, a machine, a container in a machine. Any thread.
class Place {
 public:
  virtual ~Place() = default;
  /// For people: "host", "machine 3f2a".
  virtual std::string describe() const = 0;
  virtual Result<std::unique_ptr<Session>> start(const Command& command, OutputSink sink,
                                                 const Stop& stop) = 0;
  /// Unpacks a pax tar stream below `directory` (made if missing), owned by the default user.
  virtual Result<> push(const os::ByteSource& source, const std::string& directory,
                        const Stop& stop) = 0;
  /// Packs what is selected below `directory`; not_found if there is no such directory.
  virtual Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                                       const os::ByteSink& sink, const Stop& stop) = 0;
  /// Whether commands can outlive us here, with all that they print.
  virtual bool keeps_commands() const { return false; }
  /// A command that goes on when we die. It is kept in `directory` of the place: where an earlier
  /// call, perhaps of an earlier process, has started one there, that one is taken up instead, with
  /// its output from the beginning. Destroying the session leaves it alone. Only without input.
  virtual Result<std::unique_ptr<Session>> start_kept(const Command& command,
                                                      const std::string& directory, OutputSink sink,
                                                      const Stop& stop);
};

/// Starts, waits, and kills the whole tree when stopped (TERM, then KILL after 20 s as Jenkins);
/// what it prints on its way down is delivered.
Result<os::Exit> run(Place& place, const Command& command, OutputSink sink, const Stop& stop);
/// The same for one that was started already.
Result<os::Exit> finish(Session& session, const Stop& stop);

struct Output {
  os::Exit exit;
  std::string out;
  std::string err;
};
/// The same with the output kept, each stream up to `limit` bytes (beyond: fails with invalid).
Result<Output> run_captured(Place& place, const Command& command, const Stop& stop,
                            std::size_t limit = 64U << 20);

}  // namespace cupel::place
