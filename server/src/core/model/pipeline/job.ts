// The effective job: what GitLab runs, each value with the place where it is written.
import type { Hop, Located, Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import type { YamlPair } from "../../syntax/yaml-nodes";
import type { Entry, MapValue, Value } from "./value";

export type ScriptSection = "before_script" | "script" | "after_script";

/** One item of a script section; a section given as one string is one item. */
export interface ScriptItem {
  readonly section: ScriptSection;
  /** Index in the flattened section. */
  readonly index: number;
  /** The decoded text with the place of each character: what the shell gets. */
  readonly text: MappedText;
  readonly at: Origin;
  readonly via: readonly Hop[];
}

export interface ImageUse {
  /** The reference as written, variables unexpanded: "$CI_REGISTRY_IMAGE:latest". */
  readonly name: Located<string>;
  readonly text: MappedText;
  readonly entrypoint: Located<readonly string[]> | undefined;
  /** The whole value: a scalar, or the mapping with `name`. */
  readonly value: Value;
}

export interface Service extends ImageUse {
  /** As written; Runner splits it at commas and blanks. */
  readonly alias: Located<string> | undefined;
  readonly command: Located<readonly string[]> | undefined;
  readonly variables: ReadonlyMap<string, Variable>;
}

export type VariableScope = "pipeline" | "job" | "matrix" | "service" | "rules" | "workflow" | "runner";

export interface Variable {
  readonly name: string;
  readonly nameAt: Origin;
  /** As GitLab passes it: numbers and booleans as text, nothing expanded. */
  readonly value: string;
  readonly at: Origin;
  readonly via: readonly Hop[];
  /** Undefined where the text has no mapping to the file (a value that is no scalar). */
  readonly text: MappedText | undefined;
  readonly expand: boolean;
  readonly scope: VariableScope;
  /** All values it can take where rules or `parallel:matrix` decide, "" for not set. Otherwise just `value`. */
  readonly values: readonly string[];
  /** False where the value could not be worked out: `value` says nothing then. */
  readonly isKnown: boolean;
}

/** Definitions of variables that hold together. */
export interface VariableLayer {
  readonly scope: VariableScope;
  /** Exactly one of them holds: per rule, per row of a matrix. */
  readonly options: readonly ReadonlyMap<string, Variable>[];
}

export interface Job {
  /** The entry file of the pipeline. */
  readonly root: FilePath;
  readonly name: string;
  /** The job's key, in the file that wins. */
  readonly nameAt: Origin;
  /** The job's own block (key and value) in each file that writes it, the winning one last. */
  readonly definitions: readonly YamlPair[];
  /** `.name`: a template, never run. */
  readonly isHidden: boolean;
  /** A trigger (bridge) job: no script, no runner. */
  readonly isTrigger: boolean;
  /**
   * False when something that decides this job could not be read (an include, a parent, a reference): rules must then
   * not claim that a keyword is absent.
   */
  readonly isClosed: boolean;
  /** The effective keywords, defaults applied. */
  readonly keywords: ReadonlyMap<string, Entry>;
  /** The job's own mapping, where keys can be added. */
  readonly body: MapValue;
  readonly stage: Located<string>;
  readonly image: ImageUse | undefined;
  readonly services: readonly Service[];
  /** Every variable that YAML gives the job, by name, with all values that it can have. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The same by layers, the one that wins first: which values go together. */
  readonly variableLayers: readonly VariableLayer[];
  readonly tags: readonly Located<string>[];
  readonly script: readonly ScriptItem[];
}

/** One include statement and what became of it. */
export interface Include {
  readonly kind: "local" | "project" | "remote" | "template" | "component";
  readonly target: Located<string>;
  /** The files it brought, in order; empty where it could not be read. */
  readonly files: readonly FilePath[];
}

export interface Pipeline {
  readonly root: FilePath;
  /** Every file of the pipeline, in the order in which they are merged: the root is last. */
  readonly files: readonly FilePath[];
  readonly includes: readonly Include[];
  /** False when an include could not be read: absence must not be claimed. */
  readonly isClosed: boolean;
  /** All names of jobs, hidden ones too, in order of their first appearance. */
  readonly jobNames: readonly string[];
  /** Undefined where `stages` is not written (GitLab's own list then holds). */
  readonly stages: readonly Located<string>[] | undefined;
}
