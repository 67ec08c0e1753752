// SPDX-License-Identifier: Apache-2.0
#include "os/bundle.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/landing.hpp"
#include "os/listing.hpp"
#include "os/tar_stream.hpp"

namespace cupel::os {

namespace {

void compress(archive* writer) { archive_write_add_filter_zstd(writer); }
void expand(archive* reader) { archive_read_support_filter_zstd(reader); }

ArchiveEntry entry_of(const std::string& name, off_t size) {
  ArchiveEntry entry(archive_entry_new());
  archive_entry_copy_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_size(entry.get(), size);
  return entry;
}

}  // namespace

Result<Bytes> data_of(const fs::path& path) {
  const auto file = TRY(open_file(path.string(), O_RDONLY | O_NOFOLLOW));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_errno(errno, "{}", path.string());
  Bytes sum;
  for (const auto& extent : data_extents(file.get(), status.st_size))
    sum.count += static_cast<std::uint64_t>(extent.end - extent.begin);
  return sum;
}

struct BundleWriter::State {
  explicit State(const ByteSink& sink) : tar(sink, &compress) {}
  TarWriter tar;
};

BundleWriter::BundleWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BundleWriter::BundleWriter(BundleWriter&&) noexcept = default;
BundleWriter::~BundleWriter() = default;

Result<BundleWriter> BundleWriter::open(const ByteSink& sink) {
  auto state = std::make_unique<State>(sink);
  TRY(state->tar.open());
  return BundleWriter(std::move(state));
}

Result<> BundleWriter::add_text(const std::string& name, std::string_view text) {
  const auto entry = entry_of(name, static_cast<off_t>(text.size()));
  TRY(state_->tar.header(entry.get()), "{}", name);
  TRY(state_->tar.data(text), "{}", name);
  return {};
}

Result<> BundleWriter::add_file(const std::string& name, const fs::path& path,
                                const MovedBytes& moved, const Stop& stop) {
  const auto file = TRY(open_file(path.string(), O_RDONLY | O_NOFOLLOW));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_errno(errno, "{}", path.string());
  const auto entry = entry_of(name, status.st_size);
  TRY(state_->tar.file(entry.get(), file.get(), status.st_size, moved, stop), "{}", path.string());
  return {};
}

Result<> BundleWriter::close() { return state_->tar.close(); }

struct BundleReader::State {
  explicit State(const ByteSource& source) : tar(source, &expand) {}
  TarReader tar;
  std::uint64_t size = 0;  // of the entry that was returned last
};

BundleReader::BundleReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
BundleReader::BundleReader(BundleReader&&) noexcept = default;
BundleReader::~BundleReader() = default;

Result<BundleReader> BundleReader::open(const ByteSource& source) {
  auto state = std::make_unique<State>(source);
  TRY(state->tar.open());
  return BundleReader(std::move(state));
}

Result<std::optional<BundleReader::Entry>> BundleReader::next(const Stop& stop) {
  auto* entry = TRY(state_->tar.next());
  if (entry == nullptr) {
    TRY(state_->tar.drain(stop));
    return std::optional<Entry>();
  }
  const char* path = archive_entry_pathname(entry);
  const std::string name(path ? path : "");
  const auto parts = TRY(inner_parts(name), "{:?}", name);
  if (parts.empty() || join(parts, "/") != name)
    return fail(Fault::invalid, "{:?} is no plain name of a file", name);
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
    return fail(Fault::invalid, "{:?} is no plain file", name);
  if (archive_entry_size(entry) < 0) return fail(Fault::invalid, "{:?} has no size", name);
  state_->size = static_cast<std::uint64_t>(archive_entry_size(entry));
  return Entry{name, state_->size};
}

Result<std::string> BundleReader::text(std::size_t limit, const Stop& stop) {
  if (state_->size > limit) return fail(Fault::invalid, "it has more than {} bytes", limit);
  std::string text(static_cast<std::size_t>(state_->size), '\0');
  while (const auto block = TRY(state_->tar.next_block())) {
    TRY(stop.check());
    const auto at = static_cast<std::uint64_t>(block->offset);
    if (block->offset < 0 || at > text.size() || block->bytes.size() > text.size() - at)
      return fail(Fault::invalid, "it is larger than it says");
    text.replace(at, block->bytes.size(), block->bytes);
  }
  return text;
}

Result<> BundleReader::write_to(const fs::path& path, Bytes most, const MovedBytes& moved,
                                const Stop& stop) {
  const auto file = TRY(open_file(path.string(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  std::uint64_t sum = 0;
  while (const auto block = TRY(state_->tar.next_block())) {
    TRY(stop.check());
    const auto at = static_cast<std::uint64_t>(block->offset);
    sum += block->bytes.size();
    if (block->offset < 0 || at > state_->size || block->bytes.size() > state_->size - at ||
        sum > most.count)
      return fail(Fault::invalid, "it is larger than it says");
    TRY(Landing::write_at(file, block->bytes, block->offset), "{}", path.string());
    if (moved) moved(block->bytes.size());
  }
  if (::ftruncate(file.get(), static_cast<off_t>(state_->size)) != 0)
    return fail_errno(errno, "make {} that large", path.string());
  return {};
}

}  // namespace cupel::os
