export type { Emulator } from "./emulator";
export { BadFault } from "./fault-parser";
export type { Fault, FaultAction, FaultTarget } from "./faults";
export type { RecordedRequest } from "./history";
export { BadOption, type EmulatorOptions } from "./options";
export type { SessionCount, SessionCounts } from "./sessions";
export { startEmulator } from "./start";
