// Build arguments that need no ARG: what they say counts without one.

/**
 * Proxies, what BuildKit itself reads (`BUILDKIT_INLINE_CACHE`), and the arguments of the platform, which BuildKit sets.
 * https://docs.docker.com/reference/dockerfile/#predefined-args ,
 * https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args , read in August 2026
 */
export const isPredefinedArgument = (name: string): boolean =>
  isPredefinedForRun(name) || PLATFORM.test(name);

/** Those that RUN sees without a declaration: all but the platform's. */
export const isPredefinedForRun = (name: string): boolean => PREDEFINED.test(name);

const PREDEFINED = /^(?:(?:HTTP|HTTPS|FTP|NO|ALL)_PROXY|SOURCE_DATE_EPOCH|BUILDKIT_\w+)$/i;
const PLATFORM = /^(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)$/;
