// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_place.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "support/kept_contract.hpp"
#include "support/served_place.hpp"

namespace cupel {
namespace {

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
