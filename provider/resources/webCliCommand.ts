import * as pulumi from "@pulumi/pulumi";
import { notReadable, refusal, refuseArguments, registration } from "./registration";
import type { WebCliSession } from "./webCliSession";

/** The arguments of a {@link WebCliCommand}. */
export interface WebCliCommandArgs {
  /**
   * The session to run the commands in. Its client ID stays secret. A session on another instance, project, or
   * endpoint replaces the command. A session that was opened again only moves the command to its new client ID;
   * nothing runs again. Excludes `instanceId`, `projectId`, `region`, `endpoint`, and `password`.
   *
   * @default none: each operation logs in, runs its command, and logs out; then `instanceId` is required
   */
  session?: WebCliSession | undefined;
  /**
   * The ID of the DCS instance, for a command with a session of its own. See {@link WebCliSessionArgs}. Not secret.
   * Changing it replaces the command.
   *
   * @default that of `session`
   */
  instanceId?: pulumi.Input<string | undefined>;
  /**
   * The ID of the project that holds the instance, for a command with a session of its own. Not secret. Changing
   * it replaces the command.
   *
   * @default as for {@link WebCliSessionArgs}
   */
  projectId?: pulumi.Input<string | undefined>;
  /**
   * The region of the instance, for a command with a session of its own. Not secret.
   *
   * @default as for {@link WebCliSessionArgs}
   */
  region?: pulumi.Input<string | undefined>;
  /**
   * The URL of the DCS API, for a command with a session of its own. Not secret. Changing it replaces the
   * command.
   *
   * @default as for {@link WebCliSessionArgs}
   */
  endpoint?: pulumi.Input<string | undefined>;
  /**
   * The password of the instance, for a command with a session of its own. Secret: encrypted in state, which
   * keeps it for `delete`. Changing it runs nothing.
   *
   * @default none, for an instance with password-free access
   */
  password?: pulumi.Input<string | undefined>;
  /**
   * The Redis command to run on create, in one line. Required. Keys and values can't hold spaces. Commands that the
   * Web CLI disables (SELECT, KEYS, MULTI, MONITOR, and others) are refused at preview. Not secret, unless the program
   * passes a secret. Changing it replaces the command.
   *
   * https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html
   */
  create: pulumi.Input<string>;
  /**
   * The Redis command to run on delete, written like `create`. With `session`, it runs before the logout, and only
   * while the session is open: after the idle timeout, delete prints a notice and does nothing. With a session of its
   * own, it always runs. If it fails, the delete fails. Not secret, unless the program passes a secret. Changing it
   * replaces the command: the old `delete` runs first, then `create`.
   *
   * @default none
   */
  delete?: pulumi.Input<string | undefined>;
  /**
   * The number of the database to run the commands in, from 0. Not secret. Changing it replaces the command.
   *
   * @default 0
   */
  database?: pulumi.Input<number | undefined>;
  /**
   * Any strings. A change replaces the command, so that it runs again, after its `delete`. Not secret, unless the
   * program passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/**
 * A Redis command that runs in a {@link WebCliSession}, or in a session of its own. A create or delete fails if Redis
 * answers with an error.
 *
 * https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html
 */
export class WebCliCommand extends pulumi.CustomResource {
  /** What Redis answered to `create`: text, or JSON for any other answer. Secret. */
  declare readonly response: pulumi.Output<string>;

  /** Throws: a command can't be looked up by an ID. Instead, create another one. */
  static get(name: string): never {
    throw notReadable("WebCliCommand", name);
  }

  constructor(name: string, args: WebCliCommandArgs, opts?: pulumi.CustomResourceOptions) {
    refuseArguments("WebCliCommand", name, args);
    // In the other order, the old `delete` would undo what the new command has just done.
    const deleteBeforeReplace = opts?.deleteBeforeReplace ?? (args.delete === undefined ? undefined : true);
    const options = { ...opts, deleteBeforeReplace };
    super(...registration("WebCliCommand", name, resolveTarget(name, args), options));
  }
}

const OWN_SESSION = ["instanceId", "projectId", "region", "endpoint", "password"] as const;

/** The arguments, with the outputs of the session in its place. */
function resolveTarget(name: string, { session, ...rest }: WebCliCommandArgs): object {
  const problem = targetProblem(session, rest);
  if (problem) throw refusal("WebCliCommand", name, problem);
  if (!session) return rest;
  const { clientId, endpoint, projectId, instanceId } = session;
  return { ...rest, clientId, endpoint, projectId, instanceId };
}

function targetProblem(session: unknown, rest: Omit<WebCliCommandArgs, "session">): string | undefined {
  if (session === undefined || session === null) {
    return rest.instanceId === undefined
      ? "`session` is required; pass a WebCliSession, or `instanceId` for a session of its own"
      : undefined;
  }
  // By its outputs: another copy of this package has another class.
  if (!pulumi.CustomResource.isInstance(session) || !("clientId" in session && "instanceId" in session)) {
    return "`session` must be the WebCliSession itself, not one of its outputs or another resource";
  }
  const own = OWN_SESSION.filter((argument) => rest[argument] !== undefined);
  if (own.length === 0) return undefined;
  const names = own.map((argument) => `\`${argument}\``).join(", ");
  return `\`session\` says where the command runs, so it excludes ${names}; leave out one or the other`;
}
