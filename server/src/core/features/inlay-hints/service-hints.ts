// The host names under which a job reaches its services.
import { imageHostnames } from "../../model/docker/dind-service";
import { jobImagesOf, type JobImage } from "../../model/docker/job-images";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { splitAliases } from "../../model/runner/profile-of-runner";
import type { QueryContext } from "../../query/query";
import { code, listed } from "../hover/markdown";
import type { JobHint } from "./hint";

/** None where the runner takes no notice of services. */
export const serviceHints = (ctx: QueryContext, job: Job): readonly JobHint[] =>
  job.services.length === 0 || profileOf(ctx, job).ignoresImages === true
    ? []
    : jobImagesOf(ctx, job).flatMap((image) => hintOf(image) ?? []);

function hintOf({ use, service, images }: JobImage): JobHint | undefined {
  if (service === undefined) return undefined;
  const derived = images.map(({ reference }) => imageHostnames(reference));
  const names = [
    ...new Set([...derived.flatMap(({ hostnames }) => hostnames), ...splitAliases(service.alias?.value)]),
  ];
  const isOpen = derived.some(({ isComplete }) => !isComplete);
  if (names.length === 0 || names.join() === use.name.value) return undefined;
  const written = names.join(", ") + (isOpen ? ", …" : "");
  const fitting = namesThatFit(names);
  const shown = fitting.join(", ") + (isOpen || fitting.length < names.length ? ", …" : "");
  return {
    at: use.name.at,
    label: `host${names.length === 1 && !isOpen ? "" : "s"}: ${shown}`,
    tooltip: `The job reaches this service as ${listed(names.map(code))}${
      isOpen ? ", and as names made of the image's, which is not known here" : ""
    }.`,
    key: written,
    rank: 0,
  };
}

/** VS Code cuts long hints. The tooltip holds all names. */
function namesThatFit(names: readonly string[]): readonly string[] {
  let length = 0;
  const end = names.findIndex((name) => (length += name.length + 2) > LONGEST);
  return end === -1 ? names : names.slice(0, Math.max(end, 1));
}

const LONGEST = 34;
