import { randomBytes } from "node:crypto";
import { CommandResource } from "./commandResource";
import type { Arguments, Host } from "./host";
import { CasResource, WebCliResource } from "./sessionResource";
import type { World } from "./world";

/** One resource of a program, or a command with its session, as the engine runs them. */
export class Unit {
  private readonly session?: WebCliResource | CasResource;
  private readonly command?: CommandResource;
  private readonly unit = randomBytes(9).toString("base64url");
  private readonly value = randomBytes(9).toString("base64url");

  constructor(
    private readonly world: World,
    host: () => Host,
    private readonly args: Arguments,
  ) {
    const { kind } = world.setting;
    const { projectId } = args.webCli;
    world.secrets.add(this.unit, this.value);
    if (kind === "CasSession") this.session = new CasResource(world, () => host().cas, "");
    else if (kind !== "WebCliCommand")
      this.session = new WebCliResource(world, () => host().webCli, projectId);
    if (kind.startsWith("WebCliCommand"))
      this.command = new CommandResource(world, () => host().command, projectId);
  }

  async up(version: number): Promise<void> {
    if (this.session && !(await this.session.up(this.sessionArguments(version)))) return;
    if (this.command && !(await this.command.up(this.commandArguments(version)))) return;
    await this.session?.deleteReplaced();
  }

  async refresh(): Promise<void> {
    await this.session?.refresh();
  }

  async destroy(): Promise<void> {
    if ((await this.command?.destroy()) !== false) await this.session?.destroy();
  }

  /** Makes the states what release 0.1.0 would have kept. */
  ageStates(): void {
    this.session?.ageStates();
  }

  /** The keys in state. */
  get keys(): string[] {
    return [this.session, this.command].flatMap((resource) => resource?.keys ?? []);
  }

  /** The sessions that nobody can keep: see `CommandResource`. */
  get abandoned(): readonly string[] {
    return this.command?.abandoned ?? [];
  }

  /** How many operations may have logged in so far. */
  get operations(): number {
    return (this.session?.operations ?? 0) + (this.command?.operations ?? 0);
  }

  private sessionArguments(version: number): object {
    const { webCli, cas, adopted, reopenWhenExpired } = this.args;
    // Where there is a command, it is what changes.
    const common = { reopenWhenExpired, triggers: this.command ? undefined : [String(version)] };
    if (this.world.setting.kind === "CasSession") {
      const { username, password, ...server } = cas;
      const login = adopted === undefined ? { username, password } : { ticketGrantingCookie: adopted };
      return { ...common, ...server, ...login, userAgent: "tests/1" };
    }
    const { password, ...instance } = webCli;
    return { ...common, ...instance, ...(adopted === undefined ? { password } : { clientId: adopted }) };
  }

  /** Every version's commands work on a key of their own, and hold a secret each. */
  private commandArguments(version: number): object {
    const { password, ...instance } = this.args.webCli;
    return {
      ...instance,
      ...(this.session ? { clientId: this.session.key } : { password }),
      create: `SET ${this.unit}-${version} ${this.value}`,
      delete: `DEL ${this.unit}-${version}`,
    };
  }
}
