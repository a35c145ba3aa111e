import type { Spread } from "../stats";

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rule = line(head.map((_, index) => (index === 0 ? "---" : "---:")));
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** The median, with the least and the greatest. */
export function shown(taken: Spread | undefined, digits = 1): string {
  if (!taken) return "–";
  const [median, min, max] = [taken.median, taken.min, taken.max].map((value) => value.toFixed(digits));
  return min === max ? `${median}` : `${median} (${min}–${max})`;
}
