// Hover on the flags of `gitlab-runner register`: the setting that each of them writes. Such lines stand in scripts, in the code
// blocks of Markdown files, in Dockerfiles and in pipelines.
import { REGISTER_PAGE, REGISTERING_FLAGS, RENAMED_FLAGS, SERVER_FLAGS } from "../../data/register-flags";
import { RUNNER_SETTINGS } from "../../data/runner-settings";
import { RUNNER_PAGE, runnerSettingText } from "../../data/runner-setting-texts";
import { registerLinesOf, type RegisterFlag, type RegisterLine } from "../../model/runner/register";
import type { QueryContext } from "../../query/query";
import type { Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { offsetOf } from "../symbols/pipelines-around";
import { code, link, paragraphs } from "./markdown";
import { SETTING_TYPES } from "./runner";

/** What is said of a flag at an offset; undefined where none stands, or nothing is known of it. */
export function registerHover(
  ctx: QueryContext,
  file: FilePath,
  offset: number,
): { readonly text: string; readonly at: Place } | undefined {
  for (const line of registerLinesOf(ctx, file)) {
    const base = offsetOf(ctx, line.at.chunk);
    if (base === undefined || offset < base + line.at.start || offset > base + line.at.end) continue;
    const flag = line.flags.find(
      ({ nameAt }) => base + nameAt.start <= offset && offset <= base + nameAt.end,
    );
    const text = flag && flagText(flag, line);
    if (flag === undefined || text === undefined) return undefined;
    return { text, at: { file, start: base + flag.nameAt.start, end: base + flag.nameAt.end } };
  }
  return undefined;
}

function flagText(flag: RegisterFlag, line: RegisterLine): string | undefined {
  const own = SERVER_FLAGS.get(flag.name) ?? REGISTERING_FLAGS.get(flag.name);
  if (own !== undefined) return ownText(flag, own, line);
  const setting = settingOf(flag.name);
  if (setting === undefined) return undefined;
  const [table, key] = setting;
  const text = runnerSettingText(table, key);
  const type = RUNNER_SETTINGS.get(table)?.get(key);
  const isList = type === "texts";
  return paragraphs(
    `**${code(flag.written)}** sets ${code(key)}${type === undefined ? "" : ` (${SETTING_TYPES[type]})`} in ${code(tableText(table))}`,
    text === undefined ? undefined : sentence(text),
    isList ? "Given several times, each adds an entry." : undefined,
    link("Settings of the runner", RUNNER_PAGE),
  );
}

function ownText(flag: RegisterFlag, text: string, line: RegisterLine): string {
  const isServer = SERVER_FLAGS.has(flag.name);
  const token = line.flags.find(({ name }) => name === "token")?.value;
  const isRefused = isServer && token?.isStatic === true && token.text.startsWith("glrt-");
  return paragraphs(
    `**${code(flag.written)}** sets nothing in ${code("config.toml")}`,
    sentence(text),
    isServer
      ? `GitLab keeps it. With an authentication token (${code("glrt-…")})${isRefused ? ", as in this line," : ""} it is set where the runner is created, and the command refuses the flag.`
      : undefined,
    link("Registering runners", REGISTER_PAGE),
  );
}

const sentence = (text: string): string => (text.endsWith("…") ? text : `${text}.`);

/** Table and key that a flag writes, as far as the setting is listed. */
function settingOf(flag: string): readonly [table: string, key: string] | undefined {
  const renamed = RENAMED_FLAGS.get(flag);
  if (renamed !== undefined) return renamed;
  const [, section, rest = ""] = /^(?:(docker|kubernetes)-)?(.+)$/.exec(flag) ?? [];
  const table = section === undefined ? "runners" : `runners.${section}`;
  const candidates = [rest.replaceAll("-", "_"), rest];
  const key = candidates.find(
    (each) => RUNNER_SETTINGS.get(table)?.has(each) === true || runnerSettingText(table, each) !== undefined,
  );
  return key === undefined ? undefined : [table, key];
}

const tableText = (table: string): string => (table === "runners" ? "[[runners]]" : `[${table}]`);
