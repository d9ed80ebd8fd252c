// What a command line says of the runner that it registers. A script may be run for more than one machine, or for none:
// conclusions from it are doubtful.
import { defineQuery, type QueryContext } from "../../query/query";
import { EXECUTORS } from "../../settings/table";
import type { Located } from "../../text/located";
import { registerFlag, registerLinesOf, type RegisterLine } from "./register";
import { ignoresImages, UNKNOWN_PROFILE, type RunnerProfile, type Setting } from "./runner-profile";

export interface RegisteredRunner {
  readonly profile: RunnerProfile;
  /** `--tag-list`; empty where none is given. */
  readonly tags: readonly string[];
}

/** The only runner that the workspace's scripts register; undefined where there are several, or none is fully known. */
export const registeredRunner = defineQuery<null, RegisteredRunner | undefined>({
  name: "registeredRunner",
  compute: (ctx) => {
    const lines = ctx.filesOfKind("shell").flatMap((path) => registerLinesOf(ctx, path));
    const [only, ...others] = lines;
    return only === undefined || others.length > 0 ? undefined : runnerOf(only);
  },
});

export const registeredRunnerOf = (ctx: QueryContext): RegisteredRunner | undefined =>
  ctx.get(registeredRunner, null);

function runnerOf(line: RegisterLine): RegisteredRunner | undefined {
  const flag = registerFlag(line, "executor");
  const executor = EXECUTORS.find((each) => each === flag?.value?.text);
  // A template brings settings that the line does not show; so do variables of the environment.
  if (executor === undefined || registerFlag(line, "template-config") !== undefined) return undefined;
  const isKubernetes = executor === "kubernetes";
  const switchOf = (name: string): Setting<boolean> => {
    const written = registerFlag(line, name);
    return { value: written !== undefined && written.value?.text !== "false", at: written?.at };
  };
  return {
    profile: {
      ...UNKNOWN_PROFILE,
      source: "register",
      isKnown: true,
      isDoubtful: true,
      file: line.path,
      name: (registerFlag(line, "name") ?? registerFlag(line, "description"))?.value?.text,
      executor,
      ignoresImages: ignoresImages(executor),
      privileged: switchOf(isKubernetes ? "kubernetes-privileged" : "docker-privileged"),
      servicesPrivileged: switchOf("docker-services_privileged"),
      volumes: isKubernetes ? undefined : valuesOf(line, "docker-volumes"),
      environment: environmentOf(valuesOf(line, "env")),
      image: valuesOf(line, "docker-image").at(-1),
      evidence: [line.nameAt],
    },
    tags: valuesOf(line, "tag-list").flatMap(({ value }) => value.split(",")),
  };
}

/** All values of a flag that may be given several times. */
const valuesOf = (line: RegisterLine, name: string): readonly Located<string>[] =>
  line.flags.flatMap((flag) =>
    flag.name === name && flag.value !== undefined
      ? [{ value: flag.value.text, at: flag.value.at, via: [] }]
      : [],
  );

function environmentOf(entries: readonly Located<string>[]): ReadonlyMap<string, Setting<string>> {
  return new Map(
    entries.map(({ value, at }) => {
      const equals = value.indexOf("=");
      return [
        equals < 0 ? value : value.slice(0, equals),
        { value: equals < 0 ? "" : value.slice(equals + 1), at },
      ];
    }),
  );
}
