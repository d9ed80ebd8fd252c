import assert from "node:assert/strict";
import {
  AS_OF,
  compareCycles,
  DEAD_IMAGES,
  endOfLife,
  IMAGE_LIFECYCLES,
} from "../../server/src/core/data/image-lifecycles";
import { IMAGE_ENVIRONMENT, imageSets } from "../../server/src/core/data/image-environment";
import { OFFICIAL_IMAGES } from "../../server/src/core/data/official-images";
import { managerOf, PACKAGE_MANAGERS } from "../../server/src/core/data/package-managers";
import { TOOLCHAINS } from "../../server/src/core/data/toolchain-images";

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/;
const isSorted = (names: readonly string[]): boolean =>
  names.every((name, index) => index === 0 || (names[index - 1] ?? "") < name);

describe("data: lifecycles of base images", () => {
  it("has dates that lie before the day for which the table holds, releases in order, and a source for each image", () => {
    assert.match(AS_OF, DATE);
    assert.ok(isSorted(IMAGE_LIFECYCLES.map(({ repository }) => repository)));
    for (const { repository, ended, latest, replacement, source } of IMAGE_LIFECYCLES) {
      assert.match(source, /^https:\/\//, repository);
      assert.ok(OFFICIAL_IMAGES.has(repository), repository);
      for (const [index, { cycle, end }] of ended.entries()) {
        assert.match(end, DATE, `${repository}:${cycle}`);
        assert.ok(end < AS_OF, `${repository}:${cycle} ends after ${AS_OF}`);
        const before = ended[index - 1];
        assert.ok(
          before === undefined || compareCycles(before.cycle, cycle) < 0,
          `${repository}:${cycle} is out of order`,
        );
      }
      assert.equal(endOfLife(repository, latest), undefined, `${repository}:${latest} is what latest means`);
      assert.equal(
        endOfLife(repository, replacement),
        undefined,
        `${repository}:${replacement} is said to be supported`,
      );
    }
  });

  it("names images that are not maintained, with a date and what to use", () => {
    assert.ok(isSorted(DEAD_IMAGES.map(({ repository }) => repository)));
    for (const { repository, end, instead, source } of DEAD_IMAGES) {
      assert.match(end, DATE, repository);
      assert.match(source, /^https:\/\//);
      assert.ok(instead.length > 0, repository);
    }
  });

  const tags: readonly (readonly [tag: string, since: string | undefined])[] = [
    ["node:18", "2025-04-30"],
    ["node:18.20.4-alpine3.19", "2025-04-30"],
    ["node:1", "at least 2018-04-30"],
    ["node:hydrogen-slim", "2025-04-30"],
    ["node:22", undefined],
    ["node:lts", undefined],
    ["node:180", undefined],
    ["debian:stretch-20171210", "2022-07-01"],
    ["debian:bookworm", undefined],
    ["debian:sid", undefined],
    ["alpine:3.2", "at least 2019-11-01"],
    ["alpine:3.20.1", "2026-04-01"],
    ["alpine:3", undefined],
    ["golang:1.6", "at least 2021-08-16"],
    ["golang:1", undefined],
    ["python:2", "2020-01-01"],
    ["python:3", undefined],
    ["php:7-fpm", "2022-11-28"],
    ["php:8-fpm", undefined],
    ["ubuntu:20.04", "2025-05-31"],
    ["ubuntu:26.04", undefined],
    ["nginx:1.10", undefined],
  ];
  for (const [image, since] of tags) {
    it(`${image}: ${since ?? "supported or not known"}`, () => {
      const [repository = "", tag = ""] = image.split(":");
      assert.equal(endOfLife(repository, tag)?.since, since);
    });
  }
});

describe("data: official images and what they set", () => {
  it("knows variables of official images only", () => {
    assert.ok(isSorted([...IMAGE_ENVIRONMENT.keys()]));
    for (const [image, names] of IMAGE_ENVIRONMENT) {
      assert.ok(OFFICIAL_IMAGES.has(image), image);
      for (const name of names) assert.match(name, /^[A-Z][A-Z0-9_]*$/);
    }
    assert.deepEqual(
      [imageSets("node", "NODE_VERSION"), imageSets("alpine", "X"), imageSets("group/x", "X")],
      [true, false, undefined],
    );
  });

  it("is sorted", () => assert.ok(isSorted([...OFFICIAL_IMAGES])));
});

describe("data: toolchains", () => {
  it("is sorted, names runtimes, and tells compiling from running", () => {
    // One image may have two rows, for tags with different contents.
    const images = TOOLCHAINS.map(({ image }) => image);
    assert.deepEqual(images, [...images].sort());
    for (const { image, runtime, ships } of TOOLCHAINS) {
      assert.match(runtime, /^[a-z0-9./-]+(?::[\w.-]+)?$/, image);
      assert.ok(ships !== "", image);
    }
  });
});

describe("data: package managers", () => {
  it("has a page, advice and manifests for each, under different names", () => {
    assert.equal(new Set(PACKAGE_MANAGERS.map(({ id }) => id)).size, PACKAGE_MANAGERS.length);
    for (const { id, docs, advice, manifests } of PACKAGE_MANAGERS) {
      assert.match(docs, /^https:\/\//, id);
      assert.match(advice, /^[a-z]/, id);
      assert.ok(manifests.length > 0, id);
    }
  });

  const commands: readonly (readonly [command: string, id: string | undefined])[] = [
    ["npm ci", "npm"],
    ["npm install --omit=dev", "npm"],
    ["npm install -g serve", undefined],
    ["npm i left-pad", undefined],
    ["npm run build", undefined],
    ["yarn", "yarn"],
    ["yarn install --frozen-lockfile", "yarn"],
    ["yarn build", undefined],
    ["pnpm i --frozen-lockfile", "pnpm"],
    ["pip install -r requirements.txt", "pip"],
    ["pip3 install --no-cache-dir --requirement=a.txt", "pip"],
    ["/venv/bin/pip install -rrequirements.txt", "pip"],
    ["python3 -m pip install -r a.txt", "pip"],
    ["pip install --no-cache-dir --force-reinstall .", undefined],
    ["pip install flask", undefined],
    ["pip install -e . -r a.txt", undefined],
    ["poetry install --no-root", "poetry"],
    ["uv sync --frozen", "uv"],
    ["bundle install --jobs 4", "bundler"],
    ["bundle exec rake", undefined],
    ["composer install --no-dev", "composer"],
    ["composer dump-autoload", undefined],
    ["go mod download", "go"],
    ["go build -o /app .", "go"],
    ["go install example.com/x@latest", undefined],
    ["cargo build --release", "cargo"],
    ["cargo install sccache", undefined],
    ["mvn -B -DskipTests package", "maven"],
    ["./mvnw package", "maven"],
    ["mvn --version", undefined],
    ["./gradlew --no-daemon :app:bootJar", "gradle"],
    ["gradle build -x test", "gradle"],
    ["dotnet restore app.csproj", "dotnet"],
    ["mix deps.get --only prod", "mix"],
    ["apt-get install -y make", undefined],
  ];
  for (const [command, id] of commands) it(command, () => assert.equal(managerOf(command)?.id, id));
});
