// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_program.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

namespace cupel::machine {
namespace {

TEST(GuestProgram, IsASmallExecutable) {
  EXPECT_EQ(guest_program().substr(0, 4),
            "\x7f"
            "ELF");
  EXPECT_LT(guest_program().size(), std::size_t{2} << 20);
}

TEST(GuestProgram, NeedsNoLoader) {
  const auto program = guest_program();
  Elf64_Ehdr head{};
  std::memcpy(&head, program.data(), sizeof head);
  ASSERT_GT(head.e_phnum, 0);
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr part{};
    std::memcpy(&part, program.data() + head.e_phoff + i * sizeof part, sizeof part);
    EXPECT_NE(part.p_type, Elf64_Word{PT_INTERP});
  }
}

}  // namespace
}  // namespace cupel::machine
