import { Connections } from "../api/connections";
import { TIMEOUTS, type Timeouts } from "../api/deadline";
import { Discovery, type DiscoveryOptions } from "../config/discovery";
import { Settings } from "../config/settings";
import type { StackConfig } from "../config/sources";
import { LogoutReport } from "./logoutReport";
import { Renewals } from "./renewals";

export interface RuntimeOptions extends DiscoveryOptions {
  timeouts?: Timeouts;
  connections?: Connections;
  renewals?: Renewals;
}

/** What a process of the host or of the plugin knows: made once in it, and anew by each test. */
export class Runtime {
  readonly timeouts: Timeouts;
  readonly connections: Connections;
  readonly discovery: Discovery;
  readonly renewals: Renewals;
  readonly logouts = new LogoutReport();
  /** What a program passed last of what updates in place, by the resource's ID: a replaced session is deleted with it. */
  readonly updates = new Map<string, object>();
  /** Sessions that a command's failed delete left open, by its ID: state can't note them. */
  readonly unclosed = new Map<string, string>();
  /** A preview keeps no session alive. */
  isPreview = false;
  /** What is set for this run. */
  settings: Settings;

  constructor(options: RuntimeOptions = {}) {
    this.timeouts = options.timeouts ?? TIMEOUTS;
    this.connections = options.connections ?? new Connections();
    this.renewals = options.renewals ?? new Renewals();
    this.discovery = new Discovery(this.connections, options);
    this.settings = new Settings(undefined, process.env, this.discovery);
  }

  configure(config: StackConfig): void {
    this.settings = new Settings(config, process.env, this.discovery);
  }
}
