// What becomes of a session, for those who show or log it.
import type { Location } from "vscode-languageserver";
import type { FilePath, Place, Report } from "../core/index";

/** `start`: the first time; `recheck`: everything was read again because somebody asked for it. */
export type CheckReason = "start" | "recheck" | "change";

export type SessionEvent =
  | { readonly kind: "busy" }
  | {
      readonly kind: "checked";
      readonly reason: CheckReason;
      readonly report: Report;
      /** Their entry files. */
      readonly pipelines: readonly FilePath[];
      /** How long analysing and publishing took. */
      readonly milliseconds: number;
      readonly locate: (place: Place) => Location;
    }
  /** An error of ours: nothing new was published. */
  | { readonly kind: "failed" }
  | { readonly kind: "closed" };
