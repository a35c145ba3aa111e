import type { assumeRoleArgs, providerArgs } from "../../provider/definitions";
import type { Doc } from "./docstrings";

/**
 * What the resources' own files don't describe, for `npm run schema`: the provider's arguments, and what differs where
 * a program can't pass one resource to another and sees no other provider's configuration.
 */

/** The arguments of an explicit provider, and the keys of the stack's configuration for the default one. */
export const providerDocs: Record<keyof typeof providerArgs, Doc> = {
  region: { text: "The region of the DCS instances, such as `eu-de`. The endpoints follow from it." },
  projectId: {
    text: "The ID of the project that holds the instances.",
    default: "looked up in IAM by the region's name",
  },
  dcsEndpoint: {
    text: "The URL of the DCS API: https, or http to a loopback address. Takes precedence over `region`.",
    default: "it follows from the region",
  },
  iamEndpoint: {
    text: "The URL of the IAM API: https, or http to a loopback address. Takes precedence over `region`.",
    default: "it follows from the region",
  },
  accessKey: { text: "The access key (AK), with `secretKey`." },
  secretKey: { text: "The secret key (SK), with `accessKey`." },
  securityToken: { text: "The security token that belongs to a temporary access key." },
  authToken: { text: "An IAM token. Takes precedence over the access key." },
  assumeRole: {
    text: "The agency of another account to act as. The credentials above, or those found elsewhere, assume it.",
    default: "none",
  },
};

/** An agency. */
export const assumeRoleDocs: Record<keyof typeof assumeRoleArgs, Doc> = {
  agencyName: { text: "The name of the agency." },
  domainName: { text: "The name of the account that has the agency. Required unless `domainId` is set." },
  domainId: { text: "The ID of the account that has the agency. Takes precedence over `domainName`." },
  duration: {
    text: "How long the agency's credentials are good, in seconds, from 900 to 86400.",
    default: "43200",
  },
};

export interface WebCliSessionArgs {
  /**
   * @default `projectId` of the provider, then HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID, OS_PROJECT_ID, then a profile
   * file; otherwise IAM is queried for the project that is named after the region
   */
  projectId?: string;
  /** @default `region` of the provider, then HW_REGION_NAME, OS_REGION_NAME, then the CLI profile */
  region?: string;
  /** @default `dcsEndpoint` of the provider, otherwise it follows from the region */
  endpoint?: string;
}

export interface WebCliSession {
  /**
   * How many databases the instance has. An adopted session doesn't have it. Not secret.
   *
   * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html
   */
  databases?: number;
}

export interface WebCliCommandArgs {
  /**
   * The client ID of the session to run the commands in: the output `clientId` of a `WebCliSession`. Pass that
   * session's `instanceId` too, and its `projectId` and `endpoint` unless they are those of the provider. Not together
   * with `password`. Secret. A reopened session only moves the command over, and nothing runs again.
   *
   * @default left out: each operation logs in, runs its command, and logs out
   */
  clientId?: string;
  /** The ID of the DCS instance. Not secret. Changing it replaces the command. */
  instanceId: string;
  /**
   * The ID of the project that holds the instance. Not secret. Changing it replaces the command.
   *
   * @default as for `WebCliSession`
   */
  projectId?: string;
  /**
   * The DCS API as an https URL. Not secret. Changing it replaces the command.
   *
   * @default as for `WebCliSession`
   */
  endpoint?: string;
  /**
   * The password of the instance, for a command with a session of its own. Not together with `clientId`. Secret:
   * encrypted in state, which keeps it for `delete`. Changing it runs nothing.
   *
   * @default left out, for an instance with password-free access
   */
  password?: string;
  /**
   * The Redis command to run on delete, written like `create`. With `clientId`, it runs before the logout, and only
   * while the session is open: after the idle timeout, delete prints a notice and does nothing. With a session of its
   * own, it always runs. If it fails, the delete fails. Not secret, unless the program passes a secret. Changing it
   * replaces the command: the old `delete` runs first, then `create`.
   *
   * @default none
   */
  delete?: string;
}
