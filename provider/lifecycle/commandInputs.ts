import type { dynamic } from "@pulumi/pulumi";
import type { DcsInstance } from "../api/dcs/webCli";
import { withoutTrailingSlash } from "../api/http/serverUrl";
import { type CheckContext, checkDcsInstance } from "../check/dcsInstance";
import { Validator, valuesIn } from "../check/validator";
import { definitions, type ValuesOf } from "../definitions";
import { omitUndefined } from "../engine";

const { args } = definitions.WebCliCommand;

/** What check hands to the other verbs. Without the client ID of a session, each of them opens one of its own. */
export type CommandInputs = Omit<ValuesOf<typeof args>, "region"> & DcsInstance & { create: string };

export interface CommandState extends CommandInputs {
  response?: string;
  /** A session of its own that could not be logged out: the next update or delete ends it first. */
  unclosedClientId?: string;
  /** The session is all that there is: the command did not run. */
  unfinished?: true;
}

export async function checkCommand(
  news: Readonly<Record<string, unknown>>,
  context: CheckContext,
): Promise<dynamic.CheckResult<CommandInputs>> {
  const validator = new Validator("WebCliCommand", args, news);
  const given = inputsOf(validator.values);
  const inSession = validator.has("clientId");
  if (inSession && validator.has("password")) {
    validator.addFailure(
      "password",
      "opens a session of its own, so it excludes `session` or `clientId`; leave one of them out",
    );
  }
  // A program in another language may pass the client ID alone, for the instance that its provider is set up for.
  const instance =
    inSession && validator.has("endpoint") && validator.has("projectId")
      ? { endpoint: withoutTrailingSlash(given.endpoint) }
      : await checkDcsInstance(validator, context);
  return { inputs: omitUndefined({ ...given, ...instance }), failures: validator.failures };
}

/** What check resolved with, as the engine hands it to another verb. */
export function commandInputsIn(news: object): CommandInputs {
  return inputsOf(valuesIn(args, news));
}

function inputsOf(values: ValuesOf<typeof args>): CommandInputs {
  const { region: _, create = "", endpoint = "", projectId = "", instanceId = "", ...rest } = values;
  return { endpoint, projectId, instanceId, create, ...rest };
}
