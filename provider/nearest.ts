/** The name that is probably meant: a few letters differ, or one holds the other. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const close = known.flatMap((candidate) => {
    const other = candidate.toLowerCase();
    const distance = editDistance(wanted, other);
    const isPart =
      Math.min(wanted.length, other.length) >= 4 && (other.includes(wanted) || wanted.includes(other));
    return distance <= 2 || isPart ? [{ candidate, distance }] : [];
  });
  return close.sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...other].entries()) {
      const substituted = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
