// All refactorings, in the order in which they are offered.
import { addInlineCache } from "./add-inline-cache";
import { addLogin } from "./add-login";
import { cacheBuildInRegistry } from "./cache-build-in-registry";
import { manifestFirst } from "./manifest-first";
import { cacheEachStage } from "./cache-each-stage";
import { extractSetup } from "./extract-setup";
import { inlineExtends } from "./inline-extends";
import { moveSetupToDefault } from "./move-setup-to-default";
import { multiStage } from "./multi-stage";
import { pinDocker } from "./pin-docker";
import { promoteAfterTests } from "./promote-after-tests";
import type { Refactoring } from "./refactoring";

export const refactorings: readonly Refactoring[] = [
  cacheBuildInRegistry,
  cacheEachStage,
  promoteAfterTests,
  addInlineCache,
  addLogin,
  pinDocker,
  moveSetupToDefault,
  extractSetup,
  inlineExtends,
  manifestFirst,
  multiStage,
];
