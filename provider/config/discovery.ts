import debug from "debug";
import type { Connections } from "../api/connections";
import type { Deadline } from "../api/deadline";
import { RequestError } from "../api/errors";
import type { HttpClient } from "../api/http/http";
import type { FoundCredentials } from "../api/iam/credentials";
import type { Gateway } from "../api/iam/gateway";
import { MetadataService } from "../api/iam/metadata";
import { assumeAgency, exchangeIdToken } from "../api/iam/temporaryCredentials";
import type { AgencySetting } from "./agency";
import { readIdToken, type Setting } from "./files";
import { Lease } from "./lease";

const log = debug("huaweicloud-sessions:credentials");

/** The metadata service of every cloud server. */
export const METADATA_ENDPOINT = "http://169.254.169.254";

export interface DiscoveryOptions {
  /** Where the metadata service is. Without it, none is asked. */
  metadataEndpoint?: string;
  /** The time, in milliseconds since the epoch. */
  now?: () => number;
}

/** An identity provider's ID token, and where it is exchanged. */
export interface IdTokenSource {
  idpId: string;
  /** The setting that names the token's file. */
  file: Setting;
  iamEndpoint: string;
}

/** An agency, and where it is assumed. */
export interface AgencySource {
  agency: AgencySetting;
  iamEndpoint: string;
}

/**
 * What a process finds out by asking: temporary credentials and project IDs. Each is asked for once and shared by
 * all that wait for it, because Pulumi checks many resources at the same time.
 */
export class Discovery {
  private readonly now: () => number;
  private readonly metadata?: MetadataService;
  private readonly metadataLease: Lease;
  private readonly exchanges = new Map<string, Lease>();
  private readonly lookups = new Map<string, Promise<string[]>>();
  private readonly projectIds = new Map<string, string>();
  private readonly origins = new Map<string, string>();
  private readonly announced = new Set<string>();
  private metadataProblem?: string;

  constructor(
    readonly connections: Connections,
    { metadataEndpoint, now = Date.now }: DiscoveryOptions,
  ) {
    this.now = now;
    this.metadataLease = new Lease(now);
    if (metadataEndpoint !== undefined)
      this.metadata = new MetadataService(metadataEndpoint, connections.http);
  }

  /** The credentials of an ID token. Rejects where they can't be had, because somebody has set it up. */
  fromIdToken(source: IdTokenSource, deadline: Deadline) {
    const lease = this.leaseFor(source);
    return lease.credentials(() => exchange(source, { http: this.connections.http, deadline }), deadline);
  }

  /** The credentials of an agency, for the first of the callers that IAM knows. Rejects where they can't be had. */
  fromAgency(source: AgencySource, callers: () => AsyncIterable<FoundCredentials>, deadline: Deadline) {
    const lease = this.leaseFor(source);
    const context = { gateway: this.connections.gateway, deadline };
    return lease.credentials(() => assume(source, callers(), context), deadline);
  }

  private leaseFor(source: IdTokenSource | AgencySource): Lease {
    const key = JSON.stringify(source);
    const lease = this.exchanges.get(key) ?? new Lease(this.now);
    this.exchanges.set(key, lease);
    return lease;
  }

  /** The credentials of the cloud server that this runs on, if it is one. */
  async *fromMetadata(deadline: Deadline) {
    const { metadata } = this;
    if (!metadata) return;
    try {
      yield* this.metadataLease.credentials(() => metadata.fetchCredentials(), deadline);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.metadataProblem = error.failure.reason;
      log("metadata service: %s", this.metadataProblem);
    }
  }

  /** Why the metadata service gave nothing, when it was asked. */
  whyNoMetadata(): string | undefined {
    return this.metadataProblem;
  }

  /** The result of a look-up, which is made once unless it fails. */
  lookUp(key: string, find: () => Promise<string[]>, deadline: Deadline): Promise<string[]> {
    let lookup = this.lookups.get(key);
    if (lookup === undefined) {
      lookup = find();
      this.lookups.set(key, lookup);
      lookup.catch(() => this.lookups.delete(key));
    }
    return deadline.within(lookup, "the list of projects did not come in time");
  }

  /** Notes which project an instance is in: a replacement is checked without what is in state. */
  keepProjectId(endpoint: string, instanceId: string, projectId: string): void {
    this.projectIds.set(JSON.stringify([endpoint, instanceId]), projectId);
  }

  keptProjectId(endpoint: string, instanceId: string): string | undefined {
    return this.projectIds.get(JSON.stringify([endpoint, instanceId]));
  }

  /** Notes why it is this project, for who wonders about it. */
  noteOrigin(projectId: string, origin: string): void {
    this.origins.set(projectId, origin);
  }

  originOf(projectId: string): string {
    return this.origins.get(projectId) ?? "from the stack's state";
  }

  /** Says once which source is used. */
  announce(source: string): void {
    if (this.announced.has(source)) return;
    this.announced.add(source);
    log("using credentials from: %s", source);
  }
}

async function exchange(
  { idpId, file, iamEndpoint }: IdTokenSource,
  context: { http: HttpClient; deadline: Deadline },
) {
  const idToken = readIdToken(file);
  return exchangeIdToken({ idpId, idToken }, iamEndpoint, context).catch(
    gaveNothing(`the ID token that ${file.name} names`),
  );
}

async function assume(
  { agency, iamEndpoint }: AgencySource,
  callers: AsyncIterable<FoundCredentials>,
  context: { gateway: Gateway; deadline: Deadline },
) {
  return assumeAgency(agency, iamEndpoint, callers, context).catch(
    gaveNothing(`the agency that ${agency.setting} names`),
  );
}

function gaveNothing(source: string) {
  return (error: unknown): never => {
    if (!(error instanceof RequestError)) throw error;
    const reason = `${source} gave no credentials: ${error.failure.reason}`;
    throw new RequestError({ ...error.failure, reason });
  };
}
