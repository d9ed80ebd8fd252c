// Copies manifests and lock files and installs dependencies first, so that a changed source file keeps the layer of dependencies:
// the fix of the rule `dockerfile-copy-all-before-install`, at the COPY and at the RUN of each stage, also where the rule is off.
import { copiesBeforeInstall } from "../../model/docker/copy-then-install";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { isTemplate } from "../../rules/dockerfile-template";
import { manifestFirst as manifestFirstDrafts } from "../../rules/manifest-first";
import { isIn } from "../position/spot";
import { defineRefactoring } from "./refactoring";

export const manifestFirst = defineRefactoring({
  id: "manifest-first",
  kind: "refactor.rewrite",
  offer: (ctx, { spot }) => {
    if (spot.kind !== "dockerfile") return [];
    const dockerfile = dockerfileOf(ctx, spot.file.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(dockerfile.tree))
      return [];
    const here = dockerfile.tree.instructions.find(({ at }) => isIn(spot, at));
    if (here === undefined || !/^(?:COPY|ADD|RUN)$/.test(here.keyword)) return [];
    return copiesBeforeInstall(ctx, dockerfile)
      .filter(({ copy, run }) => isIn(spot, copy.at) || isIn(spot, run.at))
      .flatMap((place) => manifestFirstDrafts(ctx, place));
  },
});
