// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "machine/guest_channel.hpp"
#include "machine/guest_place.hpp"
#include "machine/record.hpp"
#include "machine/trouble.hpp"

namespace cupel::machine {

/// What is said with the guest program of one boot. Sessions hold it, so it may outlive that boot.
struct Contact {
  std::unique_ptr<GuestChannel> channel;
  std::unique_ptr<GuestPlace> place;  ///< on that channel
};
using SharedContact = std::shared_ptr<Contact>;  // shared: see above

/// The way to a machine's guest program, which a reboot cuts and this makes anew, on a thread of
/// its own. Any thread.
class Connection {
 public:
  /// What is known of the machine.
  struct About {
    std::string id;
    std::filesystem::path directory;
    Restart restart;
    std::optional<std::filesystem::path> kept;  ///< GuestPlace's
  };
  /// What it tells others, on its thread or on those that call it.
  struct Listener {
    std::function<void(Trouble trouble)> lost;                     ///< it did not come back
    std::function<Result<>(const std::string& boot_id)> returned;  ///< with another boot id
  };

  /// Connects and greets, as what has just gone on where its snapshot was frozen.
  static Result<std::unique_ptr<Connection>> begin(About about, Listener listener,
                                                   const Stop& stop);
  /// Finds a machine that another process spoke with, where `boot_id` ran; it may be in the midst
  /// of a reboot. await_return() says when it is there, on that boot or a later one.
  static std::unique_ptr<Connection> find(About about, Listener listener, std::string boot_id);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Cuts all that goes on and tells nobody; nothing more is heard from it.
  void close();

  const About& about() const { return about_; }
  std::string name() const { return "machine " + about_.id; }

  /// Blocks while the machine reboots.
  Result<SharedContact> contact(const Stop& stop);
  /// The same at once, whatever it is worth; null: there was none yet.
  SharedContact latest() { return state_.lock()->contact; }
  /// Whether that was cut by a reboot.
  bool has_ended(const SharedContact& contact);
  /// Whether it was announced or ordered that it goes down, or it is down. The watch has patience
  /// then.
  bool is_down();
  /// Asks for a sign of life; content while the machine reboots.
  Result<> ping(const Stop& stop);

  /// A command that runs; a reboot is laid to the one that runs alone. Destroy it at its end.
  class Call {
   public:
    explicit Call(Connection& connection) : connection_(&connection) { connection.begin_call(); }
    Call(Call&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Call& operator=(Call&&) = delete;
    ~Call() {
      if (connection_ != nullptr) --connection_->state_.lock()->running;
    }

   private:
    Connection* connection_;
  };
  /// What the console said since commands run there without a break, or since the last one began.
  std::string console_of_commands();
  /// How many commands ran when the latest reboot began, and whether reboot() asked for it.
  struct Blame {
    unsigned commands = 0;
    bool ordered = false;
  };
  Blame blame();
  /// The next reset is by order, from us: what is in memory only may go.
  void order();
  void withdraw_order();

  /// Tells of a reboot as it goes, unless somebody else does; blocks until the machine is back from
  /// the one that cut, or is to cut, `before`.
  using Tell = std::function<void(const std::string& line)>;
  Result<> see_through(const SharedContact& before, const Tell& tell, const Stop& stop);

  // What the watch hears.
  /// QEMU has reset the machine at its own system's wish. Trouble: it is lost with that.
  std::optional<Trouble> reset();
  /// It has ended; who waits for it is told.
  void end(const Trouble& trouble);

 private:
  enum class Phase { up, going_down, away, ended };
  enum class Greeting { first, later, after_another };
  /// What is to be done to find it again.
  struct Return {
    Greeting greeting = Greeting::later;
    std::string last_boot;  ///< not a return if that still runs
  };
  struct State {
    SharedContact contact;
    Phase phase = Phase::away;
    std::uint64_t resets = 0;
    std::optional<Return> due;
    unsigned running = 0;
    std::uintmax_t begun = 0;    // how long its log was when the first of them began
    bool ordered = false;        // the next reset is
    Blame blame;                 // of the latest reboot
    bool told = false;           // somebody tells of this reboot
    SteadyTime since;            // it goes down, or is away
    std::uintmax_t console = 0;  // where its log speaks of that
    std::uintmax_t booted = 0;   // how long its log was when it was up
    std::optional<Error> lost;
  };

  Connection(About about, Listener listener);
  Result<SharedContact> connect(Greeting greeting, const Stop& stop);
  void begin_call();
  void goes_down();
  static void begin_reboot(State& state, std::uintmax_t console);
  std::uintmax_t console_size() const;
  void tell_console(std::uintmax_t from, std::uintmax_t to, const Tell& tell) const;

  // on its own thread
  Result<> attend(const Stop& stop);
  void await_reset(const Stop& stop);
  void come_back(const Return& wanted, const Stop& stop);
  Result<std::optional<Trouble>> meet(std::uint64_t reset, const Return& wanted, const Stop& stop);
  std::optional<Trouble> judge_return() const;
  bool is_current(std::uint64_t reset);

  About about_;
  Listener listener_;
  Locked<State> state_;
  std::unique_ptr<Crew> crew_;  // last: its thread uses the others
};

}  // namespace cupel::machine
