import { randomBytes, randomUUID } from "node:crypto";
import { randomId } from "../credentials";
import { ExpiringStore, type SessionCount } from "../expiringStore";
import { type Call, type Fields, isFields, json, Refusal, type Reply } from "../http";
import type { Gateway, Proof } from "../iam/gateway";
import { sameText } from "../iam/signature";
import { type RedisBackend, RedisUnreachable, runCommand } from "../redis/backend";
import { type Route, route } from "../router";
import type { Settings } from "../settings";

/** Redis databases of the instance, as a login tells. */
const DATABASES = 256;

const ERRORS = {
  badProjectId: [400, "111400002", "DCS.4002", "Invalid project_id in the request."],
  emptyBody: [400, "111400004", "DCS.4004", "The request body is empty."],
  notJson: [400, "111400005", "DCS.4005", "The request body is not in JSON format."],
  badInstanceId: [400, "111400061", "DCS.4061", "Invalid instance_id in the request."],
  invalidParameter: [400, "111400063", "DCS.4063", "Invalid {0} parameter in the request."],
  wrongPassword: [400, "111400080", "DCS.4080", "The instance password is incorrect."],
  passwordFree: [400, "111400850", "DCS.4850", "Password-free access is enabled for the instance."],
  tokenOfOtherProject: [401, "111401004", "DCS.1004", "The token does not belong to the project."],
  noPermission: [403, "111403003", "DCS.2003", "You have no permission for this operation."],
  noSuchInstance: [404, "111404022", "DCS.3022", "The DCS instance does not exist."],
  internal: [500, "111500000", "DCS.5000", "Internal service error."],
} as const;

/** The three Web CLI calls of DCS: https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html */
export class WebCli {
  /** The instances of sessions. */
  private readonly sessions: ExpiringStore<string>;
  /** The projects of instances. */
  private readonly instances: Map<string, string>;

  constructor(
    private readonly settings: Settings,
    private readonly gateway: Gateway,
    private readonly redis: RedisBackend,
  ) {
    this.sessions = new ExpiringStore(settings.clock, { idleTimeout: settings.webCliIdleTimeout });
    this.instances = new Map([[settings.instanceId, settings.projectId]]);
  }

  routes(): Route[] {
    const webCli = "/v2/:projectId/instances/:instanceId/webcli";
    const ids = { requestIdHeaders: ["X-Request-Id"] };
    return [
      route("POST", `${webCli}/auth`, "webcli.auth", (call) => this.logIn(call), ids),
      route("POST", `${webCli}/command`, "webcli.command", (call) => this.run(call), ids),
      route("POST", `${webCli}/logout`, "webcli.logout", (call) => this.logOut(call), ids),
    ];
  }

  count(): SessionCount {
    return this.sessions.count();
  }

  expireAll(): void {
    this.sessions.expireAll();
  }

  makeProject(): { projectId: string; instanceId: string } {
    const [projectId, instanceId] = [randomId(), randomUUID()];
    this.instances.set(instanceId, projectId);
    return { projectId, instanceId };
  }

  removeInstance(): void {
    const { instanceId } = this.settings;
    this.instances.delete(instanceId);
    this.sessions.expireAll((instance) => instance === instanceId);
  }

  private logIn(call: Call): Reply {
    const { password } = this.admit(call);
    if (typeof password !== "string" && password !== undefined && password !== null) {
      throw this.error("invalidParameter");
    }
    this.checkPassword(password ?? "");
    const clientId = randomBytes(24).toString("hex");
    this.sessions.add(clientId, call.params.instanceId ?? "");
    return json(200, { client_id: clientId, databases: DATABASES });
  }

  private async run(call: Call): Promise<Reply> {
    const { client_id: clientId, command, database = 0 } = this.admit(call);
    if (typeof command !== "string" || command.trim() === "") throw this.error("invalidParameter");
    if (typeof database !== "number" || !Number.isInteger(database) || database < 0) {
      throw this.error("invalidParameter");
    }
    if (typeof clientId !== "string" || !this.isOpen(clientId, call)) throw this.error("invalidParameter");
    this.sessions.use(clientId);
    return json(200, { response: await this.respond(database, command) });
  }

  private logOut(call: Call): Reply {
    const { client_id: clientId } = this.admit(call);
    if (typeof clientId !== "string" && clientId !== undefined && clientId !== null) {
      throw this.error("invalidParameter");
    }
    // client_id is documented as optional: a logout that names no session is well-formed and ends none.
    const isDone = typeof clientId !== "string" || this.isOpen(clientId, call);
    if (typeof clientId === "string" && isDone) this.sessions.take(clientId);
    if (!isDone && this.settings.goneLogout === 400) throw this.error("invalidParameter");
    return { status: 204 };
  }

  private isOpen(clientId: string, { params }: Call): boolean {
    return this.sessions.find(clientId) === params.instanceId;
  }

  private async respond(database: number, command: string): Promise<string> {
    if (database >= DATABASES) return "ERR DB index is out of range";
    try {
      return await runCommand(this.redis, database, command);
    } catch (error) {
      if (error instanceof RedisUnreachable) throw this.error("internal");
      throw error;
    }
  }

  /** Everything that the three calls check alike, in the order that the service does. */
  private admit(call: Call): Fields {
    const by = this.gateway.authenticate(call);
    this.checkProject(call, by);
    this.checkInstance(call, by);
    return this.parseBody(call.body);
  }

  private checkProject(call: Call, by: Proof): void {
    const { projectId = "" } = call.params;
    if (!/^[0-9a-f]{32}$/.test(projectId)) throw this.error("badProjectId");
    const scope = call.headers["x-project-id"] ?? projectId;
    if (scope !== projectId) throw this.error("tokenOfOtherProject");
    if (by === "token" && projectId !== this.settings.projectId) throw this.error("tokenOfOtherProject");
    const isKnown = projectId === this.settings.projectId || [...this.instances.values()].includes(projectId);
    if (by === "keys" && !isKnown) throw this.error("noPermission");
  }

  private checkInstance(call: Call, by: Proof): void {
    const { instanceId = "" } = call.params;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(instanceId)) throw this.error("badInstanceId");
    const isHere = this.instances.get(instanceId) === call.params.projectId;
    if (!isHere || by === "foreign keys") throw this.error("noSuchInstance");
  }

  private parseBody(body: Buffer): Fields {
    const content = body.toString("utf8");
    if (content.trim() === "") throw this.error("emptyBody");
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch {
      throw this.error("notJson");
    }
    if (!isFields(value)) throw this.error("invalidParameter");
    return value;
  }

  private checkPassword(password: string): void {
    const { redisPassword } = this.settings;
    if (redisPassword === "" && password !== "") throw this.error("passwordFree");
    if (!sameText(password, redisPassword)) throw this.error("wrongPassword");
  }

  /** `error_ext_msg` is there but unused, as documented. */
  private error(name: keyof typeof ERRORS): Refusal {
    const [status, numeric, dcs, message] = ERRORS[name];
    const code = this.settings.errorCodes === "dcs" ? dcs : numeric;
    return new Refusal(json(status, { error_code: code, error_msg: message, error_ext_msg: null }));
  }
}
