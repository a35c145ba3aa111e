import debug from "debug";
import type { Connections } from "../api/connections";
import type { Deadline } from "../api/deadline";
import { RequestError } from "../api/errors";
import type { FoundCredentials } from "../api/iam/credentials";
import { MetadataService } from "../api/iam/metadata";
import { type Fetch, Lease } from "./lease";

const log = debug("huaweicloud-sessions:credentials");

/** The metadata service of every cloud server. */
export const METADATA_ENDPOINT = "http://169.254.169.254";

export interface DiscoveryOptions {
  /** Where the metadata service is. Without it, none is asked. */
  metadataEndpoint?: string;
  /** The time, in milliseconds since the epoch. */
  now?: () => number;
}

/** Where temporary credentials come from. */
export interface TemporarySource {
  kind: "ID token" | "agency";
  /** The setting that names it. */
  setting: string;
  /** What the credentials depend on. */
  terms: unknown;
  fetch: Fetch;
}

/**
 * What a process finds out by asking: temporary credentials and project IDs. Each is asked for once and shared by
 * all that wait for it, because Pulumi checks many resources at the same time.
 */
export class Discovery {
  private readonly now: () => number;
  private readonly metadata?: MetadataService;
  private readonly metadataLease: Lease;
  private readonly leases = new Map<string, Lease>();
  private readonly lookups = new Map<string, Promise<string[]>>();
  private readonly projectIds = new Map<string, string>();
  private readonly origins = new Map<string, string>();
  private readonly announced = new Set<string>();
  /** Why the metadata service gave nothing, when it was asked. */
  metadataProblem?: string;

  constructor(
    readonly connections: Connections,
    { metadataEndpoint, now = Date.now }: DiscoveryOptions,
  ) {
    this.now = now;
    this.metadataLease = new Lease(now);
    if (metadataEndpoint !== undefined)
      this.metadata = new MetadataService(metadataEndpoint, connections.http);
  }

  /** The credentials of a source that somebody has set up: rejects where they can't be had. */
  async *fromSource(
    { kind, setting, terms, fetch }: TemporarySource,
    deadline: Deadline,
  ): AsyncGenerator<FoundCredentials> {
    const key = JSON.stringify([kind, setting, terms]);
    const lease = this.leases.get(key) ?? new Lease(this.now);
    this.leases.set(key, lease);
    const explained = () => fetch().catch(gaveNothing(`the ${kind} that ${setting} names`));
    for await (const credentials of lease.credentials(explained, deadline)) {
      yield { credentials, source: `${kind} ${setting}` };
    }
  }

  /** The credentials of the cloud server that this runs on, if it is one. */
  async *fromMetadata(deadline: Deadline): AsyncGenerator<FoundCredentials> {
    const { metadata } = this;
    if (!metadata) return;
    try {
      for await (const credentials of this.metadataLease.credentials(
        () => metadata.fetchCredentials(),
        deadline,
      )) {
        yield { credentials, source: "metadata service" };
      }
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.metadataProblem = error.failure.reason;
      log("metadata service: %s", this.metadataProblem);
    }
  }

  /** The result of a look-up, which is made once unless it fails. */
  lookUp(key: string, find: () => Promise<string[]>, deadline: Deadline): Promise<string[]> {
    const known = this.lookups.get(key);
    if (known !== undefined) return deadline.within(known, "the list of projects did not come in time");
    const started = find();
    this.lookups.set(key, started);
    started.catch(() => this.lookups.delete(key));
    return started;
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

function gaveNothing(source: string) {
  return (error: unknown): never => {
    if (!(error instanceof RequestError)) throw error;
    const reason = `${source} gave no credentials: ${error.failure.reason}`;
    throw new RequestError({ ...error.failure, reason });
  };
}
