// "Show the Effective Job": a read-only document that shows one job as GitLab sees it. Each origin in it is a link to the
// place where the value is written.
import {
  Disposable,
  DocumentLink,
  EventEmitter,
  languages,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
  type TextDocument,
  type TextEditor,
} from "vscode";
import type { RunningClient } from "./client";

const SCHEME = "gitlab-ci-docker-job";

/** A job by its pipeline and name, and a document of its folder: what the server's code lens hands over. */
interface JobReference {
  readonly uri: string;
  readonly root: string;
  readonly name: string;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

interface PlainRange {
  readonly start: Position;
  readonly end: Position;
}

/** Answer of `gitlabCiDocker/jobs`. */
interface JobItem {
  readonly root: string;
  readonly name: string;
  readonly isHidden: boolean;
  /** Key and value in the document; null where only other files write the job. */
  readonly range: PlainRange | null;
}

/** Answer of `gitlabCiDocker/effectiveJob`; null where there is no such job. */
interface EffectiveJob {
  readonly text: string;
  readonly links: readonly {
    readonly range: PlainRange;
    readonly target: { readonly uri: string; readonly range: PlainRange };
  }[];
}

export interface EffectiveJobs {
  /** What takes the documents away again. */
  readonly provision: Disposable;
  /** Shows a job; without one, the one at the cursor, or else one to choose. */
  show(job?: unknown): Promise<void>;
}

/** Provides the documents and their links, and keeps them in step with what is edited. */
export function provideEffectiveJobs(client: RunningClient): EffectiveJobs {
  const links = new Map<string, DocumentLink[]>();
  const changed = new EventEmitter<Uri>();
  const provideTextDocumentContent = async (uri: Uri): Promise<string> => {
    const answer = await client.request<EffectiveJob | null>("gitlabCiDocker/effectiveJob", jobOf(uri));
    links.set(uri.toString(), (answer?.links ?? []).map(toLink));
    return answer?.text ?? "# This job is not there any more.\n";
  };
  const refresh = debounced(() => shownDocuments().forEach(({ uri }) => changed.fire(uri)));
  const provision = Disposable.from(
    changed,
    new Disposable(refresh.stop),
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent,
    }),
    languages.registerDocumentLinkProvider(
      { scheme: SCHEME },
      { provideDocumentLinks: ({ uri }) => links.get(uri.toString()) ?? [] },
    ),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme !== SCHEME) refresh.call();
    }),
    workspace.onDidCloseTextDocument(({ uri }) => void links.delete(uri.toString())),
  );
  return {
    provision,
    show: async (job) => {
      const chosen = isJobReference(job) ? job : await jobAtCursor(client, window.activeTextEditor);
      if (chosen !== undefined) await open(chosen);
    },
  };
}

const shownDocuments = (): readonly TextDocument[] =>
  workspace.textDocuments.filter(({ uri }) => uri.scheme === SCHEME);

async function open(job: JobReference): Promise<void> {
  const document = await workspace.openTextDocument(uriOf(job));
  await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
}

/** The path is what the tab shows; VS Code tells the language by its ending. The query says which job it is. */
const uriOf = ({ uri, root, name }: JobReference): Uri =>
  Uri.from({
    scheme: SCHEME,
    path: `/${name.replace(/[/\\]/g, "-")}.yml`,
    query: JSON.stringify({ uri, root, name }),
  });

function jobOf({ query }: Uri): JobReference {
  const job: unknown = JSON.parse(query);
  if (!isJobReference(job)) throw new Error("this address names no job");
  return job;
}

function isJobReference(value: unknown): value is JobReference {
  if (typeof value !== "object" || value === null) return false;
  return ["uri", "root", "name"].every(
    (key) => key in value && typeof value[key as keyof typeof value] === "string",
  );
}

async function jobAtCursor(
  client: RunningClient,
  editor: TextEditor | undefined,
): Promise<JobReference | undefined> {
  if (editor === undefined) {
    void window.showInformationMessage("Open a pipeline file to show one of its jobs.");
    return undefined;
  }
  const uri = editor.document.uri.toString();
  const jobs = await client.request<readonly JobItem[]>("gitlabCiDocker/jobs", { uri });
  if (jobs.length === 0) {
    void window.showInformationMessage("This file is part of no pipeline.");
    return undefined;
  }
  const here = jobs.find(({ range }) => range !== null && toRange(range).contains(editor.selection.active));
  const job = here ?? (await choose(jobs.filter(({ isHidden }) => !isHidden)));
  return job === undefined ? undefined : { uri, root: job.root, name: job.name };
}

async function choose(jobs: readonly JobItem[]): Promise<JobItem | undefined> {
  const items = jobs.map((job) => ({ label: job.name, description: job.root, job }));
  return (await window.showQuickPick(items, { placeHolder: "Job to show" }))?.job;
}

const toRange = ({ start, end }: PlainRange): Range =>
  new Range(start.line, start.character, end.line, end.character);

/** VS Code reads a position out of the fragment, counted from 1: `#L12,5`. */
function toLink({ range, target }: EffectiveJob["links"][number]): DocumentLink {
  const { line, character } = target.range.start;
  const link = new DocumentLink(
    toRange(range),
    Uri.parse(target.uri).with({ fragment: `L${line + 1},${character + 1}` }),
  );
  link.tooltip = "Show where this is written";
  return link;
}

const PAUSE = 300;

/** Calls when nothing has called for a while. */
function debounced(act: () => void): { readonly call: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  return {
    call: () => {
      stop();
      timer = setTimeout(act, PAUSE);
    },
    stop,
  };
}
