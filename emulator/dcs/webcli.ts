import { randomBytes } from "node:crypto";
import { type Call, type Fields, isFields, json, type Refusal, type Reply } from "../http";
import type { Settings } from "../options";
import { type RedisBackend, RedisUnreachable, runCommand } from "../redis/backend";
import type { SessionStore } from "../sessions";
import { dcsError } from "./errors";
import type { Gateway } from "./gateway";
import { sameText } from "./signature";

/** Redis databases of the instance, told at log-in. */
export const databaseCount = 256;

/** The three Web CLI calls of DCS. */
export class WebCli {
  private instanceExists = true;

  constructor(
    private readonly settings: Settings,
    private readonly gateway: Gateway,
    private readonly sessions: SessionStore<null>,
    private readonly redis: RedisBackend,
  ) {}

  logIn(call: Call): Reply {
    const { password } = this.admit(call);
    if (typeof password !== "string" && password !== undefined && password !== null) {
      throw this.error("invalidParameter");
    }
    this.checkPassword(password ?? "");
    const clientId = randomBytes(24).toString("hex");
    this.sessions.open(clientId, null);
    return json(200, { client_id: clientId, databases: databaseCount });
  }

  async run(call: Call): Promise<Reply> {
    const { client_id: clientId, command, database = 0 } = this.admit(call);
    if (typeof command !== "string" || command.trim() === "") {
      throw this.error("invalidParameter");
    }
    if (typeof database !== "number" || !Number.isInteger(database) || database < 0) {
      throw this.error("invalidParameter");
    }
    if (typeof clientId !== "string" || this.sessions.use(clientId) === undefined) {
      throw this.error("invalidParameter");
    }
    return json(200, { response: await this.respond(database, command) });
  }

  logOut(call: Call): Reply {
    const { client_id: clientId } = this.admit(call);
    if (typeof clientId !== "string" && clientId !== undefined && clientId !== null) {
      throw this.error("invalidParameter");
    }
    // client_id is documented as optional: a log-out that names no session is well-formed and ends none.
    const isDone = typeof clientId !== "string" || this.sessions.close(clientId);
    if (!isDone && this.settings.goneLogout === 400) {
      throw this.error("invalidParameter");
    }
    return { status: 204 };
  }

  /** From now on the instance is gone, and its sessions with it. */
  removeInstance(): void {
    this.instanceExists = false;
    this.sessions.expireAll();
  }

  private async respond(database: number, command: string): Promise<string> {
    if (database >= databaseCount) {
      return "ERR DB index is out of range";
    }
    try {
      return await runCommand(this.redis, database, command);
    } catch (error) {
      if (error instanceof RedisUnreachable) {
        throw this.error("internal");
      }
      throw error;
    }
  }

  /** Everything that the three calls check alike, in the order that the service does. */
  private admit(call: Call): Fields {
    const by = this.gateway.authenticate(call);
    this.checkProject(call, by);
    this.checkInstance(call);
    return this.parseBody(call.body);
  }

  private checkProject(call: Call, by: "token" | "keys"): void {
    const { projectId = "" } = call.params;
    if (!/^[0-9a-f]{32}$/.test(projectId)) {
      throw this.error("badProjectId");
    }
    const scope = call.headers["x-project-id"] ?? projectId;
    if (scope !== projectId) {
      throw this.error("tokenOfOtherProject");
    }
    if (projectId !== this.settings.projectId) {
      throw this.error(by === "token" ? "tokenOfOtherProject" : "noPermission");
    }
  }

  private checkInstance(call: Call): void {
    const { instanceId = "" } = call.params;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(instanceId)) {
      throw this.error("badInstanceId");
    }
    if (!this.instanceExists || instanceId !== this.settings.instanceId) {
      throw this.error("noSuchInstance");
    }
  }

  private parseBody(body: Buffer): Fields {
    const text = body.toString("utf8");
    if (text.trim() === "") {
      throw this.error("emptyBody");
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.error("notJson");
    }
    if (!isFields(value)) {
      throw this.error("invalidParameter");
    }
    return value;
  }

  private checkPassword(password: string): void {
    const { redisPassword } = this.settings;
    if (redisPassword === "" && password !== "") {
      throw this.error("passwordFree");
    }
    if (!sameText(password, redisPassword)) {
      throw this.error("wrongPassword");
    }
  }

  private error(name: Parameters<typeof dcsError>[0]): Refusal {
    return dcsError(name, this.settings.errorCodes);
  }
}
