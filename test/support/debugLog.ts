import { format } from "node:util";
import debug from "debug";

/** Turns on debug logs for the enclosing suite; gives the lines of the test that runs. */
export function useDebugLog(namespaces: string): () => readonly string[] {
  const { log } = debug;
  let lines: string[] = [];
  beforeEach(() => {
    lines = [];
    debug.log = (...words: unknown[]) => lines.push(format(...words));
    debug.enable(namespaces);
  });
  afterEach(() => {
    debug.disable();
    debug.log = log;
  });
  return () => lines;
}
