import type { dynamic } from "@pulumi/pulumi";
import type { Argument, Definition, ResourceName, Rule, ValuesOf } from "../definitions";
import { omitUndefined, UNKNOWN } from "../engine";
import { nearest } from "../nearest";
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
  addFailure(name: string, problem: string, withoutValue = this.mayBeSecret(name)): void {
    if (this.failed.has(name)) return;
    this.failed.add(name);
    this.failures.push({ property: withoutValue ? "" : name, reason: `\`${name}\` ${problem}.` });
  }

  private mayBeSecret(name: string): boolean {
    const argument = this.args[name];
    const value = this.news[name];
    const looksSecret = typeof value === "string" && (value.includes("@") || value.includes("PRIVATE KEY"));
    return argument === undefined || argument.secret === true || argument.maybeSecret === true || looksSecret;
  }

  private read(name: string, argument: Argument): unknown {
    const value = this.news[name];
    if (!isGiven(value)) {
      if (argument.required) this.addFailure(name, "is required");
      return undefined;
    }
    if (argument.type === "strings" && Array.isArray(value) && value.length === 0) return undefined;
    if (value === UNKNOWN) return argument.type === "strings" ? [UNKNOWN] : value;
    if (value === "") this.addFailure(name, "must not be empty; leave it out instead");
    const problem = typeProblem(value, argument.type);
    const broken = problem ?? textProblem(value, argument.rule);
    if (broken !== undefined) this.addFailure(name, broken);
    return problem === undefined ? value : undefined;
  }

  /** A misspelled argument would be a login without its password. */
  private refuseUnknownArguments(): void {
    const known = Object.keys(this.args);
    for (const name of Object.keys(this.news)) {
      if (Object.hasOwn(this.args, name) || name.startsWith("__") || !isGiven(this.news[name])) continue;
      const meant = nearest(name, known);
      const hint = meant ? `; did you mean \`${meant}\`?` : `; it takes ${known.join(", ")}.`;
      this.failed.add(name);
      this.failures.push({ property: "", reason: `${this.owner} has no argument \`${name}\`${hint}` });
    }
  }
}

/** The values of arguments that check has let through; those of another type are left out. */
export function valuesIn<Args extends Definition["args"]>(args: Args, properties: object): ValuesOf<Args> {
  const values: Record<string, unknown> = { ...properties };
  const entries = Object.entries(args).flatMap(([name, { type }]) =>
    isGiven(values[name]) && typeProblem(values[name], type) === undefined ? [[name, values[name]]] : [],
  );
  return Object.fromEntries(entries);
}

/** What is wrong with a value in state, which may have been edited by hand. */
export function stateProblem(value: unknown, type: Argument["type"], rule?: Rule): string | undefined {
  return typeProblem(value, type) ?? textProblem(value, rule);
}

function typeProblem(value: unknown, type: Argument["type"]): string | undefined {
  const { test, problem } = TYPES[type];
  return test(value) ? undefined : problem;
}

const TYPES: Record<Argument["type"], { test(value: unknown): boolean; problem: string }> = {
  string: { test: (value) => typeof value === "string", problem: "must be a string" },
  boolean: { test: (value) => typeof value === "boolean", problem: "must be true or false" },
  integer: {
    test: (value) => Number.isInteger(value) && Number(value) >= 0,
    problem: "must be 0 or a positive whole number",
  },
  strings: {
    test: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    problem: "must be a list of strings",
  },
  object: {
    test: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    problem: "must be an object",
  },
};

function textProblem(value: unknown, rule: Rule | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value.includes(OUTPUT_AS_TEXT)) {
    return "holds an output that was put into a text as if it were a value; use `pulumi.interpolate`";
  }
  // A surrogate without its pair, which UTF-8 can't carry: another text would be sent.
  if (/\p{Cs}/u.test(value)) return "must be well-formed Unicode; it holds half of a character";
  return rule && rules[rule](value);
}

/** https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/output.ts (toString) */
const OUTPUT_AS_TEXT = "Calling [toString] on an [Output<T>] is not supported";

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
