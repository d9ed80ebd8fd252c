// Settings of a runner that do nothing any more, or something else than they seem to.
// https://docs.gitlab.com/runner/configuration/advanced-configuration/
import { dockerImageTag } from "../../data/known-images";
import { booleanAt, stringAt, stringsAt } from "../../model/runner/config";
import { registerFlag } from "../../model/runner/register";
import type { Runner } from "../../model/runner/runner";
import { settingsOf } from "../../model/settings-of";
import { entryOf, type TomlTable } from "../../syntax/toml-nodes";
import { textAt, type Located } from "../../text/located";
import { replaceText } from "../edits";
import { s3Cache } from "../s3-cache";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const runnerObsoleteSetting = defineRule({
  id: "runner-obsolete-setting",
  title: "Runner setting without the effect that it had",
  severity: "info",
  since: "0.1.0",
  inspects: "runner-config",

  docs: {
    what: "Reports settings of config.toml and of `gitlab-runner register` that are ignored or mislead: settings of S3 directly below `[runners.cache]`, a `url` that ends in `/ci`, `links`, and a Docker daemon or a frozen tag as the default image of jobs.",
    why: "The runner reads such lines without a word, so that what they were to do does not happen; a daemon image as the default image makes every job without `image:` run in an image that is larger, and does not even start the daemon.",
    fix: "Remove the line, or write what took its place.",
    example: {
      file: "config.toml",
      bad: `[[runners]]
  url = "https://gitlab.example.com/ci"
  executor = "docker"
  [runners.docker]
    image = "docker:29.6.2-dind"
`,
      good: `[[runners]]
  url = "https://gitlab.example.com"
  executor = "docker"
  [runners.docker]
    image = "docker:29.6.2-cli"
`,
    },
    references: [
      "https://docs.gitlab.com/runner/configuration/advanced-configuration/",
      "https://docs.gitlab.com/runner/executors/docker/",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/issues/4070",
    ],
  },

  *check(config, ctx) {
    for (const runner of config.runners) {
      yield* oldUrl(runner);
      yield* s3Cache(runner.table);
      const docker = entryOf(runner.table, "docker")?.value;
      if (docker?.kind !== "table") continue;
      yield* links(docker.table);
      const image = stringAt(docker.table, "image");
      if (image !== undefined) yield* defaultImage(image, ctx);
    }
  },

  alsoInspects: {
    *"register-line"(line, ctx) {
      const image = registerFlag(line, "docker-image")?.value;
      if (image?.isStatic !== true) return;
      yield* defaultImage({ value: image.text, at: image.at, via: [] }, ctx);
    },
  },
});

/** Runners of version 1 talked to GitLab CI, which was a program of its own. */
function* oldUrl({ table }: Runner): Iterable<Report> {
  const url = stringAt(table, "url");
  if (url === undefined || !/\/ci\/?$/.test(url.value)) return;
  const shorter = url.value.replace(/\/ci\/?$/, "");
  yield {
    at: url,
    message: `GitLab CI has not had an address of its own since GitLab 8, and \`/ci\` only works by a redirect; use \`${shorter}\``,
    fixes: replacing(url, shorter),
  };
}

function* links(docker: TomlTable): Iterable<Report> {
  const written = stringsAt(docker, "links");
  const [first] = written ?? [];
  if (first === undefined || booleanAt(docker, "links") !== undefined) return;
  yield {
    at: first,
    message:
      "Links of containers are deprecated in Docker, and since Runner 18.7 only names are set for them, no environment variables; use `[[runners.docker.services]]` or `extra_hosts`",
  };
}

const SLIM = /^(?:docker\.io\/(?:library\/)?)?docker:([\w.-]+)$/;

/** A daemon, or a tag that stands still, as the image of jobs that name none. */
function* defaultImage(image: Located<string>, ctx: RuleContext): Iterable<Report> {
  const tag = SLIM.exec(image.value)?.[1];
  if (tag === undefined) return;
  const version = ctx.get(settingsOf, null).settings.dockerVersion;
  const client = `docker:${version}-cli`;
  const isFrozen = /^(?:stable|test|edge)(?=$|-)/.test(tag);
  if (!isFrozen && !tag.includes("dind")) return;
  const { is } = dockerImageTag(tag);
  const why = isFrozen
    ? "has stood still at 19.03 since 2019"
    : is === "dind"
      ? "is the image of the daemon, which is not started in jobs"
      : "is no image for jobs";
  yield {
    at: image,
    message: `\`${image.value}\` ${why}, and is the default image of every job without \`image:\`; use \`${client}\`, or an image without Docker`,
    fixes: replacing(image, client),
  };
}

function replacing({ value, at }: Located<string>, text: string): readonly FixDraft[] {
  const written = textAt(at);
  if (!written.includes(value)) return [];
  const edits = [replaceText(at, written.replace(value, text))];
  return [{ title: `Write \`${text}\``, safety: "suggested", edits }];
}
