// Writes the pipelines that the bench measures: as large as wanted, and shaped like real ones (templates, anchors, blocks).

/** A pipeline of about 20 lines a job: templates, an anchor, references, container builds in folded and literal blocks. */
export function largePipeline(jobs: number): string {
  const head = `stages: [build, test, release]

variables:
  DOCKER_HOST: tcp://docker:2376
  DOCKER_TLS_CERTDIR: "/certs"
  IMAGE: $CI_REGISTRY_IMAGE/app

.rules: &rules
  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  - if: $CI_COMMIT_TAG

.docker:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" -u "$CI_REGISTRY_USER" --password-stdin
`;
  return head + Array.from({ length: jobs }, (_, index) => job(index)).join("");
}

const job = (index: number): string => `
build-${index}:
  extends: .docker
  stage: build
  variables:
    SERVICE: service-${index}
    TAG: $CI_COMMIT_SHORT_SHA
  rules: *rules
  script:
    - docker pull "$IMAGE/$SERVICE:cache" || true
    - >
      docker build
      --cache-from "$IMAGE/$SERVICE:cache"
      --cache-to "type=registry,ref=$IMAGE/$SERVICE:cache,mode=max"
      --build-arg VERSION="$TAG"
      --tag "$IMAGE/$SERVICE:$TAG"
      .
    - |
      if [ -n "$PUSH" ]; then
        docker push "$IMAGE/$SERVICE:$TAG"
      fi
    - docker run --rm "$IMAGE/$SERVICE:$TAG" ./test.sh # job ${index}
`;
