// A project configuration to begin with: every setting with its meaning, as a comment. As it stands it says nothing.
import { DEFAULT_SETTINGS } from "../settings/settings";

/** The text of a new `.gitlab-ci-docker.yml`. */
export const configurationTemplate =
  (): string => `# Configuration of gitlab-ci-docker, at the root of the repository.
# Everything is optional; take off the "# " in front of what you need.

# How serious a rule's findings are: off, hint, info, warning, error.
# rules:
#   docker-image-unpinned: error

# What no file in the repository can say about your runners. The first entry whose tags fit a job counts;
# [] stands for jobs without tags.
# runners:
#   - tags: []
#     executor: docker
#     privileged: true
#     volumes: ["/certs/client", "/cache"]

# Variables that are set in GitLab's user interface; \`protected\`: only jobs on protected branches and tags get them.
# variables:
#   known: [DOCKERHUB_TOKEN]
#   protected: [DEPLOY_TOKEN]

# Checkouts that stand in for files which the pipeline includes from other projects.
# include:
#   projects:
#     group/ci-templates: ../ci-templates

# The pipeline files to start from, where they are not found by name.
# entry: [".gitlab-ci.yml"]

# The Docker version that fixes insert.
# dockerVersion: "${DEFAULT_SETTINGS.dockerVersion}"

# What is not checked.
# ignore: ["vendor/**"]
`;
