// Programs besides the container tools that put images into a Docker daemon, so that nobody can say which images are there
// afterwards. From the documentation of each tool; a name too many only makes the rules quieter.

const GROUPS: readonly (readonly [source: string, programs: string])[] = [
  ["https://buildpacks.io/docs/ , https://github.com/openshift/source-to-image", "pack s2i"],
  [
    "https://docs.spring.io/spring-boot/maven-plugin/build-image.html , https://github.com/GoogleContainerTools/jib",
    "mvn mvnw mvnd gradle gradlew sbt ant lein mill",
  ],
  ["https://learn.microsoft.com/dotnet/core/containers/sdk-publish", "dotnet"],
  [
    "https://ko.build/ , https://goreleaser.com/customization/docker/ , https://github.com/chainguard-dev/apko",
    "ko goreleaser apko melange packer",
  ],
  ["https://nixos.org/manual/nixpkgs/stable/#sec-pkgs-dockerTools", "nix nix-build nix-shell"],
  [
    "https://docs.aws.amazon.com/serverless-application-model/ , https://www.serverless.com/framework/docs",
    "sam serverless sls cdk",
  ],
  [
    "https://devspace.sh , https://docs.tilt.dev , https://docs.garden.io , https://containers.dev",
    "devspace tilt garden okteto devcontainer",
  ],
  [
    "Runners of a repository's own tasks: https://nx.dev , https://turborepo.com , https://lerna.js.org , https://cmake.org",
    "npx nx turbo lerna rush grunt gulp cargo-make doit poe waf scons cmake ninja meson",
  ],
  [
    "Tools that pull what they look at or run: https://trivy.dev , https://github.com/wagoodman/dive , https://k3d.io",
    "trivy grype syft dive container-structure-test dgoss k3d kind minikube act molecule",
  ],
];

const MAKERS: ReadonlySet<string> = new Set(GROUPS.flatMap(([, programs]) => programs.split(" ")));

/** Whether a program (its name without a path) may bring images into the daemon that its job uses. */
export const mayMakeImages = (program: string): boolean => MAKERS.has(program);
