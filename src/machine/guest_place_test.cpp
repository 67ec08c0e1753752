// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_place.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "support/guest_process.hpp"
#include "support/kept_contract.hpp"

namespace cupel {
namespace {

/// A place with the guest program and the channel behind it.
class ServedPlace final : public place::Place {
 public:
  explicit ServedPlace(std::optional<os::Credentials> credentials)
      : served_(std::make_unique<Served>(GuestProcess::spawn(std::move(credentials)).value())),
        channel_(served_->connect()),
        place_(*channel_, "machine test", "", served_->kept.path()) {
    channel_->greet();
  }
  /// The same guest program and disk, after who spoke to it was killed.
  static std::unique_ptr<place::Place> after_death(std::unique_ptr<place::Place> earlier) {
    auto& dead = dynamic_cast<ServedPlace&>(*earlier);
    dead.channel_.reset();
    auto place = std::unique_ptr<ServedPlace>(new ServedPlace(std::move(dead.served_)));
    place->channel_->greet_after_another();
    return place;
  }
  std::string describe() const override { return place_.describe(); }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override {
    return place_.start(command, std::move(sink), stop);
  }
  bool keeps_commands() const override { return place_.keeps_commands(); }
  Result<std::unique_ptr<place::Session>> start_kept(const place::Command& command,
                                                     const std::string& directory,
                                                     place::OutputSink sink,
                                                     const Stop& stop) override {
    return place_.start_kept(command, directory, std::move(sink), stop);
  }
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override {
    return place_.push(source, directory, stop);
  }
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override {
    return place_.pull(directory, options, sink, stop);
  }

 private:
  /// What outlives the one who speaks to it.
  struct Served {
    explicit Served(GuestProcess program)
        : guest(std::move(program)), socket(guest.take_socket()) {}
    std::unique_ptr<machine::GuestChannel> connect() const {
      return machine::GuestChannel::open(os::duplicate(socket.get()).value(), "the guest program")
          .value();
    }
    GuestProcess guest;
    os::Fd socket;
    os::TempDir kept = os::TempDir::make("kept").value();
  };
  explicit ServedPlace(std::unique_ptr<Served> served)
      : served_(std::move(served)),
        channel_(served_->connect()),
        place_(*channel_, "machine test", "", served_->kept.path()) {}

  std::unique_ptr<Served> served_;
  std::unique_ptr<machine::GuestChannel> channel_;
  machine::GuestPlace place_;
};

/// Below one directory that goes with the test program; anybody may write there.
std::string fresh_directory() {
  static const auto parent = [] {
    auto directory = os::TempDir::make("guest-place").value();
    ::chmod(directory.path().c_str(), 01777);
    return directory;
  }();
  return (parent.path() / to_hex(random_bytes(8)) / "inner").string();
}

const PlaceKind ours{"Guest", [] { return std::make_unique<ServedPlace>(std::nullopt); },
                     fresh_directory, ServedPlace::after_death};
INSTANTIATE_TEST_SUITE_P(Guest, PlaceKeptCommands, testing::Values(ours));
INSTANTIATE_TEST_SUITE_P(Guest, PlaceCommands, testing::Values(ours));
INSTANTIATE_TEST_SUITE_P(Guest, PlaceFiles, testing::Values(ours));

/// The same without root's rights: no cgroups, no other users.
std::vector<PlaceKind> plain_kinds() {
  if (::geteuid() != 0) return {};
  const os::Credentials nobody{65534, 65534, {}};
  return {{"PlainGuest", [nobody] { return std::make_unique<ServedPlace>(nobody); },
           fresh_directory, ServedPlace::after_death}};
}
INSTANTIATE_TEST_SUITE_P(PlainGuest, PlaceCommands, testing::ValuesIn(plain_kinds()));
INSTANTIATE_TEST_SUITE_P(PlainGuest, PlaceKeptCommands, testing::ValuesIn(plain_kinds()));
INSTANTIATE_TEST_SUITE_P(PlainGuest, PlaceFiles, testing::ValuesIn(plain_kinds()));

}  // namespace
}  // namespace cupel
