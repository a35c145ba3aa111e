import * as pulumi from "@pulumi/pulumi";
import { asSecret, providerText } from "./host";

/** The arguments of a {@link WebCliSession}. */
export interface WebCliSessionArgs {
  /**
   * The id of the DCS (Redis) instance, as the console shows it: letters, digits, hyphens and underscores, at
   * most 64, usually a UUID. Required, not secret. Changing it replaces the session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  instanceId: pulumi.Input<string>;
  /**
   * The id of the project that holds the instance, usually 32 hex digits. Not secret. Changing it replaces
   * the session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   *
   * @default config `huaweicloud:projectId`, then HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID, OS_PROJECT_ID,
   * then `project_id` of the profile file
   */
  projectId?: pulumi.Input<string>;
  /**
   * The region of the instance, such as `cn-north-4` or `eu-de`, from which the endpoint is made:
   * `https://dcs.REGION.myhuaweicloud.com`, `.eu` for those that begin with eu-west-1, and
   * `https://dcs.REGION.otc.t-systems.com` for eu-de and eu-nl. Not secret. Changing it replaces the session,
   * unless `endpoint` is given: that beats it.
   *
   * https://developer.huaweicloud.com/intl/en-us/endpoint
   *
   * @default config `huaweicloud:region`, then HW_REGION_NAME, OS_REGION_NAME
   */
  region?: pulumi.Input<string>;
  /**
   * The DCS API as an https URL (http only to a loopback address); beats `region`. Not secret. Changing it
   * replaces the session. An authority of its own is trusted by NODE_EXTRA_CA_CERTS.
   *
   * https://developer.huaweicloud.com/intl/en-us/endpoint
   *
   * @default config `huaweicloud:dcsEndpoint`, else made from the region
   */
  endpoint?: pulumi.Input<string>;
  /**
   * The password of the instance. Secret: encrypted in state even when it is passed as plain text.
   * State keeps it among the inputs only. Not together with `clientId`. Changing it replaces the session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   *
   * @default left out, for an instance with password-free access
   */
  password?: pulumi.Input<string>;
  /**
   * The client id of a session that is open already: it is adopted instead of logging in, and logged out on
   * destroy. Up to 512 characters without spaces. Secret: encrypted in state even when it is passed as plain
   * text. Changing it replaces the session. As long as it is the same, only another endpoint, project or
   * instance replaces; an adopted session that has expired is not reopened.
   *
   * @default left out: log in
   */
  clientId?: pulumi.Input<string>;
  /**
   * Whether an `up` that finds the session expired opens a new one. The service ends a session that was
   * idle for 5 to 15 minutes. Not secret. Changing it replaces nothing.
   *
   * @default true
   */
  reopenWhenExpired?: pulumi.Input<boolean>;
  /**
   * Strings of any meaning: a change replaces the session, unless it is adopted. Not secret unless the program
   * passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A login session of the Web CLI of a Huawei Cloud DCS (Redis) instance: logged in on create, logged out on
 * delete. A create fails when the service refuses the log-in; a delete fails unless the session has ended.
 *
 * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
 */
export class WebCliSession extends pulumi.CustomResource {
  /**
   * The session's key for every further call: 48 hex digits. Secret.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  declare readonly clientId: pulumi.Output<string>;
  /**
   * How many databases the instance has, a whole number; undefined for an adopted session. Not secret.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  declare readonly databases: pulumi.Output<number | undefined>;
  /** When the session was opened or adopted: ISO 8601, UTC. Not secret. */
  declare readonly openedAt: pulumi.Output<string>;
  /** The DCS API that the session is on, as a URL without a trailing slash. Not secret. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The id of the project that holds the instance. Not secret. */
  declare readonly projectId: pulumi.Output<string>;
  /** The id of the instance. Not secret. */
  declare readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: WebCliSessionArgs, opts?: pulumi.CustomResourceOptions) {
    const props = {
      projectId: undefined,
      endpoint: undefined,
      ...args,
      password: asSecret(args.password),
      clientId: asSecret(args.clientId),
      databases: undefined,
      openedAt: undefined,
      __provider: providerText("WebCliSession"),
    };
    const secrets = { additionalSecretOutputs: ["clientId"] };
    super("pulumi-nodejs:dynamic/dcs:WebCliSession", name, props, pulumi.mergeOptions(opts, secrets));
  }
}
