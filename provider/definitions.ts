/** An argument of a resource: what check, diff, the secrets of a program, and the mocks know about it. */
export interface Argument {
  type: "string" | "boolean" | "integer" | "strings" | "object";
  required?: true;
  /** Encrypted in state, whatever the program passes, and never shown. */
  secret?: true;
  /** Never shown, because a program may pass a secret. */
  maybeSecret?: true;
  /** A changed value replaces the resource. */
  replaces?: true;
  /** A changed value is taken over in place. */
  updates?: true;
  /** What a string must look like: the name of a rule in `check/rules.ts`. */
  rule?: Rule;
}

export type Rule =
  | "id"
  | "dcsEndpoint"
  | "iamEndpoint"
  | "region"
  | "clientId"
  | "redisCommand"
  | "casUrl"
  | "service"
  | "header"
  | "cookie"
  | "certificate"
  | "fingerprint";

/** An output beside the arguments. */
export interface Output {
  type: "string" | "integer";
  secret?: true;
  /** Absent from some resources. */
  optional?: true;
  /** What a string in state must look like, which may have been edited by hand. */
  rule?: Rule;
  mayBeEmpty?: true;
}

export interface Definition {
  /** The argument without which there is no such resource. */
  leastArgument: string;
  /** The output that identifies a session, and the argument that adopts one. */
  key?: string;
  /** The type of the dynamic resource. */
  dynamicType: `pulumi-nodejs:dynamic/${string}`;
  args: Readonly<Record<string, Argument>>;
  outputs: Readonly<Record<string, Output>>;
}

const triggers = { type: "strings", maybeSecret: true, replaces: true } as const;
const reopenWhenExpired = { type: "boolean" } as const;

/** Where a Web CLI is. */
const dcsInstance = {
  instanceId: { type: "string", rule: "id", required: true, replaces: true },
  projectId: { type: "string", rule: "id", replaces: true },
  region: { type: "string", rule: "region" },
  endpoint: { type: "string", rule: "dcsEndpoint", replaces: true },
} as const;

/** Everything that is declared once: which arguments each resource takes, and what they are. */
export const definitions = {
  WebCliSession: {
    leastArgument: "instanceId",
    key: "clientId",
    dynamicType: "pulumi-nodejs:dynamic/dcs:WebCliSession",
    args: {
      ...dcsInstance,
      password: { type: "string", secret: true, replaces: true },
      clientId: { type: "string", rule: "clientId", secret: true, replaces: true },
      reopenWhenExpired,
      triggers,
    },
    outputs: {
      clientId: { type: "string", secret: true },
      databases: { type: "integer", optional: true },
      openedAt: { type: "string" },
      endpoint: { type: "string", rule: "dcsEndpoint" },
      projectId: { type: "string", rule: "id" },
      instanceId: { type: "string", rule: "id" },
      passwordDigest: { type: "string", secret: true, optional: true },
    },
  },
  WebCliCommand: {
    leastArgument: "create",
    dynamicType: "pulumi-nodejs:dynamic/dcs:WebCliCommand",
    args: {
      ...dcsInstance,
      clientId: { type: "string", rule: "clientId", secret: true },
      password: { type: "string", secret: true },
      create: { type: "string", rule: "redisCommand", maybeSecret: true, required: true, replaces: true },
      delete: { type: "string", rule: "redisCommand", maybeSecret: true, replaces: true },
      database: { type: "integer", replaces: true },
      triggers,
    },
    outputs: {
      response: { type: "string", secret: true, mayBeEmpty: true },
      clientId: { type: "string", secret: true, optional: true },
      password: { type: "string", secret: true, optional: true },
      unclosedClientId: { type: "string", secret: true, optional: true },
    },
  },
  CasSession: {
    leastArgument: "casUrl",
    key: "ticketGrantingCookie",
    dynamicType: "pulumi-nodejs:dynamic/mrs:CasSession",
    args: {
      casUrl: { type: "string", rule: "casUrl", required: true, replaces: true },
      username: { type: "string", replaces: true },
      password: { type: "string", secret: true, replaces: true },
      ticketGrantingCookie: { type: "string", rule: "cookie", secret: true, replaces: true },
      service: { type: "string", rule: "service", replaces: true },
      userAgent: { type: "string", rule: "header", replaces: true },
      caCertificate: { type: "string", rule: "certificate", updates: true },
      certificateFingerprint: { type: "string", rule: "fingerprint", updates: true },
      reopenWhenExpired,
      triggers,
    },
    outputs: {
      ticketGrantingCookie: { type: "string", rule: "cookie", secret: true },
      userAgent: { type: "string", rule: "header" },
      openedAt: { type: "string" },
      cookies: { type: "string", rule: "header", secret: true, optional: true },
      passwordDigest: { type: "string", secret: true, optional: true },
      adoptedDigest: { type: "string", secret: true, optional: true },
    },
  },
} as const satisfies Record<string, Definition>;

export type ResourceName = keyof typeof definitions;

/** The resources that are sessions. */
export type SessionName = {
  [Name in ResourceName]: "key" extends keyof (typeof definitions)[Name] ? Name : never;
}[ResourceName];

export const resourceNames: readonly ResourceName[] = Object.keys(definitions).filter(isResourceName);

function isResourceName(name: string): name is ResourceName {
  return name in definitions;
}

/** The namespace of the stack's configuration, and the name of the native plugin. */
export const PACKAGE = "huaweicloud-sessions";

/** What `assumeRole` holds, with the bridged provider's words. */
export const assumeRoleArgs = {
  agencyName: { type: "string", required: true },
  domainName: { type: "string" },
  domainId: { type: "string" },
  duration: { type: "integer" },
} as const satisfies Definition["args"];

/** What the stack's configuration holds under that namespace, and what an explicit provider of the plugin takes. */
export const providerArgs = {
  region: { type: "string", rule: "region" },
  projectId: { type: "string", rule: "id" },
  dcsEndpoint: { type: "string", rule: "dcsEndpoint" },
  iamEndpoint: { type: "string", rule: "iamEndpoint" },
  accessKey: { type: "string", secret: true },
  secretKey: { type: "string", secret: true },
  securityToken: { type: "string", secret: true },
  authToken: { type: "string", secret: true },
  assumeRole: { type: "object" },
} as const satisfies Definition["args"];

/** What the engine keeps beside them for itself. */
export const engineArgs: readonly string[] = [
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
];

/** The type of the same resource in the native plugin. */
export function nativeType(resource: ResourceName): `${typeof PACKAGE}:index:${ResourceName}` {
  return `${PACKAGE}:index:${resource}`;
}

/** The names of the arguments or outputs that the engine has to encrypt. */
export function secretsOf(properties: Definition["args"] | Definition["outputs"]): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.secret);
}

/** The names in the stack configuration whose values are secret: ours, and the bridged provider's. */
export const secretSettings: readonly string[] = [
  ...secretsOf(providerArgs)
    .filter((name) => name !== "accessKey")
    .map((name) => `${PACKAGE}:${name}`),
  "huaweicloud:secretKey",
  "huaweicloud:securityToken",
  "huaweicloud:token",
];

/** The values that a set of arguments can have. */
export type ValuesOf<Args> = {
  -readonly [Name in keyof Args]?: Args[Name] extends { type: infer Type } ? ValueOf<Type> : never;
};

type ValueOf<Type> = Type extends "string"
  ? string
  : Type extends "boolean"
    ? boolean
    : Type extends "integer"
      ? number
      : Type extends "strings"
        ? string[]
        : object;
