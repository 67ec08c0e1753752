// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_place.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "support/guest_process.hpp"
#include "support/place_contract.hpp"

namespace cupel {
namespace {

/// A place with the guest program and the channel behind it.
class ServedPlace final : public place::Place {
 public:
  explicit ServedPlace(std::optional<os::Credentials> credentials)
      : guest_(GuestProcess::spawn(std::move(credentials)).value()),
        channel_(machine::GuestChannel::open(guest_.take_socket(), "the guest program").value()),
        place_(*channel_, "machine test", "") {
    channel_->greet();
  }
  std::string describe() const override { return place_.describe(); }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override {
    return place_.start(command, std::move(sink), stop);
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
  GuestProcess guest_;
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
                     fresh_directory};
INSTANTIATE_TEST_SUITE_P(Guest, PlaceCommands, testing::Values(ours));
INSTANTIATE_TEST_SUITE_P(Guest, PlaceFiles, testing::Values(ours));

/// The same without root's rights: no cgroups, no other users.
std::vector<PlaceKind> plain_kinds() {
  if (::geteuid() != 0) return {};
  const os::Credentials nobody{65534, 65534, {}};
  return {
      {"PlainGuest", [nobody] { return std::make_unique<ServedPlace>(nobody); }, fresh_directory}};
}
INSTANTIATE_TEST_SUITE_P(PlainGuest, PlaceCommands, testing::ValuesIn(plain_kinds()));
INSTANTIATE_TEST_SUITE_P(PlainGuest, PlaceFiles, testing::ValuesIn(plain_kinds()));

}  // namespace
}  // namespace cupel
