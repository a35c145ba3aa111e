import { type Argument, type Definition, definitions, type ResourceName } from "../definitions";
import { stateProblem } from "./validator";

interface Property extends Pick<Argument, "type" | "rule" | "required"> {
  mayBeEmpty?: true;
}

/**
 * What is wrong with what a verb takes from state, by the rules of check: a state that was edited by hand may lead to
 * another server, or name no session.
 */
export function problemInState(resource: ResourceName, state: object): string | undefined {
  const values: Record<string, unknown> = { ...state };
  for (const [name, property] of Object.entries(propertiesOf(definitions[resource]))) {
    const value = values[name];
    if (value === null || (value === "" && !property.mayBeEmpty)) return `\`${name}\` is empty`;
    if (value === undefined) {
      if (property.required) return `\`${name}\` is missing`;
      continue;
    }
    const problem = stateProblem(value, property);
    if (problem !== undefined) return `\`${name}\` ${problem}`;
  }
  return undefined;
}

/** What check fills in where a program leaves it out. */
const FILLED_IN = ["endpoint", "projectId"];

function propertiesOf({ args, outputs }: Definition): Record<string, Property> {
  const given = Object.entries(args).map(([name, argument]): [string, Property] => [
    name,
    stateOf(name, argument),
  ]);
  const kept = Object.entries(outputs).map(([name, { optional, ...output }]): [string, Property] => [
    name,
    optional ? output : { ...output, required: true },
  ]);
  return Object.fromEntries([...given, ...kept]);
}

function stateOf(name: string, argument: Argument): Property {
  if (FILLED_IN.includes(name)) return { ...argument, required: true };
  // A later release may refuse a command that an earlier one ran, and a session that can't be used may be kept.
  const isFree = argument.rule === "redisCommand" || name === "clientId";
  return isFree ? { type: argument.type } : argument;
}
