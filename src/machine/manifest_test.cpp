// SPDX-License-Identifier: Apache-2.0
#include "machine/manifest.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "machine/sparse_digest.hpp"

namespace cupel::machine {
namespace {

namespace fs = std::filesystem;

class Sealed : public testing::Test {
 protected:
  void SetUp() override {
    std::string memory(1 << 20, '\0');
    memory.replace(300000, 4, "data");
    write("memory", memory);
    write("state", "the devices");
    ASSERT_TRUE(
        seal(path(), {key_, "cupel/tiny", "2 cpus", "", {}, {}}, {"memory", "state"}, Stop{}));
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path() / name, std::ios::binary | std::ios::trunc) << text;
  }
  const fs::path& path() { return directory_->path(); }
  Digest key_ = digest_of("key");
  Result<os::TempDir> directory_ = os::TempDir::make("manifest");
};

TEST_F(Sealed, IsAcceptedAsItIs) {
  const auto manifest = verify(path(), key_, Stop{});
  ASSERT_TRUE(manifest) << manifest.error().text();
  EXPECT_EQ(manifest->files.size(), 2U);
}

TEST_F(Sealed, TakesNoSpaceForZeros) {
  EXPECT_LE(os::disk_usage(path() / "memory").count, 64U << 10);
}

TEST_F(Sealed, IsAcceptedAsACopy) {
  const auto text = *os::read_file(path() / "memory");
  fs::remove(path() / "memory");
  write("memory", text);
  EXPECT_TRUE(verify(path(), key_, Stop{}));
}

TEST_F(Sealed, IsRefusedOnceEdited) {
  auto text = *os::read_file(path() / "memory");
  text[300001] = 'X';
  write("memory", text);
  const auto manifest = verify(path(), key_, Stop{});
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().text(), "memory was changed");
}

TEST_F(Sealed, IsRefusedOnceTruncatedOrIncomplete) {
  fs::resize_file(path() / "state", 3);
  EXPECT_EQ(verify(path(), key_, Stop{}).error().text(), "state has 3 bytes instead of 11");
  fs::remove(path() / "state");
  EXPECT_FALSE(verify(path(), key_, Stop{}));
}

TEST_F(Sealed, IsRefusedForAnotherKeyOrWithoutAWholeManifest) {
  EXPECT_FALSE(verify(path(), digest_of("another"), Stop{}));
  auto text = *os::read_file(path() / "manifest.json");
  auto edited = text;
  edited.replace(edited.find("cupel/tiny"), 10, "cupel/tony");
  write("manifest.json", edited);
  EXPECT_FALSE(verify(path(), key_, Stop{}));
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, text.size() / 2}) {
    write("manifest.json", text.substr(0, size));
    EXPECT_FALSE(verify(path(), key_, Stop{})) << size;
  }
}

TEST(SparseDigest, DoesNotDependOnHoles) {
  const auto directory = os::TempDir::make("sparse");
  const auto file = directory->path() / "f";
  std::string text(3 << 20, '\0');
  text[5] = 'a';
  text[2500000] = 'b';
  text += "end";
  std::ofstream(file, std::ios::binary) << text;
  const auto whole = digest_sparse(file, Zeros::keep, Stop{});
  const auto punched = digest_sparse(file, Zeros::punch, Stop{});
  const auto sparse = digest_sparse(file, Zeros::keep, Stop{});

  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(*whole, *punched);
  EXPECT_EQ(*whole, *sparse);
  EXPECT_EQ(*os::read_file(file), text);
  EXPECT_LE(os::disk_usage(file).count, 64U << 10);
}

}  // namespace
}  // namespace cupel::machine
