# SPDX-License-Identifier: Apache-2.0
"""Stories of containers on this host: docker, dockerfile and kubernetes agents, the docker variable.
To be run by tests/container/with-podman, which makes the image and says why podman cannot run."""
import os
import pathlib
import re
import signal
import subprocess
import unittest

from harness import Scenario, pipeline, stage
from image_registry import ImageRegistry

IMAGE = "localhost/cupel-test"


def listed(*words):
    return subprocess.run(["podman", *words], capture_output=True, text=True, check=True).stdout.split()


def things():
    """Containers, images, networks, pods and volumes; all but those of the contract test, which may
    run beside this one."""
    found = listed("ps", "-a", "--external", "--format", "container={{.Names}}")
    found += listed("images", "-a", "--format", "image={{.Repository}}:{{.Tag}}={{.ID}}")
    found += listed("network", "ls", "--format", "network={{.Name}}")
    found += listed("pod", "ls", "--format", "pod={{.Name}}")
    found += listed("volume", "ls", "--format", "volume={{.Name}}")
    return sorted(name for name in found
                  if not re.fullmatch("container=cupel-test-[0-9a-f]{12}", name))


def running(command):
    """Processes of this host with exactly these words."""
    wanted = b"\0".join(word.encode() for word in command.split()) + b"\0"
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cmdline").read_bytes() == wanted:
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


class ContainerScenario(Scenario):
    def setUp(self):
        super().setUp()
        self.before = things()

    def succeeds(self, text, *words):
        self.write(text)
        code, out, err = self.run_pipeline(*words)
        self.assertEqual(code, 0, out + err)
        self.nothing_is_left()
        return out

    def fails(self, text, *says):
        self.write(text)
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 1, out + err)
        for line in says:
            self.assertIn(line, out + err)
        self.nothing_is_left()

    def nothing_is_left(self):
        self.assertEqual(things(), self.before)
        self.assert_nothing_left()


class Agents(ContainerScenario):
    def test_docker_agent(self):
        self.write("hello", "README")
        out = self.succeeds(pipeline(
            stage("In", "sh 'cat README; echo $IMAGE_SAYS $GIVEN; echo made > made.txt; pwd'"),
            agent=f"{{ docker {{ image '{IMAGE}'; args '-e \"GIVEN=by args\"' }} }}",
            post="post { always { archiveArtifacts 'made.txt' } }"))
        self.assertIn("hello by args", out)
        self.assertEqual((self.run_directory() / "artifacts" / "made.txt").read_text(), "made\n")

    def test_stash_crosses_containers_and_environment_is_of_the_image(self):
        agent = f"agent {{ docker '{IMAGE}' }}"
        out = self.succeeds(
            "pipeline { agent none\n environment { WORD = 'w' }\n stages {\n"
            f" stage('A') {{ {agent}\n environment {{ PATH = \"/first:$PATH\" }}\n"
            " steps { sh 'echo \"$PATH $WORD\"; echo x > x'; stash name: 'x', includes: 'x' } }\n"
            f" stage('B') {{ {agent}\n steps {{ deleteDir(); unstash 'x'; sh 'cat x' }} }}\n}} }}\n")
        self.assertIn("/first:/usr/bin:/bin:/opt/of-the-image w", out)

    def test_reuse_node_keeps_the_workspace(self):
        out = self.succeeds(
            "pipeline { agent any\n stages {\n stage('A') { steps { sh 'echo kept > kept' } }\n"
            f" stage('B') {{ agent {{ docker {{ image '{IMAGE}'; reuseNode true }} }}\n"
            " steps { sh 'cat kept; echo $IMAGE_SAYS' } }\n } }\n")
        self.assertEqual(out.count("Running on"), 1)
        self.assertIn("hello", out)

    def test_dockerfile_agent(self):
        (self.project / "ci").mkdir()
        (self.project / "ci" / "Build.docker").write_text(
            f"FROM {IMAGE}\nARG WHO=nobody\nENV GREETING=hello-$WHO\n")
        out = self.succeeds(pipeline(
            stage("In", "sh 'echo $GREETING'"),
            agent="{ dockerfile { filename 'Build.docker'; dir 'ci'; "
                  "additionalBuildArgs '--build-arg WHO=ada' } }"))
        self.assertIn("hello-ada", out)

    def test_new_container_per_stage(self):
        out = self.succeeds(
            f"pipeline {{ agent {{ docker '{IMAGE}' }}\n options {{ newContainerPerStage() }}\n"
            " stages { stage('A') { steps { sh 'echo a > /tmp/left; echo b > kept' } }\n"
            " stage('B') { steps { sh 'cat kept; test ! -e /tmp/left' } } } }\n")
        self.assertEqual(out.count("Running in a container"), 2)

    def test_a_missing_image_is_one_line(self):
        self.fails(pipeline(stage("In", "sh 'true'"),
                            agent="{ docker '127.0.0.1:1/no-such-image' }"),
                   "pull the image 127.0.0.1:1/no-such-image: ")

    def test_timeout_kills_what_runs_inside(self):
        self.write(pipeline(stage("In", "timeout(time: 3, unit: 'SECONDS') { sh 'sleep 97531 & sleep 97532' }"),
                            agent=f"{{ docker '{IMAGE}' }}"))
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 4, out + err)
        self.nothing_is_left()
        self.assertEqual(running("sleep 97531") + running("sleep 97532"), [])


class Pods(ContainerScenario):
    def test_kubernetes_agent(self):
        out = self.succeeds(f"""pipeline {{
  agent {{ kubernetes {{ defaultContainer 'tool'; yaml '''
spec:
  containers:
  - name: tool
    image: {IMAGE}
    command: [sleep]
    args: ["1000"]
    env: [{{name: WORD, value: of-the-pod}}]
  - name: other
    image: {IMAGE}
    command: [cat]
    tty: true
''' }} }}
  stages {{ stage('A') {{ steps {{
    sh 'echo $WORD; echo shared > shared'
    container('other') {{ sh 'cat shared; echo ${{WORD:-without}}' }}
    container('jnlp') {{ sh 'cat shared; echo ${{IMAGE_SAYS:-outside}}' }}
  }} }} }}
}}
""")
        for word in ("of-the-pod", "without", "outside"):
            self.assertIn(word, out)

    def test_an_unknown_container_is_named(self):
        self.fails(pipeline(stage("A", "container('nope') { sh 'true' }"),
                            agent=f"{{ kubernetes {{ containerTemplate {{ name 'tool'; image '{IMAGE}'; "
                                  "command 'sleep'; args '1000' } } }"),
                   "the pod has no container 'nope'; it has: jnlp, tool")

    def test_pod_template_of_a_scripted_pipeline(self):
        out = self.succeeds(f"""
podTemplate(containers: [containerTemplate(name: 'tool', image: '{IMAGE}', command: 'sleep', args: '1000')]) {{
  node(POD_LABEL) {{
    container('tool') {{ sh 'echo $IMAGE_SAYS' }}
  }}
}}
""")
        self.assertIn("hello", out)


class DockerVariable(ContainerScenario):
    def test_inside_build_and_run(self):
        (self.project / "Dockerfile").write_text(f"FROM {IMAGE}\nENV BUILT=yes\n")
        out = self.succeeds(f"""
node {{
  checkout scm
  docker.image('{IMAGE}').inside('-e A=b') {{ sh 'echo $IMAGE_SAYS-$A' }}
  def built = docker.build('localhost/cupel-test-built')
  built.inside {{ sh 'echo built=$BUILT' }}
  docker.image('{IMAGE}').withRun('', 'sleep 1000') {{ c ->
    sh "podman exec ${{c.id}} sh -c 'echo with-run'"
  }}
  def left = docker.image('{IMAGE}').run('', 'sleep 1000')
  docker.withRegistry('https://registry.example:5000') {{ echo docker.image('tool').imageName() }}
  sh 'podman rmi -f localhost/cupel-test-built'
}}
""")
        for word in ("hello-b", "built=yes", "with-run", "registry.example:5000/tool"):
            self.assertIn(word, out)

    def test_a_run_container_goes_with_its_node_however_the_run_ends(self):
        self.fails(f"""node {{
  docker.image('{IMAGE}').run('-e A=b', 'sleep 86123')
  docker.image('{IMAGE}').run('--name cupel-scenario-own', 'sleep 86123')
  error 'enough'
}}
""", "enough")
        self.assertEqual(running("sleep 86123"), [])

    def test_with_run_stops_its_container_when_the_body_is_interrupted(self):
        self.write(f"""node {{
  timeout(time: 2, unit: 'SECONDS') {{
    docker.image('{IMAGE}').withRun('', 'sleep 86124') {{ c -> sh 'sleep 86125' }}
  }}
}}
""")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 4, out + err)
        self.nothing_is_left()
        self.assertEqual(running("sleep 86124") + running("sleep 86125"), [])

    def test_servers_and_tools(self):
        out = self.succeeds("""node {
  docker.withTool('docker-latest') { echo 'by the tool' }
  docker.withServer('unix:///var/run/docker.sock') { echo 'by the server' }
}
""")
        self.assertIn("by the tool", out)
        self.fails("node { docker.withServer('tcp://swarm.example:2376', 'id') { } }",
                   "docker.withServer('tcp://swarm.example:2376') is not supported")


class Registries(ContainerScenario):
    login = "ada:correct-horse"

    def setUp(self):
        super().setUp()
        self.registry = ImageRegistry(self.login)
        self.addCleanup(self.registry.close)
        self.tool = f"{self.registry.address}/team/tool"
        self.addCleanup(subprocess.run, ["podman", "rmi", "-f", self.tool, self.tool + ":2"],
                        capture_output=True)
        subprocess.run(["podman", "push", "--quiet", "--tls-verify=false", "--creds", self.login,
                        IMAGE, self.tool], check=True, capture_output=True)
        user, password = self.login.split(":")
        (self.project / "secrets.toml").write_text(
            "".join(f"[credential.{name}]\nkind = 'usernamePassword'\nusername = '{user}'\n"
                    f"password = '{secret}'\n"
                    for name, secret in (("hub", password), ("wrong", "battery-staple"))))
        (self.project / "secrets.toml").chmod(0o600)

    def run_pipeline(self, *words, **options):
        return super().run_pipeline("--credentials", "secrets.toml", *words, **options)

    def says_no_secret(self, text):
        log = (self.run_directory() / "log").read_text()
        for secret in ("correct-horse", "battery-staple", "YWRhOmNvcnJlY3QtaG9yc2U="):
            self.assertNotIn(secret, text + log)

    def test_agent_with_registry_and_credentials(self):
        self.write(pipeline(
            stage("In", "sh 'echo $IMAGE_SAYS; ls -a \"$WORKSPACE_TMP\"'"),
            agent=f"{{ docker {{ image 'team/tool'; registryUrl 'http://{self.registry.address}'; "
                  "registryCredentialsId 'hub'; alwaysPull true } }"))
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn("hello", out)
        self.assertNotIn("-login", out)
        self.says_no_secret(out + err)
        for home in (pathlib.Path.home() / ".docker/config.json", pathlib.Path("/run/containers/0/auth.json")):
            self.assertNotIn(self.registry.address, home.read_text() if home.exists() else "")

    def test_with_registry_pushes_and_forgets(self):
        self.write(f"""node {{
  docker.withRegistry('http://{self.registry.address}', 'hub') {{
    def image = docker.image('team/tool')
    image.pull()
    image.push('2')
    image.inside {{ sh 'echo $IMAGE_SAYS; cat "$DOCKER_CONFIG/config.json"' }}
  }}
  sh 'ls -a "$WORKSPACE_TMP"'
}}
""")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn("hello", out)
        self.assertIn('"auth": "****"', out)
        self.assertNotIn("-login", out[out.index("+ ls"):])
        self.assertEqual(self.registry.tags(), ["team/tool:2", "team/tool:latest"])
        self.says_no_secret(out + err)

    def test_wrong_and_missing_credentials_are_one_line(self):
        for credentials, says in (("wrong", f"log in to the registry {self.registry.address}: podman login: "),
                                  ("none", "none")):
            self.write(pipeline(
                stage("In", "sh 'true'"),
                agent=f"{{ docker {{ image 'team/tool'; registryUrl 'http://{self.registry.address}'; "
                      f"registryCredentialsId '{credentials}' }} }}"))
            code, out, err = self.run_pipeline()
            self.assertEqual(code, 1, out + err)
            self.assertIn(says, out + err)
            self.says_no_secret(out + err)


class Deaths(ContainerScenario):
    """cupel is killed while containers run."""

    def start_and_kill(self, text, sign, *words):
        self.write(text)
        running_now = self.start(*words)
        running_now.wait_for(sign)
        running_now.process.send_signal(signal.SIGKILL)
        running_now.end()

    def test_the_next_command_removes_what_was_left(self):
        (self.project / "Dockerfile").write_text(f"FROM {IMAGE}\nENV BUILT=yes\n")
        self.start_and_kill(f"""pipeline {{ agent {{ dockerfile true }}
 stages {{ stage('A') {{ steps {{
   script {{ docker.image('{IMAGE}').run('', 'sleep 86126') }}
   sh 'echo in; sleep 86127' }} }} }} }}
""", "\nin\n")
        self.assertNotEqual(things(), self.before)
        code, _, err = self.cupel("machine", "list")
        self.assertEqual(code, 0, err)
        self.assertIn("cleaned up after run 1", err)
        self.nothing_is_left()
        self.assertEqual(running("sleep 86126") + running("sleep 86127"), [])

    def test_a_script_in_a_container_goes_on_and_is_taken_up(self):
        go = self.root / "go"
        os.mkfifo(go)
        text = f"""node {{
  docker.image('{IMAGE}').inside('-v {self.root}:{self.root}') {{
    sh 'echo first > /root/state'
    sh 'echo waiting; cat {go}; cat /root/state; echo finished'
    sh 'echo behind'
  }}
  sh 'echo outside'
}}
"""
        self.start_and_kill(text, "\nwaiting\n", "--journal", str(self.root / "journal"))
        resumed = self.start("--journal", str(self.root / "journal"))
        with open(go, "w", encoding="utf-8") as pipe:
            pipe.write("went on\n")
        status, text = resumed.end()
        self.assertEqual(status, 0, text)
        log = (self.run_directory() / "log").read_text()
        for line in ("waiting", "went on", "first", "finished", "behind", "outside"):
            self.assertEqual(log.count(f"\n{line}\n"), 1, log)
        self.nothing_is_left()

    def test_a_container_that_is_gone_when_the_run_is_resumed_is_named(self):
        self.start_and_kill(pipeline(stage("A", "sh 'echo in; sleep 86128'"),
                                     agent=f"{{ docker '{IMAGE}' }}"),
                            "\nin\n", "--journal", str(self.root / "journal"))
        name = [one for one in listed("ps", "-a", "--format", "{{.Names}}") if one.startswith("cupel-")
                and not one.startswith("cupel-test-")]
        subprocess.run(["podman", "rm", "-f", "-t", "0", *name], check=True, capture_output=True)
        code, out, err = self.run_pipeline("--journal", str(self.root / "journal"))
        self.assertEqual(code, 1, out + err)
        self.assertIn("of this run is gone", out + err)
        self.nothing_is_left()


class Hostile(ContainerScenario):
    def test_arguments_are_words_and_never_a_script(self):
        mark = self.root / "mark"
        out = self.succeeds(f"""node {{
  docker.image('{IMAGE}').inside(/-e 'A=; touch {mark}' -e "B=`touch {mark}`" -e C=x&&touch/) {{
    sh 'echo "A=$A B=$B C=$C"'
  }}
}}
""".replace("/-e", "$/-e").replace("touch/)", "touch/$)"))
        self.assertIn(f"A=; touch {mark} B=`touch {mark}` C=x&&touch\n", out)
        self.assertFalse(mark.exists())

    def test_names_and_arguments_that_are_none(self):
        for image, args, says in (("x y", "", "pull the image"), ("--privileged", "", "is no name of an image"),
                                  (IMAGE, "; rm -rf /", "start a container from the image"),
                                  (IMAGE, "-e 'open", "the quote ' is not closed"),
                                  ("ÜMLAUT/x", "", "pull the image"), ("", "", "is no name of an image")):
            with self.subTest(image=image, args=args):
                self.write(f"node {{ docker.image('{image}').inside(\"{args}\") {{ sh 'true' }} }}\n")
                code, out, err = self.run_pipeline()
                self.assertEqual(code, 1, out + err)
                self.assertIn(says, out + err)
                self.nothing_is_left()

    def test_values_of_the_environment_may_have_newlines_and_quotes(self):
        out = self.succeeds(r"""node { withEnv(["A=1\n'2'\n\"3\" \$(false)"]) {
  docker.image('IMAGE').inside { sh 'printf "<%s>" "$A"' } } }
""".replace("IMAGE", IMAGE))
        self.assertIn("<1\n'2'\n\"3\" $(false)>", out)

    def test_a_dockerfile_outside_of_the_workspace_is_refused(self):
        (self.root / "Dockerfile").write_text(f"FROM {IMAGE}\n")
        self.fails(pipeline(stage("A", "sh 'true'"),
                            agent="{ dockerfile { dir '../..' } }"),
                   "dockerfile: '../..' is outside of the workspace")

    def test_a_container_that_ignores_sigterm_goes_at_once(self):
        self.succeeds(f"""node {{
  docker.image('{IMAGE}').withRun('--entrypoint sh', "-c 'trap : TERM; while :; do sleep 1; done'") {{ c ->
    sh 'true'
  }}
}}
""")

    def test_an_interrupted_build_leaves_nothing(self):
        (self.project / "Dockerfile").write_text(f"FROM {IMAGE}\nRUN echo building; sleep 86129\n")
        self.write(pipeline(stage("A", "sh 'true'"), agent="{ dockerfile { "
                            "additionalBuildArgs '--isolation chroot' } }"))
        now = self.start()
        now.wait_for("\nbuilding\n")
        now.process.send_signal(signal.SIGINT)
        status, text = now.end()
        self.assertEqual(status, 4, text)
        self.nothing_is_left()
        self.assertEqual(running("sleep 86129"), [])


if __name__ == "__main__":
    unittest.main()
