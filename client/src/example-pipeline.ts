// The pipeline that "Open an Example" shows: faults that are common, each with a finding.

export const EXAMPLE_PIPELINE = `# An example with common faults. It is only in this editor: nothing runs, and nothing is saved.
# Point at what is underlined, and press Ctrl+. (on a Mac: Cmd+.) there to mend it.
stages: build test

build-image:
  stage: build
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2375
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_BRANCH"
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_BRANCH"
`;
