# SPDX-License-Identifier: Apache-2.0
"""Stories of containers in fresh machines: what docker, dockerfile and kubernetes agents are for."""
import hashlib
import io
import json
import pathlib
import subprocess
import tarfile
import unittest

from harness import pipeline, stage
from image_registry import ImageRegistry
from machines import MachineScenario
from resume_test import Resuming

MAKE_IMAGE = pathlib.Path(__file__).resolve().parents[1] / "container" / "make-image"
ARCHIVE = "docker-archive:image.tar"


def write_image(path, layer):
    """An image of one layer, as `docker save` writes it."""
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Env": ["PATH=/usr/bin:/bin", "IMAGE_SAYS=hello"], "Cmd": ["sh"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["localhost/tool:latest"],
                            "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(path, "w") as archive:
        for name, content in (("config.json", config), ("layer.tar", layer), ("manifest.json", manifest)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


class InMachines(MachineScenario):
    def setUp(self):
        super().setUp()
        files = self.root / "files.tar"
        subprocess.run([str(MAKE_IMAGE), "-", str(files)], check=True, capture_output=True)
        (self.project / "ci").mkdir()
        write_image(self.project / "image.tar", files.read_bytes())
        files.rename(self.project / "ci" / "files.tar")
        (self.project / "ci" / "Build.docker").write_text(
            "FROM scratch\nARG WHO=nobody\nADD files.tar /\nENV GREETING=hello-$WHO PATH=/usr/bin:/bin\n")
        self.write("of the project\n", "README")

    def test_agents_and_the_docker_variable(self):
        registry = ImageRegistry()
        self.addCleanup(registry.close)
        address = f"10.0.2.2:{registry.port}"
        self.write(f"""pipeline {{
  agent none
  options {{ timeout(time: 8, unit: 'MINUTES') }}
  stages {{
    stage('Variable') {{
      agent any
      steps {{ script {{
        sh 'test -e /run/systemd/system && id -u && docker --version'
        def image = docker.image('{ARCHIVE}')
        image.inside('-u 1234:1234') {{ sh 'echo "inside $IMAGE_SAYS as $(id -u) in $PWD"' }}
        image.withRun('', 'sleep 1000') {{ c -> sh "podman exec $c.id echo with-run" }}
        docker.withRegistry('http://{address}') {{
          def built = docker.build('team/tool', '-f ci/Build.docker --build-arg WHO=eve ci')
          built.push()
          built.push('2')
        }}
        try {{
          timeout(time: 3, unit: 'SECONDS') {{ image.inside {{ sh 'sleep 97531' }} }}
        }} catch (ignored) {{ echo 'timed out' }}
        sh 'test -z "$(podman ps -a -q)"; test "$(pgrep -c -x sleep)" = 0'
      }} }}
    }}
    stage('Docker') {{
      agent {{ docker {{ image 'team/tool:2'; registryUrl 'http://{address}'; args '-e "GIVEN=by args"' }} }}
      steps {{ sh 'echo "$GREETING $GIVEN in $PWD"; cat README; test ! -e /run/systemd/system; echo made > made.txt' }}
      post {{ always {{ archiveArtifacts 'made.txt' }} }}
    }}
    stage('Dockerfile') {{
      agent {{ dockerfile {{ dir 'ci'; filename 'Build.docker'; additionalBuildArgs '--build-arg WHO=ada' }} }}
      steps {{ sh 'echo "$GREETING"' }}
    }}
    stage('Pod') {{
      agent {{ kubernetes {{ defaultContainer 'tool'; yaml '''
spec:
  containers:
  - name: tool
    image: {ARCHIVE}
    command: [sleep]
    args: ["1000"]
  - name: other
    image: {ARCHIVE}
    command: [cat]
    tty: true
''' }} }}
      steps {{
        sh 'echo "tool $IMAGE_SAYS"; echo shared > shared'
        container('other') {{ sh 'echo "other $(cat shared)"' }}
        container('jnlp') {{ sh 'echo "machine $(cat shared)"; test -e /run/systemd/system' }}
      }}
    }}
  }}
}}
""")
        out = self.ends(0, seconds=560)
        self.assertEqual(out.count("Running on debian-12 (machine "), 4)
        for words in ("inside hello as 1234 in /workspace/project", "with-run", "timed out",
                      "hello-eve by args in /workspace/project", "of the project", "hello-ada",
                      "tool hello", "other shared", "machine shared"):
            self.assertIn(words, out)
        self.assertEqual(registry.tags(), ["team/tool:2", "team/tool:latest"])
        self.assertEqual((self.run_directory() / "artifacts" / "made.txt").read_text(), "made\n")


class TakenUp(Resuming):
    """A run is killed while its script is in a container of a machine."""

    def setUp(self):
        super().setUp()
        files = self.root / "files.tar"
        subprocess.run([str(MAKE_IMAGE), "-", str(files)], check=True, capture_output=True)
        write_image(self.project / "image.tar", files.read_bytes())

    def test_a_script_goes_on_and_is_taken_up(self):
        self.write(pipeline(
            stage("A", "sh 'echo a >> ran; echo first > /tmp/state'"),
            stage("B", "sh 'echo b >> ran; mkfifo go; seq 1 2000; set +x; read ignored <go; "
                       "seq 2001 4000; echo last >&2'"),
            stage("C", "sh 'echo c >> ran; cat ran /tmp/state; echo \"says $IMAGE_SAYS\"'"),
            agent=f"{{ docker '{ARCHIVE}' }}"))
        first = self.begin()
        first.wait_for("\n2000\n", seconds=300)
        self.kill(first)
        (machine, state), = self.machines().items()
        self.assertEqual(state, "orphaned")
        self.inside(machine, "echo >/workspace/project/go")

        out = self.resume()

        self.assertIn("\na\nb\nc\nfirst\n", out)
        self.assertIn("\nsays hello\n", out)
        numbers = [int(line) for line in self.log().splitlines() if line.isdigit()]
        self.assertEqual(numbers, list(range(1, 4001)))
        self.assertEqual(self.log().count("\nlast\n"), 1)


class WithoutPodman(MachineScenario):
    def test_a_box_that_has_none_is_named_with_one_that_has(self):
        self.write(pipeline(stage("A", "sh 'true'"),
                            agent="{ docker { image 'tool'; label 'cupel/tiny' } }"))
        self.assertRegex(self.ends(1), "containers need podman, which is missing in machine [0-9a-f]+; "
                                       "take a node that has it, as one of cupel/debian-12")


if __name__ == "__main__":
    unittest.main(verbosity=2)
