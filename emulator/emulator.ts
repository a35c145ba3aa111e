import { setImmediate } from "node:timers/promises";
import { Cas } from "./cas";
import { makeCertificate, type ServerCertificate } from "./certificate";
import { type Controlled, controlRoutes } from "./control";
import type { Credentials } from "./credentials";
import { WebCli } from "./dcs/webcli";
import type { SessionCounts } from "./expiringStore";
import { type Fault, Faults } from "./faults";
import type { RecordedRequest } from "./history";
import { Account } from "./iam/account";
import { Gateway } from "./iam/gateway";
import { Iam } from "./iam/iam";
import { Metadata } from "./iam/metadata";
import { BadOption } from "./optionRules";
import type { EmulatorOptions, KnownOptions } from "./options";
import { BuiltinRedis } from "./redis/builtin";
import { RemoteRedis } from "./redis/remote";
import { Router } from "./router";
import { Server } from "./server";
import { resolveOptions, type Settings } from "./settings";

/** Where an emulator is and who may log in. What is secret says so. */
export interface Connection extends Readonly<Credentials> {
  /** Base address, such as `http://127.0.0.1:8800`, without a trailing slash. */
  readonly url: string;
  /** Endpoint of DCS, without a path. */
  readonly dcsEndpoint: string;
  /** Base address of CAS, ending in `/cas`. */
  readonly casUrl: string;
  /** Endpoint of IAM, without a path. */
  readonly iamEndpoint: string;
  /** What stands for `http://169.254.169.254`, the metadata service of a cloud server. */
  readonly metadataEndpoint: string;
  /** Region of the project, and so the project's name. */
  readonly region: string;
  /** The certificate to trust, PEM: the server's own, or the CA at the end of its chain. Only with `tls`. */
  readonly caCertificate?: string;
}

/** What tests see of the services, and do to them. */
export interface Control {
  /** Sessions of both services; the ids are secret. */
  sessions(): SessionCounts;
  /** Injects a fault; throws {@link BadFault} if it makes no sense. */
  fault(fault: Fault): void;
  /** Removes the faults that have not struck. */
  clearFaults(): void;
  /** The requests received, oldest first, with the secrets that they held. */
  requests(): RecordedRequest[];
  /** Ends every session as if all idle timeouts had passed; forms and tickets go too. */
  expireSessions(): void;
  /** Makes new permanent keys; the old ones are refused from now on. The result is secret. */
  rotateKeys(): { accessKey: string; secretKey: string };
  /** Makes keys of another account, to which the instances of this one don't exist. The result is secret. */
  makeForeignKeys(): { accessKey: string; secretKey: string };
  /** Ends all temporary keys, and the tokens of IAM and the metadata service that led to them. */
  expireTemporaryKeys(): void;
  /** Makes another project of the account, with an instance that has the same password. */
  makeProject(): { projectId: string; instanceId: string };
  /** Removes the first DCS instance with its sessions: 404 from now on. */
  removeInstance(): void;
  /**
   * Takes a node out of CAS, the first that is in service: the balancer leads its clients to another one, which knows
   * neither their sessions nor their forms. The sessions stay open on it.
   *
   * @throws {BadOption} if no other node is in service; see {@link EmulatorOptions.casNodes}
   */
  drainCasNode(): void;
  /** Puts all nodes of CAS back into service. */
  restoreCasNodes(): void;
}

/** A running emulator, and what tests do with it. */
export interface Emulator extends Connection, Control {
  /**
   * Cuts all connections and comes back at the same address. Pages and tickets that were out are forgotten;
   * sessions of both kinds stay, because the services keep them apart from the process that serves HTTP.
   */
  restart(): Promise<void>;
  /** Stops serving and cuts all connections. */
  close(): Promise<void>;
}

/**
 * Starts all services in one server on 127.0.0.1.
 *
 * @throws {BadOption} for an option that is unknown or can't be used
 */
export async function startEmulator<Given extends object>(options?: KnownOptions<Given>): Promise<Emulator> {
  const settings = resolveOptions(options ?? {});
  const certificate = settings.tls ? await makeCertificate(settings) : undefined;
  const services = new Services(settings, () => server.url);
  const { account, router } = services;
  const server = new Server((request, response) => router.route(request, response), certificate);
  await server.listen(settings.port);
  return {
    ...connection(settings, server.url, certificate),
    ...services.control(),
    get accessKey() {
      return account.keys.accessKey;
    },
    get secretKey() {
      return account.keys.secretKey;
    },
    restart: () => restart(server, services),
    close: () => server.close(),
  };
}

/** Everything that is served, wired together. */
export class Services implements Controlled {
  readonly faults = new Faults();
  readonly account: Account;
  readonly webCli: WebCli;
  readonly cas: Cas;
  readonly router: Router;
  private readonly metadata: Metadata;

  constructor(settings: Settings, url: () => string) {
    this.account = new Account(settings);
    const gateway = new Gateway(this.account, settings.clock);
    const redis = settings.redis ? new RemoteRedis(settings.redis) : new BuiltinRedis();
    this.webCli = new WebCli(settings, gateway, redis);
    this.cas = new Cas(settings, url);
    this.metadata = new Metadata(settings, this.account);
    const iam = new Iam(settings, this.account, gateway);
    const routes = [this.webCli, this.cas, iam, this.metadata].flatMap((service) => service.routes());
    const control = controlRoutes(this);
    this.router = new Router([...routes, ...control], this.faults, settings);
  }

  control(): Control {
    return {
      sessions: () => this.sessions(),
      fault: (fault) => this.faults.add(fault),
      clearFaults: () => this.faults.clear(),
      requests: () => this.requests(),
      expireSessions: () => this.expireSessions(),
      rotateKeys: () => this.account.rotateKeys(),
      makeForeignKeys: () => this.account.makeForeignKeys(),
      expireTemporaryKeys: () => this.expireTemporaryKeys(),
      makeProject: () => this.webCli.makeProject(),
      removeInstance: () => this.webCli.removeInstance(),
      drainCasNode: () => {
        if (!this.drainCasNode()) throw new BadOption("casNodes", "must leave another node in service.");
      },
      restoreCasNodes: () => this.restoreCasNodes(),
    };
  }

  sessions(): SessionCounts {
    return { webCli: this.webCli.count(), cas: this.cas.count() };
  }

  requests(): RecordedRequest[] {
    return this.router.requests();
  }

  expireSessions(): void {
    this.webCli.expireAll();
    this.cas.expireAll();
  }

  drainCasNode(): boolean {
    return this.cas.drainNode();
  }

  restoreCasNodes(): void {
    this.cas.restoreNodes();
  }

  expireTemporaryKeys(): void {
    this.account.expireTemporaryKeys();
    this.metadata.expireTokens();
  }
}

type Changing = "accessKey" | "secretKey";

function connection(
  settings: Settings,
  url: string,
  certificate: ServerCertificate | undefined,
): Omit<Connection, Changing> {
  const { region, projectId, instanceId, authToken, idpId, idToken } = settings;
  const { redisPassword, username, password } = settings;
  return {
    url,
    dcsEndpoint: url,
    casUrl: `${url}/cas`,
    iamEndpoint: url,
    metadataEndpoint: url,
    region,
    projectId,
    instanceId,
    authToken,
    idpId,
    idToken,
    redisPassword,
    username,
    password,
    ...(certificate && { caCertificate: certificate.authority }),
  };
}

async function restart(server: Server, { cas }: Services): Promise<void> {
  await server.close();
  cas.forgetPages();
  await server.listen();
  // Two turns of the event loop let a client in this process see that its idle connections are gone.
  await setImmediate();
  await setImmediate();
}
