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

void populate(std::uintptr_t begin, std::uintptr_t end) {
#ifdef MADV_POPULATE_WRITE
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);
#endif
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
  const bool in_huge_pages = wanted > huge_page / 2;
  void* const first = std::malloc(in_huge_pages ? wanted + 2 * huge_page : wanted / 2);
  if (first == nullptr) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(first);
  if (!in_huge_pages) {
    populate(up_to(page, begin), up_to(page, begin + wanted / 2) - page);
    return std::free(first);
  }
  // What lies before the first huge page stays taken, and costs an address only: it is not touched.
  const auto aligned = up_to(huge_page, begin + page);
  ::madvise(reinterpret_cast<void*>(aligned), up_to(huge_page, wanted), MADV_HUGEPAGE);
  populate(aligned, aligned + up_to(huge_page, wanted));
  kept = std::realloc(first, aligned - begin - page / 2);
}

}  // namespace cupel::os
