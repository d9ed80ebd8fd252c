// Hover on the name of a job: what it is in short. The whole of it is what the command "effective job" shows.
import { commandsOf } from "../../model/docker/find-commands";
import { needsDaemon } from "../../model/docker/needs-daemon";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import { showText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { readNeeds } from "../../model/pipeline/needs";
import { runsIn } from "../../model/pipeline/when";
import { profileOf } from "../../model/runner/profile";
import type { QueryContext } from "../../query/query";
import { placeText } from "../position/place-text";
import { samplesOf } from "../samples";
import { daemonText } from "./daemon";
import { bullets, code, listed, paragraphs } from "./markdown";

/** What a job is in short: stage, image, pipelines, images that it makes. */
export function jobText(ctx: QueryContext, job: Job): string {
  const what = job.isHidden ? "Template" : job.isTrigger ? "Trigger job" : "Job";
  return paragraphs(
    `**${what}** ${code(job.name)}, ${placeText(ctx, job.nameAt)}`,
    bullets([
      `stage ${code(job.stage.value)}`,
      ...(job.image === undefined ? [] : [`image ${code(job.image.name.value)}`]),
      ...(job.services.length === 0
        ? []
        : [`services ${listed(job.services.map(({ name }) => code(name.value)))}`]),
      ...(job.isHidden || job.isTrigger ? [] : [runnerText(ctx, job)]),
      ...waitsFor(job),
      ...(job.isHidden ? [] : [runsText(ctx, job)]),
      ...imagesText(ctx, job),
      ...daemonLine(ctx, job),
    ]),
    job.isClosed ? undefined : "*A part of its configuration could not be read: there may be more to it.*",
  );
}

function runnerText(ctx: QueryContext, job: Job): string {
  const profile = profileOf(ctx, job);
  const tags = job.tags.length === 0 ? "no tags" : `tags ${listed(job.tags.map(({ value }) => code(value)))}`;
  if (!profile.isKnown) return `runner: ${tags}; which one takes it is not known`;
  const rights = profile.privileged?.value === true ? ", privileged" : "";
  return `runner: ${tags}; ${profile.executor === undefined ? "executor not known" : `executor ${code(profile.executor)}`}${rights}`;
}

function waitsFor(job: Job): readonly string[] {
  const needs = readNeeds(job.keywords.get("needs")?.value)?.items.flatMap((item) => item.job ?? []);
  if (needs === undefined) return [];
  return [needs.length === 0 ? "waits for no job" : `waits for ${listed(needs.map(code))}`];
}

/** In which of the example pipelines it runs: they stand for kinds. */
function runsText(ctx: QueryContext, job: Job): string {
  const { ways } = runsIn(ctx, job);
  if (ways.length === 0) return "**never runs**: no pipeline meets its rules";
  const samples = samplesOf(ctx, job);
  if (samples.length === 0) return "runs in none of the usual pipelines: its rules ask for something else";
  const isSure = ways.every(
    ({ isCertain, name }) => isCertain && name.every(({ kind }) => !kind.startsWith("matches")),
  );
  return `${isSure ? "runs" : "may run"} for ${listed(samples.map(({ label }) => label))}`;
}

const MOST_IMAGES = 5;

function imagesText(ctx: QueryContext, job: Job): readonly string[] {
  const named = (...actions: readonly string[]): readonly string[] => [
    ...new Set(
      imageUsesOf(ctx, job).flatMap(({ action, references }) =>
        actions.includes(action) ? references.map(({ text }) => showText(text)) : [],
      ),
    ),
  ];
  const line = (verb: string, images: readonly string[]): readonly string[] => {
    if (images.length === 0) return [];
    const shown = images.slice(0, MOST_IMAGES).map(code);
    return [`${verb} ${listed(shown)}${images.length > shown.length ? " …" : ""}`];
  };
  return [...line("builds", named("build")), ...line("pushes", named("push"))];
}

function daemonLine(ctx: QueryContext, job: Job): readonly string[] {
  const command = commandsOf(ctx, job).find(needsDaemon);
  const text = command && daemonText(ctx, command);
  return text === undefined ? [] : [`daemon: ${text}`];
}
