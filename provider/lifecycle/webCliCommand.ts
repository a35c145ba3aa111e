import type { dynamic } from "@pulumi/pulumi";
import { type DcsInstance, WebCli } from "../api/dcs/webCli";
import { type Deadline, ifNotPerformed, ifTransient, type OperationOptions } from "../api/deadline";
import { meaningOf, RequestError } from "../api/errors";
import { omitUndefined } from "../engine";
import { type CommandInputs, type CommandState, checkCommand, commandInputsIn } from "./commandInputs";
import { changedNames, comesFromPlugin, newId } from "./properties";
import { ResourceLifecycle } from "./resourceLifecycle";
import type { Runtime } from "./runtime";
import { clauseOf, notReadable, PartialCreateError, SessionError } from "./sessionError";
import { Sessions } from "./sessions";
import { type WebCliInputs, type WebCliKey, type WebCliState, webCliSessions } from "./webCliSession";

/** What came of a command. */
interface Run {
  response?: string;
  /** Why there is no response. */
  failure?: unknown;
  /** The session that was open for it alone, where its logout failed, and why. */
  unclosed?: { clientId: string; error: unknown };
}

/** The life of a Redis command that runs in a Web CLI session. */
export class WebCliCommandLifecycle extends ResourceLifecycle<CommandState> {
  private readonly sessions: Sessions<WebCliInputs, WebCliKey, WebCliState>;

  constructor(runtime?: Runtime) {
    super("WebCliCommand", runtime);
    this.sessions = new Sessions(webCliSessions, this.runtime);
  }

  check(olds: object, news: object, options?: OperationOptions): Promise<dynamic.CheckResult> {
    return this.checkArguments({ olds, news, options }, checkCommand);
  }

  async diff(_id: string, olds: object, news: object): Promise<dynamic.DiffResult> {
    this.requireCommand(olds);
    const inputs = commandInputsIn(news);
    const names = ["endpoint", "projectId", "instanceId", "create", "delete", "database", "triggers"];
    const withDatabase = (command: CommandInputs) => ({ ...command, database: command.database ?? 0 });
    const replaces = changedNames(names, withDatabase(olds), withDatabase(inputs));
    if (olds.unfinished) replaces.push("create");
    // A reopened session has another client ID, and what the command did is still there.
    const moved =
      changedNames(["clientId", "password"], olds, inputs).length > 0 || comesFromPlugin(olds, news);
    const changes = moved || replaces.length > 0 || olds.unclosedClientId !== undefined;
    // Otherwise the old delete command would undo what the new create command has just done. The engine may have
    // reasons of its own for a replacement, so it is told in any case.
    const deleteBeforeReplace = olds.delete !== undefined || olds.unclosedClientId !== undefined;
    return { changes, replaces, ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}) };
  }

  async read(id: string, state: object = {}): Promise<dynamic.ReadResult> {
    this.requireCommand(state);
    return { id, props: state };
  }

  async create(
    news: object,
    options?: OperationOptions,
  ): Promise<Required<dynamic.CreateResult<CommandState>>> {
    const id = newId("command");
    const inputs = commandInputsIn(news);
    const what = `Could not run the command on DCS instance ${inputs.instanceId}`;
    const run = await this.run(inputs, inputs.create, what, this.operation(options));
    const failure = run.failure ? SessionError.from(what, run.failure, mayHaveRun(run.failure)) : undefined;
    const state: CommandState = { ...inputs, response: run.response };
    if (run.unclosed) {
      const { clientId: unclosedClientId, error } = run.unclosed;
      const unfinished = failure ? (true as const) : undefined;
      const kept = { ...state, unclosedClientId, unfinished };
      throw new PartialCreateError(failure ?? this.logoutFailure(inputs, error), id, { state: kept, news });
    }
    if (failure) throw failure;
    return { id, outs: state };
  }

  async update(
    _id: string,
    olds: object,
    news: object,
    options?: OperationOptions,
  ): Promise<Required<dynamic.UpdateResult<CommandState>>> {
    this.requireCommand(olds);
    await this.close(olds, olds.unclosedClientId, this.operation(options));
    return { outs: omitUndefined({ ...commandInputsIn(news), response: olds.response }) };
  }

  async delete(id: string, state: object, options?: OperationOptions): Promise<void> {
    this.requireCommand(state);
    const operation = this.operation(options);
    const { unclosed: left } = this.runtime;
    await this.close(state, state.unclosedClientId ?? left.get(id), operation);
    left.delete(id);
    if (state.delete === undefined || state.unfinished) return;
    const { instanceId } = state;
    const what = `Could not run the delete command on DCS instance ${instanceId}`;
    const { failure, unclosed } = await this.run(state, state.delete, what, operation);
    if (unclosed) {
      // A delete that fails leaves state as it is: the session is known as long as this process lasts.
      left.set(id, unclosed.clientId);
      const failed = failure ? deleteFailure(what, failure) : undefined;
      throw this.unclosedAfterDelete(state, unclosed.error, failed);
    }
    if (!failure) return;
    const gone = await this.whatIsGone(state, failure, operation).catch((unknown: unknown) => {
      throw SessionError.from(what, unknown);
    });
    if (!gone) throw deleteFailure(what, failure);
    operation.display.notice(`The delete command did not run on DCS instance ${instanceId}: ${gone}`);
  }

  /** Runs a command in the session that the program passed, or in one that is open for it alone. */
  private async run(
    command: CommandInputs,
    redisCommand: string,
    what: string,
    operation: Deadline,
  ): Promise<Run> {
    const purpose = `running a command on DCS instance ${command.instanceId}`;
    const { clientId } = command;
    if (clientId !== undefined) return this.runIn(clientId, command, redisCommand, operation.step(purpose));
    const opened = await this.sessions.logIn(command, operation, what).catch(asFailure);
    if ("failure" in opened) return opened;
    const { session, problem: failure } = opened;
    const step = operation.stepBeforeLogout(purpose);
    const run = failure ? { failure } : await this.runIn(session.clientId, command, redisCommand, step);
    try {
      await this.sessions.logOut(command, session, operation);
      return run;
    } catch (error) {
      return { ...run, unclosed: { clientId: session.clientId, error } };
    }
  }

  /** A command is not sent again once it may have run: few commands have the same effect when they run twice. */
  private async runIn(clientId: string, command: CommandInputs, text: string, step: Deadline): Promise<Run> {
    step.show();
    const send = () => this.webCli(command, step).run(clientId, text, command.database);
    const run = () => step.retry(send, ifNotPerformed);
    return this.runtime.renewals
      .using(clientId, step, run)
      .then((response) => ({ response }))
      .catch(asFailure);
  }

  /** Ends a session that an earlier operation could not log out. */
  private async close(
    command: CommandInputs,
    clientId: string | undefined,
    operation: Deadline,
  ): Promise<void> {
    if (clientId === undefined) return;
    try {
      await this.sessions.logOut(command, { clientId }, operation);
    } catch (error) {
      throw this.logoutFailure(command, error);
    }
  }

  /** What a command failed for, where it can't run any more. Rejects where the service does not tell. */
  private async whatIsGone(command: CommandState, failure: unknown, operation: Deadline) {
    const meaning = meaningOf(failure);
    if (meaning === "instance gone") return "the instance no longer exists.";
    const { clientId } = command;
    if (meaning !== "invalid parameter" || clientId === undefined) return undefined;
    const step = operation.step(`checking whether a session of DCS instance ${command.instanceId} is open`);
    const liveness = await step.retry(() => this.webCli(command, step).probe(clientId), ifTransient);
    return liveness === "alive" ? undefined : "its session has ended. What `create` did is still in place.";
  }

  private webCli(instance: DcsInstance, deadline: Deadline): WebCli {
    const { settings, connections } = this.runtime;
    return new WebCli(instance, settings, connections.gateway, deadline);
  }

  private logoutFailure(command: CommandInputs, error: unknown, advice?: string): SessionError {
    return this.sessions.logoutFailure(command, error, { when: " after a command", advice });
  }

  private unclosedAfterDelete(command: CommandState, error: unknown, failure?: SessionError): SessionError {
    const open = `Its session is left open until its idle timeout (${webCliSessions.idleTimeout}).`;
    return failure
      ? new SessionError(clauseOf(failure), "it could not be logged out, either", open)
      : this.logoutFailure(command, error, `The delete command ran, and will run again next time. ${open}`);
  }

  /** A resource that was read by an ID instead of being created has run nothing. */
  private requireCommand(state: object): asserts state is CommandState {
    if (!("response" in state) && !("unfinished" in state)) {
      throw notReadable("WebCliCommand", "Create a WebCliCommand instead.");
    }
    this.requireState(state, { response: "" });
  }
}

function asFailure(failure: unknown): { failure: unknown } {
  return { failure };
}

function deleteFailure(what: string, failure: unknown): SessionError {
  return SessionError.from(what, failure, mayHaveRun(failure) ?? keptCommand(failure));
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
