// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/docker_global.hpp"

#include "pipeline/interpreter/interpreter.hpp"
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
    if (name == "stop") return step("docker.stop", {{"id", Value(id_)}}, context);
    if (name != "port") return Object::call(name, arguments, context);
    Taken taken(arguments, context);
    return step("docker.port", {{"id", Value(id_)}, {"port", Value(TRY(taken.text(0)))}}, context);
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
    if (name == "run") return run(image, taken, context);
    if (name == "withRun") return with_run(image, taken, context);
    if (name != "inside") return Object::call(name, arguments, context);
    if (!taken.closure()) return refuse("docker.image().inside needs a body");
    return step("docker.inside", {{"image", image}, {"args", Value(TRY(taken.text(0)))}}, context,
                taken.closure());
  }

 private:
  Outcome<Value> run(const Value& image, Taken& taken, Context& context) {
    const auto id = TRY(step("docker.run",
                             {{"image", image},
                              {"args", Value(TRY(taken.text(0)))},
                              {"command", Value(TRY(taken.text(1)))}},
                             context));
    return Value(std::shared_ptr<Object>(
        std::make_shared<ContainerObject>(TRY(Outcome<std::string>(to_text(id))))));
  }

  Outcome<Value> with_run(const Value& image, Taken& taken, Context& context) {
    if (!taken.closure()) return refuse("docker.image().withRun needs a body");
    const auto container = TRY(run(image, taken, context));
    auto result = context.run.interpreter.call(*taken.closure(), {container}, context);
    std::vector<Value> none;
    auto stopped = container.as_object()->call("stop", none, context);
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
    if (name == "withServer" || name == "withTool")
      return refuse("docker.{} is not supported: cupel runs containers by podman on the node",
                    name);
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
    if (!credentials.empty())
      TRY(step("docker.login", {{"url", Value(url)}, {"credentialsId", Value(credentials)}},
               context));
    auto inner = context;
    inner.registry = place::registry_host(url);
    return context.run.interpreter.call(*taken.closure(), {}, inner);
  }
};

}  // namespace

std::shared_ptr<Object> make_docker() { return std::make_shared<DockerObject>(); }

}  // namespace cupel::pipeline
