// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "os/archive_file.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"
#include "place/transfer.hpp"

namespace cupel::pipeline::steps {
namespace {

struct Format {
  const char* step;       ///< "zip"
  const char* parameter;  ///< "zipFile"
  os::ArchiveFormat plain, compressed;
};
constexpr Format zip_format = {"zip", "zipFile", os::ArchiveFormat::zip, os::ArchiveFormat::zip};
constexpr Format tar_format = {"tar", "file", os::ArchiveFormat::tar, os::ArchiveFormat::tar_gzip};

Parameters compress_parameters(const Format& format) {
  Parameters parameters = {
      takes(format.parameter, Kind::text, "", "The archive to make"),
      takes("dir", Kind::text, "the current directory", "What is put into it"),
      takes("glob", Kind::text, "everything", "Ant patterns of the files that are wanted"),
      takes("exclude", Kind::text, "", "Ant patterns of those that are not"),
      takes("archive", Kind::flag, "false", "Whether the archive is an artifact too"),
      takes("overwrite", Kind::flag, "false", "Whether a file that is there is replaced"),
      takes("defaultExcludes", Kind::flag, "true", "Whether Ant's default excludes are left out")};
  if (std::string_view(format.step) == "tar")
    parameters.push_back(takes("compress", Kind::flag, "true", "Whether it is compressed by gzip"));
  // zip(credentialsId: ...) binds a file in withCredentials.
  if (std::string_view(format.step) == "zip") {
    parameters.push_back(takes("file", Kind::text, "", "Another name of zipFile"));
    parameters.push_back(
        takes("credentialsId", Kind::text, "", "In withCredentials: the credential to unpack"));
    parameters.push_back(
        takes("variable", Kind::text, "", "In withCredentials: what holds the directory"));
  }
  return parameters;
}

/// zip zipFile: 'x.zip', dir: 'out'  |  tar file: 'x.tgz', glob: '**/*.log'
class Compress final : public SignedStep {
 public:
  explicit Compress(const Format& format)
      : SignedStep(step(format.step, "",
                        std::string("Makes a ") + format.step + " archive of files of the node",
                        compress_parameters(format))),
        format_(format) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    if (arguments.has("credentialsId")) return binding(arguments);
    auto file = TRY(arguments.text(format_.parameter, ""));
    if (file.empty()) file = TRY(arguments.text("file", ""));
    if (file.empty())
      return raise("java.lang.IllegalArgumentException", "Can not be empty: {}", format_.parameter);
    const auto directory = TRY(arguments.text("dir", ""));
    const auto source = directory.empty() ? context.directory() : TRY(context.resolve(directory));
    const auto target = TRY(context.resolve(file));
    TRY(check(source, target, TRY(arguments.flag("overwrite")), context));
    const auto glob = TRY(arguments.text("glob", ""));
    const auto exclude = TRY(arguments.text("exclude", ""));
    context.print(
        "Compress " + source +
        (glob.empty() && exclude.empty() ? "" : " filtered by [" + glob + "] - [" + exclude + "]") +
        " to " + target);
    auto count = make(arguments, source, target, context);
    if (!count) return tl::unexpected(context.failure(std::move(count.error())));
    context.print("Compressed " + std::to_string(*count) + " entries.");
    if (TRY(arguments.flag("archive"))) TRY(archive(file, target, context));
    return Value();
  }

 private:
  static Outcome<Value> binding(const Arguments& arguments) {
    auto map = std::make_shared<Map>();
    TRY(Outcome<void>(map->put(Value("$class"), Value("zip"))));
    for (const auto* name : {"credentialsId", "variable"})
      TRY(Outcome<void>(map->put(Value(name), Value(TRY(arguments.text(name, ""))))));
    return Value(std::move(map));
  }

  static Outcome<void> check(const std::string& source, const std::string& target, bool overwrite,
                             StepContext& context) {
    const auto kind = TRY(kind_of(context, source));
    if (kind == PathKind::missing)
      return raise("java.io.IOException", "{} does not exist.", source);
    if (kind == PathKind::file)
      return raise("java.io.IOException", "{} is not a directory.", source);
    if (!overwrite && TRY(kind_of(context, target)) != PathKind::missing)
      return raise("java.io.IOException", "{} exists.", target);
    return {};
  }

  Result<std::size_t> make(const Arguments& arguments, const std::string& source,
                           const os::fs::path& target, StepContext& context) const {
    using Defaults = os::Selection::Defaults;
    auto* node = TRY(context.node());
    const bool defaults = TRY(arguments.flag("defaultExcludes", true));
    auto selection =
        selection_of(TRY(arguments.text("glob", "")), TRY(arguments.text("exclude", "")),
                     defaults ? Defaults::exclude : Defaults::keep);
    // Not the archive itself, which an earlier run may have left there.
    if (const auto own = target.lexically_relative(source).string(); !own.starts_with(".."))
      selection.excludes.push_back(own);
    const auto aside = TRY(os::TempDir::make("archive"));
    const auto names =
        TRY(fetch(node->place(), source, selection, aside.path() / "in", context.stop()));
    TRY(os::make_directories(aside.path() / "out"));
    const bool compressed = TRY(arguments.flag("compress", true));
    const auto file = aside.path() / "out" / target.filename();
    const auto count = TRY(os::write_archive(aside.path() / "in", names,
                                             compressed ? format_.compressed : format_.plain, file,
                                             context.stop()));
    TRY(place::push_directory(node->place(), target.parent_path().string(), aside.path() / "out",
                              context.stop()));
    return count;
  }

  static Outcome<void> archive(const std::string& file, const os::fs::path& target,
                               StepContext& context) {
    context.print("Archiving " + target.string());
    auto* node = TRY(context.node());
    const auto relative = target.lexically_relative(context.directory()).string();
    os::Selection selection;
    selection.includes = {relative};
    auto names = fetch(node->place(), context.directory(), selection, context.files().artifacts(),
                       context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    if (names->empty())
      return raise("hudson.AbortException", "{} is outside of {}", file, context.directory());
    context.files().add_artifacts(std::move(*names));
    return {};
  }

  Format format_;
};

/// unzip zipFile: 'x.zip', dir: 'out'  |  untar file: 'x.tgz'
class Decompress final : public SignedStep {
 public:
  explicit Decompress(const Format& format)
      : SignedStep(step(std::string("un") + format.step, "",
                        std::string("Unpacks a ") + format.step + " archive of the node",
                        parameters(format))),
        format_(format) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto file = TRY(arguments.text(format_.parameter, ""));
    if (file.empty()) file = TRY(arguments.text("file", ""));
    if (file.empty())
      return raise("java.lang.IllegalArgumentException", "Can not be empty: {}", format_.parameter);
    const auto source = TRY(context.resolve(file));
    const bool test = TRY(arguments.flag("test"));
    const auto kind = TRY(kind_of(context, source));
    if (kind != PathKind::file) {
      const auto text =
          source + (kind == PathKind::missing ? " does not exist." : " is a directory.");
      if (!test) return raise("java.io.IOException", "{}", text);
      context.print("ERROR: " + text);
      return Value(false);
    }
    const auto directory = TRY(arguments.text("dir", ""));
    const auto target = directory.empty() ? context.directory() : TRY(context.resolve(directory));
    return unpack(arguments, source, target, context);
  }

 private:
  static Parameters parameters(const Format& format) {
    Parameters all = {
        takes(format.parameter, Kind::text, "", "The archive"),
        takes("dir", Kind::text, "the current directory", "Where it is unpacked"),
        takes("glob", Kind::text, "everything", "Ant patterns of the files that are wanted"),
        takes("test", Kind::flag, "false",
              "Only look whether the archive is whole, and give true or false"),
        takes("quiet", Kind::flag, "false", "Whether the files' names are left out of the log")};
    if (std::string_view(format.step) == "zip") {
      all.push_back(takes("file", Kind::text, "", "Another name of zipFile"));
      all.push_back(takes("charset", Kind::text, "UTF-8", "The names' encoding; only UTF-8"));
      all.push_back(takes("read", Kind::flag, "false",
                          "Only give the files' contents: a map of names and texts"));
    } else {
      all.push_back(ignores("keepPermissions", Kind::flag));
    }
    return all;
  }

  Outcome<Value> unpack(const Arguments& arguments, const os::fs::path& source,
                        const std::string& target, StepContext& context) const {
    auto* node = TRY(context.node());
    const auto aside = TRY(os::TempDir::make("archive"));
    os::Selection only;
    only.includes = {source.filename().string()};
    auto fetched =
        fetch(node->place(), source.parent_path().string(), only, aside.path(), context.stop());
    if (!fetched) return tl::unexpected(context.failure(std::move(fetched.error())));
    const auto archive = aside.path() / source.filename();
    if (TRY(arguments.flag("test"))) return tested(archive, source, context);
    os::Selection selection;
    selection.includes = os::parse_patterns(TRY(arguments.text("glob", "")));
    const auto wanted = [&](std::string_view path) { return os::selects(selection, path); };
    if (TRY(arguments.flag("read"))) return contents(archive, wanted, context);
    context.print("Extracting from " + source.string());
    auto files = os::extract_archive(archive, aside.path() / "files", wanted, {}, context.stop());
    if (!files) return broken(source, files.error(), context);
    if (!TRY(arguments.flag("quiet")))
      for (const auto& one : *files)
        context.print("Extracting: " + one + " -> " + target + "/" + one);
    context.print("Extracted: " + std::to_string(files->size()) + " files");
    auto pushed =
        place::push_directory(node->place(), target, aside.path() / "files", context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    return Value();
  }

  static Outcome<Value> tested(const os::fs::path& archive, const os::fs::path& source,
                               StepContext& context) {
    auto whole = os::test_archive(archive, {}, context.stop());
    if (whole) return Value(true);
    if (context.stop().requested())
      return tl::unexpected(context.failure(std::move(whole.error())));
    context.print("ERROR: " + source.string() + ": " + whole.error().text());
    return Value(false);
  }

  static Outcome<Value> contents(const os::fs::path& archive, const os::ArchiveFilter& wanted,
                                 StepContext& context) {
    auto texts = os::read_archive(archive, wanted, {Bytes{max_text}, 100'000}, context.stop());
    if (!texts) return broken(archive.filename(), texts.error(), context);
    auto map = std::make_shared<Map>();
    for (auto& one : *texts)
      TRY(Outcome<void>(map->put(Value(one.path), Value(std::move(one.text)))));
    return Value(std::move(map));
  }

  static tl::unexpected<Signal> broken(const os::fs::path& source, Error& error,
                                       StepContext& context) {
    if (context.stop().requested()) return tl::unexpected(context.failure(std::move(error)));
    return raise("java.io.IOException", "{}: {}", source.string(), error.text());
  }

  Format format_;
};

}  // namespace

std::unique_ptr<Step> make_zip() { return std::make_unique<Compress>(zip_format); }
std::unique_ptr<Step> make_tar() { return std::make_unique<Compress>(tar_format); }
std::unique_ptr<Step> make_unzip() { return std::make_unique<Decompress>(zip_format); }
std::unique_ptr<Step> make_untar() { return std::make_unique<Decompress>(tar_format); }

}  // namespace cupel::pipeline::steps
