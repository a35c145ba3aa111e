import { type Definition, definitions, type ResourceName } from "../definitions";
import { stateProblem } from "./validator";

/** What check fills in where a program leaves it out. */
const FILLED_IN = ["endpoint", "projectId"];

/**
 * What is wrong with what a verb takes from state, by the rules of check: a state that was edited by hand may lead to
 * another server, or name no session.
 */
export function problemInState(resource: ResourceName, state: object): string | undefined {
  const { args, outputs }: Definition = definitions[resource];
  const values: Record<string, unknown> = { ...state };
  for (const [name, { type, rule }] of Object.entries({ ...args, ...outputs })) {
    const [value, output] = [values[name], outputs[name]];
    if (value === null || (value === "" && !output?.mayBeEmpty)) return `\`${name}\` is empty`;
    if (value === undefined) {
      const mayBeMissing = output ? output.optional : !args[name]?.required && !FILLED_IN.includes(name);
      if (mayBeMissing) continue;
      return `\`${name}\` is missing`;
    }
    // A later release may refuse a command that an earlier one ran.
    const problem = stateProblem(value, type, rule === "redisCommand" ? undefined : rule);
    if (problem !== undefined) return `\`${name}\` ${problem}`;
  }
  return undefined;
}
