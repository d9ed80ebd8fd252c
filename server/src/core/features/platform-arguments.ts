// Build arguments that BuildKit sets by itself, in words. A stage sees one once it declares it.
// https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope

const TEXTS: ReadonlyMap<string, string> = new Map([
  ["TARGETPLATFORM", "platform that the image is for: `linux/amd64`, `linux/arm/v7`"],
  ["TARGETOS", "operating system that the image is for: `linux`"],
  ["TARGETARCH", "architecture that the image is for: `amd64`, `arm64`"],
  ["TARGETVARIANT", "variant of the architecture that the image is for: `v7`; empty for most"],
  ["TARGETSTAGE", "name of the stage that is built"],
  ["BUILDPLATFORM", "platform of the machine that builds: `linux/amd64`"],
  ["BUILDOS", "operating system of the machine that builds: `linux`"],
  ["BUILDARCH", "architecture of the machine that builds: `amd64`, `arm64`"],
  ["BUILDVARIANT", "variant of the architecture of the machine that builds; empty for most"],
]);

/** What the argument holds; undefined of every other name. */
export const platformArgumentText = (name: string): string | undefined => TEXTS.get(name);

export const PLATFORM_ARGUMENTS: readonly string[] = [...TEXTS.keys()];
