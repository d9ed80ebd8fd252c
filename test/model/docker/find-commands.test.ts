import assert from "node:assert/strict";
import { commandsOf, dialectOf, isOpaque, jobCommandsOf } from "../../../server/src/core/model/docker/find-commands";
import { flagNamed, isFlagOn, runsBefore, type ContainerCommand } from "../../../server/src/core/model/docker/command";
import { needsDaemon, usesRemoteBuilder } from "../../../server/src/core/model/docker/needs-daemon";
import { askCommand, askCommands, askJob, jobWith, written } from "./ask";

/** `docker build --tag=x . ` as "docker build | tag=x | .". */
const show = (command: ContainerCommand): string =>
  [
    `${command.tool} ${command.verb}`.trim(),
    command.flags.map((flag) => (flag.value === undefined ? flag.name : `${flag.name}=${flag.value.text}`)).join(" "),
    command.operands.map((operand) => operand.text).join(" "),
  ]
    .join(" | ")
    .trim();

const shown = (script: string, rest = ""): readonly string[] => askCommands(script, (_ctx, commands) => commands.map(show), rest);

describe("find-commands: which commands are found", () => {
  const found: readonly (readonly [script: string, commands: readonly string[]])[] = [
    ["docker build .", ["docker build |  | ."]],
    ["/usr/local/bin/docker ps", ["docker ps |  |"]],
    ["sudo -E -u root docker ps", ["docker ps |  |"]],
    ["env -u X A=1 docker ps", ["docker ps |  |"]],
    ["time nice -n 5 nohup docker ps", ["docker ps |  |"]],
    ["timeout -k 5 30s docker push x", ["docker push |  | x"]],
    ["retry 3 docker push x", ["docker push |  | x"]],
    ["retry -t 3 -s 5 docker push x", ["docker push |  | x"]],
    ["exec docker ps", ["docker ps |  |"]],
    ["A=1 B=2 docker ps", ["docker ps |  |"]],
    ['echo "docker build -t x"', []],
    ["# docker build .", []],
    ["cat <<EOF\ndocker build .\nEOF", []],
    ["./docker-build.sh", []],
    ["docker-credential-gcr configure", []],
    ["command -v docker", []],
    ["which docker", []],
    ["echo a | docker login -u u --password-stdin r", ["docker login | username=u password-stdin | r"]],
    ["X=$(docker inspect -f '{{.Id}}' x)", ["docker inspect | format={{.Id}} | x"]],
    ["echo `docker ps -q`", ["docker ps | quiet |"]],
    ["if docker pull x; then docker tag x y; fi", ["docker pull |  | x", "docker tag |  | x y"]],
    ["build() { docker build $1; }", ["docker build |  | $1"]],
    ["sh -c 'docker build -t a . && docker push a'", ["docker build | tag=a | .", "docker push |  | a"]],
    ['bash -ec "docker push $IMAGE"', ["docker push |  | $IMAGE"]],
    ["docker run alpine sh -c 'docker ps'", ["docker run |  | alpine sh -c docker ps"]],
    ["buildctl-daemonless.sh build --frontend dockerfile.v0 --opt filename=x", ["buildctl build | frontend=dockerfile.v0 opt=filename=x |"]],
    ["/kaniko/executor --context . -d x:1 --cache=true", ["kaniko | context=. destination=x:1 cache=true |"]],
    ["skopeo copy docker://a docker://b", ["skopeo copy |  | docker://a docker://b"]],
    ["crane auth login r -u u -p p", ["crane auth login | username=u password=p | r"]],
    ["buildah bud -t x", ["buildah build | tag=x |"]],
    ["docker-compose -f a.yml up -d web", ["docker-compose compose up | detach | web"]],
    ["docker compose --profile x build --pull", ["docker compose build | pull |"]],
  ];
  for (const [script, commands] of found) {
    it(script.replaceAll("\n", "⏎"), () => assert.deepEqual(shown(script), commands));
  }

  it("reads a name out of a variable", () => {
    const variables = 'variables:\n  TOOL: "buildah --storage-driver vfs"';
    assert.deepEqual(shown("$TOOL push x", variables), ["buildah push |  | x"]);
    askCommand("$TOOL push x", (_ctx, command) => assert.equal(command.isNamed, false), variables);
  });

  it("reads an `if` that spans items, in the right item", () => {
    const pipeline = "build:\n  script:\n    - if true; then\n    - docker build .\n    - fi\n";
    askJob(pipeline, (ctx, job) => {
      const [command] = commandsOf(ctx, job);
      assert.equal(command?.item.index, 1);
      assert.equal(written(command.at), "docker build .");
      assert.equal(command.use.conditional, true);
    });
  });

  it("numbers commands over sections, and knows the shell of after_script", () => {
    const pipeline = "build:\n  before_script: [docker login r]\n  script: [docker push r/x]\n  after_script: [docker logout r]\n";
    askJob(pipeline, (ctx, job) => {
      const commands = commandsOf(ctx, job);
      assert.deepEqual(
        commands.map(({ verb, section, shell }) => `${verb} ${section} ${shell}`),
        ["login before_script 0", "push script 0", "logout after_script 1"],
      );
      const [login, push, logout] = commands;
      assert.ok(login !== undefined && push !== undefined && logout !== undefined);
      assert.equal(runsBefore(login, push), true);
      assert.equal(runsBefore(push, login), false);
      assert.equal(runsBefore(login, logout), false);
    });
  });

  it("knows PowerShell", () => {
    askJob(jobWith('docker build -t "${env:IMAGE}:tag" .\n$env:X = "1"\nWrite-Host "done"'), (ctx, job) => assert.equal(dialectOf(ctx, job), "powershell"));
    askJob(jobWith("docker build ."), (ctx, job) => assert.equal(dialectOf(ctx, job), "posix"));
  });
});

describe("find-commands: words", () => {
  const parsed: readonly (readonly [script: string, command: string])[] = [
    ["docker build -t a -f d/Dockerfile .", "docker build | tag=a file=d/Dockerfile | ."],
    ["docker build -ta --file=d .", "docker build | tag=a file=d | ."],
    ["docker build -t=a .", "docker build | tag=a | ."],
    ["docker build --pull --no-cache -q .", "docker build | pull no-cache quiet | ."],
    ["docker build --pull=true .", "docker build | pull=true | ."],
    ["docker build -t .", "docker build | tag=. |"],
    ["docker build -t x --", "docker build | tag=x |"],
    ["docker build - < Dockerfile", "docker build |  | -"],
    ["docker build --provenance false .", "docker build | provenance=false | ."],
    ["docker build --load true .", "docker build | load | true ."],
    ["docker image build .", "docker build |  | ."],
    ["docker builder build .", "docker build |  | ."],
    ["docker image rm x", "docker rmi |  | x"],
    ["docker container run --rm x", "docker run | rm | x"],
    ["docker -H tcp://x:1 --log-level=debug ps", "docker ps |  |"],
    ["docker buildx --builder b build .", "docker buildx build |  | ."],
    ["docker buildx imagetools create -t a b", "docker buildx imagetools create | tag=a | b"],
    ["docker run --rm -it -v $PWD:/x -w /x alpine ls -t", "docker run | rm interactive tty volume=$PWD:/x workdir=/x | alpine ls -t"],
    ["docker exec -i c psql -U x", "docker exec | interactive | c psql -U x"],
    ["docker build --unknown-flag .", "docker build | unknown-flag | ."],
    ["docker build \\\n  --tag a \\\n  .", "docker build | tag=a | ."],
    ["docker build –no-cache .", "docker build |  | –no-cache ."],
    ["podman build --layers=false -t x", "podman build | layers=false tag=x |"],
    ["buildah push --tls-verify=false x docker://y", "buildah push | tls-verify=false | x docker://y"],
  ];
  for (const [script, command] of parsed) {
    it(script.replaceAll("\n", "⏎"), () => assert.deepEqual(shown(script), [command]));
  }

  it("marks flags that no table has", () => {
    askCommand("docker build --unknown-flag -t x .", (_ctx, command) =>
      assert.deepEqual(
        command.flags.map(({ name, isKnown }) => [name, isKnown]),
        [
          ["unknown-flag", false],
          ["tag", true],
        ],
      ),
    );
  });

  it("knows the place of each word, flag and value", () => {
    askCommand('sudo docker build --tag="a b" -f"$X/y" .', (_ctx, command) => {
      assert.equal(written(command.at), 'sudo docker build --tag="a b" -f"$X/y" .');
      assert.equal(written(command.nameAt), "docker");
      assert.equal(written(command.verbAt), "build");
      const [tag, file] = command.flags;
      assert.deepEqual([written(tag?.at), written(tag?.nameAt), written(tag?.value?.at)], ['--tag="a b"', "--tag", '"a b"']);
      assert.deepEqual([written(file?.nameAt), written(file?.value?.at)], ["-f", '"$X/y"']);
      assert.equal(written(command.operands[0]?.at), ".");
    });
  });

  it("knows places in folded and quoted YAML", () => {
    const folded = "build:\n  script:\n    - >\n      docker build\n      --tag a:b\n      .\n";
    askJob(folded, (ctx, job) => assert.equal(written(commandsOf(ctx, job)[0]?.flags[0]?.value?.at), "a:b"));
    const quoted = 'build:\n  script:\n    - "docker build -t \\"a:b\\" ."\n';
    askJob(quoted, (ctx, job) => assert.equal(written(commandsOf(ctx, job)[0]?.flags[0]?.value?.at), '\\"a:b\\"'));
  });

  it("keeps places inside `sh -c`", () => {
    askCommand("sh -c 'docker push a:b'", (_ctx, command) => {
      assert.equal(command.isNested, true);
      assert.equal(written(command.operands[0]?.at), "a:b");
    });
  });

  it("puts the words of a variable into the command", () => {
    const rest = 'variables:\n  OPTS: "--pull --build-arg A=$CI_COMMIT_SHA"\n  NONE: ""';
    assert.deepEqual(shown("docker build $OPTS $NONE -t x .", rest), ["docker build | pull build-arg=A=${CI_COMMIT_SHA} tag=x | ."]);
    askCommand("docker build $OPTS .", (_ctx, command) => assert.equal(written(command.flags[0]?.at), "$OPTS"), rest);
  });

  it("says where operands cannot be counted", () => {
    const open = (script: string): boolean => askCommand(script, (_ctx, command) => command.isOpen);
    assert.equal(open("docker build $OPTS"), true);
    assert.equal(open('docker build "$@"'), true);
    assert.equal(open("docker build $(cat args)"), true);
    assert.equal(open('docker build "$CONTEXT"'), false);
    assert.equal(open("docker build -t $IMAGE"), false);
    assert.equal(open("docker build dir/$X"), false);
  });

  it("keeps assignments in front, behind `env` too", () => {
    askCommand("DOCKER_BUILDKIT=1 env X=2 docker build .", (_ctx, command) =>
      assert.deepEqual(
        command.assignments.map(({ name, value }) => `${name}=${value?.text}`),
        ["DOCKER_BUILDKIT=1", "X=2"],
      ),
    );
  });

  it("answers for boolean flags", () => {
    askCommand("docker buildx build --push=false --load .", (_ctx, command) => {
      assert.equal(isFlagOn(command, "push"), false);
      assert.equal(isFlagOn(command, "load"), true);
      assert.equal(flagNamed(command, "tag"), undefined);
    });
  });
});

describe("find-commands: working directory", () => {
  const directory = (script: string): string =>
    askCommands(script, (_ctx, commands) => commands.map(({ workingDirectory: at }) => (at.known ? `/${at.path}` : "?")).join(" "));
  const table: readonly (readonly [script: string, directories: string])[] = [
    ["docker ps", "/"],
    ["cd app\ndocker ps", "/app"],
    ["cd app && docker ps", "/app"],
    ["cd app/../lib/. && docker ps", "/lib"],
    ["cd app || exit 1\ndocker ps", "/app"],
    ["(cd app; docker ps)\ndocker ps", "/app /"],
    ["pushd app\ndocker ps\npopd\ndocker ps", "/app /"],
    ["cd app\ncd -\ndocker ps", "/"],
    ["cd app\ncd $CI_PROJECT_DIR/lib\ndocker ps", "/lib"],
    ["cd ..\ndocker ps", "?"],
    ["cd /tmp\ndocker ps", "?"],
    ["cd $X\ndocker ps", "?"],
    ["if a; then cd app; docker ps; fi\ndocker ps", "/app ?"],
    ["for d in a b; do cd $d; docker ps; cd ..; done", "?"],
    ["go() { cd app; }\ngo\ndocker ps", "?"],
    ["ls app | cd app\ndocker ps", "/"],
    ["X=$(cd app && docker ps)\ndocker ps", "/app /"],
  ];
  for (const [script, expected] of table) it(script.replaceAll("\n", "⏎"), () => assert.equal(directory(script), expected));

  it("follows variables of the YAML", () => {
    const rest = "variables:\n  DIR: $CI_PROJECT_DIR/app";
    askCommand("cd $DIR && docker ps", (_ctx, command) => assert.deepEqual(command.workingDirectory, { known: true, path: "app" }), rest);
  });

  it("starts afresh in after_script", () => {
    askJob("build:\n  script: [cd app]\n  after_script: [docker ps]\n", (ctx, job) =>
      assert.deepEqual(commandsOf(ctx, job)[0]?.workingDirectory, { known: true, path: "" }),
    );
  });
});

describe("find-commands: opaque jobs", () => {
  const opaque = ["./ci/build.sh", "bash ci/build.sh x", "make image", "source lib.sh", ". ./lib.sh", "ci/run", "$RUN", "eval $X", "npm run docker", "python -m build"];
  const clear = ["docker build .", "npm ci", "echo x", "/usr/bin/id", "sh -c 'docker ps'", "bash --version", "apt-get install -y make"];
  for (const script of opaque) it(`is opaque: ${script}`, () => assert.equal(askJob(jobWith(script), isOpaque), true));
  for (const script of clear) it(`is not: ${script}`, () => assert.equal(askJob(jobWith(script), isOpaque), false));
});

describe("needs-daemon", () => {
  const needed = ["docker build .", "docker buildx build .", "docker buildx bake", "docker info", "docker version", "docker tag a b", "docker images", "docker image inspect x", "docker volume create x", "docker compose up", "docker-compose build", "docker buildx create --bootstrap"];
  const free = ["docker --version", "docker -v", "docker login r", "docker logout", "docker manifest inspect x", "docker context create x", "docker buildx create --use", "docker buildx version", "docker buildx ls", "docker buildx imagetools create -t a b", "docker buildx bake --print", "docker buildx bake --list=targets", "docker compose config", "docker compose version", "docker build --help", "docker help", "podman build", "buildah push x", "crane copy a b", "docker scout cves x"];
  for (const script of needed) it(`needs one: ${script}`, () => assert.equal(askCommand(script, (_ctx, command) => needsDaemon(command)), true));
  for (const script of free) it(`needs none: ${script}`, () => assert.equal(askCommand(script, (_ctx, command) => needsDaemon(command)), false));

  it("knows remote builders", () => {
    const remote = (script: string): boolean =>
      askCommands(script, (ctx, commands) => commands.some((command) => command.verb === "buildx build" && usesRemoteBuilder(ctx, command)));
    assert.equal(remote("docker buildx create --use --driver remote tcp://b:1234\ndocker buildx build ."), true);
    assert.equal(remote("docker buildx create --use\ndocker buildx build ."), false);
  });
});

describe("job-commands", () => {
  it("gives commands that are no container commands too", () => {
    askJob(jobWith("aws ecr get-login-password | docker login --password-stdin r"), (ctx, job) => {
      const commands = jobCommandsOf(ctx, job);
      assert.deepEqual(commands.map(({ argv }) => argv[0]?.text), ["aws", "docker"]);
      assert.equal(commands[1]?.use.pipedFrom, commands[0]?.use.command);
    });
  });

  it("knows which commands have surely run before", () => {
    const before = (script: string): boolean =>
      askCommands(script, (_ctx, [first, second]) => first !== undefined && second !== undefined && runsBefore(first, second));
    assert.equal(before("docker login r\ndocker push x"), true);
    assert.equal(before("docker login r && docker push x"), true);
    assert.equal(before("if a; then docker login r; fi\ndocker push x"), false);
    assert.equal(before("if a; then docker login r; docker push x; fi"), true);
    assert.equal(before("if a; then docker login r; else docker push x; fi"), false);
    assert.equal(before("a || docker login r\ndocker push x"), false);
    assert.equal(before("docker login r || docker push x"), true);
  });
});
