import * as pulumi from "@pulumi/pulumi";
import { notReadable, registration } from "./registration";

/** The arguments of a {@link WebCliSession}. */
export interface WebCliSessionArgs {
  /**
   * The ID of the DCS (Redis) instance, as the console shows it: usually a UUID; at most 64 letters, digits, hyphens,
   * and underscores. Required. Not secret. Changing it replaces the session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  instanceId: pulumi.Input<string>;
  /**
   * The ID of the project that holds the instance: usually 32 hexadecimal digits. Not secret. Changing it replaces the
   * session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   *
   * @default configuration `huaweicloud-sessions:projectId` or `huaweicloud:projectId`, then HUAWEICLOUD_SDK_PROJECT_ID,
   * HW_PROJECT_ID, OS_PROJECT_ID, then `project_id` in the profile file; otherwise IAM is queried for the project that
   * is named after the region
   */
  projectId?: pulumi.Input<string | undefined>;
  /**
   * The code of the instance's region, such as `cn-north-4` or `eu-de`. The endpoint follows from it:
   * `https://dcs.REGION.myhuaweicloud.com`, with `.eu` for regions that begin with `eu-west-1`, and
   * `https://dcs.REGION.otc.t-systems.com` for `eu-de` and `eu-nl`. Not secret. Changing it replaces the session,
   * unless `endpoint` takes precedence.
   *
   * https://developer.huaweicloud.com/intl/en-us/endpoint
   *
   * @default configuration `huaweicloud-sessions:region` or `huaweicloud:region`, then HW_REGION_NAME, OS_REGION_NAME
   */
  region?: pulumi.Input<string | undefined>;
  /**
   * The URL of the DCS API: https, or http to a loopback address. Takes precedence over `region`. If its certificate has
   * an authority of its own, name that in NODE_EXTRA_CA_CERTS. Not secret. Changing it replaces the session.
   *
   * https://developer.huaweicloud.com/intl/en-us/endpoint
   *
   * @default configuration `huaweicloud-sessions:dcsEndpoint` or `huaweicloud:endpoints.dcs`, otherwise it follows from the region
   */
  endpoint?: pulumi.Input<string | undefined>;
  /**
   * The password of the instance. Secret: encrypted in state, even if the program passes plain text. Excludes
   * `clientId`. Changing it replaces the session.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   *
   * @default none, for an instance with password-free access
   */
  password?: pulumi.Input<string | undefined>;
  /**
   * The client ID of a session that is already open. The session is adopted instead of logging in, and is logged out on
   * destroy. Up to 512 visible ASCII characters. Secret: encrypted in state, even if the program passes plain text.
   * Changing it replaces the session; while it stays the same, only another endpoint, project, or instance does. An
   * adopted session that has expired is not opened again.
   *
   * @default none: log in
   */
  clientId?: pulumi.Input<string | undefined>;
  /**
   * Whether `pulumi up` opens a new session when this one has expired. The service ends a session after 5 to 15 idle
   * minutes. Not secret. Changing it replaces nothing.
   *
   * @default true
   */
  reopenWhenExpired?: pulumi.Input<boolean | undefined>;
  /**
   * Any strings. A change replaces the session, unless it was adopted. Not secret, unless the program passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/**
 * A login session of the Web CLI of a Huawei Cloud DCS (Redis) instance: logged in on create, logged out on delete. A
 * create fails if the service refuses the login. A delete fails if it can't confirm that the session ended.
 *
 * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
 */
export class WebCliSession extends pulumi.CustomResource {
  /**
   * What identifies the session in further calls: 48 hexadecimal digits. Secret.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  declare readonly clientId: pulumi.Output<string>;
  /**
   * How many databases the instance has; undefined for an adopted session. Not secret.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  declare readonly databases: pulumi.Output<number | undefined>;
  /** When the session was opened or adopted: ISO 8601, UTC. Not secret. */
  declare readonly openedAt: pulumi.Output<string>;
  /** The URL of the DCS API that the session is on, without a trailing slash. Not secret. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The ID of the project that holds the instance. Not secret. */
  declare readonly projectId: pulumi.Output<string>;
  /** The ID of the instance. Not secret. */
  declare readonly instanceId: pulumi.Output<string>;

  /** Throws: a session can't be looked up by an ID. Instead, pass `clientId` to the constructor to take over an open session. */
  static get(name: string): never {
    throw notReadable("WebCliSession", name);
  }

  constructor(name: string, args: WebCliSessionArgs, opts?: pulumi.CustomResourceOptions) {
    super(...registration("WebCliSession", name, args, opts));
  }
}
