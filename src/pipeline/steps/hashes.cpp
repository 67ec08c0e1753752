// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"
#include "pipeline/steps/versions.hpp"

namespace cupel::pipeline::steps {
namespace {

/// The digest of a file of the node, by the node's own program; nothing if the file is missing.
Outcome<std::optional<std::string>> digest_on_node(const std::string& program,
                                                   const std::string& file, StepContext& context) {
  const auto path = TRY(context.resolve(file));
  const auto kind = TRY(kind_of(context, path));
  if (kind == PathKind::missing) return std::optional<std::string>();
  if (kind == PathKind::directory) return raise("java.io.IOException", "{} is a directory", path);
  const auto output = TRY(capture(context, {program, path}));
  if (output.exit.status != 0) return raise("java.io.IOException", "{}", trim(output.err));
  auto hex = output.out.substr(0, output.out.find(' '));
  if (hex.starts_with('\\')) hex.erase(0, 1);  // the name has unusual characters
  return std::optional<std::string>(std::move(hex));
}

/// sha1 'path'
class HashStep final : public SignedStep {
 public:
  HashStep(const std::string& name, const std::string& title, std::string program)
      : SignedStep(
            step(name, "file", "The " + title + " of a file, as hexadecimal text",
                 {needs("file", Kind::text, "The file; null is given where it is missing")})),
        program_(std::move(program)) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto digest = TRY(digest_on_node(program_, TRY(arguments.text("file")), context));
    return digest ? Value(std::move(*digest)) : Value();
  }

 private:
  std::string program_;
};

/// verifySha1 file: 'path', hash: 'f1d2...'
class VerifyStep final : public SignedStep {
 public:
  VerifyStep(const std::string& name, std::string title, std::string program)
      : SignedStep(step(name, "", "Fails unless a file has this " + title,
                        {needs("file", Kind::text, "The file"),
                         needs("hash", Kind::text, "The digest, as hexadecimal text")})),
        title_(std::move(title)),
        program_(std::move(program)) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file"));
    const auto wanted = TRY(arguments.text("hash"));
    const auto digest = TRY(digest_on_node(program_, file, context));
    if (!digest) return raise("java.io.FileNotFoundException", "File not found: {}", file);
    if (*digest != lower(wanted))
      return raise("hudson.AbortException", "{} hash mismatch: expected: '{}', actual: '{}'",
                   title_, wanted, *digest);
    return Value();
  }

 private:
  std::string title_, program_;
};

/// compareVersions v1: '1.9', v2: '1.10'
class CompareVersions final : public SignedStep {
 public:
  CompareVersions()
      : SignedStep(step(
            "compareVersions", "",
            "-1, 0 or 1: how two versions stand to each other, as Maven orders them",
            {takes("v1", Kind::text, "", "The one version"),
             takes("v2", Kind::text, "", "The other"),
             takes("failIfEmpty", Kind::flag, "false", "Whether an empty version is an error")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext&) const override {
    const auto one = TRY(arguments.text("v1", ""));
    const auto other = TRY(arguments.text("v2", ""));
    if (TRY(arguments.flag("failIfEmpty")) && (trim(one).empty() || trim(other).empty()))
      return raise("hudson.AbortException", "{}",
                   trim(one).empty() ? "v1 is empty." : "v2 is empty.");
    return Value(compare_versions(trim(one), trim(other)));
  }
};

}  // namespace

std::unique_ptr<Step> make_md5() {
  return std::make_unique<HashStep>("md5", "MD5 digest", "md5sum");
}
std::unique_ptr<Step> make_sha1() {
  return std::make_unique<HashStep>("sha1", "SHA-1 digest", "sha1sum");
}
std::unique_ptr<Step> make_sha256() {
  return std::make_unique<HashStep>("sha256", "SHA-256 digest", "sha256sum");
}
std::unique_ptr<Step> make_verify_md5() {
  return std::make_unique<VerifyStep>("verifyMd5", "MD5", "md5sum");
}
std::unique_ptr<Step> make_verify_sha1() {
  return std::make_unique<VerifyStep>("verifySha1", "SHA-1", "sha1sum");
}
std::unique_ptr<Step> make_verify_sha256() {
  return std::make_unique<VerifyStep>("verifySha256", "SHA-256", "sha256sum");
}
std::unique_ptr<Step> make_compare_versions() { return std::make_unique<CompareVersions>(); }

}  // namespace cupel::pipeline::steps
