import type { assumeRoleArgs, providerArgs } from "../../provider/definitions";

/**
 * What the resources' own files don't describe, for `npm run schema`: the provider's arguments, and those of a
 * resource that differ where a program can't pass one resource to another.
 */

/** The arguments of an explicit provider, and the keys of the stack's configuration for the default one. */
export const providerDocs: Record<keyof typeof providerArgs, string> = {
  region: "The region of the DCS instances, such as `eu-de`. The endpoints are made from it.",
  projectId: "The ID of the project that holds the instances.",
  dcsEndpoint: "The DCS API as an https URL (http only to a loopback address); beats `region`.",
  iamEndpoint: "The IAM API as an https URL (http only to a loopback address); beats `region`.",
  accessKey: "The access key (AK), with `secretKey`. Secret.",
  secretKey: "The secret key (SK), with `accessKey`. Secret.",
  securityToken: "The security token that belongs to a temporary access key. Secret.",
  authToken: "A token of IAM; tried before the access key. Secret.",
  assumeRole:
    "The agency of another account to act as. The credentials above, or those found elsewhere, assume it.",
};

/** An agency. */
export const assumeRoleDocs: Record<keyof typeof assumeRoleArgs, string> = {
  agencyName: "The name of the agency.",
  domainName: "The name of the account that has the agency. Required unless `domainId` is set.",
  domainId: "The ID of the account that has the agency; beats `domainName`.",
  duration: "How long the agency's credentials are good, in seconds, from 900 to 86400. Default: 43200.",
};

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
}
