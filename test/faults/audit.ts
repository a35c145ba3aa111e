import type { RecordedRequest } from "../../emulator";
import { assertNoOrphans, assertNoRefusedKeys, assertNoResend } from "./invariants";
import type { Step } from "./schedule";
import { takeAnswers } from "./wire";
import { struck, type World } from "./world";

const isLate = (step: Step) => step.faults.some(({ kind }) => kind === "late");

/** Holds the server's books against what the client did, step by step. */
export class Audit {
  /** Log-ins whose answer did not reach the client: each may have left a session that nobody knows. */
  private lost = 0;
  /** A request that the client gave up may still be worked on. */
  private haunted = false;
  /** The program's own session, to be adopted or to be told of by a log-in. */
  private planted = "";
  private told = false;
  private readonly call: string;
  private mark = 0;

  constructor(
    private readonly world: World,
    private readonly login: { on: string; path: string },
  ) {
    this.call = `POST ${world.emulator.url}${login.path}`;
  }

  begin(planted: string): void {
    this.planted = planted;
    this.world.newRequests();
  }

  /** Sets the faults; returns whether the step is a calm one. */
  startStep(step: Step, held: readonly string[]): boolean {
    const faults = step.faults.filter(({ kind }) => kind !== "half");
    // Half a log-in tells of another session than the one held, and its log-out would be struck as well.
    this.world.inject(faults, faults.length < step.faults.length ? [] : held, this.planted);
    const { hasKeys } = this.world;
    return step.faults.length === 0 && step.before !== "restart during" && hasKeys && !this.haunted;
  }

  endStep(step: Step, held: readonly string[]): void {
    this.world.emulator.clearFaults();
    this.haunted ||= isLate(step);
    const sure = !this.haunted && step.before !== "restart during";
    assertNoRefusedKeys(this.world, this.world.newRequests(), sure);
    const known = new Set(this.told ? held : [...held, this.planted]);
    assertNoOrphans(this.world, known, this.lost);
  }

  /** Returns whether the session to adopt is open. */
  startCreate(step: Step): boolean {
    this.world.inject(
      step.faults.filter(({ kind }) => kind === "half"),
      [],
      this.planted,
    );
    takeAnswers(this.call);
    this.mark = this.world.emulator.requests().length;
    return this.world.open.includes(this.planted);
  }

  endCreate(step: Step): void {
    const logIns = this.logIns();
    const answered = takeAnswers(this.call);
    const faults = struck(step.faults, this.login.on);
    this.lost += logIns.length - answered.length;
    const tells = step.faults.some(({ on, kind }) => kind === "half" && on === this.login.on);
    this.told ||= tells && answered[0] === 200;
    assertNoResend(logIns, answered, faults);
  }

  private logIns(): RecordedRequest[] {
    return this.world.emulator
      .requests()
      .slice(this.mark)
      .filter(({ on }) => on === this.login.on);
  }
}
