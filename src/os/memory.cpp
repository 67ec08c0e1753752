// SPDX-License-Identifier: Apache-2.0
#include "os/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace cupel::os {

namespace {

constexpr std::uintptr_t page = 4096;
constexpr std::uintptr_t huge_page = std::uintptr_t{2} << 20;

std::uintptr_t up_to(std::uintptr_t size, std::uintptr_t address) {
  return (address + size - 1) / size * size;
}

}  // namespace

void expect_heap(Bytes size) {
  static void* kept = nullptr;
  if (kept != nullptr) return;
  constexpr std::uint64_t most = 16U << 20;
  const auto wanted = static_cast<std::size_t>(std::min(size.count, most));
  // The heap is to grow by that at once, and to give nothing back.
  ::mallopt(M_TOP_PAD, static_cast<int>(wanted));
  ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(2 * most));
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(2 * most));
  const auto unit = wanted > huge_page / 2 ? huge_page : page;
  const auto length = up_to(unit, wanted);
  void* const first = std::malloc(length + unit + page);
  if (first == nullptr) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(first);
  const auto aligned = up_to(unit, begin + page);
  auto* const expected = reinterpret_cast<void*>(aligned);
  if (unit == huge_page) ::madvise(expected, length, MADV_HUGEPAGE);
#ifdef MADV_POPULATE_WRITE
  ::madvise(expected, length, MADV_POPULATE_WRITE);
#endif
  if (unit == page) return std::free(first);
  // What lies before it stays taken, and costs an address only: it is not touched.
  kept = std::realloc(first, aligned - begin - page / 2);
}

}  // namespace cupel::os
