// Secrets that a Dockerfile itself puts into an image: values of ARG and ENV, and files that it copies.
import { isHarmlessValue, isPlaceholderValue, isSecretName } from "../../data/secret-names";
import type { QueryContext } from "../../query/query";
import type { DockerfileAssignment, DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Dockerfile, Stage } from "./dockerfile";
import { buildsOfDockerfile, contextsOf } from "./dockerfile-uses";
import { readsOf } from "./instruction-reads";
import { presenceOf } from "./repository-paths";
import { baseChain, finalStage } from "./stage-reachability";
import { joinPath } from "./working-directory";

export interface BakedSecret {
  /** "value": ARG or ENV with a value. "argument": an ARG that RUN or ENV reads and nobody in sight gives. "file": COPY of one. */
  readonly kind: "value" | "argument" | "file";
  readonly name: string;
  readonly keyword: string;
  readonly at: Origin;
  /** False for examples, and for files of which nobody knows what is in them. */
  readonly isLikely: boolean;
  /** It is in the image that a build without `--target` makes. */
  readonly isInImage: boolean;
}

export function bakedSecrets(ctx: QueryContext, dockerfile: Dockerfile): readonly BakedSecret[] {
  const last = finalStage(dockerfile);
  const inImage = new Set(last === undefined ? [] : baseChain(last));
  return dockerfile.stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) => {
      const found = secretsOf(ctx, dockerfile, stage, instruction);
      return found.map((secret) => ({
        ...secret,
        keyword: instruction.keyword,
        isInImage: inImage.has(stage),
      }));
    }),
  );
}

type Found = Omit<BakedSecret, "keyword" | "isInImage">;

function secretsOf(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  stage: Stage,
  instruction: DockerfileInstruction,
): readonly Found[] {
  switch (instruction.keyword) {
    case "ARG":
      return instruction.assignments.flatMap(
        (each) => valueIn(each) ?? argumentIn(ctx, dockerfile, stage, each) ?? [],
      );
    case "ENV":
      return instruction.assignments.flatMap(
        (each) => valueIn(each) ?? environmentIn(ctx, dockerfile, stage, each) ?? [],
      );
    case "COPY":
    case "ADD":
      return filesIn(ctx, dockerfile.tree.path, instruction);
    default:
      return [];
  }
}

// ---- ARG and ENV

/** A literal value; a fingerprint of a public key (`ENV GPG_KEY 0D96…`) is none. */
function valueIn({ name, value, nameAt }: DockerfileAssignment): Found | undefined {
  if (value === undefined || value.includes("$") || !isSecretName(name) || isMask(value)) return undefined;
  if (isHarmlessValue(value) || /^(0x)?[0-9A-F]{8,64}$/i.test(value.replaceAll(" ", ""))) return undefined;
  return { kind: "value", name, at: nameAt, isLikely: !isPlaceholderValue(value) };
}

/** `"********"`: somebody has blacked it out, or whoever starts the container gives it. */
const isMask = (value: string): boolean => /^(?:\*+|x{3,})$/i.test(value.trim());

/** An ARG that RUN reads. Where a job gives it, the job's command is what is reported. */
function argumentIn(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  stage: Stage,
  { name, value, nameAt }: DockerfileAssignment,
): Found | undefined {
  if (value !== undefined || !isSecretName(name) || isGiven(ctx, dockerfile, name)) return undefined;
  const isRead = stage.instructions.some(
    (instruction) =>
      instruction.keyword === "RUN" &&
      readsOf(ctx, instruction, dockerfile.tree.escape).some((read) => read.name === name),
  );
  return isRead ? { kind: "argument", name, at: nameAt, isLikely: false } : undefined;
}

/** `ENV TOKEN=$TOKEN` keeps a build argument in the image's configuration. */
function environmentIn(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  stage: Stage,
  { name, value, nameAt }: DockerfileAssignment,
): Found | undefined {
  const source = /^\$\{?(\w+)\}?$/.exec(value ?? "")?.[1];
  if (source === undefined || !(isSecretName(name) || isSecretName(source))) return undefined;
  const isArgument = stage.arguments.some((each) => each.name === source && each.default === undefined);
  if (!isArgument || isGiven(ctx, dockerfile, source)) return undefined;
  return { kind: "argument", name, at: nameAt, isLikely: false };
}

const isGiven = (ctx: QueryContext, { tree }: Dockerfile, name: string): boolean =>
  buildsOfDockerfile(ctx, tree.path).some((build) => build.arguments.some((each) => each.name === name));

// ---- Files

/** Private keys: nothing else bears these names. */
const KEY_FILE =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|.*private[\w.-]*\.(?:pem|key)|.*\.key\.pem|.*\.p12|.*\.pfx)$/i;

/** Files that hold secrets in most repositories, and in some only settings; and lines that tell. */
const MAYBE_SECRET: ReadonlyMap<string, RegExp> = new Map([
  [".env", /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*["']?([^\s"'$][^\s"']*)/gm],
  [".npmrc", /^[^#;\n]*_(?:authToken|auth|password)[ \t]*=[ \t]*()([^\s$]+)/gm],
  [".netrc", /\bpassword\s+()([^\s$]+)/gm],
  [".pypirc", /^[ \t]*password[ \t]*[:=][ \t]*()([^\s$]+)/gm],
  [".git-credentials", /:\/\/[^:]+:()([^@\s]+)@/gm],
  ["credentials", /^[ \t]*aws_secret_access_key[ \t]*=[ \t]*()([^\s$]+)/gm],
]);

function filesIn(
  ctx: QueryContext,
  dockerfile: FilePath,
  instruction: DockerfileInstruction,
): readonly Found[] {
  if (instruction.flags.some(({ name }) => name === "from")) return [];
  const sources = (instruction.json ?? instruction.words).slice(0, -1);
  return sources.flatMap(({ text, at }) => {
    const name = text.slice(text.lastIndexOf("/") + 1);
    if (KEY_FILE.test(name)) return [{ kind: "file" as const, name: text, at, isLikely: true }];
    const pattern = MAYBE_SECRET.get(name);
    if (pattern === undefined) return [];
    const isLikely = holdsSecret(ctx, dockerfile, text, name, pattern);
    return isLikely === false ? [] : [{ kind: "file" as const, name: text, at, isLikely: isLikely === true }];
  });
}

/** Whether a file of the repository holds a secret; undefined where it is not there, so that somebody makes it. */
function holdsSecret(
  ctx: QueryContext,
  dockerfile: FilePath,
  source: string,
  name: string,
  pattern: RegExp,
): boolean | undefined {
  const paths = contextsOf(ctx, dockerfile).flatMap((folder) => joinPath(folder, source) ?? []);
  if (paths.some((path) => presenceOf(ctx, path) === "folder")) return false;
  const texts = paths.flatMap((path) => (ctx.exists(path) === true ? [ctx.file(path)?.text ?? ""] : []));
  if (texts.length === 0) return undefined;
  return texts.some((text) =>
    [...text.matchAll(pattern)].some(
      ([, key = "", value = ""]) =>
        (name !== ".env" || isSecretName(key)) && !isHarmlessValue(value) && !isPlaceholderValue(value),
    ),
  );
}
