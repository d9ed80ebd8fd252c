// Whether a whole text is an image reference, strictly by the grammar: for references whose variables were all filled in.
// https://github.com/distribution/reference/blob/main/regexp.go , normalize.go

const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const NAME = new RegExp(`^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Why a text is no image reference, as a phrase; undefined where it is one. */
export function referenceFault(text: string): string | undefined {
  const at = text.indexOf("@");
  if (at !== -1 && !DIGEST.test(text.slice(at + 1))) return `\`${text.slice(at + 1)}\` is no digest`;
  const [name, tag] = cutTag(at === -1 ? text : text.slice(0, at));
  if (name === "") return "it has no name";
  return tagFault(tag) ?? nameFault(name);
}

/** The tag begins at the first colon that is not that of a host's port: a slash in it is meant for a part of it. */
function cutTag(text: string): readonly [name: string, tag: string | undefined] {
  const host = /^[^/:]*:\d+\//.exec(text)?.[0].length ?? 0;
  const colon = text.indexOf(":", host);
  return colon === -1 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function tagFault(tag: string | undefined): string | undefined {
  if (tag === undefined || TAG.test(tag)) return undefined;
  if (tag === "") return "there is no tag behind the colon";
  const wrong = /[^\w.-]/u.exec(tag)?.[0];
  if (wrong !== undefined) return `a tag cannot hold \`${wrong}\``;
  return tag.length > 128
    ? "a tag has at most 128 characters"
    : `a tag cannot begin with \`${tag.slice(0, 1)}\``;
}

function nameFault(name: string): string | undefined {
  if (!NAME.test(name)) {
    if (NAME.test(name.toLowerCase())) return "the name must be lower case";
    if (/\/\/|^\/|\/$/.test(name)) return "a part between two slashes is empty";
    const wrong = /[^A-Za-z0-9._/:-]/u.exec(name)?.[0];
    return wrong === undefined
      ? "it does not follow the grammar of names"
      : `a name cannot hold \`${wrong}\``;
  }
  return name.length > 255 ? "its name is longer than 255 characters" : undefined;
}
