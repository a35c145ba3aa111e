import type { Fault } from "./faults";
import type { RecordedRequest } from "./history";
import type { SessionCounts } from "./sessions";

/** A running emulator: where it is, who may log in, and what tests do with it. Secret is what says so. */
export interface Emulator {
  /** Base address, such as `http://127.0.0.1:8800`, without a trailing slash. */
  readonly url: string;
  /** Endpoint of DCS, without a path. */
  readonly dcsEndpoint: string;
  /** Base address of CAS, ending in `/cas`. */
  readonly casUrl: string;
  /** The only project, 32 hex digits. */
  readonly projectId: string;
  /** The only DCS instance, a UUID. */
  readonly instanceId: string;
  /** AK that works now. */
  readonly accessKey: string;
  /** SK that works now; secret. */
  readonly secretKey: string;
  /** Token for X-Auth-Token; secret. */
  readonly authToken: string;
  /** Password of the DCS instance; secret. "" means password-free access. */
  readonly redisPassword: string;
  /** CAS user. */
  readonly username: string;
  /** Password of the CAS user; secret. */
  readonly password: string;
  /** The server's certificate, PEM; only with `tls`. */
  readonly caCertificate?: string;
  /** Sessions of both services; the ids are secret. */
  sessions(): SessionCounts;
  /** Injects a fault; throws {@link BadFault} if it makes no sense. */
  fault(fault: Fault): void;
  /** Takes back the faults that have not struck. */
  clearFaults(): void;
  /** The requests received, oldest first, with the secrets that they held. */
  requests(): RecordedRequest[];
  /** Ends every session as if all idle time-outs had passed; forms and tickets go too. */
  expireSessions(): void;
  /** Makes new keys; the old ones are refused from now on. The result is secret. */
  rotateKeys(): { accessKey: string; secretKey: string };
  /** Removes the DCS instance with its sessions: 404 from now on. */
  removeInstance(): void;
  /**
   * Cuts all connections and comes back at the same address. Pages and tickets that were out are forgotten;
   * sessions of both kinds stay, because the services keep them apart from the process that serves HTTP.
   */
  restart(): Promise<void>;
  /** Stops serving and cuts all connections. */
  close(): Promise<void>;
}
