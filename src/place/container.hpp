// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "place/place.hpp"

namespace cupel::place {

/// A container to be started by podman.
struct ContainerOrder {
  std::string image;                     ///< as podman knows it
  std::string name;                      ///< unique; `arguments` may have another
  std::string mark;                      ///< the run it belongs to; may be empty
  std::vector<std::string> mounts;       ///< directories, at the same path inside; made if missing
  std::string directory;                 ///< of the main process
  std::vector<std::string> arguments;    ///< further options of podman run
  std::vector<std::string> entry_point;  ///< in place of the image's; empty: that
  /// Of the main process, which must not end; empty: the image's.
  std::vector<std::string> command = {"cat"};
  std::map<std::string, std::string> environment;
};

/// A container at another place, which commands enter. They run as children of the outer place's
/// commands (nsenter, not podman exec): so killing their tree, their terminal and what they leave
/// in the background are as there, and a command costs milliseconds. They have the container's
/// user, environment, files, network, processes and host name, but not its seccomp filter,
/// capabilities and limits. docs/adr/0033 tells why. Any thread.
class Container final : public Place {
 public:
  /// Blocks until its main process runs. `outer` must outlive it. If the image's entry point ends
  /// at once, as one does that does not run what it is given, `cat` takes its place. One of the
  /// same name, which we began and did not finish, is replaced.
  static Result<std::unique_ptr<Container>> start(Place& outer, const ContainerOrder& order,
                                                  const Stop& stop);
  /// Goes on with one that an earlier process of ours started, and owns it. One that has ended, as
  /// all do with their host, is started again with its files as they were. not_found: it is gone.
  static Result<std::unique_ptr<Container>> take_up(Place& outer, const std::string& name,
                                                    std::vector<std::string> mounts,
                                                    const Stop& stop);
  /// Removes it if remove() or leave() was not called.
  ~Container() override;

  /// Ends and removes it, with all that runs in it.
  Result<> remove(const Stop& stop);
  /// It is not ours any more.
  void leave() { owned_ = false; }
  const std::string& name() const { return name_; }

  std::string describe() const override;
  Result<std::unique_ptr<Session>> start(const Command& command, OutputSink sink,
                                         const Stop& stop) override;
  /// Below a mounted directory through the outer place, elsewhere by podman cp.
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;
  /// As the outer place does, where the container lives on by itself.
  bool keeps_commands() const override { return outer_.keeps_commands(); }
  Result<std::unique_ptr<Session>> start_kept(const Command& command, const std::string& directory,
                                              OutputSink sink, const Stop& stop) override;

 private:
  struct Identity {
    std::string user, group;
  };

  Container(Place& outer, std::string name, std::vector<std::string> mounts)
      : outer_(outer), name_(std::move(name)), mounts_(std::move(mounts)) {}
  enum class Main { cat, any };
  /// A command as the outer place is to run it. `word` marks it, and begins our complaints.
  Result<Command> entered(const Command& command, const std::string& word, const Stop& stop);
  std::string directory_of(const Command& command) const;
  Error ended_at_once(const Stop& stop);
  Result<> learn(Main main, const Stop& stop);
  Result<Identity> identity_of(const std::string& user, const Stop& stop);
  bool is_mounted(const std::string& directory) const;
  std::vector<std::string> entering(const Identity& who) const;
  Result<std::string> outer_directory(const Stop& stop);
  void drop_outer_directory(const std::string& directory);

  Place& outer_;
  std::string name_;
  std::vector<std::string> mounts_;
  bool owned_ = false;
  // Known once it runs; never changed afterwards.
  std::string pid_, born_, env_program_, enter_program_, shell_program_;
  Identity self_;
  bool rootless_ = false;
  std::map<std::string, std::string> environment_;
  std::set<std::string> foreign_;  ///< variables of the outer place, which must not come along
};

}  // namespace cupel::place
