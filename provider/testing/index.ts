import { createHash } from "node:crypto";
import { runtime, secret } from "@pulumi/pulumi";
import { definitions, nativeType, type ResourceName, resourceNames, secretsOf } from "../definitions";

/** A resource that a program registered under the mocks. */
export interface RegisteredResource {
  /** The type token, such as `pulumi-nodejs:dynamic/dcs:WebCliSession` or `huaweicloud-sessions:index:WebCliSession`. */
  type: string;
  /** The name that the program gave it. */
  name: string;
  /** The inputs as the program gave them: the provider text left out, and **secrets in plain**. */
  inputs: Record<string, unknown>;
  /** The names of the inputs that are secret. */
  secrets: string[];
}

/** How to make mocks. Everything has a default. */
export interface SessionMocksOptions {
  /**
   * Outputs to use in place of the made-up ones, by the resource's name, for resources of this package. Plain
   * values: outputs that are secret on the real engine are made secret. A name that no resource has changes nothing.
   *
   * @default none
   */
  outputs?: Record<string, Record<string, unknown>>;
  /**
   * The mocks for resources of other packages and for function calls.
   *
   * @default a resource's outputs are its inputs, and a call gives nothing
   */
  others?: runtime.Mocks;
}

/** Mocks for `pulumi.runtime.setMocks`, with what was registered under them. */
export interface SessionMocks extends runtime.Mocks {
  /** Every resource registered so far, those of other packages included, in order. */
  registered: RegisteredResource[];
}

/** The outputs that are secret, whoever made them up. */
const SECRET: ReadonlySet<string> = new Set(
  Object.values(definitions).flatMap(({ outputs }) => secretsOf(outputs)),
);

type Outputs = (name: string, inputs: Record<string, unknown>) => Record<string, unknown>;

const OPENED_AT = "2026-01-01T00:00:00.000Z";

/** The same for each run, so that snapshots hold. */
const made = (name: string, digits: number) =>
  createHash("sha256").update(name).digest("hex").slice(0, digits);

const OUTPUTS: Record<ResourceName, Outputs> = {
  WebCliSession: (name, inputs) => ({
    projectId: made("project", 32),
    endpoint: `https://dcs.${inputs.region ?? "eu-de"}.example.com`,
    ...inputs,
    clientId: inputs.clientId ?? made(name, 48),
    databases: inputs.clientId === undefined ? 256 : undefined,
    openedAt: OPENED_AT,
  }),
  WebCliCommand: (_, inputs) => ({ ...inputs, response: "OK" }),
  CasSession: (name, inputs) => ({
    userAgent: "pulumi-huaweicloud-sessions",
    ...inputs,
    ticketGrantingCookie: inputs.ticketGrantingCookie ?? `CASTGC=TGT-1-${made(name, 40)}-cas`,
    openedAt: OPENED_AT,
  }),
};

/** By their types, as dynamic resources and in the native plugin. */
const TYPES: ReadonlyMap<string, Outputs> = new Map(
  resourceNames.flatMap((name) => [
    [definitions[name].dynamicType, OUTPUTS[name]],
    [nativeType(name), OUTPUTS[name]],
  ]),
);

/**
 * Mocks that give this package's resources believable outputs, without an engine, a server or keys. What is
 * secret on the real engine is secret under the mocks as well.
 *
 * @example
 * const mocks = sessionMocks();
 * await pulumi.runtime.setMocks(mocks);
 */
export function sessionMocks(options: SessionMocksOptions = {}): SessionMocks {
  const registered: RegisteredResource[] = [];
  return {
    registered,
    newResource(args) {
      const record = recordOf(args);
      registered.push(record);
      const outputs = TYPES.get(args.type);
      if (!outputs) return options.others?.newResource(args) ?? { id: `${args.name}-id`, state: args.inputs };
      const state = { ...outputs(args.name, record.inputs), ...options.outputs?.[args.name] };
      return { id: `${args.name}-${made(args.name, 24)}`, state: withSecrets(state) };
    },
    call: (args) => options.others?.call?.(args) ?? {},
  };
}

function withSecrets(state: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(state);
  return Object.fromEntries(entries.map(([key, value]) => [key, SECRET.has(key) ? secret(value) : value]));
}

function recordOf({ type, name, inputs }: runtime.MockResourceArgs): RegisteredResource {
  const given = Object.entries<unknown>(inputs).filter(([key]) => !key.startsWith("__"));
  return {
    type,
    name,
    inputs: Object.fromEntries(given.map(([key, value]) => [key, runtime.unwrapRpcSecret(value)])),
    secrets: given.filter(([, value]) => runtime.isRpcSecret(value)).map(([key]) => key),
  };
}
