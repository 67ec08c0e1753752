# SPDX-License-Identifier: Apache-2.0
"""Stories of containers on this host: docker, dockerfile and kubernetes agents, the docker variable.
To be run by tests/container/with-podman, which makes the image and says why podman cannot run."""
import subprocess
import unittest

from harness import Scenario, pipeline, stage

IMAGE = "localhost/cupel-test"


def containers():
    """All but those of the contract test, which may run beside this one."""
    names = subprocess.run(["podman", "ps", "-a", "--format", "{{.Names}}"], capture_output=True,
                           text=True, check=True).stdout.split()
    return [name for name in names if not name.startswith("cupel-test-")]


class ContainerScenario(Scenario):
    def setUp(self):
        super().setUp()
        self.before = containers()

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
        self.assertEqual(containers(), self.before)
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
        left = subprocess.run(["pgrep", "-f", "^sleep 9753[12]$"], capture_output=True, text=True)
        self.assertEqual(left.stdout, "")


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
}}
""")
        subprocess.run(["podman", "rmi", "-f", "localhost/cupel-test-built"], capture_output=True)
        for word in ("hello-b", "built=yes", "with-run", "registry.example:5000/tool"):
            self.assertIn(word, out)


if __name__ == "__main__":
    unittest.main()
