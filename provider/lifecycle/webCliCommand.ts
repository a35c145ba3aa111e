import type { dynamic } from "@pulumi/pulumi";
import type { Place } from "../api/dcs";
import { meaningOf, RequestFailed, SessionError } from "../api/errors";
import { mayPass, notPerformed, Patience } from "../api/patience";
import { commandProblem } from "../api/redis";
import { DcsLifecycle } from "./dcsLifecycle";
import { Findings, type UNKNOWN } from "./findings";
import { present } from "./present";
import { changedArgs, newId } from "./session";

/** What check hands to the other verbs: the args, with the session's outputs in place of the session. */
export interface CommandInputs extends Place {
  clientId: string;
  create: string;
  delete?: string;
  /** A text only where it is not known yet. */
  database?: number | typeof UNKNOWN;
  triggers?: string[];
}

export interface CommandState extends CommandInputs {
  response: string;
}

/** The life of a Redis command that runs in a Web CLI session. */
export class WebCliCommandLifecycle
  extends DcsLifecycle
  implements dynamic.ResourceProvider<CommandInputs, CommandState>
{
  async check(_olds: unknown, news: CommandInputs): Promise<dynamic.CheckResult<CommandInputs>> {
    const findings = new Findings({ ...news });
    // A program may pass a secret, which the host can't see.
    const command = { problem: commandProblem, secret: true };
    const inputs = {
      endpoint: findings.needed("endpoint", "give the session"),
      projectId: findings.needed("projectId", "give the session"),
      instanceId: findings.needed("instanceId", "give the session"),
      clientId: findings.needed("clientId", "give the session", { secret: true }),
      create: findings.needed("create", "write a Redis command", command),
      delete: findings.text("delete", command),
      database: findings.wholeNumber("database"),
      triggers: findings.triggers(),
    };
    return { inputs: present(inputs), failures: findings.failures };
  }

  async diff(_id: string, olds: CommandState, news: CommandInputs): Promise<dynamic.DiffResult> {
    const place = ["endpoint", "projectId", "instanceId"] as const;
    const replaces = changedArgs(
      [...place, "create", "delete", "database", "triggers"],
      { ...olds, database: olds.database ?? 0 },
      { ...news, database: news.database ?? 0 },
    );
    // A reopened session has another client id, and what the command did is still there.
    if (replaces.length === 0) return { changes: olds.clientId !== news.clientId, replaces };
    // Otherwise the old delete command would undo what the new create command has just done.
    return { changes: true, replaces, ...(olds.delete === undefined ? {} : { deleteBeforeReplace: true }) };
  }

  async create(inputs: CommandInputs): Promise<dynamic.CreateResult<CommandState>> {
    try {
      const response = await this.run(inputs, inputs.create, new Patience(this.pace));
      return { id: newId("command"), outs: { ...inputs, response } };
    } catch (error) {
      const what = `Could not run the command on DCS instance ${inputs.instanceId}`;
      throw SessionError.from(what, error, mayHaveRun(error));
    }
  }

  async update(_id: string, olds: CommandState, news: CommandInputs) {
    return { outs: { ...news, response: olds.response } };
  }

  async delete(_id: string, state: CommandState): Promise<void> {
    if (state.delete === undefined) return;
    const { instanceId } = state;
    const what = `Could not run the delete command on DCS instance ${instanceId}`;
    const patience = new Patience(this.pace);
    try {
      await this.run(state, state.delete, patience);
    } catch (error) {
      const gone = await this.whatIsGone(state, error, patience).catch((unknown: unknown) => {
        throw SessionError.from(what, unknown);
      });
      if (!gone) throw SessionError.from(what, error, mayHaveRun(error) ?? keptCommand(error));
      console.error(`The delete command did not run on DCS instance ${instanceId}: ${gone}`);
    }
  }

  /** A command is not sent again once it may have run: few commands are the same when run twice. */
  private run(state: CommandInputs, command: string, patience: Patience): Promise<string> {
    const webCli = this.webCli(state, patience);
    const database = typeof state.database === "number" ? state.database : undefined;
    return patience.retry(() => webCli.run(state.clientId, command, database), notPerformed);
  }

  /** A sentence on what a command failed for, where it can't run any more. Rejects where the service does not say. */
  private async whatIsGone(
    state: CommandState,
    error: unknown,
    patience: Patience,
  ): Promise<string | undefined> {
    const meaning = meaningOf(error);
    if (meaning === "instance gone") return "the instance is gone.";
    if (meaning !== "invalid parameter") return undefined;
    const webCli = this.webCli(state, patience);
    if (await patience.retry(() => webCli.isAlive(state.clientId), mayPass)) return undefined;
    return "its session is gone. What `create` did is still done; an unchanged `pulumi up` just before would have opened a session again.";
  }
}

function mayHaveRun(error: unknown): string | undefined {
  return error instanceof RequestFailed && error.mayHaveActed
    ? "It may have run, and was not sent again: look at what it works on before you run the same command again."
    : undefined;
}

function keptCommand(error: unknown): string | undefined {
  return meaningOf(error) === "redis error"
    ? "It is the command in state, which a change of the program does not change: correct what it works on, " +
        "then run the same command again, or give it up with `pulumi state delete`."
    : undefined;
}
