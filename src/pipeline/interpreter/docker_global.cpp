// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/docker_global.hpp"

#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/registry_login.hpp"
#include "pipeline/interpreter/with_container.hpp"

namespace cupel::pipeline {
namespace {

using Given = std::vector<std::pair<std::string, Value>>;

/// The arguments of a call, taken from the front; a closure from the back.
class Taken {
 public:
  Taken(std::vector<Value>& values, Context& context) : context_(context) {
    if (!values.empty()) closure_ = values.back().as_closure();
    if (closure_) values.pop_back();
    values_ = std::move(values);
  }
  const std::shared_ptr<Closure>& closure() const { return closure_; }
  Outcome<std::string> text(std::size_t i, const std::string& otherwise = "") {
    if (i >= values_.size() || values_[i].is_null()) return otherwise;
    return context_.run.interpreter.text(values_[i], context_);
  }

 private:
  Context& context_;
  std::shared_ptr<Closure> closure_;
  std::vector<Value> values_;
};

Outcome<Value> step(const std::string& name, Given given, Context& context,
                    std::shared_ptr<Closure> body = nullptr) {
  return context.run.interpreter.run_step(name, Arguments(std::move(given)), std::move(body),
                                          context);
}

/// docker.image('x').run()
class ContainerObject final : public Object {
 public:
  explicit ContainerObject(std::string id) : id_(std::move(id)) {}
  std::string type_name() const override {
    return "org.jenkinsci.plugins.docker.workflow.Docker$Container";
  }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "id") return Value(id_);
    return Object::get(name, context);
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "stop") return stop(context);
    if (name != "port") return Object::call(name, arguments, context);
    Taken taken(arguments, context);
    return step("docker.port", {{"id", Value(id_)}, {"port", Value(TRY(taken.text(0)))}}, context);
  }

  /// Also when the run is being stopped.
  Outcome<Value> stop(Context& context) const {
    auto here = context;
    here.stop = Stop{}.within(std::chrono::seconds(60));
    return step("docker.stop", {{"id", Value(id_)}}, here);
  }

 private:
  std::string id_;
};

class ImageObject final : public Object {
 public:
  explicit ImageObject(std::string id) : id_(std::move(id)) {}
  std::string type_name() const override {
    return "org.jenkinsci.plugins.docker.workflow.Docker$Image";
  }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "id") return Value(id_);
    return Object::get(name, context);
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    Taken taken(arguments, context);
    const Value image(qualified_name(id_, context.registry));
    if (name == "imageName") return image;
    if (name == "pull") return step("docker.pull", {{"image", image}}, context);
    if (name == "tag" || name == "push")
      return step("docker." + name, {{"image", image}, {"tag", Value(TRY(taken.text(0)))}},
                  context);
    if (name == "run") return Value(std::shared_ptr<Object>(TRY(run(image, taken, context))));
    if (name == "withRun") return with_run(image, taken, context);
    if (name != "inside") return Object::call(name, arguments, context);
    if (!taken.closure()) return refuse("docker.image().inside needs a body");
    return step("docker.inside", {{"image", image}, {"args", Value(TRY(taken.text(0)))}}, context,
                taken.closure());
  }

 private:
  using Started = std::shared_ptr<ContainerObject>;
  static Outcome<Started> run(const Value& image, Taken& taken, Context& context) {
    const auto machine = TRY(require_machine(context));
    const auto name = TRY(container_name(context));
    // Before it is made, so that nothing makes us forget it.
    at_end_of(*machine, context, [name](place::Place& place, const Stop& stop) {
      remove_containers(place, {"--filter", "label=cupel.name=" + name}, stop);
    });
    const auto id = TRY(step("docker.run",
                             {{"image", image},
                              {"args", Value(TRY(taken.text(0)))},
                              {"command", Value(TRY(taken.text(1)))},
                              {"name", Value(name)}},
                             context));
    return std::make_shared<ContainerObject>(TRY(Outcome<std::string>(to_text(id))));
  }

  static Outcome<Value> with_run(const Value& image, Taken& taken, Context& context) {
    if (!taken.closure()) return refuse("docker.image().withRun needs a body");
    const auto container = TRY(run(image, taken, context));
    auto result = context.run.interpreter.call(
        *taken.closure(), {Value(std::shared_ptr<Object>(container))}, context);
    auto stopped = container->stop(context);
    if (result && !stopped) return stopped;
    return result;
  }

  std::string id_;
};

class DockerObject final : public Object {
 public:
  std::string type_name() const override { return "org.jenkinsci.plugins.docker.workflow.Docker"; }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    Taken taken(arguments, context);
    if (name == "image") return image(TRY(taken.text(0)));
    if (name == "build") {
      const auto tag = TRY(taken.text(0));
      TRY(step("docker.build",
               {{"image", Value(qualified_name(tag, context.registry))},
                {"args", Value(TRY(taken.text(1, ".")))}},
               context));
      return image(tag);
    }
    if (name == "withRegistry") return with_registry(taken, context);
    if (name == "withServer") return with_server(taken, context);
    if (name == "withTool") return with_podman("docker.withTool", taken, context);
    return Object::call(name, arguments, context);
  }

 private:
  static Value image(std::string id) {
    return Value(std::shared_ptr<Object>(std::make_shared<ImageObject>(std::move(id))));
  }

  static Outcome<Value> with_registry(Taken& taken, Context& context) {
    if (!taken.closure()) return refuse("docker.withRegistry needs a body");
    const auto url = TRY(taken.text(0));
    const auto credentials = TRY(taken.text(1));
    auto inner = context;
    inner.registry = url;
    if (credentials.empty()) return context.run.interpreter.call(*taken.closure(), {}, inner);
    const auto key = TRY(registry_key(url, credentials, context));
    TRY(step("docker.login",
             {{"url", Value(url)},
              {"credentialsId", Value(credentials)},
              {"directory", Value(key.directory)}},
             context));
    inner.overrides["DOCKER_CONFIG"] = key.directory;
    inner.overrides["REGISTRY_AUTH_FILE"] = auth_file(key.directory);
    auto result = context.run.interpreter.call(*taken.closure(), {}, inner);
    auto here = context;
    here.stop = Stop{}.within(std::chrono::seconds(60));
    auto logged_out = step("docker.logout", {{"directory", Value(key.directory)}}, here);
    if (result && !logged_out) return logged_out;
    return result;
  }

  /// The daemon of this machine, which is podman, or one that is not for us.
  static Outcome<Value> with_server(Taken& taken, Context& context) {
    const auto uri = TRY(taken.text(0));
    if (uri.empty() || uri.starts_with("unix:"))
      return with_podman("docker.withServer", taken, context);
    return refuse(
        "docker.withServer('{}') is not supported: cupel runs containers by podman on the node; "
        "take a node there by its label instead",
        uri);
  }

  static Outcome<Value> with_podman(const std::string& name, Taken& taken, Context& context) {
    if (!taken.closure()) return refuse("{} needs a body", name);
    return context.run.interpreter.call(*taken.closure(), {}, context);
  }
};

}  // namespace

std::shared_ptr<Object> make_docker() { return std::make_shared<DockerObject>(); }

}  // namespace cupel::pipeline
