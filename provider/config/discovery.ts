import debug from "debug";
import type { Connections } from "../api/connections";
import type { Deadline } from "../api/deadline";
import { RequestError } from "../api/errors";
import type { HttpClient } from "../api/http/http";
import { exchangeIdToken, type TemporaryCredentials } from "../api/iam/iam";
import { MetadataService } from "../api/iam/metadata";
import { readIdToken, type Setting } from "./files";

const log = debug("huaweicloud-sessions:credentials");

/** The metadata service of every cloud server. */
export const METADATA_ENDPOINT = "http://169.254.169.254";

/** Credentials that end sooner are replaced, so that none ends on the way. */
const LEAST_LIFETIME = 5 * 60_000;

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
    const key = JSON.stringify(source);
    const lease = this.exchanges.get(key) ?? new Lease(this.now);
    this.exchanges.set(key, lease);
    return lease.credentials(() => exchange(source, { http: this.connections.http, deadline }));
  }

  /** The credentials of the cloud server that this runs on, if it is one. */
  async *fromMetadata() {
    const { metadata } = this;
    if (!metadata) return;
    try {
      yield* this.metadataLease.credentials(() => metadata.fetchCredentials());
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
  lookUp(key: string, find: () => Promise<string[]>): Promise<string[]> {
    const known = this.lookups.get(key);
    if (known !== undefined) return known;
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
  try {
    return await exchangeIdToken({ idpId, idToken }, iamEndpoint, context);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const reason = `the ID token that ${file.name} names gave no credentials: ${error.failure.reason}`;
    throw new RequestError({ ...error.failure, reason });
  }
}

type Fetch = () => Promise<TemporaryCredentials>;

/** Temporary credentials of one source, fetched anew when they near their end. */
class Lease {
  private held?: TemporaryCredentials;
  private fetching?: Promise<TemporaryCredentials>;
  private replaced = false;

  constructor(private readonly now: () => number) {}

  /** Those at hand; and new ones for who comes back, because they may have been revoked before their end. */
  async *credentials(fetch: Fetch) {
    const first = await this.current(fetch);
    yield first.credentials;
    const second = await this.replacement(first, fetch);
    // A metadata service keeps giving the same ones until they near their end.
    if (second && second.credentials.accessKey !== first.credentials.accessKey) yield second.credentials;
  }

  private async current(fetch: Fetch): Promise<TemporaryCredentials> {
    if (this.held && this.held.expiresAt - this.now() > LEAST_LIFETIME) return this.held;
    this.replaced = false;
    return this.renew(fetch);
  }

  /** Only once, so that a service that refuses all of them is not asked for ever. */
  private async replacement(refused: TemporaryCredentials, fetch: Fetch) {
    if (this.held !== refused) return this.held;
    if (this.fetching !== undefined) return this.fetching;
    if (this.replaced) return undefined;
    const fetched = await this.renew(fetch);
    this.replaced = true;
    return fetched;
  }

  private renew(fetch: Fetch): Promise<TemporaryCredentials> {
    this.fetching ??= fetch()
      .then((fetched) => {
        this.held = fetched;
        return fetched;
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
