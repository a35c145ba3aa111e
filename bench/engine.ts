import { type Engine, findEngine } from "../tools/engine";
import { which } from "../tools/engine/path";
import { run } from "../tools/engine/run";
import { live } from "./life";
import { describeMachine, type Machine } from "./machine";
import { type Plan, type Step, secondsOf, stepsOf } from "./plan";
import type { EngineFigures } from "./results";
import { type Scheme, Server } from "./server";

const say = (line: string) => console.log(line);
const PLUGIN = "pulumi-resource-command";

/** Lives all lives of the plan; `keep` gets the figures after each, so that a run that is cut off is not lost. */
export async function benchEngine(
  plan: Plan,
  keep: (figures: EngineFigures) => void,
  interrupted: AbortSignal,
): Promise<void> {
  const engine = await findEngine(say, interrupted);
  const { contenders, notes } = await availableOf(plan);
  for (const [name, value] of Object.entries(plan.env)) notes.push(`The engine ran with ${name}=${value}.`);
  const figures: EngineFigures = { machine: await toolsOf(engine, contenders), runs: [], notes };
  for (const note of notes) say(note);
  const servers = new Map<Scheme, Server>();
  try {
    for (const scheme of plan.schemes) servers.set(scheme, await Server.start(scheme));
    const steps = stepsOf({ ...plan, contenders });
    const left = new Left(steps);
    for (const [index, step] of steps.entries()) {
      interrupted.throwIfAborted();
      say(`${index + 1}/${steps.length} ${described(step)}; ${left.said()} left`);
      await liveOnce(engine, servers, step, plan.env, figures);
      left.done(step);
      keep(figures);
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

async function liveOnce(
  engine: Engine,
  servers: Map<Scheme, Server>,
  step: Step,
  env: Record<string, string>,
  figures: EngineFigures,
): Promise<void> {
  const server = servers.get(step.scheme);
  if (!server) throw new Error(`there is no server for ${step.scheme}`);
  try {
    const life = await live(engine, server, step, env);
    figures.runs.push({ ...step, ...life });
    const { up, again, destroy, stateBytes } = life;
    const seconds = [up, again, destroy].map((action) => action.seconds.toFixed(2)).join(" ");
    say(`    up, second up, destroy: ${seconds} s; state ${stateBytes} bytes`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    figures.notes.push(`A run failed and is left out: ${described(step)} (${reason}).`);
    say(`    failed: ${reason}`);
    process.exitCode = 1;
  }
}

const described = ({ contender, scheme, size, round }: Step) =>
  `round ${round + 1}, ${size} resources, contender ${contender}, ${scheme}`;

async function availableOf({ contenders }: Plan): Promise<Pick<Plan, "contenders"> & { notes: string[] }> {
  const missing = [PLUGIN, "curl"].filter((name) => which(name) === undefined);
  if (!contenders.includes("d") || missing.length === 0) return { contenders, notes: [] };
  return {
    contenders: contenders.filter((name) => name !== "d"),
    notes: [`Contender (d) was left out: there is no ${missing.join(" and no ")} on PATH.`],
  };
}

async function toolsOf(engine: Engine, contenders: readonly string[]): Promise<Machine> {
  const tools: Record<string, string> = { "Pulumi engine": engine.version };
  if (contenders.includes("d")) {
    tools["@pulumi/command"] = require("@pulumi/command/package.json").version;
    tools.curl = (await run("curl", ["--version"])).split(" ")[1] ?? "unknown";
  }
  return describeMachine(tools);
}

/** How much time is left: as planned, times how the past compares with what was planned for it. */
class Left {
  private readonly start = performance.now();
  private planned = 0;
  private rest: number;

  constructor(steps: readonly Step[]) {
    this.rest = steps.reduce((sum, step) => sum + secondsOf(step), 0);
  }

  done(step: Step): void {
    this.planned += secondsOf(step);
    this.rest -= secondsOf(step);
  }

  said(): string {
    const taken = (performance.now() - this.start) / 1000;
    const factor = this.planned === 0 ? 1 : taken / this.planned;
    return `about ${Math.ceil((this.rest * factor) / 60)} min`;
  }
}
