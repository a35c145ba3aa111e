import type { Pace } from "../../provider/api/patience";

/** Long enough that a busy machine times nothing out by itself, short enough for thousands of lives. */
export const PACE: Pace = {
  answerMs: 1_000,
  silenceMs: 800,
  probeMs: 1_000,
  keysMs: 500,
  budgetMs: 3_000,
  firstDelayMs: 2,
  maxDelayMs: 60,
};

/** An answer that comes after the client has given up. */
export const LATE_MS = 1_300;

/** No verb may take longer than this: its budget, its last request and a machine that stalls. */
export const VERB_MS = 20_000;
