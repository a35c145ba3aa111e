import type { dynamic } from "@pulumi/pulumi";
import { type DcsInstance, WebCli } from "../api/dcs/webCli";
import { Deadline, ifNotPerformed, ifTransient, type OperationOptions } from "../api/deadline";
import { meaningOf, RequestError } from "../api/errors";
import { withoutTrailingSlash } from "../api/http/serverUrl";
import { notice } from "../api/notice";
import { type CheckContext, checkDcsInstance } from "../check/dcsInstance";
import { Validator } from "../check/validator";
import { definitions } from "../definitions";
import { omitUndefined } from "../engine";
import { type OwnRun, OwnSession } from "./ownSession";
import { changedNames, comesFromPlugin, newId } from "./properties";
import { ResourceLifecycle } from "./resourceLifecycle";
import {
  clauseOf,
  logoutAdvice,
  lostSessionAdvice,
  notReadable,
  PartialCreateError,
  SessionError,
} from "./sessionError";
import { webCliSessions } from "./webCliSession";

/** What check hands to the other verbs: with a client ID in place of the session, or without one. */
export interface CommandInputs extends DcsInstance {
  /** The session to run in. Without it, each verb opens a session of its own. */
  clientId?: string;
  password?: string;
  create: string;
  delete?: string;
  database?: number;
  triggers?: string[];
  __provider?: string;
}

export interface CommandState extends CommandInputs {
  response?: string;
  /** A session of its own that could not be logged out: the next update or delete ends it first. */
  unclosedClientId?: string;
  /** The session is all that there is: the command did not run. */
  unfinished?: true;
}

/** The life of a Redis command that runs in a Web CLI session. */
export class WebCliCommandLifecycle
  extends ResourceLifecycle
  implements dynamic.ResourceProvider<CommandInputs, CommandState>
{
  /** Sessions that a failed delete left open, by the command's ID: state can't note them. */
  private readonly leftOpen = new Map<string, string>();

  check(olds: object, news: object, options?: OperationOptions): Promise<dynamic.CheckResult<CommandInputs>> {
    return this.checkArguments("WebCliCommand", { olds, news, options }, checkKnown);
  }

  async diff(_id: string, olds: CommandState, news: CommandInputs): Promise<dynamic.DiffResult> {
    requireCommand(olds);
    const names = ["endpoint", "projectId", "instanceId", "create", "delete", "database", "triggers"];
    const withDatabase = (command: CommandInputs) => ({ ...command, database: command.database ?? 0 });
    const replaces = changedNames(names, withDatabase(olds), withDatabase(news));
    if (olds.unfinished) replaces.push("create");
    // A reopened session has another client ID, and what the command did is still there.
    const moved =
      changedNames(["clientId", "password"], olds, news).length > 0 || comesFromPlugin(olds, news);
    const changes = moved || replaces.length > 0 || olds.unclosedClientId !== undefined;
    // Otherwise the old delete command would undo what the new create command has just done. The engine may have
    // reasons of its own for a replacement, so it is told in any case.
    const deleteBeforeReplace = olds.delete !== undefined || olds.unclosedClientId !== undefined;
    return { changes, replaces, ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}) };
  }

  async read(id: string, state?: CommandState): Promise<dynamic.ReadResult<CommandState>> {
    requireCommand(state);
    return { id, props: state };
  }

  async create(
    inputs: CommandInputs,
    options?: OperationOptions,
  ): Promise<dynamic.CreateResult<CommandState>> {
    const id = newId("command");
    const what = `Could not run the command on DCS instance ${inputs.instanceId}`;
    if (inputs.clientId !== undefined) {
      try {
        return {
          id,
          outs: { ...inputs, response: await this.runIn(inputs.clientId, inputs, inputs.create, options) },
        };
      } catch (error) {
        throw SessionError.from(what, error, mayHaveRun(error));
      }
    }
    const run = await this.ownSession(inputs, options).run((clientId) =>
      this.runIn(clientId, inputs, inputs.create, options),
    );
    const failure = run.failure && failureOf(what, run.failure, mayHaveRun);
    if (run.unclosed) {
      const { clientId: unclosedClientId, error } = run.unclosed;
      const unfinished = failure ? (true as const) : undefined;
      const state: CommandState = { ...inputs, response: run.response, unclosedClientId, unfinished };
      throw new PartialCreateError(failure ?? logoutFailure(inputs, error), id, omitUndefined(state));
    }
    if (failure) throw failure;
    return { id, outs: { ...inputs, response: run.response } };
  }

  async update(
    _id: string,
    olds: CommandState,
    news: CommandInputs,
    options?: OperationOptions,
  ): Promise<dynamic.UpdateResult<CommandState>> {
    await this.closeLeftover(olds, options);
    return { outs: omitUndefined({ ...news, response: olds.response }) };
  }

  async delete(id: string, state: CommandState, options?: OperationOptions): Promise<void> {
    const unclosedClientId = state.unclosedClientId ?? this.leftOpen.get(id);
    await this.closeLeftover({ ...state, unclosedClientId }, options);
    this.leftOpen.delete(id);
    if (state.delete === undefined || state.unfinished) return;
    if (state.clientId === undefined) await this.deleteInOwnSession(id, state, state.delete, options);
    else await this.deleteIn(state.clientId, state, state.delete, options);
  }

  private async deleteIn(clientId: string, state: CommandState, command: string, options?: OperationOptions) {
    const what = cannotDelete(state);
    try {
      await this.runIn(clientId, state, command, options);
    } catch (error) {
      const gone = await this.whatIsGone(clientId, state, error, options).catch((unknown: unknown) => {
        throw SessionError.from(what, unknown);
      });
      if (!gone) throw SessionError.from(what, error, mayHaveRun(error) ?? keptCommand(error));
      notice(`The delete command did not run on DCS instance ${state.instanceId}: ${gone}`);
    }
  }

  private async deleteInOwnSession(
    id: string,
    state: CommandState,
    command: string,
    options?: OperationOptions,
  ): Promise<void> {
    const { failure, unclosed } = await this.ownSession(state, options).run((clientId) =>
      this.runIn(clientId, state, command, options),
    );
    if (meaningOf(failure?.error) === "instance gone") {
      notice(
        `The delete command did not run on DCS instance ${state.instanceId}: the instance no longer exists.`,
      );
      return;
    }
    // A delete that fails leaves state as it is: the session is known as long as this process lasts.
    if (unclosed) this.leftOpen.set(id, unclosed.clientId);
    const left =
      unclosed && `Its session is left open until its idle timeout (${webCliSessions.idleTimeout}).`;
    if (failure) {
      const failed = failureOf(
        cannotDelete(state),
        failure,
        (error) => mayHaveRun(error) ?? keptCommand(error),
      );
      throw left ? new SessionError(clauseOf(failed), "it could not be logged out, either", left) : failed;
    }
    if (!unclosed) return;
    throw logoutFailure(
      state,
      unclosed.error,
      `The delete command ran, and will run again next time. ${left}`,
    );
  }

  /** A command is not sent again once it may have run: few commands have the same effect when they run twice. */
  private runIn(
    clientId: string,
    state: CommandInputs,
    command: string,
    options?: OperationOptions,
  ): Promise<string> {
    const deadline = new Deadline(
      `run a command on DCS instance ${state.instanceId}`,
      this.runtime.timeouts,
      options,
    );
    const webCli = new WebCli(state, this.settings, this.runtime.connections.gateway, deadline);
    return this.runtime.renewals.using(clientId, () =>
      deadline.retry(() => webCli.run(clientId, command, state.database), ifNotPerformed),
    );
  }

  private ownSession(instance: CommandInputs, options?: OperationOptions): OwnSession {
    return new OwnSession(instance, this.settings, this.runtime, options);
  }

  private async closeLeftover(state: CommandState, options?: OperationOptions): Promise<void> {
    if (state.unclosedClientId === undefined) return;
    try {
      await this.ownSession(state, options).logOut(state.unclosedClientId);
    } catch (error) {
      throw logoutFailure(state, error);
    }
  }

  /** What a command failed for, where it can't run any more. Rejects where the service does not tell. */
  private async whatIsGone(
    clientId: string,
    state: CommandState,
    error: unknown,
    options?: OperationOptions,
  ): Promise<string | undefined> {
    const meaning = meaningOf(error);
    if (meaning === "instance gone") return "the instance no longer exists.";
    if (meaning !== "invalid parameter") return undefined;
    const deadline = new Deadline(
      `check whether a session of DCS instance ${state.instanceId} is open`,
      this.runtime.timeouts,
      options,
    );
    const webCli = new WebCli(state, this.settings, this.runtime.connections.gateway, deadline);
    if ((await deadline.retry(() => webCli.probe(clientId), ifTransient)) === "alive") return undefined;
    return "its session has ended. What `create` did is still in place.";
  }
}

async function checkKnown(
  news: Readonly<Record<string, unknown>>,
  context: CheckContext,
): Promise<dynamic.CheckResult<CommandInputs>> {
  const validator = new Validator("WebCliCommand", definitions.WebCliCommand.args, news);
  const {
    region: _,
    create = "",
    endpoint = "",
    projectId = "",
    instanceId = "",
    ...rest
  } = validator.values;
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
      ? { endpoint: withoutTrailingSlash(endpoint), projectId, instanceId }
      : await checkDcsInstance(validator, context);
  return { inputs: omitUndefined({ ...rest, ...instance, create }), failures: validator.failures };
}

/** A resource that was read by an ID instead of being created has run nothing. */
function requireCommand(state: CommandState | undefined): asserts state is CommandState {
  if (state && (state.response !== undefined || state.unfinished)) return;
  throw notReadable("WebCliCommand", "Create a WebCliCommand instead.");
}

function cannotDelete({ instanceId }: DcsInstance): string {
  return `Could not run the delete command on DCS instance ${instanceId}`;
}

function failureOf(
  what: string,
  { stage, error }: NonNullable<OwnRun["failure"]>,
  advise: (error: unknown) => string | undefined,
): SessionError {
  const advice = stage === "login" ? lostSessionAdvice(error, webCliSessions.idleTimeout) : advise(error);
  return SessionError.from(what, error, advice);
}

function logoutFailure(instance: DcsInstance, error: unknown, advice?: string): SessionError {
  const what = `Could not log out of ${webCliSessions.describe(instance)} after a command`;
  return SessionError.from(what, error, advice ?? logoutAdvice(error, webCliSessions.idleTimeout));
}

function mayHaveRun(error: unknown): string | undefined {
  return error instanceof RequestError && error.mayHaveActed
    ? "The command may have run, and was not sent again. Check the data before you run the same command again."
    : undefined;
}

function keptCommand(error: unknown): string | undefined {
  return meaningOf(error) === "redis error"
    ? "Pulumi runs the `delete` command from state, so editing the program has no effect. Correct the data that it works on " +
        "and run the same command again, or remove the resource with `pulumi state delete URN`."
    : undefined;
}
