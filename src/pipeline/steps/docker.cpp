// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/registry_login.hpp"
#include "pipeline/interpreter/with_container.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;
using Words = std::vector<std::string>;

syntax::StepParameter image_parameter() {
  return {.name = "image", .kind = Kind::text, .required = true, .about = "Its name, with a tag"};
}

/// For podman: what docker.withRegistry around it logged in to.
place::PodmanCall call_here(const StepContext& context) {
  place::PodmanCall how;
  const auto& overrides = context.here().overrides;
  if (const auto found = overrides.find("REGISTRY_AUTH_FILE"); found != overrides.end())
    how.environment["REGISTRY_AUTH_FILE"] = found->second;
  return how;
}

/// What podman says on the machine of `context`; its failure as that of a step.
Outcome<std::string> podman(const Words& words, StepContext& context) {
  const auto machine = TRY(require_machine(context.here()));
  auto said = place::podman(machine->place(), words, context.stop());
  if (said) return std::move(*said);
  return tl::unexpected(failure_of(std::move(said.error()), context.here()));
}

/// The same, with its output in the log.
Outcome<void> podman_told(const Words& words, StepContext& context,
                          const std::string& directory = "/") {
  const auto machine = TRY(require_machine(context.here()));
  auto how = call_here(context);
  how.directory = directory;
  auto done = place::podman_told(
      machine->place(), words, how,
      [&](place::Stream stream, std::string_view bytes) { context.output(stream, bytes); },
      context.stop());
  if (done) return {};
  return tl::unexpected(failure_of(std::move(done.error()), context.here()));
}

Outcome<std::string> image_of(const Arguments& arguments) {
  auto image = TRY(Outcome<std::string>(arguments.text("image")));
  if (place::is_image_name(image)) return image;
  return raise("hudson.AbortException", "'{}' is no name of an image", image);
}

Outcome<std::string> provide_here(const Arguments& arguments, StepContext& context,
                                  place::Pull pull = place::Pull::if_missing) {
  ImageWish wish{TRY(image_of(arguments))};
  wish.registry_url = context.here().registry;
  wish.pull = pull;
  return provide(wish, context.outer());
}

Outcome<Words> words_of(const Arguments& arguments, const char* name) {
  return Outcome<Words>(place::shell_words(TRY(Outcome<std::string>(arguments.text(name, "")))));
}

std::string with_tag(const std::string& image, const std::string& tag) {
  if (tag.empty()) return image;
  const auto colon = image.rfind(':');
  const bool tagged = colon != std::string::npos && image.find('/', colon) == std::string::npos;
  return (tagged ? image.substr(0, colon) : image) + ":" + tag;
}

/// docker.image('x').inside('-v /a:/b') { ... }  |  withDockerContainer(image: 'x') { ... }
class Inside final : public SignedStep {
 public:
  Inside(const char* name, const char* about)
      : SignedStep(
            {.name = name,
             .parameters = {image_parameter(),
                            {.name = "args", .kind = Kind::text, .about = "As for podman run"},
                            {.name = "toolName", .kind = Kind::text, .about = "Without meaning"}},
             .default_parameter = "image",
             .takes_body = true,
             .about = about}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto image = TRY(provide_here(arguments, context));
    return with_container(image, TRY(Outcome<std::string>(arguments.text("args", ""))),
                          context.outer(), [&](Context& inner) { return context.run_body(inner); });
  }
};

/// docker.image('x').run('-p 80', 'command'): gives the container's id.
class RunContainer final : public SignedStep {
 public:
  RunContainer()
      : SignedStep({.name = "docker.run",
                    .parameters = {image_parameter(),
                                   {.name = "args", .kind = Kind::text},
                                   {.name = "command", .kind = Kind::text},
                                   {.name = "name", .kind = Kind::text, .about = "of its own"}},
                    .default_parameter = "image",
                    .about = "Starts a container: docker.image('x').run(); gives its id"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto image = TRY(provide_here(arguments, context));
    const auto name = TRY(Outcome<std::string>(arguments.text("name", "")));
    const auto machine = TRY(require_machine(context.here()));
    Words words = {"run",    "-d",    "--env",   "CUPEL_RUN",
                   "--pull", "never", "--label", "cupel.run=" + container_mark(context.outer())};
    const auto given = TRY(words_of(arguments, "args"));
    if (!name.empty()) {
      words.insert(words.end(), {"--label", "cupel.name=" + name});
      const bool named = std::any_of(given.begin(), given.end(), [](const auto& word) {
        return word == "--name" || word.starts_with("--name=");
      });
      if (!named) words.insert(words.end(), {"--replace", "--name", name});
    }
    words.insert(words.end(), given.begin(), given.end());
    words.push_back(image);
    for (auto& word : TRY(words_of(arguments, "command"))) words.push_back(std::move(word));
    auto id = place::podman_unbroken(machine->place(), words, context.stop());
    if (!id) return tl::unexpected(failure_of(std::move(id.error()), context.here()));
    context.print(*id + "\n");
    return Value(std::move(*id));
  }
};

/// One podman command without a value.
class Simple final : public SignedStep {
 public:
  using Make = Outcome<Words> (*)(const Arguments&);
  Simple(syntax::StepSignature signature, Make make)
      : SignedStep(std::move(signature)), make_(make) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    return Value(TRY(podman(TRY(make_(arguments)), context)));
  }

 private:
  Make make_;
};

class PullImage final : public SignedStep {
 public:
  PullImage()
      : SignedStep({.name = "docker.pull",
                    .parameters = {image_parameter()},
                    .default_parameter = "image",
                    .about = "Pulls an image: docker.image('x').pull()"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(provide_here(arguments, context, place::Pull::always));
    return Value();
  }
};

class PushImage final : public SignedStep {
 public:
  PushImage()
      : SignedStep({.name = "docker.push",
                    .parameters = {image_parameter(), {.name = "tag", .kind = Kind::text}},
                    .default_parameter = "image",
                    .about = "Pushes an image: docker.image('x').push('tag')"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto image = TRY(image_of(arguments));
    const auto name = with_tag(image, TRY(Outcome<std::string>(arguments.text("tag", ""))));
    if (name != image) TRY(podman({"tag", image, name}, context));
    Words words = {"push"};
    for (auto& word : place::transport_words(name, context.here().registry))
      words.push_back(std::move(word));
    words.push_back(name);
    TRY(podman_told(words, context));
    return Value();
  }
};

/// docker.build('name', '-f Dockerfile.ci dir')
class BuildImage final : public SignedStep {
 public:
  BuildImage()
      : SignedStep({.name = "docker.build",
                    .parameters = {image_parameter(),
                                   {.name = "args", .kind = Kind::text, .otherwise = "."}},
                    .default_parameter = "image",
                    .about = "Builds an image: docker.build('x', 'args dir')"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Words words = {"build", "--tag", TRY(image_of(arguments))};
    auto given = TRY(words_of(arguments, "args"));
    if (given.empty()) given = {"."};
    words.insert(words.end(), given.begin(), given.end());
    TRY(podman_told(words, context, context.directory()));
    return Value();
  }
};

class Login final : public SignedStep {
 public:
  Login()
      : SignedStep({.name = "docker.login",
                    .parameters = {{.name = "url", .kind = Kind::text},
                                   {.name = "credentialsId", .kind = Kind::text},
                                   {.name = "directory",
                                    .kind = Kind::text,
                                    .about = "where the login is kept: config.json in it"}},
                    .default_parameter = "url",
                    .about = "Logs in to a registry: docker.withRegistry(url, id) { }"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const RegistryKey key{TRY(Outcome<std::string>(arguments.text("url", ""))),
                          TRY(Outcome<std::string>(arguments.text("credentialsId"))),
                          TRY(Outcome<std::string>(arguments.text("directory")))};
    TRY(log_in(key, context.outer()));
    return Value();
  }
};

class Logout final : public SignedStep {
 public:
  Logout()
      : SignedStep({.name = "docker.logout",
                    .parameters = {{.name = "directory", .kind = Kind::text}},
                    .default_parameter = "directory",
                    .about = "Forgets a login: the end of docker.withRegistry(url, id) { }"}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    log_out(TRY(Outcome<std::string>(arguments.text("directory"))), context.here());
    return Value();
  }
};

/// withDockerRegistry(url: 'https://r.example', credentialsId: 'id') { ... }, or with a map of
/// these.
class WithRegistry final : public SignedStep {
 public:
  WithRegistry()
      : SignedStep(
            {.name = "withDockerRegistry",
             .parameters = {{.name = "registry", .kind = Kind::map, .about = "url, credentialsId"},
                            {.name = "url", .kind = Kind::text, .about = "The registry"},
                            {.name = "credentialsId",
                             .kind = Kind::text,
                             .about = "A username with password"},
                            {.name = "toolName", .kind = Kind::text, .about = "Without meaning"}},
             .default_parameter = "registry",
             .takes_body = true,
             .about = "Logs in to a registry, whose images its body means"}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* map = arguments.find("registry");
    const auto given = map ? TRY(described_map(*map, "withDockerRegistry: registry")) : arguments;
    const auto url = TRY(Outcome<std::string>(given.text("url", "")));
    const auto credentials = TRY(Outcome<std::string>(given.text("credentialsId", "")));
    auto inner = context.inner();
    inner.registry = url;
    if (credentials.empty()) return context.run_body(inner);
    const auto key = TRY(registry_key(url, credentials, context.outer()));
    TRY(log_in(key, context.outer()));
    inner.overrides["DOCKER_CONFIG"] = key.directory;
    inner.overrides["REGISTRY_AUTH_FILE"] = auth_file(key.directory);
    auto result = context.run_body(inner);
    log_out(key.directory, context.here());
    return result;
  }
};

Outcome<Words> tag_words(const Arguments& arguments) {
  const auto image = TRY(image_of(arguments));
  return Words{"tag", image,
               with_tag(image, TRY(Outcome<std::string>(arguments.text("tag", "latest"))))};
}

Outcome<Words> stop_words(const Arguments& arguments) {
  return Words{"rm", "-f", "-i", "-v",
               "-t", "1",  "--", TRY(Outcome<std::string>(arguments.text("id")))};
}

Outcome<Words> port_words(const Arguments& arguments) {
  return Words{"port", "--", TRY(Outcome<std::string>(arguments.text("id"))),
               TRY(Outcome<std::string>(arguments.text("port")))};
}

}  // namespace

std::unique_ptr<Step> make_docker_inside() {
  return std::make_unique<Inside>("docker.inside",
                                  "Runs the body in a container: docker.image('x').inside { }");
}
std::unique_ptr<Step> make_with_docker_container() {
  return std::make_unique<Inside>("withDockerContainer", "Runs the body in a container");
}
std::unique_ptr<Step> make_with_docker_registry() { return std::make_unique<WithRegistry>(); }
std::unique_ptr<Step> make_docker_run() { return std::make_unique<RunContainer>(); }
std::unique_ptr<Step> make_docker_pull() { return std::make_unique<PullImage>(); }
std::unique_ptr<Step> make_docker_push() { return std::make_unique<PushImage>(); }
std::unique_ptr<Step> make_docker_build() { return std::make_unique<BuildImage>(); }
std::unique_ptr<Step> make_docker_login() { return std::make_unique<Login>(); }
std::unique_ptr<Step> make_docker_logout() { return std::make_unique<Logout>(); }
std::unique_ptr<Step> make_docker_tag() {
  return std::make_unique<Simple>(
      syntax::StepSignature{
          .name = "docker.tag",
          .parameters = {image_parameter(),
                         {.name = "tag", .kind = Kind::text, .otherwise = "latest"}},
          .default_parameter = "image",
          .about = "Gives an image another tag: docker.image('x').tag('y')"},
      tag_words);
}
std::unique_ptr<Step> make_docker_stop() {
  return std::make_unique<Simple>(
      syntax::StepSignature{.name = "docker.stop",
                            .parameters = {{.name = "id", .kind = Kind::text, .required = true}},
                            .default_parameter = "id",
                            .about = "Ends and removes a container: container.stop()"},
      stop_words);
}
std::unique_ptr<Step> make_docker_port() {
  return std::make_unique<Simple>(
      syntax::StepSignature{.name = "docker.port",
                            .parameters = {{.name = "id", .kind = Kind::text, .required = true},
                                           {.name = "port", .required = true}},
                            .default_parameter = "id",
                            .about = "Where a container's port is published: container.port(80)"},
      port_words);
}

}  // namespace cupel::pipeline::steps
