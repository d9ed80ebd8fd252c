// Finds the places where two sets of jobs differ: as deep as both have the same kind of value there.

/**
 * Differences as `{ job, place, ours, theirs }`; `place` is a path such as `variables.X` or `services[0].name`, or `(job)`.
 * A `+` before it says that only ours has something there, a `-` that only gitlab-ci-local has.
 */
export function compareJobs(ours, theirs) {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  return names.flatMap((job) => {
    const [mine, other] = [ours[job], theirs[job]];
    if (mine === undefined || other === undefined) {
      return [
        { job, place: `${mine ? "+" : "-"}(job)`, ours: mine && "is there", theirs: other && "is there" },
      ];
    }
    return differences(mine, other, "").map((each) => ({ job, ...each }));
  });
}

function differences(ours, theirs, place) {
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((each, index) => differences(each, theirs[index], `${place}[${index}]`));
  }
  if (isMapping(ours) && isMapping(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => differences(ours[key], theirs[key], place === "" ? key : `${place}.${key}`));
  }
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  const sign = theirs === undefined ? "+" : ours === undefined ? "-" : "";
  return [{ place: `${sign}${place}`, ours, theirs }];
}

const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
