import { type DcsInstance, WebCli } from "../api/dcs/webCli";
import { Deadline, ifNotPerformed, ifTransient, type OperationOptions } from "../api/deadline";
import type { Settings } from "../config/settings";
import type { Runtime } from "./runtime";
import { webCliSessions } from "./webCliSession";

/** What came of a command in a session of its own. */
export interface OwnRun {
  response?: string;
  /** Why there is no response. */
  failure?: { stage: "login" | "command"; error: unknown };
  /** The session, where its logout failed, and why. */
  unclosed?: { clientId: string; error: unknown };
}

/** A Web CLI session that is open for one command. */
export class OwnSession {
  private readonly server: string;

  constructor(
    private readonly instance: DcsInstance & { password?: string },
    private readonly settings: Settings,
    private readonly runtime: Runtime,
    private readonly options: OperationOptions = {},
  ) {
    this.server = webCliSessions.describe(instance);
  }

  /** Logs in, runs a command, and logs out with evidence. */
  async run(command: (clientId: string) => Promise<string>): Promise<OwnRun> {
    const deadline = new Deadline(`log in to ${this.server}`, this.runtime.timeouts, this.options);
    const webCli = new WebCli(this.instance, this.settings, this.runtime.connections.gateway, deadline);
    try {
      const { clientId, problem } = await deadline.retry(
        () => webCli.logIn(this.instance.password),
        ifNotPerformed,
      );
      const run: OwnRun = problem
        ? { failure: { stage: "login", error: problem } }
        : await command(clientId).then(
            (response) => ({ response }),
            (error: unknown) => ({ failure: { stage: "command", error } }),
          );
      return { ...run, ...(await this.close(clientId)) };
    } catch (error) {
      return { failure: { stage: "login", error } };
    }
  }

  /** With the whole time of an operation: what came before must not leave a session open. */
  async logOut(clientId: string): Promise<void> {
    const { timeout } = this.options;
    const deadline = new Deadline(`log out of ${this.server}`, this.runtime.timeouts, { timeout });
    const webCli = new WebCli(this.instance, this.settings, this.runtime.connections.gateway, deadline);
    await deadline.retry(() => webCli.logOut(clientId), ifTransient);
  }

  private async close(clientId: string): Promise<Pick<OwnRun, "unclosed">> {
    try {
      await this.logOut(clientId);
      return {};
    } catch (error) {
      return { unclosed: { clientId, error } };
    }
  }
}
