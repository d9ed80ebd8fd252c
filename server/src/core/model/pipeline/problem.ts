// What could not be read or resolved, at the place where a person can mend it.
import type { Severity } from "../../settings/settings";
import type { Origin } from "../../text/located";

export interface ModelProblem {
  readonly message: string;
  readonly at: Origin;
  readonly severity: Severity;
}
