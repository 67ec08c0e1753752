// SPDX-License-Identifier: Apache-2.0
#include "machine/sealed_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace cupel::machine {
namespace {

Result<SealedFile> parse_file(const json::Value& value) {
  SealedFile file;
  file.name = TRY(value.text("name"));
  if (file.name.empty() || file.name[0] == '.' || file.name.find('/') != std::string::npos)
    return fail(Fault::invalid, "no such file can be there: {:?}", file.name);
  file.digest.hex = TRY(value.text("digest"));
  file.stamp.size = static_cast<std::uint64_t>(TRY(value.integer("size")));
  file.stamp.inode = static_cast<std::uint64_t>(TRY(value.integer("inode")));
  file.stamp.modified_ns = TRY(value.integer("modified"));
  file.stamp.changed_ns = TRY(value.integer("changed"));
  return file;
}

}  // namespace

json::Array write_files(const std::vector<SealedFile>& files) {
  json::Array array;
  for (const auto& file : files)
    array.emplace_back(json::Object{{"name", file.name},
                                    {"digest", file.digest.hex},
                                    {"size", file.stamp.size},
                                    {"inode", file.stamp.inode},
                                    {"modified", file.stamp.modified_ns},
                                    {"changed", file.stamp.changed_ns}});
  return array;
}

Result<std::vector<SealedFile>> parse_files(const json::Value& record) {
  const auto* array = record.find("files");
  if (array == nullptr || array->as_array() == nullptr)
    return fail(Fault::invalid, "it names no files");
  std::vector<SealedFile> files;
  for (const auto& file : *array->as_array()) files.push_back(TRY(parse_file(file), "files"));
  return files;
}

Result<> sync_to_disk(const std::filesystem::path& path) {
  const auto fd = TRY(os::open_file(path, O_RDONLY));
  if (::fsync(fd.get()) != 0) return fail_errno(errno, "sync {}", path.string());
  return {};
}

}  // namespace cupel::machine
