// The images that a job names, its own and those of its services, with variables filled in: once for everybody who asks.
import { defineQuery, type QueryContext } from "../../query/query";
import type { ImageUse, Job, Service } from "../pipeline/job";
import { expandImages, type ExpandedImage } from "./image-of";

export interface JobImage {
  readonly use: ImageUse;
  /** "cli": the job's `image:`, which holds the client. "dind": a service, which may be the daemon. */
  readonly role: "cli" | "dind";
  /** Set for services. */
  readonly service: Service | undefined;
  /** One per variant of the job, at least one. */
  readonly images: readonly ExpandedImage[];
}

const jobImages = defineQuery<Job, readonly JobImage[]>({
  name: "jobImagesOf",
  compute: (ctx, job) => {
    const own: readonly JobImage[] =
      job.image === undefined
        ? []
        : [{ use: job.image, role: "cli", service: undefined, images: expandImages(ctx, job, job.image) }];
    return [
      ...own,
      ...job.services.map((service): JobImage => ({
        use: service,
        role: "dind",
        service,
        images: expandImages(ctx, job, service),
      })),
    ];
  },
});

/** The job's image, then its services in order. */
export const jobImagesOf = (ctx: QueryContext, job: Job): readonly JobImage[] => ctx.get(jobImages, job);
