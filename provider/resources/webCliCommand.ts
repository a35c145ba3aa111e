import * as pulumi from "@pulumi/pulumi";
import { providerText } from "./host";
import type { WebCliSession } from "./webCliSession";

/** The arguments of a {@link WebCliCommand}. */
export interface WebCliCommandArgs {
  /**
   * The session to run the commands in. Required; its client id stays secret. Another instance, project or
   * endpoint replaces the command; a reopened session on the same instance only moves it over, and nothing
   * runs again.
   */
  session: WebCliSession;
  /**
   * The Redis command to run on create, in one line. Required. Keys and values hold no spaces. What the Web CLI
   * disables (SELECT, KEYS, MULTI, MONITOR and others) is refused at preview. Not secret unless the
   * program passes a secret. Changing it replaces the command.
   *
   * https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html
   */
  create: pulumi.Input<string>;
  /**
   * The Redis command to run on delete, before the session is logged out; written as `create`. It runs only
   * while the session is open: after its idle time-out, delete prints a notice and is done. Where it fails, the
   * session stays open. Not secret unless the program passes a secret. Changing it replaces the command: the old
   * text runs, if the session is still open, and then `create`.
   *
   * @default none
   */
  delete?: pulumi.Input<string>;
  /**
   * The number of the database to run in, a whole number from 0. Not secret. Changing it replaces the
   * command.
   *
   * @default 0
   */
  database?: pulumi.Input<number>;
  /**
   * Strings of any meaning: a change replaces the command, so that it runs again, after `delete` where there is
   * one. Not secret unless the program passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A Redis command that runs in a {@link WebCliSession}. A create or delete fails when Redis answers with an
 * error; a delete whose session has expired is done, with a notice.
 *
 * https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html
 */
export class WebCliCommand extends pulumi.CustomResource {
  /** What Redis answered to `create`, as text; an answer that is no text comes as JSON. Secret. */
  declare readonly response: pulumi.Output<string>;

  constructor(name: string, args: WebCliCommandArgs, opts?: pulumi.CustomResourceOptions) {
    const { session, ...rest } = args;
    const { clientId, endpoint, projectId, instanceId } = session;
    const props = {
      ...rest,
      ...{ clientId, endpoint, projectId, instanceId },
      response: undefined,
      __provider: providerText("WebCliCommand"),
    };
    const secrets = { additionalSecretOutputs: ["clientId", "response"] };
    super("pulumi-nodejs:dynamic/dcs:WebCliCommand", name, props, pulumi.mergeOptions(opts, secrets));
  }
}
