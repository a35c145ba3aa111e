import type { dynamic } from "@pulumi/pulumi";
import type { Argument, Definition, ResourceName, ValuesOf } from "../definitions";
import { omitUndefined, UNKNOWN } from "../engine";
import { rules } from "./rules";

/**
 * Reads the arguments that a program passed, and collects one failure for each that is not right. An unknown
 * value passes. The engine prints the value of the property that a failure names, even that of a secret, so a
 * failure of what may be secret names none.
 */
export class Validator<Args extends Definition["args"]> {
  readonly failures: dynamic.CheckFailure[] = [];
  readonly values: ValuesOf<Args>;
  private readonly failed = new Set<string>();

  constructor(
    private readonly owner: ResourceName | "The provider" | "`assumeRole`",
    private readonly args: Args,
    private readonly news: Readonly<Record<string, unknown>>,
  ) {
    this.refuseUnknownArguments();
    const entries = Object.entries(args).map(([name, argument]) => [name, this.read(name, argument)]);
    this.values = omitUndefined(Object.fromEntries(entries));
  }

  has(name: keyof Args): boolean {
    return isGiven(this.news[String(name)]);
  }

  /** Adds a failure, in the words of the first one for the same argument. */
  addFailure(name: string, problem: string, quiet = this.isQuiet(name)): void {
    if (this.failed.has(name)) return;
    this.failed.add(name);
    this.failures.push({ property: quiet ? "" : name, reason: `\`${name}\` ${problem}.` });
  }

  private isQuiet(name: string): boolean {
    const argument = this.args[name];
    const value = this.news[name];
    const telling = typeof value === "string" && (value.includes("@") || value.includes("PRIVATE KEY"));
    return argument === undefined || argument.secret === true || argument.quiet === true || telling;
  }

  private read(name: string, argument: Argument): unknown {
    const value = this.news[name];
    if (!isGiven(value)) {
      if (argument.required) this.addFailure(name, "is required");
      return undefined;
    }
    if (argument.type === "strings" && Array.isArray(value) && value.length === 0) return undefined;
    if (value === UNKNOWN) return argument.type === "strings" ? [UNKNOWN] : value;
    const problem = TYPES[argument.type](value, argument);
    if (problem !== undefined) this.addFailure(name, problem);
    return value;
  }

  /** A misspelled argument would be a login without its password. */
  private refuseUnknownArguments(): void {
    const known = Object.keys(this.args);
    for (const name of Object.keys(this.news)) {
      if (name in this.args || name.startsWith("__") || !isGiven(this.news[name])) continue;
      const nearest = known.find(
        (candidate) => editDistance(name.toLowerCase(), candidate.toLowerCase()) <= 2,
      );
      const hint = nearest ? `; did you mean \`${nearest}\`?` : `; it takes ${known.join(", ")}.`;
      this.failed.add(name);
      this.failures.push({ property: "", reason: `${this.owner} has no argument \`${name}\`${hint}` });
    }
  }
}

const TYPES: Record<Argument["type"], (value: unknown, argument: Argument) => string | undefined> = {
  string(value, { rule }) {
    if (typeof value !== "string") return "must be a string";
    if (value === "") return "must not be empty; leave it out instead";
    return rule && rules[rule](value);
  },
  boolean: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
  integer: (value) =>
    Number.isInteger(value) && Number(value) >= 0 ? undefined : "must be 0 or a positive whole number",
  strings: (value) =>
    Array.isArray(value) && value.every((item) => typeof item === "string")
      ? undefined
      : "must be a list of strings",
  object: (value) => (isObject(value) ? undefined : "must be an object"),
};

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
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
