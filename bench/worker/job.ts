/** The server that all contenders log in to, with this run's throwaway credentials. */
export interface Target {
  endpoint: string;
  projectId: string;
  instanceId: string;
  accessKey: string;
  secretKey: string;
  /** Stands in for a signature, for who can't sign. */
  token: string;
  password: string;
  caCertificate?: string;
}

export type ContenderName = "a" | "b" | "c" | "d";
export type Action = "up" | "destroy";

/** One `pulumi up` or `pulumi destroy`, in a process of its own as in a user's shell. */
export interface Job {
  contender: ContenderName;
  count: number;
  action: Action;
  target: Target;
  stackName: string;
  projectName: string;
  workDir: string;
  pulumiHome?: string;
  env: Record<string, string>;
  /** Left out: the engine on PATH. */
  engineRoot?: string;
}

/** What the process prints, a line of JSON each. */
export type Report =
  | { at: "started" }
  | { at: "finished"; seconds: number; ok: boolean; firstRegistrationMs?: number };

/** What a module of `contenders/` exports as `register`. */
export type Register = (count: number, target: Target) => void;
