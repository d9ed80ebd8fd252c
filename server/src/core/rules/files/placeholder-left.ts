// Placeholders of documentation that were never replaced.
// https://github.com/distribution/reference/blob/main/regexp.go (what an image reference may hold)
import { isDocker } from "../../model/docker/image-of";
import { parseReference } from "../../model/docker/image-reference";
import { placeholdersOf, standInOf, type Placeholder } from "../../model/docker/placeholders";
import { literal } from "../../model/docker/symbolic";
import { SCRIPT_SECTIONS } from "../../model/pipeline/read-job";
import { settingsOf } from "../../model/settings-of";
import { entryOf } from "../../syntax/toml-nodes";
import { keyText, type YamlNode } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import { replaceText } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const placeholderLeft = defineRule({
  id: "placeholder-left",
  title: "Placeholder left in place",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `<word>` in image references, URLs and the words of container commands, `...` and `[...]` as an entry of YAML, remarks such as `<-- this is mandatory` behind a value; as information, pushes to an account of Docker Hub that is called `user` or `your-name`; as a hint, a runner's `token` that is no token.",
    why: `No reference holds angle brackets ("invalid reference format"), and to the shell \`<tag>\` reads a file and writes another
("cannot open tag: No such file"). \`...\` is a command that is not found, and between keys it makes the YAML unreadable.`,
    fix: "Write what is meant.",
    example: {
      bad: `
build:
  image: docker:<tag>
  script: docker version --format json
`,
      good: `
build:
  image: docker:29.6.2-cli
  script: docker version --format json
`,
    },
    references: [
      "https://github.com/distribution/reference/blob/main/regexp.go",
      "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07",
    ],
  },

  *check(job, ctx) {
    for (const each of placeholdersOf(ctx, job)) {
      yield {
        at: each,
        message: `\`${each.text}\` is a placeholder of documentation, ${CONSEQUENCE[each.in]}; write what is meant`,
        fixes: tagFix(ctx, each),
      };
    }
    const standIn = standInOf(ctx, job);
    if (standIn === undefined) return;
    yield {
      at: standIn,
      severity: "info",
      message: `This pushes to the account \`${standIn.name}\` of Docker Hub, which looks like the placeholder of an example ("denied: requested access to the resource is denied"); write the name of your own`,
    };
  },

  alsoInspects: {
    *"ci-file"(yaml) {
      for (const { blocks } of yaml.documents) {
        for (const { chunk, pairs, problems } of blocks) {
          if (!/\.\.\.|…|<--/.test(chunk.text)) continue;
          for (const { value, key } of pairs) {
            const isScript = SECTIONS.has(key.kind === "scalar" ? key.text : "");
            yield* inNode(value, problems.length > 0, isScript);
          }
        }
      }
    },

    *"runner-config"({ path, runners }) {
      if (EXAMPLE.test(path)) return;
      for (const { table } of runners) {
        const token = entryOf(table, "token")?.value;
        if (token?.kind !== "string" || !TOKEN.test(token.value)) continue;
        yield {
          at: token.at,
          // Who commits a configuration rightly leaves the token out: it is said, and no more.
          severity: "hint",
          message: `\`${token.value}\` is no token, and the runner cannot log in to GitLab with it unless something fills it in ("Verifying runner... is removed"); write the token that GitLab shows when the runner is made`,
        };
      }
    },
  },
});

const CONSEQUENCE: Readonly<Record<Placeholder["in"], string>> = {
  image: 'which makes the reference invalid ("invalid reference format")',
  service: 'which makes the reference invalid ("invalid reference format")',
  variable: "which is valid in no reference and no URL",
  command: "which no reference may hold, and where the shell sees no quotes it reads and writes files",
};

/** `docker:<tag>` becomes the version that the settings name. */
function tagFix(ctx: RuleContext, { image, text, at, in: where }: Placeholder): readonly FixDraft[] {
  const written = image?.text.text ?? "";
  const name = written.endsWith(`:${text}`) ? written.slice(0, -text.length - 1) : "";
  if (name === "" || !isDocker(parseReference({ parts: [literal(name)] }))) return [];
  const tag = `${ctx.get(settingsOf, null).settings.dockerVersion}${where === "service" ? "-dind" : "-cli"}`;
  return [
    {
      title: `Use \`${name}:${tag}\``,
      safety: "suggested",
      edits: [replaceText(at, tag)],
    },
  ];
}

// ---- YAML

const SECTIONS: ReadonlySet<string> = new Set(SCRIPT_SECTIONS);
const DOTS = /^(?:\.\.\.|…)$/;
const REMARK = /\s<--+\s*[A-Za-z][^"']*$/;

/** Plain texts that are only dots, lists of nothing but those, and remarks behind a value. Scripts may hold arrows. */
function* inNode(node: YamlNode, isBroken: boolean, isScript: boolean): Iterable<Report> {
  if (isDots(node) || (node.kind === "seq" && node.flow && isOnlyDots(node.items))) {
    yield dots(node.at, isBroken);
  } else if (node.kind === "seq") {
    for (const item of node.items) yield* inNode(item, isBroken, isScript);
  } else if (node.kind === "map") {
    for (const pair of node.pairs)
      yield* inNode(pair.value, isBroken, isScript || SECTIONS.has(keyText(pair) ?? ""));
  } else if (!isScript) yield* remarkIn(node);
}

function* remarkIn(node: YamlNode): Iterable<Report> {
  if (node.kind !== "scalar" || node.style !== "plain") return;
  const index = node.text.search(REMARK);
  if (index !== -1) yield remark(node.mapped.at(index + 1, node.text.length));
}

const isOnlyDots = ([only, ...others]: readonly YamlNode[]): boolean =>
  only !== undefined && others.length === 0 && isDots(only);

const isDots = (node: YamlNode): boolean =>
  node.kind === "scalar" && node.style === "plain" && DOTS.test(node.text);

const dots = (at: Origin, isBroken: boolean): Report => ({
  at,
  message: isBroken
    ? "This is what an example left out, and it makes the YAML unreadable; write what belongs here or remove it"
    : "This is what an example left out, and GitLab takes it for a text; write what belongs here or remove it",
});

const remark = (at: Origin): Report => ({
  at,
  message: "YAML takes this remark for a part of the value in front of it; begin it with `#`",
  fixes: [
    {
      title: "Make it a comment",
      safety: "suggested",
      edits: [replaceText({ ...at, end: at.start + 1 }, "# <")],
    },
  ],
});

// ---- Runner

/** Files that nobody runs a runner with. */
const EXAMPLE = /(?:^|\/)(?:docs?|examples?|test[^/]*|fixtures)\/|\.(?:example|sample|dist|template)$/;

/** `${TOKEN}`, `{{ token }}`, `__TOKEN__` are for a program that fills them in. */
const TOKEN =
  /^(?:<[^>]*>|\[[^\]]*\]|(?:your|my|the)?[-_ ]?(?:(?:gitlab|runner|registration|authentication|auth|ci)[-_ ]?)*(?:token|TOKEN)|redacted|\W*redacted\W*|change[-_]?me|(?:glrt-)?x{3,}|(?:glrt-)?\*{3,}|\.\.\.|…)$/i;
