// A password as an argument of `login`: readable for everybody on the machine, and in the trace of the shell.
// cli/command/registry/login.go of docker/cli
import { commandsOf, dialectOf, jobCommandsOf } from "../../model/docker/find-commands";
import { flagNamed, type Argument, type ContainerCommand, type JobCommand } from "../../model/docker/command";
import type { Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import { replaceInScript, startOf } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const loginPasswordFlag = defineRule({
  id: "login-password-flag",
  title: "Password on the command line",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `-p` and `--password` of `docker login`, and of `podman`, `buildah`, `skopeo`, `nerdctl`, `crane` and `helm registry` alike.",
    why: `Arguments of a process can be read by every other process of the machine, and stand in the log where the shell
prints its commands. Docker warns: "WARNING! Using --password via the CLI is insecure. Use --password-stdin".`,
    fix: "Pipe the password to `--password-stdin`.",
    example: {
      bad: `
build:
  script:
    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"
`,
      good: `
build:
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/login/#password-stdin",
      "https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/",
    ],
  },

  *check(job, ctx) {
    if (!job.script.some(({ text }) => text.text.includes("login"))) return;
    const canFix = dialectOf(ctx, job) === "posix";
    for (const login of [
      ...commandsOf(ctx, job).flatMap(containerLogin),
      ...jobCommandsOf(ctx, job).flatMap(helmLogin),
    ]) {
      yield {
        at: { at: login.at, via: login.command.via },
        message: `\`${login.written}\` puts the password into the process list and the trace of the shell (docker warns "Using --password via the CLI is insecure"); pipe it to \`--password-stdin\``,
        fixes: canFix && login.hasUser ? pipeFix(login) : [],
      };
    }
  },
});

interface Login {
  readonly command: JobCommand;
  /** The flag as written: "-p". */
  readonly written: string;
  /** The flag with its value. */
  readonly at: Origin;
  readonly password: Argument;
  /** `--password-stdin` alone is refused: "Must provide --username with --password-stdin". */
  readonly hasUser: boolean;
}

function containerLogin(command: ContainerCommand): readonly Login[] {
  if (command.verb !== "login" && command.verb !== "auth login") return [];
  const flag = flagNamed(command, "password");
  if (flag?.value === undefined || flag.value.text === "-") return [];
  const hasUser = flagNamed(command, "username", "user") !== undefined;
  return [{ command, written: flag.written, at: flag.at, password: flag.value, hasUser }];
}

/** `helm registry login -p X`: no container tool, but the same flag. https://helm.sh/docs/helm/helm_registry_login/ */
function helmLogin(command: JobCommand): readonly Login[] {
  const [name, registry, verb] = command.argv;
  if (name?.text !== "helm" || registry?.text !== "registry" || verb?.text !== "login") return [];
  const index = command.argv.findIndex(({ text }) => text === "-p" || text === "--password");
  const flag = command.argv[index];
  const password = command.argv[index + 1];
  if (index === -1 || flag === undefined || password === undefined || password.text === "-") return [];
  const hasUser = command.argv.some(({ text }) => /^(-u|--username)(=|$)/.test(text));
  const at = { chunk: flag.at.chunk, start: flag.at.start, end: password.at.end };
  return [{ command, written: flag.text, at, password, hasUser }];
}

/** `docker login -u U -p P S` becomes `echo "P" | docker login -u U --password-stdin S`. */
function pipeFix({ command, at, password }: Login): readonly FixDraft[] {
  const { item } = command;
  const text = printable(password.word);
  if (text === undefined || usesStandardInput(command)) return [];
  const pipe = replaceInScript(item, startOf(command.at), `echo ${text} | `);
  const flag = replaceInScript(item, at, "--password-stdin");
  return pipe === undefined || flag === undefined
    ? []
    : [{ title: "Pipe the password to `--password-stdin`", safety: "safe", edits: [pipe, flag] }];
}

/** Something feeds the command already, or runs it more than once, where standard input is empty from the second time on. */
const usesStandardInput = ({ use, wrappers }: JobCommand): boolean =>
  use.pipedFrom !== undefined ||
  use.command.redirects.some((redirect) => redirect.operator.startsWith("<")) ||
  wrappers.some((wrapper) => !ONCE.has(wrapper)) ||
  (wrappers.includes("sudo") && use.command.words.some(({ text }) => /^-[A-Za-z]*S$|^--stdin$/.test(text)));

const ONCE: ReadonlySet<string> = new Set(["sudo", "env", "time", "command", "nice", "timeout"]);

/**
 * A password as an argument of `echo` that prints exactly it: one variable, or text in one pair of quotes. Undefined for
 * everything else: `echo` would take `-n` for an option and, in some shells, a backslash for an escape.
 */
function printable({ source, start, parts }: Word): string | undefined {
  const [only, ...others] = parts;
  if (only?.kind === "variable" && others.length === 0) {
    const isPlain = only.operator === undefined && !only.name.startsWith("[[");
    return isPlain ? `"${source.slice(only.start - start, only.end - start)}"` : undefined;
  }
  return /^(?:"(?!-)[^"\\`]+"|'(?!-)[^'\\]+')$/.test(source) ? source : undefined;
}
