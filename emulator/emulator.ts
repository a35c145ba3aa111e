import { setImmediate } from "node:timers/promises";
import { Cas } from "./cas";
import { makeCertificate, type ServerCertificate } from "./certificate";
import { type Control, controlRoutes } from "./control";
import type { Credentials } from "./credentials";
import { WebCli } from "./dcs/webcli";
import { Faults } from "./faults";
import { Account } from "./iam/account";
import { Gateway } from "./iam/gateway";
import { Iam } from "./iam/iam";
import { Metadata } from "./iam/metadata";
import { BadOption } from "./optionRules";
import type { KnownOptions } from "./options";
import { BuiltinRedis } from "./redis/builtin";
import { RemoteRedis } from "./redis/remote";
import { Router } from "./router";
import { Server } from "./server";
import { resolveOptions, type Settings } from "./settings";

/** Where an emulator is and who may log in. What is secret says so. */
export interface Connection extends Readonly<Credentials> {
  /** Base address, such as `http://127.0.0.1:8800`, without a trailing slash. */
  url: string;
  /** Endpoint of DCS, without a path. */
  dcsEndpoint: string;
  /** Base address of CAS, ending in `/cas`. */
  casUrl: string;
  /** Endpoint of IAM, without a path. */
  iamEndpoint: string;
  /** What stands for `http://169.254.169.254`, the metadata service of a cloud server. */
  metadataEndpoint: string;
  /** Region of the project, and so the project's name. */
  region: string;
  /** The certificate to trust, PEM: the server's own, or the CA at the end of its chain. Only with `tls`. */
  caCertificate?: string;
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
    ...services.control,
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
export class Services {
  readonly account: Account;
  readonly cas: Cas;
  readonly router: Router;
  readonly control: Control;

  constructor(settings: Settings, url: () => string) {
    const faults = new Faults();
    const account = new Account(settings);
    const gateway = new Gateway(account, settings.clock);
    const redis = settings.redis ? new RemoteRedis(settings.redis) : new BuiltinRedis();
    const webCli = new WebCli(settings, gateway, redis);
    const cas = new Cas(settings, url);
    const iam = new Iam(settings, account, gateway);
    const metadata = new Metadata(settings, account);
    this.account = account;
    this.cas = cas;
    this.control = {
      sessions: () => ({ webCli: webCli.count(), cas: cas.count() }),
      fault: (fault) => faults.add(fault),
      clearFaults: () => faults.clear(),
      requests: () => this.router.requests(),
      expireSessions() {
        webCli.expireAll();
        cas.expireAll();
      },
      rotateKeys: () => account.rotateKeys(),
      makeForeignKeys: () => account.makeForeignKeys(),
      expireTemporaryKeys() {
        account.expireTemporaryKeys();
        metadata.expireTokens();
      },
      makeProject: () => webCli.makeProject(),
      removeInstance: () => webCli.removeInstance(),
      drainCasNode() {
        if (!cas.drainNode()) throw new BadOption("casNodes", "must leave another node in service.");
      },
      restoreCasNodes: () => cas.restoreNodes(),
    };
    const routes = [webCli, cas, iam, metadata].flatMap((service) => service.routes());
    this.router = new Router([...routes, ...controlRoutes(this.control, faults)], faults, settings);
  }
}

function connection(settings: Settings, url: string, certificate: ServerCertificate | undefined): Connection {
  const { accessKey, secretKey, authToken, idpId, idToken, redisPassword, username, password } = settings;
  return {
    url,
    dcsEndpoint: url,
    casUrl: `${url}/cas`,
    iamEndpoint: url,
    metadataEndpoint: url,
    region: settings.region,
    projectId: settings.projectId,
    instanceId: settings.instanceId,
    accessKey,
    secretKey,
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
