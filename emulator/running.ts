import { setImmediate } from "node:timers/promises";
import { Cas } from "./cas";
import type { KeyAndCertificate } from "./certificate";
import { type Credentials, Gateway } from "./dcs/gateway";
import { WebCli } from "./dcs/webcli";
import { Dispatcher } from "./dispatch";
import type { Emulator } from "./emulator";
import { Faults } from "./fault-queue";
import type { Fault } from "./faults";
import { History, type RecordedRequest } from "./history";
import { randomAccessKey, randomSecretKey, type Settings } from "./options";
import { BuiltinRedis } from "./redis/builtin";
import { RemoteRedis } from "./redis/remote";
import { createRoutes } from "./routes";
import { Server } from "./server";
import { type SessionCounts, SessionStore } from "./sessions";

/** Both services and the server in front of them, wired together. */
export class RunningEmulator implements Emulator {
  readonly projectId: string;
  readonly instanceId: string;
  readonly authToken: string;
  readonly redisPassword: string;
  readonly username: string;
  readonly password: string;
  readonly caCertificate?: string;
  private readonly faults = new Faults();
  private readonly history: History;
  private readonly credentials: Credentials;
  private readonly webCliSessions: SessionStore<null>;
  private readonly webCli: WebCli;
  private readonly cas: Cas;
  private readonly server: Server;
  private port = 0;

  constructor(settings: Settings, certificate: KeyAndCertificate | undefined) {
    const { accessKey, secretKey, securityToken, authToken, redis, clock } = settings;
    this.projectId = settings.projectId;
    this.instanceId = settings.instanceId;
    this.authToken = authToken;
    this.redisPassword = settings.redisPassword;
    this.username = settings.username;
    this.password = settings.password;
    if (certificate) {
      this.caCertificate = certificate.cert;
    }
    this.history = new History(settings.history);
    this.credentials = { accessKey, secretKey, securityToken, authToken };
    this.webCliSessions = new SessionStore({ idleMs: settings.webCliIdleMs }, clock);
    const gateway = new Gateway(this.credentials, clock);
    const backend = redis ? new RemoteRedis(redis) : new BuiltinRedis();
    this.webCli = new WebCli(settings, gateway, this.webCliSessions, backend);
    this.cas = new Cas(settings, () => this.url);
    const controls = { faults: this.faults, sessions: () => this.sessions() };
    const find = createRoutes(this.webCli, this.cas, controls);
    const dispatcher = new Dispatcher(find, this.faults, this.history, clock);
    this.server = new Server((request) => dispatcher.answer(request), certificate);
  }

  get url(): string {
    return `${this.server.scheme}://127.0.0.1:${this.port}`;
  }

  get dcsEndpoint(): string {
    return this.url;
  }

  get casUrl(): string {
    return `${this.url}/cas`;
  }

  get accessKey(): string {
    return this.credentials.accessKey;
  }

  get secretKey(): string {
    return this.credentials.secretKey;
  }

  async start(port: number): Promise<this> {
    await this.server.listen(port);
    this.port = this.server.port;
    return this;
  }

  sessions(): SessionCounts {
    return { webCli: this.webCliSessions.count(), cas: this.cas.count() };
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  requests(): RecordedRequest[] {
    return this.history.all();
  }

  expireSessions(): void {
    this.webCliSessions.expireAll();
    this.cas.expireAll();
  }

  rotateKeys(): { accessKey: string; secretKey: string } {
    const fresh = { accessKey: randomAccessKey(), secretKey: randomSecretKey() };
    Object.assign(this.credentials, fresh);
    return fresh;
  }

  removeInstance(): void {
    this.webCli.removeInstance();
  }

  async restart(): Promise<void> {
    await this.server.close();
    this.cas.forgetPages();
    await this.start(this.port);
    // Two turns of the event loop let a client in this process see that its idle connections are gone.
    await setImmediate();
    await setImmediate();
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
